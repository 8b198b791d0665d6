"""The open question of a booking once more, and whom it is for."""

from __future__ import annotations

from dataclasses import replace

from actions import whose
from actions.booking import steps, times
from actions.booking.draft import Draft
from actions.turn import Reply, Turn
from actions.wording import booking as wording


async def again(turn: Turn, draft: Draft) -> Reply:
    """The open question once more, after another answer."""
    reply = await _asked_again(turn, draft)
    if draft.goal != "change":
        return reply
    return replace(reply, text=reply.text.replace(wording.GOING_ON, wording.GOING_ON_CHANGE))


async def _asked_again(turn: Turn, draft: Draft) -> Reply:
    item = turn.desk.catalogue.get(draft.item)
    if item is None or draft.asks == "item":
        return steps.ask_item(turn, draft, again=True)
    match draft.asks:
        case "hall":
            return steps.ask_hall(turn, draft, item, again=True)
        case "who":
            asked = await whose.again(turn, draft.whose)
            if isinstance(asked, Reply):
                return asked
            steps.for_whom(draft, asked)
            return await steps.proceed(turn, draft)
        case "confirm" if draft.starts:
            return steps.ask_confirm(turn, draft, item, again=True)
        case "open":
            return await steps.gate(turn, draft) or await steps.proceed(turn, draft)
    return await times.ask(turn, draft, item, again=True)


async def again_now(turn: Turn, draft: Draft) -> Reply:
    """The open question once more, as the whole answer."""
    reply = await again(turn, draft)
    draft.keep(turn)
    return reply


async def who(turn: Turn, draft: Draft) -> Reply | None:
    """The answer to whom it is for."""
    taken = await whose.take(turn, draft.whose)
    if taken is None or turn.memory.form is None:
        return taken if isinstance(taken, Reply) else None
    if isinstance(taken, Reply):
        draft.asks, draft.known = "who", False
        draft.keep(turn)
        return taken
    steps.for_whom(draft, taken)
    return await steps.proceed(turn, draft)
