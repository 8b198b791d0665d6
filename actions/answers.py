"""Answers about items: what is asked first (a circumstance), what is said, and the ways on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from actions import documents, situations
from actions.aspects import ASPECTS, OF_INTENT, Aspect, asks_whole, meant
from actions.memory import ANY, Pending
from actions.questions import common_question
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import guide
from actions.wording.lines import Told
from actions.wording.texts import shortened
from hall.catalogue.masking import masked
from hall.catalogue.questions import MAX_QUESTION
from hall.catalogue.schema import Circumstance, Item

NOT_THIS = "不是这件事"
NONE_OF_THESE = "以上都不是"
SHOW_ALL = "说不准,都列出来"
MORE = "更多"

# A longer text is more than the name of an item.
LONGEST_NAME = 6

_TITLE = 30
# 护照呢: the question before, about another item.
_WHAT_OF_IT = re.compile(r"(?:呢|嘞)[?。,! ]*$")
_INTENT_OF: dict[Aspect, str] = {aspect: intent for intent, aspect in OF_INTENT.items()}
# Aspects that the catalogue's fields answer better than a common question of like words does.
_STRUCTURED: frozenset[Aspect] = frozenset({"materials", "time_limit", "fee", "place", "hours"})
# Ways on after an answer about an item, the most useful first.
_WAYS: tuple[tuple[Aspect, str], ...] = (
    ("materials", "材料明细"),
    ("process", "流程"),
    ("place", "在哪办"),
    ("online", "能不能网上办"),
)


def intent_of(aspects: Sequence[Aspect]) -> str:
    """The intent whose payload asks the first of these aspects."""
    return _INTENT_OF.get(aspects[0], "ask_guide") if aspects else "ask_guide"


def asked(turn: Turn, item: Item) -> list[Aspect]:
    """What the turn asks about the item: by its payload, by its words, or what was asked before (护照呢)."""
    if asks_hall(turn):
        return ["place"]
    if turn.text and turn.memory.aspects and (only_names(turn) or _waits(turn, item)):
        return list(turn.memory.aspects)
    return asked_of_any(turn, (item.name, *item.aliases))


def asked_of_any(turn: Turn, names: Sequence[str] = ()) -> list[Aspect]:
    """What the turn asks, whichever item is meant; words of the item's `names` ask nothing."""
    given = turn.given("aspect")
    if given:
        return [part for part in given.split(",") if part in ASPECTS] or ["whole"]
    if asks_hall(turn):
        return ["place"]
    return meant(turn.text, turn.mentions, intent=turn.intent, sure=turn.sure, names=names)


def asks_hall(turn: Turn) -> bool:
    """Whether a hall is named, and all that is asked is whether the item is done there (西湖站能办吗)."""
    return bool(turn.halls) and not {mention.aspect for mention in turn.mentions} - {"conditions", "place"}


def only_names(turn: Turn) -> bool:
    """Whether the text just names an item, so that what is asked is what was asked before (护照呢)."""
    if turn.mentions or asks_whole(turn.text):
        return False
    if turn.memory.pending is not None and turn.memory.pending.kind == "item":
        # A few words that answer which item: whatever the classifier sees in them, they ask nothing new.
        return len(turn.text) <= LONGEST_NAME or OF_INTENT.get(turn.intent, "whole") == "whole"
    return OF_INTENT.get(turn.intent, "whole") == "whole" and what_of_it(turn.text)


def _waits(turn: Turn, item: Item) -> bool:
    """Whether a circumstance of the item is awaited, and the text asks nothing else."""
    pending = turn.memory.pending
    waits = pending is not None and pending.kind == "circumstance" and pending.item == item.code
    return waits and not turn.mentions and not asks_whole(turn.text)


def what_of_it(text: str) -> bool:
    """Whether a text asks the question before about another item (护照呢)."""
    return _WHAT_OF_IT.search(text) is not None


def about(turn: Turn, item: Item, aspects: Sequence[Aspect]) -> Reply:
    """Answer `aspects` of the item; ask a circumstance first where an answer depends on it."""
    memory = turn.memory
    memory.item, memory.pending = item.code, None
    memory.learn(item.code, learned(turn, item))
    known = memory.known(item.code)
    memory.aspects = tuple(aspects)
    if (said := _in_particular(turn, item, aspects)) is not None:
        return Reply(said, ways(turn, item, aspects))
    told = Told.about(item, turn.desk.catalogue, turn.desk.now, known, turn.text)
    waiting = _waiting(item, aspects, known)
    memory.aspects = tuple(waiting or aspects)
    ready = [aspect for aspect in aspects if aspect not in waiting]
    if not waiting:
        return Reply(guide.answer(told, ready, link=link(turn, item)), ways(turn, item, ready))
    said = guide.answer(told, ready) if ready else guide.before_asking(told, waiting)
    circumstance = situations.open_circumstance(item, waiting, known)
    assert circumstance is not None  # noqa: S101 - what made `waiting` not empty
    return ask(turn, item, circumstance, intent=intent_of(waiting), before=said)


def _waiting(item: Item, aspects: Sequence[Aspect], known: Mapping[str, str]) -> list[Aspect]:
    """The aspects that cannot be answered before a circumstance is known.

    Among several questions the line on materials says what everybody brings, and that more may be needed.
    """
    return [
        aspect
        for aspect in aspects
        if situations.open_circumstance(item, [aspect], known)
        and (aspect != "materials" or len(aspects) == 1)
    ]


