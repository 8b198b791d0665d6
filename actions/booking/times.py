"""Which times are free: reading them, and asking for one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from actions.booking.draft import Draft, moment
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import booking as wording
from actions.wording import booking_refused as refusing
from hall.appointments.service import DaySlots, FreeSlot, Quota, Terms, free_days, nearest_free
from hall.appointments.slots import bookable_until, local_day
from hall.catalogue.schema import Item
from hall.centres.opening import DayHours

INTENT = "book_appointment"
_MOST_DAYS = 3
# Times of a day that are offered as ways on; the text names them all.
_MOST_TIMES = 4


def terms(turn: Turn) -> Terms:
    """The terms of this turn's requests."""
    return Terms(turn.desk.now, turn.desk.rules)


async def ask(turn: Turn, draft: Draft, item: Item, *, again: bool = False) -> Reply:
    """Ask for a time: of the wanted stretch, or the nearest of all where none is wanted."""
    draft.asks = "time"
    window = draft.window
    if window is None:
        return await _ask_any(turn, draft, item, again=again)
    first, before = window
    last = bookable_until(turn.desk.now, turn.desk.rules)
    if local_day(first) > last:
        return await others(turn, draft, item, refusing.too_far(last), first)
    days = await _days(
        turn, draft, item, local_day(first), min(local_day(before - timedelta(seconds=1)), last)
    )
    free = [slot for day in days for slot in _within(day.slots, first, before) if slot.free >= draft.places]
    if not free:
        return await _none_free(turn, draft, item, days)
    if len({local_day(slot.starts) for slot in free}) > 1:
        return _ask_day(turn, draft, item, free, again=again)
    return ask_slot(turn, draft, item, free, again=again)


async def _ask_any(turn: Turn, draft: Draft, item: Item, *, again: bool) -> Reply:
    now = turn.desk.now
    given_up = moment(draft.around) if draft.around else None
    slots = await nearest(turn, draft, item, given_up or now, but=given_up)
    if not slots:
        return Reply(refusing.none_near(item), leaving(turn, draft, item))
    draft.offered = [slot.starts.isoformat() for slot in slots]
    text = (
        f"{wording.GOING_ON}您想哪天来?最近的空位:"
        if again
        else wording.ask_when(_what(turn, draft, item), link(turn, draft))
    )
    return Reply(text, (*_time_ways(slots, now), *leaving(turn, draft, item))[:MOST_WAYS])


def ask_slot(turn: Turn, draft: Draft, item: Item, free: Sequence[FreeSlot], *, again: bool = False) -> Reply:
    """Ask for one of the free times of one day."""
    now, step = turn.desk.now, turn.desk.rules.slot
    day, starts = local_day(free[0].starts), [slot.starts for slot in free]
    draft.offered = [start.isoformat() for start in starts]
    text = (
        wording.still(day, starts, step)
        if again
        else wording.ask_slot(_what(turn, draft, item), day, starts, step, link(turn, draft))
    )
    shown = _spread(free, _MOST_TIMES)
    ways = [_time(wording.slot_title(slot, now, day=day), slot.starts) for slot in shown]
    return Reply(text, (*ways, Way.to("换一天", INTENT, do="other_time")))


def _what(turn: Turn, draft: Draft, item: Item) -> str:
    at = wording.where(turn.desk.catalogue, item, draft.hall, draft.group)
    return wording.what(item, at, changes=draft.goal == "change")


def _ask_day(turn: Turn, draft: Draft, item: Item, free: Sequence[FreeSlot], *, again: bool) -> Reply:
    draft.offered = [free[0].starts.isoformat()]
    counted: dict[date, int] = {}
    for slot in free:
        counted[local_day(slot.starts)] = counted.get(local_day(slot.starts), 0) + slot.free
    days = list(counted.items())
    ways = [Way.to(wording.on(day), INTENT, do="day", value=day.isoformat()) for day, _ in days[:_MOST_TIMES]]
    said = (
        wording.which_day(days)
        if again
        else wording.ask_day(_what(turn, draft, item), days, link(turn, draft))
    )
    return Reply(said, (*ways, Way.to("别的日子", INTENT, do="other_time")))


async def _none_free(turn: Turn, draft: Draft, item: Item, days: Sequence[DaySlots]) -> Reply:
    """Nothing is free in the wanted stretch: why not, and the nearest times that are."""
    assert draft.window is not None  # noqa: S101 - the caller looked into it
    first, before = draft.window
    slots = [slot for day in days for slot in _within(day.slots, first, before)]
    if slots:
        head = refusing.full(first, before, turn.desk.now, exact=False)
        return await others(turn, draft, item, head, first, waits=(slots[0].starts, slots[-1].ends))
    return await others(turn, draft, item, why_shut([day.hours for day in days], first, before, turn), first)


