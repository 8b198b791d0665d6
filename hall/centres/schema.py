"""A service centre (政务服务中心) as its file describes it: the tree, halls, counters, hours, browsing.

The file is ``centre.json``; `CentreFile` is the whole of it. All models are frozen.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationError, model_validator

from hall.catalogue.parts import Entry
from hall.catalogue.problems import Problem, problems_of
from hall.catalogue.values import (
    Identifier,
    Line,
    Name,
    RequiredDay,
    RequiredFlag,
    Text,
    Texts,
    refused,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")


class CentreInvalid(Exception):  # noqa: N818 - reads as the verdict it is
    """A centre's file that cannot be taken; `problems` says why, in Chinese."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("；".join(problem.message for problem in problems))
        self.problems = problems


def _clock(value: object) -> object:
    if isinstance(value, time):
        return value
    words = unicodedata.normalize("NFKC", str(value)).strip()
    found = _TIME.fullmatch(words)
    if not found or int(found.group(1)) > 23 or int(found.group(2)) > 59:
        raise refused(f"应是时刻,如 09:00,写的是“{words[:20]}”")
    return time(int(found.group(1)), int(found.group(2)))


def _spans(value: object) -> object:
    """``[["09:00", "12:00"], …]`` or 09:00-12:00,13:30-17:00; null and 休 are closed."""
    if value is None:
        return ()
    if not isinstance(value, str):
        return value
    words = unicodedata.normalize("NFKC", value).strip()
    if words in {"", "休", "休息", "不开放"}:
        return ()
    return tuple(tuple(re.split(r"[-–—~至]", span.strip())) for span in re.split(r"[,;、\s]+", words))


def _in_order(spans: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
    ordered = tuple(sorted(spans))
    for opens, closes in ordered:
        if opens >= closes:
            raise refused(f"{opens:%H:%M} 不早于 {closes:%H:%M}")
    for (_, closes), (opens, _) in pairwise(ordered):
        if opens < closes:
            raise refused(f"时段重叠:{opens:%H:%M} 早于 {closes:%H:%M}")
    return ordered


def _written(moment: time) -> str:
    return f"{moment:%H:%M}"


Clock = Annotated[time, BeforeValidator(_clock), PlainSerializer(_written, when_used="json")]
# The open spans of one day in Asia/Shanghai, in order; the end is exclusive. Empty: closed all day.
Spans = Annotated[tuple[tuple[Clock, Clock], ...], BeforeValidator(_spans)]


class WeeklyHours(Entry):
    """The usual opening hours by weekday, local time (Asia/Shanghai)."""

    mon: Spans = ()
    tue: Spans = ()
    wed: Spans = ()
    thu: Spans = ()
    fri: Spans = ()
    sat: Spans = ()
    sun: Spans = ()

    @model_validator(mode="after")
    def _spans_are_in_order(self) -> Self:
        for weekday in WEEKDAYS:
            object.__setattr__(self, weekday, _in_order(getattr(self, weekday)))
        return self

    def on(self, weekday: int) -> tuple[tuple[time, time], ...]:
        """The open spans of a weekday, 0 being Monday."""
        spans: tuple[tuple[time, time], ...] = getattr(self, WEEKDAYS[weekday])
        return spans


class Centre(Entry):
    """A centre of the tree (市 / 县区 / 镇街 / 村居); `parent` is the code of the one above it."""

    code: Identifier
    name: Name
    level: Line = ""
    parent: Identifier | None = None


class Hall(Entry):
    """A hall (办事大厅) that citizens go to; `latitude` and `longitude` in degrees, GCJ-02 as in WeChat."""

    code: Identifier
    centre: Identifier
    name: Name
    address: Text = ""
    transport: Text = ""
    parking: Text = ""
    phone: Line = ""
    latitude: Annotated[float | None, Field(ge=-90, le=90)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180)] = None
    facilities: Texts = ()
    hours: WeeklyHours = WeeklyHours()
    hours_note: Text = ""


class Counter(Entry):
    """A group of counters (窗口) of a hall; `hours` of its own override the hall's."""

    hall: Identifier
    group: Identifier
    name: Name
    departments: Texts = ()
    floor: Line = ""
    hours: WeeklyHours | None = None


class SpecialDay(Entry):
    """A day on which a centre, a hall or a group of counters keeps other hours than usual.

    Closed, open by `hours`, or, with no hours, open as on a working day. The narrowest scope wins:
    `hall` and `group`, then `hall`, then `centre`; none of them named is everywhere.
    """

    date: RequiredDay
    open: RequiredFlag
    hours: Spans = ()
    note: Text = ""
    centre: Line = ""
    hall: Line = ""
    group: Line = ""


class Topic(Entry):
    """A topic (主题) to browse by; `aliases` are what citizens call it."""

    name: Name
    aliases: Texts = ()


class EventItem(Entry):
    """An item of a life event, with what to say about it there."""

    code: Identifier
    note: Text = ""


class LifeEvent(Entry):
    """A life event (一件事): its items in the order in which they are done."""

    code: Identifier
    name: Name
    aliases: Texts = ()
    items: tuple[EventItem, ...] = ()


class Info(Entry):
    """Hall information: an answer and the ways in which it is asked for."""

    id: Identifier
    questions: Texts = ()
    answer: Annotated[Text, Field(min_length=1)]


class CentreFile(Entry):
    """Everything about a tree of centres that is not an item."""

    centres: tuple[Centre, ...] = ()
    halls: tuple[Hall, ...] = ()
    counters: tuple[Counter, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()
    topics: tuple[Topic, ...] = ()
    life_events: tuple[LifeEvent, ...] = ()
    info: tuple[Info, ...] = ()


def parse_centre(content: object) -> CentreFile:
    """The centre that `content` describes; raise CentreInvalid with a Chinese sentence per wrong field."""
    try:
        return CentreFile.model_validate(content)
    except ValidationError as error:
        raise CentreInvalid(problems_of(error)) from None