def _in_particular(turn: Turn, item: Item, aspects: Sequence[Aspect]) -> str | None:
    """The answer to something narrower than an aspect: one document, one hall, a common question."""
    if list(aspects) == ["materials"]:
        named = documents.said(
            " ".join(mention.words for mention in turn.mentions) or _beside(item, turn.text)
        )
        return guide.documents_answer(item, turn.memory.known(item.code), named) if named else None
    if turn.halls and set(aspects) <= {"place", "hours"}:
        return guide.hall_answer(item, turn.desk.catalogue, turn.desk.now, turn.halls, turn.text)
    question = None if _STRUCTURED & set(aspects) else common_question(item, turn.text)
    return guide.common_answer(item, item.faq[question].a) if question is not None else None


def _beside(item: Item, text: str) -> str:
    """The text without what the item is called: 领证要带照片吗 names one document."""
    called = sorted((item.name, *item.aliases), key=len, reverse=True)
    return next((text.replace(name, " ") for name in called if name in text), "")


def ask(
    turn: Turn, item: Item, circumstance: Circumstance, *, intent: str, before: str = "", desk: str = ""
) -> Reply:
    """Ask a circumstance; its choices lead back to `intent` with what was asked."""
    turn.memory.pending = Pending("circumstance", item.code, circumstance.id, desk)
    question = guide.question(item, circumstance, turn.memory.aspects, before)
    wanted = ",".join(turn.memory.aspects)
    choices = [(choice.label, choice.id) for choice in circumstance.choices] + [(SHOW_ALL, ANY)]
    offered = [
        Way.to(
            shortened(label, _TITLE)[0],
            intent,
            item=item.code,
            choice=f"{circumstance.id}={choice_id}",
            aspect=wanted,
        )
        for label, choice_id in choices
    ]
    more = Way.to(MORE, intent, item=item.code, aspect=wanted)
    return Reply(question, paged(turn, offered, more))


def learned(turn: Turn, item: Item) -> dict[str, str]:
    """The circumstances of the item that this turn tells: by a choice taken, or in words."""
    name, _, choice = turn.given("choice").partition("=")
    circumstance = item.circumstance(name)
    if circumstance is not None and (choice == ANY or circumstance.choice(choice) is not None):
        return {name: choice}
    return situations.told(item, turn.text)


def ways(turn: Turn, item: Item, answered: Iterable[Aspect]) -> tuple[Way, ...]:
    """At most five ways on from an answer; the last one is for a wrong guess."""
    done = set(answered)
    if "whole" in done:
        done |= {"place"}
    offered = [
        Way.to(title, _INTENT_OF[aspect], item=item.code) for aspect, title in _WAYS if aspect not in done
    ]
    if "whole" not in done:
        offered.insert(0, Way.to("整份指南", "ask_guide", item=item.code))
    extra = [Way.to("看我的材料齐不齐", "check_materials", item=item.code)] if item.materials else []
    if item.bookable:
        extra.append(Way.to("预约", "book_appointment", item=item.code))
    offered = offered[: MOST_WAYS - 1 - len(extra)] + extra
    return (*offered, Way.to(NOT_THIS, "deny", item=item.code))


def offer(turn: Turn, items: Sequence[Item], text: str = "", *, intent: str = "") -> Reply:
    """Numbered candidates that lead to the question asked (or to `intent`), and a way for none of them."""
    shown = items[: MOST_WAYS - 1]
    again = turn.memory.pending is not None and turn.memory.candidates == tuple(item.code for item in items)
    turn.memory.offer([item.code for item in items])
    for item in reversed(shown):
        # 外地户口补身份证: told already, whichever of them it is.
        turn.memory.learn(item.code, situations.told(item, turn.text))
    turn.memory.pending = Pending("item", desk=intent, words=masked(turn.text)[:MAX_QUESTION])
    wanted = turn.memory.aspects
    intent = intent or intent_of(wanted)
    extra = {"aspect": ",".join(wanted)} if wanted else {}
    offered = [Way.to(_title(item, shown), intent, item=item.code, **extra) for item in shown]
    return Reply(
        text or guide.which_of(shown, again=again), (*offered, Way.to(NONE_OF_THESE, "deny", item=ANY))
    )


def _title(item: Item, among: Sequence[Item]) -> str:
    same = sum(other.name == item.name for other in among) > 1
    name = shortened(item.name, _TITLE)[0]
    return f"{name}({item.department})" if same and item.department else name


def paged(turn: Turn, offered: Sequence[Way], more: Way) -> tuple[Way, ...]:
    """At most five ways: all of them, or four and the way to the next page."""
    if len(offered) <= MOST_WAYS:
        return tuple(offered)
    size = MOST_WAYS - 1
    pages = -(-len(offered) // size)
    page = min(max(_number(turn.given("page")), 1), pages)
    shown = tuple(offered[(page - 1) * size : page * size])
    following = page % pages + 1
    return (*shown, Way(more.title, _with_page(more.payload, following)))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 1


def _with_page(payload: str, page: int) -> str:
    given = f"{payload[:-1]}, " if payload.endswith("}") else f"{payload}{{"
    return f'{given}"page": "{page}"}}'


def link(turn: Turn, item: Item) -> str:
    """The address of the item's page; "" where the product does not know its own address."""
    return f"{turn.desk.public_url.rstrip('/')}/h5/items/{item.code}" if turn.desk.public_url else ""
