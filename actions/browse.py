"""Browsing: by topic, by department, by life event (一件事)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions import matters
from actions.answers import MORE, paged
from actions.aspects import SHORTEST_SUBJECT, mentions, subject
from actions.hall_replies import in_own_words
from actions.memory import ANY, Pending
from actions.turn import Reply, Turn, Way
from actions.wording import talk
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import Hall, LifeEvent

_ASKS_WHAT_THERE_IS = re.compile(
    r"(?:哪些|什么|啥)(?:事项|业务|服务|事情|证件?|项目)(?:可以|能|都能)?办?|"
    r"(?:都|还)?(?:可以|能)办(?:理)?(?:些)?(?:什么|啥|哪些)(?:事项|业务|服务|事情|证件?|项目|事)?|办(?:些)?(?:什么|啥|哪些)(?:业务|事|的)|事项(?:列表|清单|大全)|按主题|按部门"
)
# 开饭店要办哪些证: the whole of it.
_WHICH_PAPERS = re.compile(r"(?:都|还)?(?:要|需要|得)?(?:先)?办?(?:哪些|什么|啥)(?:证件?|手续|许可证?|事)?")
# What stands behind the name of a topic or a department.
_COUNTED = re.compile(r"[个家间小]|今年|明年")
_BEHIND = re.compile(r"方面|窗口|部门|这块|这边|类|[那里]|(?:局|中心)$")
_ASKS_LIFE_EVENTS = re.compile(r"(?<![问办说有做查])一件事(?!都|也|儿)|人生大事")


def chosen(turn: Turn) -> Reply | None:
    """What a choice among topics, departments or life events leads to; None where none was taken."""
    view = turn.desk.catalogue
    if name := turn.given("topic"):
        return _topics(turn) if name == ANY else _items(turn, name, view.by_topic().get(name, ()), "topic")
    if name := turn.given("department"):
        return _items(turn, name, view.by_department().get(name, ()), "department")
    if code := turn.given("life_event"):
        event = view.life_event(code)
        return _life_events(turn) if event is None else of_event(turn, event)
    return None


def asked_for(turn: Turn) -> Reply | None:
    """What a text that asks what there is (社保能办哪些业务) leads to; None for every other text."""
    text, view = turn.text, turn.desk.catalogue
    if not text:
        return None
    if text in view.by_topic():
        return _items(turn, text, view.by_topic()[text], "topic")
    if _ASKS_LIFE_EVENTS.search(text):
        return _life_events(turn)
    if not _ASKS_WHAT_THERE_IS.search(text):
        return None
    if (event := named_event(view, text)) is not None:
        return of_event(turn, event)
    left = subject(_ASKS_WHAT_THERE_IS.sub("", text), [])
    if (matter := matters.named(view, _BEHIND.sub("", left))) is not None:
        return _items(turn, matter.name, matter.items, "topic" if matter.is_topic else "department")
    if turn.halls:
        return _of_hall(turn, turn.halls[0])
    if (of_centre := in_own_words(turn)) is not None:
        return of_centre
    return _topics(turn) if len(left) < SHORTEST_SUBJECT else None


def named_event(view: CatalogueView, text: str) -> LifeEvent | None:
    """The life event that the text names and hardly anything else."""
    text = _COUNTED.sub("", _WHICH_PAPERS.sub("", text))
    left = subject(text, mentions(text))
    for event in view.life_events:
        if not any(entry.code in view.items for entry in event.items):
            continue
        for word in (event.name, *event.aliases):
            if left and left == subject(_COUNTED.sub("", word), []):
                return event
    return None


def of_event(turn: Turn, event: LifeEvent) -> Reply:
    """The items of a life event in their order."""
    items = [item for entry in event.items if (item := turn.desk.catalogue.get(entry.code)) is not None]
    if not items:
        return _topics(turn, before=talk.no_items_of(event.name))
    _await_item(turn, items)
    offered = [Way.to(talk.short_name(item), "ask_guide", item=item.code) for item in items]
    more = Way.to(MORE, "ask_guide", life_event=event.code)
    text = talk.more() if _later_page(turn) else talk.life_event(event, turn.desk.catalogue)
    return Reply(text, paged(turn, offered, more))


def topic_ways() -> tuple[Way, ...]:
    """Ways on where nothing was found: browse, or a person."""
    return (
        Way.to("按主题找", "ask_guide", topic=ANY),
        Way.to("按人生大事找", "ask_guide", life_event=ANY),
        Way.to("找工作人员", "human"),
    )


def _topics(turn: Turn, before: str = "") -> Reply:
    view = turn.desk.catalogue
    offered = [Way.to(name, "ask_guide", topic=name) for name in view.by_topic()]
    said = talk.more() if _later_page(turn) else talk.topics(view)
    text = f"{before}\n{said}" if before else said
    return Reply(text, paged(turn, offered, Way.to(MORE, "ask_guide", topic=ANY)))


def _of_hall(turn: Turn, hall: Hall) -> Reply:
    """What a hall does: the topics that have items there."""
    view = turn.desk.catalogue
    there = [
        name
        for name, items in view.by_topic().items()
        if any(place.hall.code == hall.code for item in items for place in view.offered_at(item.code))
    ]
    if not there:
        return _topics(turn)
    more = (Way.to("按主题找", "ask_guide", topic=ANY), Way.to("几点开门", "hall_info", info="hours"))
    return Reply(talk.topics_of_hall(hall, there), more)


def _items(turn: Turn, name: str, items: Sequence[Item], entity: str) -> Reply:
    if not items:
        return _topics(turn, before=talk.no_items_of(name))
    # What is first of all of this topic stands before what only has to do with it.
    items = sorted(items, key=lambda item: entity == "topic" and item.topics[:1] != (name,))
    _await_item(turn, items)
    offered = [Way.to(item.name, "ask_guide", item=item.code) for item in items]
    more = Way.to(MORE, "ask_guide", **{entity: name})
    text = talk.more() if _later_page(turn) else talk.items_of(name, items)
    return Reply(text, paged(turn, offered, more))


def _life_events(turn: Turn) -> Reply:
    view = turn.desk.catalogue
    offered = [Way.to(event.name, "ask_guide", life_event=event.code) for event in view.life_events]
    if not offered:
        return _topics(turn)
    return Reply(talk.life_events(view), paged(turn, offered, Way.to(MORE, "ask_guide", life_event=ANY)))


def _later_page(turn: Turn) -> bool:
    return turn.given("page") not in ("", "1")


def _await_item(turn: Turn, items: Sequence[Item]) -> None:
    turn.memory.settle()
    turn.memory.offer([item.code for item in items])
    turn.memory.pending = Pending("item")
