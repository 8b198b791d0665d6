"""The chat's offer of the page where subscription notices are allowed, at the moment they are of use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from actions.turn import Reply, Turn
from actions.wording import reminders as wording
from hall.notices import consents
from hall.notices.kinds import Kind

PAGE: Final = "/h5/reminders"
OF_A_VISIT: Final = (
    Kind.REMINDER_EVENING,
    Kind.REMINDER_HOUR,
    Kind.BOOKING_CHANGED,
    Kind.BOOKING_CANCELLED,
    Kind.DAY_CLOSED,
)
OF_THE_QUEUE: Final = (Kind.CALLING_SOON, Kind.CALLED, Kind.PASSED)


async def offered(turn: Turn, reply: Reply, kinds: Collection[Kind]) -> Reply:
    """The reply with one more line, where the account has templates for these kinds of notice, the citizen
    has no consent left for one of them, and was not asked lately.
    """
    desk = turn.desk
    templates = {desk.subscriptions[kind] for kind in kinds if kind in desk.subscriptions}
    if not templates or desk.link is None or not (link := desk.link(PAGE)):
        return reply
    async with desk.session() as session:
        asks = await consents.ask(session, desk.citizen, templates, now=desk.now)
    return replace(reply, text=f"{reply.text}\n{wording.offer(link)}") if asks else reply
