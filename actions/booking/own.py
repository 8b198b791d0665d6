"""The citizen's own appointments: which there are, changing and cancelling one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from actions import forms
from actions.aspects import SHORTEST_SUBJECT
from actions.booking import place, steps, waits
from actions.booking.draft import KIND, Draft
from actions.booking.refusals import HUMAN, MINE, no_longer
from actions.booking.sentence import Said, read_sentence
from actions.booking.times import INTENT, terms
from actions.memory import Pending
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import booking as wording
from actions.wording import booking_refused as refusing
from actions.wording import own_bookings
from hall.appointments import service as desk
from hall.appointments.errors import NotOpen, TooLateToChange, UnknownBooking
from hall.appointments.service import Appointment
from hall.appointments.slots import local_day
from hall.people.citizens import citizen_id_of, register

CANCEL = "cancel_booking"

# What is said about an appointment beside what it is for.
_ABOUT = re.compile(
    r"取消|退掉?|撤[销消]?|删掉?|不要|改(?:到|成|约|期)?|换(?:到|成)?|推到|把|帮我?|的?(?:那个)?(?:预约|约|号)|[的了吧我]"
)
_CHANGE_INTENT, _CANCEL_INTENT = "change_appointment", "cancel_appointment"


async def listed(turn: Turn) -> Reply:
    """What is booked and waited for, each with ways to change it."""
    opened = await place.open_bookings(turn)
    waiting = await waits.mine(turn)
    now, view = turn.desk.now, turn.desk.catalogue
    if not opened and not waiting:
        return Reply(own_bookings.none(), (Way.to("约一个", INTENT), HUMAN))
    links = [steps.check_in_link(turn, booking) for booking in opened]
    text = own_bookings.listed(opened, waiting, links, view, now)
    return Reply(text, (*_ways(opened), *waits.ways(waiting))[:MOST_WAYS])


def _ways(opened: tuple[Appointment, ...]) -> tuple[Way, ...]:
    found = []
    for booking in opened[:2]:
        of = f" {wording.on_short(booking.starts)}" if len(opened) > 1 else ""
        found += [
            Way.to(f"改时间{of}" if not of else f"改{of}", _CHANGE_INTENT, value=str(booking.id)),
            Way.to(f"取消{of}" if of else "取消预约", _CANCEL_INTENT, value=str(booking.id)),
        ]
    return tuple(found)


# -- which one ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Meant:
    """The appointment meant, and the time it is to be moved to, if the sentence says one."""

    booking: Appointment
    said: Said


async def _meant(turn: Turn, intent: str) -> _Meant | Reply:
    """The appointment a turn is about: by its number, day or item; the question which, if it is not clear."""
    said = read_sentence(turn.text, turn.desk.now)
    if turn.given("value"):
        found = await _by_number(turn, turn.given("value"))
        return _Meant(found, said) if isinstance(found, Appointment) else found
    opened = await place.open_bookings(turn)
    if not opened:
        return Reply(own_bookings.nothing_to(intent == _CANCEL_INTENT), (Way.to("约一个", INTENT), HUMAN))
    fitting = _fitting(turn, opened, said)
    if len(fitting) == 1:
        return _Meant(fitting[0], said)
    ways = [
        Way.to(own_bookings.title(booking, turn.desk.catalogue, turn.desk.now), intent, value=str(booking.id))
        for booking in (fitting or opened)[: MOST_WAYS - 1]
    ]
    turn.memory.pending = Pending("booking")
    return Reply(own_bookings.which(intent == _CANCEL_INTENT), (*ways, Way.to("都留着", "deny")))


async def _by_number(turn: Turn, value: str) -> Appointment | Reply:
    if value.isdecimal() and len(value) < 12:
        async with turn.desk.read() as session:
            citizen = await citizen_id_of(session, turn.desk.citizen)
            try:
                found = await desk.get(session, citizen or 0, int(value))
            except UnknownBooking:
                return Reply(own_bookings.not_yours(), (MINE,))
        return found if found.state == "confirmed" else no_longer(turn, found)
    return Reply(own_bookings.not_yours(), (MINE,))


def _fitting(turn: Turn, opened: tuple[Appointment, ...], said: Said) -> tuple[Appointment, ...]:
    """The appointments of a day or an item that the words name; all where they name none."""
    if len(opened) == 1:
        return opened
    within = tuple(
        booking
        for booking in opened
        if any(wanted.first <= booking.starts < wanted.before for wanted in said.named)
    )
    if len(within) == 1:
        return within
    return _of_item(turn, opened, said) or opened


def _of_item(turn: Turn, opened: tuple[Appointment, ...], said: Said) -> tuple[Appointment, ...]:
    """The appointments of the item that the words name, as far as the search takes one of theirs for it."""
    words = _ABOUT.sub(" ", said.rest).strip()
    if len(words) < SHORTEST_SUBJECT:
        return ()
    hits = turn.desk.search.decide(words).hits
    codes = [hit.code for hit in hits if any(booking.item_code == hit.code for booking in opened)]
    return tuple(booking for booking in opened if codes and booking.item_code == codes[0])


# -- changing ----------------------------------------------------------------------------------------


async def change(turn: Turn) -> Reply:
    """Move an appointment: which, to when, and then whether it is right so."""
    meant = await _meant(turn, _CHANGE_INTENT)
    if isinstance(meant, Reply):
        return meant
    booking, said = meant.booking, meant.said
    if booking.starts <= turn.desk.now:
        return Reply(refusing.begun(booking.starts, turn.desk.now), (MINE, HUMAN))
    draft = Draft.new(
        turn,
        goal="change",
        item=booking.item_code,
        hall=booking.hall,
        group=booking.group,
        places=booking.places,
        changes=booking.id,
        was=booking.starts.isoformat(),
        was_at=booking.hall,
        around=booking.starts.isoformat(),
        known=True,
    )
    await forms.start(turn, draft.to_form())
    turn.memory.pending = None
    note = own_bookings.to_change(booking, turn.desk.catalogue, turn.desk.now)
    _want_new_time(turn, draft, booking, said)
    if said.same_clock and draft.day is not None:
        draft.at_clock_of(booking.starts)
    return await steps.proceed(turn, draft, "" if draft.starts else f"{note}\n")


def _want_new_time(turn: Turn, draft: Draft, booking: Appointment, said: Said) -> None:
    """The time it is to be moved to; what only names the appointment itself is none (我周三的想改)."""
    day = local_day(booking.starts)
    again = read_sentence(turn.text, turn.desk.now, day) if turn.text else said
    others = [
        wanted
        for wanted in again.named
        if not (wanted.dated and local_day(wanted.first) == day and len(again.named) == 1) and not wanted.past
    ]
    if turn.halls:
        draft.hall, draft.group = turn.halls[-1].code, ""
    if not others:
        return
    wanted = others[-1]
    draft.want(wanted.first, wanted.before)
    if wanted.exact and wanted.first != booking.starts:
        draft.starts = wanted.first.isoformat()


# -- cancelling --------------------------------------------------------------------------------------


async def cancel(turn: Turn) -> Reply:
    """Ask whether an appointment is to be cancelled; do it where that was said already."""
    if turn.given("do") == "yes":
        return await _cancel(turn, turn.given("value"))
    meant = await _meant(turn, _CANCEL_INTENT)
    if isinstance(meant, Reply):
        return meant
    if meant.booking.starts <= turn.desk.now:
        return Reply(refusing.begun(meant.booking.starts, turn.desk.now), (MINE, HUMAN))
    before = turn.memory.form if turn.memory.form is not None and turn.memory.form["kind"] == KIND else None
    await forms.start(turn, {"kind": CANCEL, "booking": meant.booking.id, "before": before})
    turn.memory.pending = None
    return _ask_cancel(turn, meant.booking)


def _ask_cancel(turn: Turn, booking: Appointment) -> Reply:
    text = own_bookings.sure(booking, turn.desk.catalogue, turn.desk.now)
    ways = (
        Way.to("确认取消", _CANCEL_INTENT, do="yes", value=str(booking.id)),
        Way.to("改时间", _CHANGE_INTENT, value=str(booking.id)),
        Way.to("留着", _CANCEL_INTENT, do="no", value=str(booking.id)),
    )
    return Reply(text, ways)


async def _cancel(turn: Turn, value: str) -> Reply:
    found = await _by_number(turn, value)
    if isinstance(found, Reply):
        _leave(turn)
        return found
    try:
        async with place.changing(turn) as session:
            citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
            await desk.cancel(session, citizen, found.id, terms=terms(turn), told=True)
    except NotOpen as error:
        _leave(turn)
        return no_longer(turn, error.booking)
    except TooLateToChange as error:
        _leave(turn)
        return Reply(refusing.begun(error.starts, turn.desk.now), (MINE, HUMAN))
    turn.desk.changed("notices")
    text = own_bookings.cancelled(found, turn.desk.catalogue, turn.desk.now)
    before = _leave(turn)
    if before is not None:
        turn.memory.form = before
        draft = Draft.of(turn)
        if draft is not None and draft.goal == "book":
            # What is read outside of this transaction still counts the one just cancelled.
            draft.gated = True
            return await steps.proceed(turn, draft, f"{text}\n\n{own_bookings.going_on()}")
        turn.memory.form = None
    return Reply(text, (Way.to("再约一个", INTENT, item=found.item_code), MINE))


def _leave(turn: Turn) -> dict[str, Any] | None:
    """Leave the question whether to cancel; the booking that was being made before it."""
    form, turn.memory.form = turn.memory.form, None
    before = form.get("before") if form is not None and form["kind"] == CANCEL else None
    return before if isinstance(before, dict) else None


class CancelForm:
    """Waits for a yes or no to cancelling."""

    async def take(self, turn: Turn) -> Reply | None:
        """Cancel it, keep it, or neither."""
        form = turn.memory.form
        assert form is not None  # noqa: S101 - the form that is being filled
        if turn.intent == "stop" and not turn.text:
            return await self._unclear(turn)
        if not turn.text:
            return self._kept(turn) if turn.given("do") == "no" and turn.intent == _CANCEL_INTENT else None
        said = read_sentence(turn.text, turn.desk.now)
        if said.no or any(word in turn.text for word in ("留着", "不取消", "先不")):
            return self._kept(turn)
        if said.yes or (said.quits and not said.named) or turn.text in _AGREES:
            return await _cancel(turn, str(form["booking"]))
        return None

    async def again(self, turn: Turn) -> Reply:
        """Whether to cancel, once more."""
        asked = await self._unclear(turn)
        return replace(asked, text=f"{own_bookings.going_on_cancelling()}{asked.text}")

    def leave(self, turn: Turn) -> str:
        """Nothing was cancelled."""
        return own_bookings.kept()

    def _kept(self, turn: Turn) -> Reply:
        _leave(turn)
        return Reply(own_bookings.kept(), (MINE,))

    async def _unclear(self, turn: Turn) -> Reply:
        """取消 may mean the appointment or the question."""
        form = turn.memory.form
        assert form is not None  # noqa: S101 - the form that is being filled
        found = await _by_number(turn, str(form["booking"]))
        if isinstance(found, Reply):
            _leave(turn)
            return found
        return _ask_cancel(turn, found)


_AGREES = frozenset({"取消", "取消吧", "确认取消", "取消它", "退了吧", "退吧", "退掉", "要取消", "是的取消"})

forms.register(CANCEL, CancelForm(), hears_stop=True)
