"""Answers about the halls themselves: open now, where, how to get there, which is nearer, small things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from actions.aspects import Aspect, names_something
from actions.turn import Reply, Turn, Way
from actions.wording import halls
from hall.catalogue.view import CatalogueView
from hall.centres.nearby import nearest
from hall.centres.schema import Hall, Info
from nlu.search.index import Index

# From this probability among all information on a text is taken to ask for it.
LIKELY = 0.5
# How alike words and a question are, of 100, to be the same.
_SAME_WORDS = 88.0

_NEAR = re.compile(r"近|附近|就近|哪个(?:站|厅|点)|最方便")
# 哪个点离我近, 离我最近的办事点在哪: nothing but the nearest place.
_NEAR_ALONE = re.compile(
    r"(?:请问)?(?:离我|离我家|我家)?(?:哪个|哪里|哪)?(?:办事|服务|政务)?(?:站|厅|点|大厅|网点|地方)?"
    r"(?:离我|离我家|离这里?)?(?:最|比较|更)?近的?(?:办事|服务|政务)?(?:站|厅|点|大厅|网点|地方)?(?:在哪里?|是哪个)?[呢啊吗?]*"
)
_GETTING_THERE = re.compile(r"地铁|公交|坐车|怎么(?:去|走|过去|来)|路线|导航|打车")
_CLAUSES = re.compile(r"[,。?!;\n ]+")
_POINTS = re.compile(r"[\W_]+")
_PHONE = re.compile(r"电话|号码|热线|座机")
_ABOUT_CENTRE: frozenset[Aspect] = frozenset({"hours", "place", "booking"})


def answer(turn: Turn) -> Reply:
    """What a question about the halls is answered with, or a choice."""
    view = turn.desk.catalogue
    if not view.halls:
        return Reply(halls.silent(), (Way.to("找工作人员", "human"),))
    topic = turn.given("info")
    if topic == "hours":
        return _hours(turn, turn.halls)
    if topic == "near" or turn.desk.position is not None or asks_near(turn):
        return near(turn)
    entry = next((info for info in view.info if info.id == topic), None)
    return _info(entry) if entry is not None else _by_words(turn)


def has_nothing_on(turn: Turn) -> bool:
    """Whether a text names something that no information on the halls is about."""
    view, text = turn.desk.catalogue, turn.text
    if not text or turn.halls or not names_something(turn.words, turn.mentions):
        return False
    known = _NEAR.search(text) or _GETTING_THERE.search(text) or _PHONE.search(text)
    return not known and matching_info(view, text) is None


def by_information(turn: Turn) -> Reply | None:
    """The information on the halls that the text asks for nearly in its own words; None without."""
    entry = matching_info(turn.desk.catalogue, turn.text, sure=True)
    return _info(entry) if entry is not None else None


def in_own_words(turn: Turn, *, clauses: bool = False) -> Reply | None:
    """The information on the halls that the text (or a clause of it) asks for in nearly its very words."""
    for clause in _CLAUSES.split(turn.text) if clauses else (turn.text,):
        asked = _POINTS.sub("", clause)
        for info in turn.desk.catalogue.info:
            if any(fuzz.ratio(asked, question) >= _SAME_WORDS for question in info.questions):
                return _info(info)
    return None


def of_centre(turn: Turn) -> Reply | None:
    """The answer to what is asked of no item and can be said of the centre; None where an item is needed."""
    asked = {mention.aspect for mention in turn.mentions}
    if not turn.desk.catalogue.halls or not turn.text or not asked <= _ABOUT_CENTRE:
        return None
    return answer(turn) if asked else by_information(turn)


def hours_in_line(turn: Turn) -> str:
    """When the first hall is open, where the text asks that beside other things; "" where it does not."""
    main = next(iter(turn.desk.catalogue.halls.values()), None)
    if main is None or not any(mention.aspect == "hours" for mention in turn.mentions):
        return ""
    return halls.hours_of([main], turn.desk.catalogue, turn.desk.now, turn.text).split("\n")[0]


def _by_words(turn: Turn) -> Reply:
    view, text = turn.desk.catalogue, turn.text
    if any(mention.aspect == "hours" for mention in turn.mentions):
        return _hours(turn, turn.halls)
    if turn.halls:
        return _hall(turn, turn.halls[0])
    if _GETTING_THERE.search(text):
        return _hall(turn, _own_hall(turn))
    if (entry := matching_info(view, text)) is not None:
        return _info(entry)
    if _PHONE.search(text) or not text:
        return _hall(turn, _own_hall(turn))
    return Reply(halls.overview(view, turn.desk.now), ways())


def _own_hall(turn: Turn) -> Hall:
    """The hall that does the item spoken of, else the first."""
    view = turn.desk.catalogue
    places = view.offered_at(turn.memory.item) if turn.memory.item in view.items else ()
    return places[0].hall if places else next(iter(view.halls.values()))


def _hours(turn: Turn, named: Sequence[Hall]) -> Reply:
    view = turn.desk.catalogue
    shown = named or tuple(view.halls.values())
    return Reply(halls.hours_of(shown, view, turn.desk.now, turn.text), ways("hours"))


def _hall(turn: Turn, hall: Hall) -> Reply:
    return Reply(halls.of_hall(hall, turn.desk.catalogue, turn.desk.now), ways())


def asks_near(turn: Turn) -> bool:
    """Whether the text asks for the nearest place."""
    return _NEAR.search(turn.text) is not None


def asks_only_near(turn: Turn) -> bool:
    """Whether the text asks for the nearest place and for nothing else."""
    return bool(turn.text) and _NEAR_ALONE.fullmatch(turn.text) is not None


def near(turn: Turn) -> Reply:
    """The halls, the nearest first where the citizen's position is known; only those that do the item."""
    view, position = turn.desk.catalogue, turn.desk.position
    item = view.get(turn.memory.item)
    doing = {place.hall.code for place in view.offered_at(item.code)} if item is not None else set(view.halls)
    shown = [hall for hall in view.halls.values() if hall.code in doing] or list(view.halls.values())
    metres: dict[str, float] = {}
    if position is not None:
        near = nearest(shown, *position)
        shown = [found.hall for found in near] or shown
        metres = {found.hall.code: found.metres for found in near}
    text = halls.near(shown, view, turn.desk.now, metres=metres, item=item if doing else None)
    return Reply(text, ways("near"))


