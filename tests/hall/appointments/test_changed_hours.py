"""A centre's file, or a year taken back, that leaves citizens without an open counter."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from hall.appointments import service as desk
from hall.appointments.changed_hours import import_centre_with_bookings, withdraw_year_with_bookings
from hall.appointments.closures import Became, Decision
from hall.appointments.errors import BookingsAffected, ReasonMissing
from hall.appointments.rules import BookingRules
from hall.calendar.service import publish_year, published_years, special_days
from hall.centres.intake import CentreReport
from hall.centres.schema import parse_centre
from hall.centres.service import load_centre
from hall.db import Sessions
from tests.hall.appointments.desk import CENTRE, NOW, WEDNESDAY, at, booked, citizens, terms, wish


def changed(**more: Any) -> dict[str, Any]:
    return {**deepcopy(CENTRE), **more}


async def take_in(
    sessions: Sessions, content: dict[str, Any], decision: Decision | None = None, why: str = "新的时间"
) -> tuple[CentreReport, Became]:
    async with sessions.begin() as session:
        return await import_centre_with_bookings(
            session, parse_centre(content), decision=decision, by="li", why=why, terms=terms()
        )


CLOSED = changed(special_days=[{"date": "2026-12-02", "open": False, "note": "停电"}])
SHORTER = changed()
SHORTER["halls"][0]["hours"] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "13:30-17:00")
WITHDRAWN = changed()
WITHDRAWN["counters"] = [counter for counter in WITHDRAWN["counters"] if counter["group"] != "B"]


@pytest.mark.parametrize("content", [CLOSED, SHORTER, WITHDRAWN], ids=["closed", "shorter", "withdrawn"])
async def test_a_file_that_takes_citizens_their_time_is_not_taken_in_unasked(
    hall: Sessions, content: dict[str, Any]
) -> None:
    parties = await citizens(hall, 2)
    one = await booked(hall, parties[0])
    other = await booked(hall, parties[1], wish(group="F"))
    if content is CLOSED:
        content = changed(special_days=[{"date": "2026-12-02", "open": False, "hall": "main"}])
    with pytest.raises(BookingsAffected) as asked:
        await take_in(hall, content)
    assert asked.value.affected == (one,)
    async with hall() as session:
        assert await special_days(session) == ()
        assert {counter.group for counter in (await load_centre(session)).counters} == {"A", "B", "F"}
    report, became = await take_in(hall, content, "cancel")
    assert report.anything
    assert [gone.id for gone in became.cancelled] == [one.id]
    async with hall() as session:
        assert (await desk.get(session, other.citizen_id, other.id)).state == "confirmed"
        assert (await desk.get(session, one.citizen_id, one.id)).state == "cancelled"


async def test_moving_finds_another_time_under_the_new_hours(hall: Sessions) -> None:
    (party,) = await citizens(hall, 1)
    one = await booked(hall, party)
    _, became = await take_in(hall, SHORTER, "move")
    assert [moved.booking.id for moved in became.moved] == [one.id]
    assert became.moved[0].booking.starts == at("13:30", WEDNESDAY)


async def test_a_file_that_takes_nobody_their_time_asks_nothing(hall: Sessions) -> None:
    (party,) = await citizens(hall, 1)
    await booked(hall, party)
    content = changed(special_days=[{"date": "2026-12-03", "open": False}])
    report, became = await take_in(hall, content)
    assert report.anything
    assert became == Became()
    assert not (await take_in(hall, content))[0].anything
    with pytest.raises(ReasonMissing):
        await take_in(hall, content, why=" ")


async def test_a_year_with_bookings_is_not_taken_back_unasked(hall: Sessions) -> None:
    far = terms(rules=BookingRules(horizon_days=180))
    async with hall.begin() as session:
        await publish_year(session, 2027, now=NOW, by="li")
    (party,) = await citizens(hall, 1)
    one = await booked(hall, party, wish(day=date(2027, 3, 1)), on=far)
    with pytest.raises(BookingsAffected):
        async with hall.begin() as session:
            await withdraw_year_with_bookings(session, 2027, decision=None, by="li", why="抄错了", terms=far)
    async with hall.begin() as session:
        assert await published_years(session) == {2027}
        taken, became = await withdraw_year_with_bookings(
            session, 2027, decision="cancel", by="li", why="抄错了", terms=far
        )
        assert taken
        assert [gone.id for gone in became.cancelled] == [one.id]
