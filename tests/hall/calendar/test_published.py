"""A year that an admin has published is known wherever hours are told: in chat, on pages and in booking."""

from __future__ import annotations

from datetime import date, datetime

from actions.wording.hours import of_hall
from bot.h5.places import spot_of_hall
from hall.calendar import service as calendar
from hall.catalogue.view import load_view
from hall.centres.intake import import_centre
from hall.centres.opening import SHANGHAI, hours_on
from hall.centres.schema import parse_centre
from hall.db import Sessions
from tests.hall.appointments.desk import CENTRE, NOW

# A Monday of a year that no library covers yet.
MONDAY = date(2027, 3, 1)
MORNING = datetime(2027, 3, 1, 10, 0, tzinfo=SHANGHAI)


async def test_a_published_year_is_known_in_chat_and_on_pages(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await import_centre(session, parse_centre(CENTRE))
    async with sessions() as session:
        view = await load_view(session)
    hall = view.halls["main"]
    assert hours_on(view.schedule(hall), MONDAY).state == "unknown"
    assert "还没公布" in str(spot_of_hall(view, hall, MORNING).today)
    assert "没公布" in of_hall(hall, view, MORNING)

    async with sessions.begin() as session:
        await calendar.set_days(
            session, calendar.days_of([{"date": "2027-03-02", "open": False, "note": "放假"}])
        )
        await calendar.publish_year(session, 2027, now=NOW, by="admin")
    async with sessions() as session:
        renewed = await load_view(session, view)
    assert renewed.revision > view.revision
    schedule = renewed.schedule(renewed.halls["main"])
    assert hours_on(schedule, MONDAY).state == "open"
    assert hours_on(schedule, date(2027, 3, 2)).reason == "放假"
    assert hours_on(schedule, date(2027, 3, 7)).state == "closed"  # a Sunday
    assert hours_on(schedule, date(2028, 3, 1)).state == "unknown"
    today = spot_of_hall(renewed, renewed.halls["main"], MORNING).today
    assert today is not None
    assert today.state == "open"
    assert "没公布" not in of_hall(renewed.halls["main"], renewed, MORNING)

    async with sessions.begin() as session:
        assert await calendar.withdraw_year(session, 2027)
    async with sessions() as session:
        again = await load_view(session, renewed)
    assert hours_on(again.schedule(again.halls["main"]), MONDAY).state == "unknown"