def _info(entry: Info) -> Reply:
    return Reply(entry.answer, ways(entry.id))


def ways(shown: str = "") -> tuple[Way, ...]:
    """Ways on from an answer about the halls, without the one just `shown`."""
    offered = (("hours", "几点开门"), ("near", "哪个点近"), ("parking", "停车"), ("phone", "电话"))
    return tuple(Way.to(title, "hall_info", info=info) for info, title in offered if info != shown)[:3]


_latest: tuple[CatalogueView, Index] | None = None


def matching_info(view: CatalogueView, text: str, *, sure: bool = False) -> Info | None:
    """The information that the text asks for; None where none is near, or with `sure` none beyond doubt."""
    global _latest
    if not text or not view.info:
        return None
    if (same := next((info for info in view.info if text in info.questions), None)) is not None:
        return same
    if _latest is None or _latest[0] is not view:
        _latest = view, Index.build(map(_row, view.info), train=False)
    decision = _latest[1].decide(text)
    if decision.kind == "none" or not decision.hits:
        return None
    best = decision.hits[0]
    if decision.kind != "answer" and (sure or best.score < LIKELY):
        return None
    return next(info for info in view.info if info.id == best.code)


def _row(info: Info) -> dict[str, object]:
    return {
        "code": info.id,
        "name": info.questions[0] if info.questions else info.id,
        "aliases": info.questions[1:],
    }
