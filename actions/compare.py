"""Two items side by side: 新办和换证有啥区别."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions import answers, browse, finding, picking
from actions.aspects import SHORTEST_SUBJECT, subject
from actions.turn import Reply, Turn, Way
from actions.wording import comparison
from hall.catalogue.schema import Item

_ASKS = re.compile(
    r"(?:有)?(?:什么|啥|哪些|何|多大|咩|哪里|哪儿)(?:区别|不同|不一样|差别|差异|两样)"
    r"|(?:区别|差别|差异)(?:在哪(?:里|儿)?|是什么|是啥|大不大|大吗|呢)?$|有(?:没有)?(?:区别|不同|差别)(?:吗|么)?"
    r"|(?:不一样|一样)(?:吗|么)|是(?:一回事|同一个)(?:吗|么|不)|哪个(?:更?合适|更?好|划算|更?快)"
)
_BETWEEN = re.compile(r"和|跟|与|同|还是|、|,|vs|VS|以及|比")
_LEAST_FIT = 55.0
# What being a sibling of the item spoken of adds to how well an item fits.
_SIBLING = 25.0


def asked_for(turn: Turn) -> Reply | None:
    """The comparison that the turn asks for; None where it asks for none, or the items cannot be told."""
    view = turn.desk.catalogue
    other = view.get(turn.given("compare"))
    one = view.get(turn.given("item"))
    if one is not None and other is not None:
        return _compared(turn, one, other)
    if not turn.text or not _ASKS.search(turn.text):
        return None
    pair = named_pair(turn)
    if pair is not None:
        return _compared(turn, *pair)
    spoken_of = view.get(turn.memory.item)
    return _which(turn, spoken_of) if spoken_of is not None else _what(turn)


def named_pair(turn: Turn) -> tuple[Item, Item] | None:
    """The two items that the text sets beside each other; a part may be the action alone (换证).

    One part alone is set beside the item spoken of.
    """
    words = [subject(part, []) for part in _BETWEEN.split(_ASKS.sub(" ", turn.text))]
    parts = [part for part in words if len(part) >= SHORTEST_SUBJECT][:2]
    spoken_of = turn.desk.catalogue.get(turn.memory.item)
    if len(parts) == 1 and spoken_of is not None:
        return _beside(turn, spoken_of, parts)
    return _best_pair(turn, _pool(turn, parts), parts) if len(parts) == 2 else None


def _beside(turn: Turn, spoken_of: Item, parts: Sequence[str]) -> tuple[Item, Item] | None:
    """The item spoken of and the one that fits the words best, its siblings before strangers."""
    siblings = {item.code for item in turn.desk.catalogue.siblings(spoken_of.code)}
    scored = [
        (picking.fit(item, parts[0]) + (_SIBLING if item.code in siblings else 0.0), -place, item)
        for place, item in enumerate(_pool(turn, parts))
        if item.code != spoken_of.code
    ]
    fit, _, other = max(scored, key=lambda each: each[:2], default=(0.0, 0, spoken_of))
    if fit < _LEAST_FIT:
        other = _of_its_matter(turn, spoken_of, parts[0]) or spoken_of
    return (spoken_of, other) if other is not spoken_of else None


def _of_its_matter(turn: Turn, spoken_of: Item, words: str) -> Item | None:
    """The item that the words mean together with what the item spoken of is about (身份证 and 丢了补办)."""
    siblings = turn.desk.catalogue.siblings(spoken_of.code, limit=1)
    matter = picking.common_part([item.name for item in (spoken_of, *siblings)])
    decision = turn.desk.search.decide(f"{matter}{words}")
    found = finding.known_items(turn, (hit.code for hit in decision.hits[:1]))
    return found[0] if decision.kind == "answer" and found and found[0].code != spoken_of.code else None


def _best_pair(turn: Turn, pool: Sequence[Item], parts: Sequence[str]) -> tuple[Item, Item] | None:
    fits = [(item, picking.fit(item, parts[0]), picking.fit(item, parts[1])) for item in pool]
    pairs = [
        (min(first, second) + _kin(turn, one, other), place, one, other)
        for place, (one, first, _) in enumerate(fits)
        for other, _, second in fits
        if one.code != other.code
    ]
    if not pairs:
        return None
    fit, _, one, other = max(pairs, key=lambda pair: (pair[0], -pair[1]))
    return (one, other) if fit >= _LEAST_FIT else None


def _pool(turn: Turn, parts: Sequence[str]) -> list[Item]:
    """The items that the parts may mean: those searched for, the one spoken of, and their siblings."""
    view = turn.desk.catalogue
    codes: dict[str, None] = dict.fromkeys([turn.memory.item] if turn.memory.item in view.items else [])
    for words in ("".join(parts), *parts):
        decision = turn.desk.search.decide(words, context_code=turn.memory.item or None)
        codes |= dict.fromkeys(hit.code for hit in decision.hits[:4])
    for code in list(codes)[:3]:
        codes |= dict.fromkeys(item.code for item in view.siblings(code))
    return list(finding.known_items(turn, codes))


def _kin(turn: Turn, one: Item, other: Item) -> float:
    """People compare items of one matter: the same department, and the one spoken of among them."""
    same = 10.0 if one.department == other.department else 0.0
    return same + (10.0 if turn.memory.item in (one.code, other.code) else 0.0)


def _compared(turn: Turn, one: Item, other: Item) -> Reply:
    turn.memory.settle()
    turn.memory.offer([one.code, other.code])
    turn.memory.item = one.code
    text = comparison.side_by_side(one, other, turn.desk.catalogue)
    return Reply(text, tuple(Way.to(item.name, "ask_guide", item=item.code) for item in (one, other)))


def _which(turn: Turn, item: Item) -> Reply | None:
    """Ask with which of its siblings the item is to be compared."""
    siblings = turn.desk.catalogue.siblings(item.code, limit=4)
    if not siblings:
        return None
    offered = tuple(
        Way.to(sibling.name, "ask_guide", item=item.code, compare=sibling.code) for sibling in siblings
    )
    none = Way.to(answers.NONE_OF_THESE, "deny", item="*")
    return Reply(comparison.with_which(item), (*offered, none))


def _what(turn: Turn) -> Reply:
    """Ask which two are to be compared."""
    turn.memory.settle()
    return Reply(comparison.which_two(), browse.topic_ways())
