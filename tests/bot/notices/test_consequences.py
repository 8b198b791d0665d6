"""What sending a notice asks of other desks: the phone, the check-in code, the penalty that is void."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations.tables  # noqa: F401 - every mapped class
from bot.notices.consequences import consequences
from bot.notices.lookups import check_in_codes, phone_of
from bot.notices.sweeping import Sweeper
from hall.appointments.models import Booking
from hall.appointments.service import BookingRules
from hall.db import Sessions
from hall.notices.models import NoticeRow, State
from hall.people.service import Draft, Vault, accesses, give_consent, save_own, withdraw_consent
from tests.hall.appointments.desk import NOW, at, booked, citizen, open_centre

VAULT = Vault.of(["secret"])


async def state_of(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(select(NoticeRow.state).order_by(NoticeRow.id)))


async def failed(sessions: Sessions, booking: int) -> bool:
    async with sessions() as session:
        row = await session.get(Booking, booking)
        return row is not None and row.reminder_failed is not None


async def test_an_appointment_nobody_was_reminded_of_counts_for_nothing_when_missed(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    await open_centre(sessions)
    booking = await booked(sessions, await citizen(sessions))
    # Confirmed, evening and hour: nobody took them.
    evening_over = Sweeper(engine, lambda: at("08:30"), consequences(BookingRules()))
    await evening_over.sweep()
    assert await state_of(sessions) == ["due", "stale", "due"]
    assert not await failed(sessions, booking.id)
    begun = Sweeper(engine, lambda: at("09:30"), consequences(BookingRules()))
    await begun.sweep()
    assert await state_of(sessions) == ["stale", "stale", "stale"]
    assert await failed(sessions, booking.id)


async def test_an_appointment_that_was_reminded_of_in_the_evening_counts(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    await open_centre(sessions)
    booking = await booked(sessions, await citizen(sessions))
    async with sessions.begin() as session:
        sent = update(NoticeRow).where(NoticeRow.kind == "reminder_evening")
        await session.execute(sent.values(state=State.SENT))
    await Sweeper(engine, lambda: at("09:30"), consequences(BookingRules())).sweep()
    assert await state_of(sessions) == ["stale", "sent", "stale"]
    assert not await failed(sessions, booking.id)


async def test_a_check_in_code_is_read_where_it_stands(sessions: Sessions) -> None:
    await open_centre(sessions)
    booking = await booked(sessions, await citizen(sessions))
    async with sessions() as session:
        subjects = [f"booking:{booking.id}", "booking:x", "ticket:main:1"]
        assert await check_in_codes(session, subjects) == {f"booking:{booking.id}": booking.code}


async def test_a_phone_is_shown_with_consent_only_and_its_showing_is_logged(sessions: Sessions) -> None:
    party = await citizen(sessions)
    async with sessions.begin() as session:
        assert await phone_of(session, VAULT, "o-0", now=NOW) == ""
        await give_consent(session, party.citizen_id, wording="v1", now=NOW)
        draft = Draft(name="张三", id_number="110101199001011237", phone="13800138000")
        await save_own(session, VAULT, party.citizen_id, draft, now=NOW)
        assert (await phone_of(session, VAULT, "o-0", now=NOW)).endswith("13800138000")
        (line,) = await accesses(session, party.citizen_id)
        assert (line.who, line.action, line.fields, line.why) == ("notices", "reveal", ("phone",), "notice")
        await withdraw_consent(session, party.citizen_id, now=NOW + timedelta(hours=1))
        assert await phone_of(session, VAULT, "o-0", now=NOW) == ""
        assert await phone_of(session, VAULT, "osomebody", now=NOW) == ""