def why_shut(hours: Sequence[DayHours], first: datetime, before: datetime, turn: Turn) -> str:
    """Why there is no slot at all in a stretch."""
    now = turn.desk.now
    unknown = next((day for day in hours if day.state == "unknown"), None)
    if unknown is not None:
        return refusing.unknown_year(unknown.day.year)
    if len(hours) == 1:
        return refusing.closed(hours[0]) if hours[0].state == "closed" else refusing.no_more(hours[0].day)
    return f"{wording.stretch(first, before, now)}都没有号。"


async def others(
    turn: Turn,
    draft: Draft,
    item: Item,
    head: str,
    wanted: datetime,
    *,
    slots: Sequence[FreeSlot] | None = None,
    waits: tuple[datetime, datetime] | None = None,
) -> Reply:
    """Say `head`, and offer the free times nearest to what was wanted; where it is full, also to wait."""
    draft.asks = "time"
    found = await nearest(turn, draft, item, wanted) if slots is None else slots
    draft.forget_time()
    draft.offered = [slot.starts.isoformat() for slot in found]
    ways = list(_time_ways(found[:_MOST_DAYS], turn.desk.now))
    if waits is not None and draft.goal != "change":
        value = f"{waits[0].isoformat()}/{waits[1].isoformat()}"
        ways.append(Way.to("候补,有空位叫我", INTENT, do="wait", value=value))
    text = f"{head}\n{wording.nearest(item) if found else refusing.none_near(item)}"
    return Reply(text, (*ways, *leaving(turn, draft, item))[:MOST_WAYS])


async def nearest(
    turn: Turn, draft: Draft, item: Item, wanted: datetime, *, but: datetime | None = None
) -> tuple[FreeSlot, ...]:
    """The free times nearest to a moment, without the one that is not wanted."""
    most = turn.desk.rules.alternatives
    async with turn.desk.read() as session:
        found = await nearest_free(
            session,
            draft.hall,
            draft.group,
            wanted,
            terms=terms(turn),
            n=most if but is None else most + 1,
            places=draft.places,
            quota=_quota(item),
        )
    return tuple(slot for slot in found if slot.starts != but)[:most]


async def _days(turn: Turn, draft: Draft, item: Item, first: date, last: date) -> tuple[DaySlots, ...]:
    async with turn.desk.read() as session:
        return await free_days(
            session, draft.hall, draft.group, first, last, terms=terms(turn), quota=_quota(item)
        )


def _quota(item: Item) -> Quota | None:
    return Quota(item.code, item.daily_quota) if item.daily_quota else None


def _within(slots: Sequence[FreeSlot], first: datetime, before: datetime) -> list[FreeSlot]:
    return [slot for slot in slots if first <= slot.starts < before]


def _spread(slots: Sequence[FreeSlot], most: int) -> list[FreeSlot]:
    """So many of the slots, from the first to the last."""
    if len(slots) <= most:
        return list(slots)
    return [slots[round(number * (len(slots) - 1) / (most - 1))] for number in range(most)]


def _time_ways(slots: Sequence[FreeSlot], now: datetime) -> tuple[Way, ...]:
    return tuple(_time(wording.slot_title(slot, now), slot.starts) for slot in slots)


def _time(title: str, starts: datetime) -> Way:
    return Way.to(title, INTENT, do="time", value=starts.isoformat())


def leaving(turn: Turn, draft: Draft, item: Item) -> tuple[Way, ...]:
    """Ways out of a choice of times: another hall where there is one, or not to book."""
    halls = {place.hall.code for place in turn.desk.catalogue.offered_at(item.code) if place.group}
    other = (Way.to("换个大厅", INTENT, do="other_hall"),) if len(halls) > 1 and draft.goal != "wait" else ()
    return (*other, Way.to("不改了" if draft.goal == "change" else "先不约了", "stop"))


def link(turn: Turn, draft: Draft) -> str:
    """The page for choosing by a tap; "" where there is none, or an appointment is being moved."""
    if turn.desk.link is None or draft.goal != "book":
        return ""
    more = f"&n={draft.places}" if draft.places > 1 else ""
    more += f"&day={draft.day.isoformat()}" if draft.day is not None else ""
    found = turn.desk.link(f"/h5/book/{draft.item}?hall={draft.hall}&form={draft.id}{more}")
    draft.linked = draft.linked or bool(found)
    return found or ""


def offered(draft: Draft) -> list[datetime]:
    """The free times named last."""
    return [moment(start) for start in draft.offered]
