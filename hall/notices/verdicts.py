"""What is done after a try went wrong: again later, the next channel, or nothing that could repeat it. Pure.

The sorting follows the platform's 全局返回码; whoever sends turns the provider's errors into `Fault`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hall.notices.channels import Channel

MOST_ATTEMPTS: Final = 5
# A channel that the account may not use is tried again this much later: somebody may have mended it.
PROBE: Final = timedelta(minutes=10)
# WeChat takes a forced new token every 30 s at most.
_TOKEN_PAUSE: Final = timedelta(seconds=35)
# A limit by the minute has passed after one.
_MINUTE: Final = timedelta(seconds=60)
_LONGEST_PAUSE: Final = timedelta(minutes=5)
# Daily quotas begin anew at midnight there.
_PLATFORM_ZONE: Final = ZoneInfo("Asia/Shanghai")


class Fault(enum.StrEnum):
    """Why a try failed."""

    BUSY = "busy"
    """The platform did nothing, for now: overloaded, no connection."""
    TOO_FAST = "too_fast"
    """Too many calls a minute: nothing was done, and all sending is to slow down."""
    TOKEN = "token"  # noqa: S105 - no secret
    """The access token is not taken, even after the one refresh."""
    QUOTA = "quota"
    """The day's quota of this call is used up."""
    WINDOW = "window"
    """No customer-service message goes to this citizen now."""
    LIMITED = "limited"
    """This citizen got as many by this channel as the provider allows."""
    NO_CONSENT = "no_consent"
    """The citizen does not (or no longer) allow this notice, or has no phone on file."""
    UNREACHABLE = "unreachable"
    """Not following, blocked, no such account: nothing of WeChat's arrives."""
    BAD = "bad"
    """Template, field or text is not taken: a person must mend it, for this kind of notice."""
    ACCOUNT = "account"
    """The account or its settings: a person must mend it, for everything on this channel."""
    UNKNOWN = "unknown"
    """The request left, no answer came: it may have arrived."""
    OTHER = "other"
    """A refusal that nobody has sorted yet."""


class Step(enum.StrEnum):
    """How it goes on with this notice."""

    AGAIN = "again"
    NEXT = "next"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows. `wait`: until the next try; `stop_until`: nobody uses the channel before; `alarm`: for a
    person to mend; `kind_only`: stop and alarm concern this kind of notice alone.
    """

    step: Step
    wait: timedelta = timedelta()
    stop_until: datetime | None = None
    alarm: bool = False
    kind_only: bool = False


def verdict(
    fault: Fault, channel: Channel, *, attempts: int, useful_until: datetime, now: datetime
) -> Verdict:
    """What follows a fault. `attempts`: how often the notice was taken up, this time included."""
    if fault in _LATER:
        wait = _pause(fault, attempts)
        if attempts < MOST_ATTEMPTS and now + wait < useful_until:
            return Verdict(Step.AGAIN, wait)
        return Verdict(Step.NEXT, alarm=fault is Fault.TOKEN, stop_until=_probe(fault, now))
    if fault is Fault.UNKNOWN:
        # A template message carries a number of ours, by which the platform drops a second one.
        guarded = channel is Channel.TEMPLATE and attempts < MOST_ATTEMPTS
        return Verdict(Step.AGAIN, _pause(fault, attempts)) if guarded else Verdict(Step.UNSURE)
    if fault is Fault.QUOTA:
        return Verdict(Step.NEXT, stop_until=quota_resets(now), alarm=True)
    if fault is Fault.ACCOUNT:
        return Verdict(Step.NEXT, stop_until=now + PROBE, alarm=True)
    if fault is Fault.BAD:
        return Verdict(Step.NEXT, stop_until=now + PROBE, alarm=True, kind_only=True)
    return Verdict(Step.NEXT)


_LATER: Final = frozenset({Fault.BUSY, Fault.TOO_FAST, Fault.TOKEN})


def quota_resets(now: datetime) -> datetime:
    """When the platform counts anew: the next midnight in Shanghai."""
    local = now.astimezone(_PLATFORM_ZONE)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _pause(fault: Fault, attempts: int) -> timedelta:
    pause = min(timedelta(seconds=2**attempts), _LONGEST_PAUSE)
    if fault is Fault.TOO_FAST:
        return max(pause, _MINUTE)
    return max(pause, _TOKEN_PAUSE) if fault is Fault.TOKEN else pause


def _probe(fault: Fault, now: datetime) -> datetime | None:
    return now + PROBE if fault is Fault.TOKEN else None
