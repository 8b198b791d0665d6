"""What can stand against a step in the queue. Each error carries what somebody needs to go on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from hall.centres.opening import DayHours
from hall.queue.views import Ticket, Window


class UnknownGroup(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no such counter group in this hall, or it was withdrawn."""


class UnknownWindow(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no such counter."""


class UnknownTicket(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no such ticket today, or it is another citizen's."""


class QueueShut(Exception):  # noqa: N818 - reads as the verdict it is
    """None now. `why`: early (until `opens`), over (for today), closed (all day), stopped (by staff)."""

    def __init__(
        self,
        why: Literal["early", "over", "closed", "stopped"],
        hours: DayHours,
        *,
        opens: datetime | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(why)
        self.why, self.hours, self.opens, self.reason = why, hours, opens, reason


class NotCheckedIn(Exception):  # noqa: N818 - reads as the verdict it is
    """The appointment was not checked in for this counter group today, and gives no priority."""


class WindowNotOpen(Exception):  # noqa: N818 - reads as the verdict it is
    """The counter is paused or closed: `window`."""

    def __init__(self, window: Window) -> None:
        super().__init__(window.state)
        self.window = window


class WindowTaken(Exception):  # noqa: N818 - reads as the verdict it is
    """Somebody else has this counter open: `window`."""

    def __init__(self, window: Window) -> None:
        super().__init__("taken")
        self.window = window


class NotYourWindow(Exception):  # noqa: N818 - reads as the verdict it is
    """Neither the one who opened the counter nor their stand-in: `window`."""

    def __init__(self, window: Window) -> None:
        super().__init__("not yours")
        self.window = window


class WindowBusy(Exception):  # noqa: N818 - reads as the verdict it is
    """A ticket is at the counter: `ticket`. Finish it, pass it over or put it aside first."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__("busy")
        self.ticket = ticket


class NobodyThere(Exception):  # noqa: N818 - reads as the verdict it is
    """No ticket is at the counter, or not the one that was meant."""


class NotPossible(Exception):  # noqa: N818 - reads as the verdict it is
    """A ticket in this state cannot take that step: `ticket`."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(ticket.state)
        self.ticket = ticket


class RecallsSpent(Exception):  # noqa: N818 - reads as the verdict it is
    """The ticket was recalled as often as it may be: pass it over. `ticket`, `limit`."""

    def __init__(self, ticket: Ticket, limit: int) -> None:
        super().__init__(f"recalled {limit} times")
        self.ticket, self.limit = ticket, limit


class NoWayBack(Exception):  # noqa: N818 - reads as the verdict it is
    """The ticket came back as often as it may: `ticket`. A new one can be taken."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__("no way back")
        self.ticket = ticket


class ReasonMissing(ValueError):  # noqa: N818 - reads as the verdict it is
    """Whoever pauses a counter or stops a queue is named and says why."""
