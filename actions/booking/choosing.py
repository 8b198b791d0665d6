"""The ways on that a booking offers, and what choosing one does."""

from __future__ import annotations

from datetime import date

from actions.booking import place, steps
from actions.booking.asked import again_now, who
from actions.booking.draft import Draft, moment
from actions.booking.filling import set_item
from actions.booking.times import INTENT
from actions.turn import Reply, Turn

_WHOSE = "whose."


async def chosen(turn: Turn, draft: Draft) -> Reply | None:
    """What follows from a way that was chosen; None where it leads elsewhere."""
    do, value = turn.given("do"), turn.given("value")
    if do.startswith(_WHOSE):
        return await who(turn, draft)
    if turn.intent != INTENT:
        return None
    if not do and (item := turn.desk.catalogue.get(turn.given("item"))) is not None:
        set_item(turn, draft, item)
        return await steps.proceed(turn, draft)
    return await _do(turn, draft, do, value)


async def _do(turn: Turn, draft: Draft, do: str, value: str) -> Reply | None:
    match do:
        case "yes":
            return await _agreed(turn, draft, value)
        case "other_time":
            return await other_time(turn, draft)
        case "other_hall":
            return other_hall(turn, draft)
        case "wait":
            return await _wait(turn, draft, value)
        case "hall" | "day" | "time" | "":
            known = _take_over(draft, do, value)
            return await steps.proceed(turn, draft) if known else await again_now(turn, draft)
    return None


def _take_over(draft: Draft, do: str, value: str) -> bool:
    """Take over a value that was chosen; whether there was one."""
    try:
        if do == "hall":
            draft.hall, draft.group = value, ""
        elif do == "day":
            draft.want_day(date.fromisoformat(value))
        elif do == "time":
            draft.starts = moment(value).isoformat()
    except ValueError:
        return False
    return bool(do)


async def _agreed(turn: Turn, draft: Draft, value: str) -> Reply:
    """确认; of a time that was changed since it was asked, the question is asked again."""
    if value and value != draft.starts:
        return await again_now(turn, draft)
    return await steps.confirm(turn, draft)


async def other_time(turn: Turn, draft: Draft) -> Reply:
    """Another time: the other free ones of the day after which none is wanted, then any."""
    draft.forget_time()
    return await steps.proceed(turn, draft)


def other_hall(turn: Turn, draft: Draft) -> Reply:
    """Ask for another hall; the time that was wanted stays."""
    item = turn.desk.catalogue.get(draft.item)
    if item is None:
        return steps.ask_item(turn, draft)
    reply = steps.ask_hall(turn, draft, item)
    draft.keep(turn)
    return reply


async def _wait(turn: Turn, draft: Draft, value: str) -> Reply:
    first, _, before = value.partition("/")
    try:
        draft.want(moment(first), moment(before))
    except ValueError:
        return await again_now(turn, draft)
    await place.release(turn, draft)
    draft.goal = "wait"
    return await steps.proceed(turn, draft)
