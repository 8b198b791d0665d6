"""Taking one notice through the channels that are open, until one takes it or nothing more can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.choices import ChoiceSet
from bot.clock import Clock
from bot.notices.equipment import Equipment, Sent
from bot.notices.facts import Facts
from bot.notices.faults import NoSuchWay, account_wide, code_of, fault_of
from bot.notices.wording import Said, worded
from bot.sms.port import SmsError
from bot.wechat.errors import WeChatError
from hall.catalogue.view import CatalogueView
from hall.notices.alarms import ACCOUNT, Alarm
from hall.notices.channels import WECHAT, Channel, Reachable, open_now
from hall.notices.claiming import Claimed, Result, Tried
from hall.notices.models import State
from hall.notices.verdicts import Fault, Step, Verdict, verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a notice: its result, the alarms it rings, the choices the citizen was offered."""

    result: Result
    rings: tuple[Alarm, ...] = ()
    choices: ChoiceSet | None = None


@dataclass
class Sending:
    """One notice on its way. `alarms` are all that stand, also those whose stop has run out."""

    claimed: Claimed
    reach: Reachable
    code: str
    equipment: Equipment
    view: CatalogueView
    alarms: Sequence[Alarm]
    clock: Clock
    tries: list[Tried] = field(default_factory=list)
    rings: list[Alarm] = field(default_factory=list)

    async def run(self) -> Outcome:
        """Try the open channels in their order. Raises nothing of the platform's."""
        facts = Facts(self.claimed.facts, self.view, self.clock(), self.code)
        said = worded(self.claimed.kind, self.claimed.subject, facts, again=self.claimed.again)
        closed = set(self.claimed.closed)
        while True:
            now = self.clock()
            if now >= self.claimed.useful_until:
                # Of no use any more: left as due, which nobody takes up, until it is dropped.
                return self._left(State.DUE, now, closed, "of no use any more")
            channel = self._next(closed, now)
            if channel is None:
                return self._nothing_open(closed, now)
            try:
                sent = await self.equipment.send(channel, self.claimed, said, facts)
            except (WeChatError, SmsError, NoSuchWay) as error:
                judged = self._judge(channel, error)
                if judged.step is Step.AGAIN:
                    return self._left(State.DUE, self.clock() + judged.wait, closed, self._why())
                if judged.step is Step.UNSURE:
                    return self._left(State.UNSURE, self.clock(), closed, self._why())
                closed.add(channel)
            else:
                return self._sent(channel, sent, closed)

    def _next(self, closed: set[Channel], now: datetime) -> Channel | None:
        return next(iter(self._open(closed, now, stopped=self._stopped(now))), None)

    def _open(self, closed: set[Channel], now: datetime, *, stopped: set[Channel]) -> tuple[Channel, ...]:
        equipped = self.equipment.for_kind(self.claimed)
        return open_now(self.reach, equipped, closed=closed, stopped=stopped, now=now)

    def _stopped(self, now: datetime) -> set[Channel]:
        standing = (*self.alarms, *self.rings)
        return {
            channel
            for channel in Channel
            if any(alarm.stops(channel, self.claimed.kind, now) for alarm in standing)
        }

    def _judge(self, channel: Channel, error: Exception) -> Verdict:
        now = self.clock()
        fault, code = fault_of(error), code_of(error)
        template = self.equipment.for_kind(self.claimed).subscription if channel is Channel.SUBSCRIBE else ""
        self.tries.append(Tried(channel, now, fault, code, _words(error), template))
        judged = verdict(
            fault,
            channel,
            attempts=self.claimed.attempts,
            useful_until=self.claimed.useful_until,
            now=now,
        )
        if fault is Fault.UNREACHABLE:
            self.reach = replace(self.reach, unreachable=now)
        if judged.alarm and judged.stop_until is not None:
            everywhere = channel in WECHAT and account_wide(code)
            self.rings.append(
                Alarm(
                    channel=ACCOUNT if everywhere else channel.value,
                    cause=code or fault.value,
                    kind=self.claimed.kind.value if judged.kind_only else "",
                    message=_words(error),
                    closed_until=judged.stop_until,
                    first=now,
                    last=now,
                    count=1,
                )
            )
        return judged

    def _sent(self, channel: Channel, sent: Sent, closed: set[Channel]) -> Outcome:
        now = self.clock()
        template = self.equipment.for_kind(self.claimed).subscription if channel is Channel.SUBSCRIBE else ""
        self.tries.append(Tried(channel, now, template=template, message_id=sent.message_id))
        outcome = self._left(State.SENT, now, closed, "")
        return replace(outcome, choices=sent.choices)

    def _nothing_open(self, closed: set[Channel], now: datetime) -> Outcome:
        stopping = [
            alarm.closed_until
            for alarm in (*self.alarms, *self.rings)
            if any(alarm.stops(channel, self.claimed.kind, now) for channel in self._kept_shut(closed, now))
        ]
        if stopping:
            return self._left(State.ALARM, min(stopping), closed, self._why())
        unreachable = (
            any(tried.fault is Fault.UNREACHABLE for tried in self.tries) or not self.reach.by_wechat
        )
        return self._left(State.REFUSED if unreachable else State.WAITING, now, closed, self._why())

    def _kept_shut(self, closed: set[Channel], now: datetime) -> tuple[Channel, ...]:
        """The channels that would take this notice, were it not for something a person must mend."""
        rung = {
            tried.channel for tried in self.tries if tried.fault in (Fault.ACCOUNT, Fault.BAD, Fault.QUOTA)
        }
        rung |= {tried.channel for tried in self.tries if tried.fault is Fault.TOKEN}
        return self._open(closed - rung, now, stopped=set())

    def _left(self, state: State, next_at: datetime, closed: set[Channel], why: str) -> Outcome:
        kept = frozenset() if state is State.ALARM else frozenset(closed)
        result = Result(self.claimed, state, next_at, kept, tuple(self.tries), why)
        return Outcome(result, tuple(self.rings))

    def _why(self) -> str:
        if not self.tries:
            return "no channel is open to this citizen"
        return "; ".join(f"{tried.channel}: {tried.code or tried.fault}" for tried in self.tries)


def unfinished(claimed: Claimed, now: datetime) -> Outcome:
    """A notice whose sending took too long: it may have arrived."""
    return Outcome(Result(claimed, State.UNSURE, now, claimed.closed, (), "sending took too long"))


def _words(error: Exception) -> str:
    return str(getattr(error, "message", "") or error)


__all__ = ["Outcome", "Said", "Sending", "unfinished"]
