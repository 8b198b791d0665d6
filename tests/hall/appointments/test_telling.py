"""What citizens are told by themselves: a notice stands if and only if the change stands that it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments import service as desk
from hall.appointments.models import Booking
from hall.appointments.service import Appointment
from hall.calendar.service import days_of
from hall.db import Sessions
from hall.notices.models import NoticeRow, State
from hall.notices.service import Kind
from hall.people.proxies import Party
from tests.hall.appointments.desk import NOW, at, booked, citizen, citizens, fill, terms, wish
from tests.hall.appointments.test_visiting import SEAL, come, miss, three, when
from tests.hall.appointments.test_waiting import MINUTE, accept, cancel, wait

DAY = timedelta(days=1)
THURSDAY = date(2026, 12, 3)
EVENING, HOUR = at("19:00", date(2026, 12, 1)), at("08:30")
CLOSED = {"date": "2026-12-02", "open": False, "note": "停电"}


@dataclass(frozen=True)
class Told:
    """A notice that is not withdrawn, as far as these tests look at it."""

    kind: str
    openid: str
    subject: str
    due: datetime
    until: datetime
    values: dict[str, str]
    event: str


async def told(hall: Sessions, *, state: str = State.DUE) -> list[Told]:
    async with hall() as session:
        rows = await session.scalars(
            select(NoticeRow).where(NoticeRow.state == state).order_by(NoticeRow.due, NoticeRow.id)
        )
        return [
            Told(row.kind, row.openid, row.subject, row.due, row.useful_until, row.facts, row.event)
            for row in rows
        ]


async def kinds(hall: Sessions) -> list[str]:
    return [notice.kind for notice in await told(hall)]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_who_books_by_a_page_is_confirmed_and_reminded_twice(hall: Sessions) -> None:
    booking = await booked(hall, await citizen(hall, 7))
    confirmed, evening, hour = await told(hall)
    assert (confirmed.kind, confirmed.due, confirmed.until) == ("booking_confirmed", NOW, at("09:30"))
    assert (evening.kind, evening.due, evening.until) == ("reminder_evening", EVENING, HOUR)
    assert (hour.kind, hour.due, hour.until) == ("reminder_hour", HOUR, at("09:30"))
    for notice in (confirmed, evening, hour):
        assert (notice.openid, notice.subject) == ("o-7", f"booking:{booking.id}")
        assert (notice.values["item"], notice.values["hall"], notice.values["group"]) == (
            "GA-0101",
            "main",
            "B",
        )
        assert moment(notice.values["starts"]) == at("09:30")
        assert "code" not in notice.values


async def test_who_was_answered_in_the_chat_is_only_reminded(hall: Sessions) -> None:
    party = await citizen(hall)
    async with hall.begin() as session:
        held = await desk.hold(session, party, wish(), key="k", terms=terms())
    assert await told(hall) == []
    async with hall.begin() as session:
        await desk.confirm(session, party.citizen_id, held.id, terms=terms(), told=True)
        await desk.confirm(session, party.citizen_id, held.id, terms=terms())  # again is harmless
    assert await kinds(hall) == ["reminder_evening", "reminder_hour"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (EVENING - MINUTE, ["reminder_evening", "reminder_hour"]),
        (EVENING, ["reminder_hour"]),
        (HOUR - MINUTE, ["reminder_hour"]),
        (HOUR, []),
        (at("09:29"), []),
    ],
)
async def test_nobody_is_reminded_of_a_time_that_is_past(
    hall: Sessions, now: datetime, expected: list[str]
) -> None:
    async with hall.begin() as session:
        party = await _known(hall)
        await desk.book(session, party, wish(), key="k", terms=terms(now - NOW), told=True)
    assert await kinds(hall) == expected


async def _known(hall: Sessions) -> Party:
    return await citizen(hall, 3)


async def test_the_hours_of_reminders_are_rules(hall: Sessions) -> None:
    rules = desk.BookingRules(remind_evening_hour=20, remind_minutes=90)
    await booked(hall, await citizen(hall), on=terms(rules=rules))
    assert [notice.due for notice in await told(hall)][1:] == [EVENING + 60 * MINUTE, HOUR - 30 * MINUTE]


async def test_moving_there_and_back_reminds_of_where_it_stands(hall: Sessions) -> None:
    party = await citizen(hall)
    booking = await booked(hall, party)

    async def move(clock: str, key: str, *, tell: bool) -> None:
        async with hall.begin() as session:
            await desk.reschedule(
                session,
                party.citizen_id,
                booking.id,
                starts=at(clock, THURSDAY if clock == "14:00" else date(2026, 12, 2)),
                key=key,
                terms=terms(),
                told=not tell,
            )

    await move("14:00", "1", tell=True)
    changed, evening, hour = await told(hall)
    assert (changed.kind, moment(changed.values["was"])) == ("booking_changed", at("09:30"))
    assert (evening.due, hour.due) == (at("19:00"), at("13:00", THURSDAY))
    await move("09:30", "2", tell=False)
    evening, hour = await told(hall)
    assert (evening.due, hour.due) == (EVENING, HOUR)
    assert moment(hour.values["starts"]) == at("09:30")
    await move("09:30", "2", tell=True)  # the same tap again
    assert await told(hall) == [evening, hour]


async def test_a_hold_is_moved_and_given_back_without_a_word(hall: Sessions) -> None:
    party = await citizen(hall)
    async with hall.begin() as session:
        held = await desk.hold(session, party, wish(), key="k", terms=terms())
        await desk.reschedule(session, party.citizen_id, held.id, starts=at("10:00"), key="m", terms=terms())
        await desk.cancel(session, party.citizen_id, held.id, terms=terms())
    assert await told(hall) == []


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"told": True}, []),
        ({}, [("booking_cancelled", "")]),
        ({"by": "li", "why": "系统维护"}, [("booking_cancelled", "系统维护")]),
    ],
)
async def test_cancelling_ends_the_reminders(
    hall: Sessions, how: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    booking = await booked(hall, await citizen(hall))
    async with hall.begin() as session:
        await desk.cancel(session, booking.citizen_id, booking.id, terms=terms(), **how)  # type: ignore[arg-type]
    assert [(notice.kind, notice.values["reason"]) for notice in await told(hall)] == expected
    assert len(await told(hall, state=State.WITHDRAWN)) == 3


async def test_who_came_is_reminded_no_more(hall: Sessions) -> None:
    booking = await booked(hall, await citizen(hall), wish("11:00"))
    await come(hall, booking.code, "10:35")
    assert await kinds(hall) == ["booking_confirmed"]


async def test_an_offer_is_told_with_its_end_and_once_answered_no_more(hall: Sessions) -> None:
    bookings = await fill(hall, wish())
    first, second = await citizens(hall, 2)
    entry = await wait(hall, first)
    await wait(hall, second)
    await cancel(hall, bookings[0])
    (offer,) = [notice for notice in await told(hall) if notice.kind == Kind.PLACE_FREE]
    assert (offer.openid, offer.subject, offer.until) == ("o-0", f"waiting:{entry.id}", NOW + 30 * MINUTE)
    assert (moment(offer.values["starts"]), moment(offer.values["until"])) == (at("09:30"), offer.until)
    booking = await accept(hall, first, entry)
    found = [notice for notice in await told(hall) if notice.openid == "o-0"]
    assert [notice.kind for notice in found] == ["booking_confirmed", "reminder_evening", "reminder_hour"]
    assert {notice.subject for notice in found} == {f"booking:{booking.id}"}


async def test_a_declined_offer_is_told_to_the_next(hall: Sessions) -> None:
    bookings = await fill(hall, wish())
    first, second = await citizens(hall, 2)
    entry = await wait(hall, first)
    await wait(hall, second)
    await cancel(hall, bookings[0])
    async with hall.begin() as session:
        await desk.leave_waitlist(session, first.citizen_id, entry.id, terms=terms())
    assert [notice.openid for notice in await told(hall) if notice.kind == Kind.PLACE_FREE] == ["o-1"]


async def test_a_no_show_is_told_until_when_nothing_can_be_booked(hall: Sessions) -> None:
    booking = await miss(hall, await citizen(hall))
    (banned,) = [notice for notice in await told(hall) if notice.kind == Kind.BANNED]
    assert banned.values["penalty"] == "suspended"
    assert moment(banned.values["until"]) == banned.until == at("09:30") + 7 * DAY
    assert moment(banned.values["missed"]) == booking.starts
    assert banned.subject == f"citizen:{booking.citizen_id}"


async def test_three_no_shows_are_told_at_once_as_the_blacklist(hall: Sessions) -> None:
    party = await citizen(hall)
    await three(hall, party)
    (banned,) = [notice for notice in await told(hall) if notice.kind == Kind.BANNED]
    assert (banned.values["penalty"], banned.values["until"]) == ("blacklisted", "")
    assert len(banned.values["missed"].split()) == 3


async def test_a_no_show_without_a_reminder_is_no_penalty_and_nothing_is_told(hall: Sessions) -> None:
    booking = await booked(hall, await citizen(hall))
    async with hall.begin() as session:
        await desk.reminder_failed(session, booking.id, now=NOW, why="43004")
        assert len(await desk.mark_no_shows(session, terms=when("17:00"))) == 1
    assert Kind.BANNED not in await kinds(hall)


async def test_lifting_is_told_with_its_reason_and_the_ban_no_more(hall: Sessions) -> None:
    party = await citizen(hall)
    await miss(hall, party)
    for reason in ("住院", "又一次"):
        async with hall.begin() as session:
            await desk.lift(session, party.citizen_id, by="li", reason=reason, now=when("18:00").now)
    found = [notice for notice in await told(hall) if notice.subject == f"citizen:{party.citizen_id}"]
    assert [(notice.kind, notice.values["reason"]) for notice in found] == [
        ("unbanned", "住院"),
        ("unbanned", "又一次"),
    ]


async def test_an_excuse_is_told_where_it_makes_the_difference(hall: Sessions) -> None:
    party = await citizen(hall)
    booking = await miss(hall, party)
    for _ in range(2):  # the second changes nothing more
        async with hall.begin() as session:
            await desk.excuse(session, booking.id, by="li", reason="系统故障", now=when("18:00").now)
    assert (await kinds(hall)).count("unbanned") == 1


@pytest.mark.parametrize(("granted", "penalty"), [(True, ""), (False, "suspended")])
async def test_a_decided_appeal_is_told_in_one_notice(hall: Sessions, granted: bool, penalty: str) -> None:
    party = await citizen(hall)
    await miss(hall, party)
    now = when("18:00").now
    async with hall.begin() as session:
        number = await desk.appeal(session, SEAL, party.citizen_id, "当天住院", now=now)
        await desk.decide_appeal(session, number, granted=granted, by="li", reason="有证明", now=now)
    found = {notice.kind: notice for notice in await told(hall)}
    decided = found[Kind.APPEAL_DECIDED]
    assert (decided.subject, decided.values["reason"]) == (f"appeal:{number}", "有证明")
    assert (decided.values["granted"], decided.values["penalty"]) == ("1" if granted else "", penalty)
    assert Kind.UNBANNED not in found
    assert (Kind.BANNED in found) is not granted


async def test_a_closed_day_is_told_with_times_that_are_free(hall: Sessions) -> None:
    bookings = await fill(hall, wish())
    async with hall.begin() as session:
        await desk.set_days_with_bookings(
            session, days_of([CLOSED]), decision="cancel", by="li", why="停电检修", terms=terms()
        )
    found = await told(hall)
    assert [notice.kind for notice in found] == ["day_closed"] * 2
    assert {notice.subject for notice in found} == {f"booking:{booking.id}" for booking in bookings}
    values = found[0].values
    assert (values["starts"], values["reason"], moment(values["was"])) == ("", "停电检修", at("09:30"))
    free = [moment(text) for text in values["alternatives"].split()]
    assert free == [at(clock, date(2026, 12, 1)) for clock in ("15:30", "16:00", "16:30")]


async def test_who_is_moved_off_a_closed_day_is_reminded_of_the_new_time(hall: Sessions) -> None:
    await booked(hall, await citizen(hall))
    async with hall.begin() as session:
        await desk.set_days_with_bookings(
            session, days_of([CLOSED]), decision="move", by="li", why="停电", terms=terms()
        )
    closed, hour = await told(hall)
    assert (closed.kind, moment(closed.values["starts"])) == ("day_closed", at("16:30", date(2026, 12, 1)))
    assert (hour.kind, hour.due) == ("reminder_hour", at("15:30", date(2026, 12, 1)))


async def test_a_reminder_that_failed_after_all_gives_the_standing_back(hall: Sessions) -> None:
    booking = await miss(hall, await citizen(hall))
    for _ in range(2):  # again is harmless
        async with hall.begin() as session:
            await desk.reminder_failed(session, booking.id, now=when("17:00").now, why="43004")
    found = await kinds(hall)
    assert found.count(Kind.UNBANNED) == 1
    assert Kind.BANNED not in found
    async with hall() as session:
        assert (await desk.standing_of(session, booking.citizen_id, terms=when("17:00"))).clear


async def test_who_is_there_was_reminded_enough(hall: Sessions) -> None:
    booking = await booked(hall, await citizen(hall))
    await come(hall, booking.code, "09:20")
    async with hall.begin() as session:
        await desk.reminder_failed(session, booking.id, now=at("09:30"), why="43004")
        (row,) = await session.scalars(select(Booking))
        assert row.reminder_failed is None


async def change(session: AsyncSession, how: str, booking: Appointment, other: Party) -> None:
    """Change something that is told of."""
    who = booking.citizen_id
    if how == "book":
        await desk.book(session, other, wish("10:00"), key="n", terms=terms())
    elif how == "move":
        await desk.reschedule(session, who, booking.id, starts=at("10:00"), key="m", terms=terms())
    elif how == "cancel":
        await desk.cancel(session, who, booking.id, terms=terms())
    elif how == "close":
        await desk.set_days_with_bookings(
            session, days_of([CLOSED]), decision="cancel", by="li", why="停电", terms=terms()
        )
    else:
        await desk.mark_no_shows(session, terms=when("17:00"))


@pytest.mark.parametrize("how", ["book", "move", "cancel", "close", "no_show"])
async def test_what_is_undone_is_not_told(hall: Sessions, how: str) -> None:
    party, other = await citizens(hall, 2)
    booking = await booked(hall, party)
    before = await told(hall)

    async with hall() as session:
        await change(session, how, booking, other)
        await session.flush()
        due = await session.execute(
            select(NoticeRow.kind, NoticeRow.event).where(NoticeRow.state == State.DUE)
        )
        assert {(row.kind, row.event) for row in due} != {(found.kind, found.event) for found in before}
        await session.rollback()
    assert await told(hall) == before


async def test_who_is_erased_is_told_nothing(hall: Sessions) -> None:
    party = await citizen(hall)
    await booked(hall, party)
    async with hall.begin() as session:
        await desk.forgetting(terms())(session, party.citizen_id)
    assert await told(hall) == []


def test_reminders_are_at_the_citizens_evening() -> None:
    from hall.appointments.telling import reminders_due

    evening, shortly = reminders_due(datetime(2026, 12, 1, 23, 30, tzinfo=UTC), desk.BookingRules())
    assert evening == at("19:00", date(2026, 12, 1))  # it is the second, half past seven, there
    assert shortly == at("06:30")
