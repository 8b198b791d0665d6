"""The booking form at a desk with a database: what is kept, given back, told and found again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from hall.appointments import service as desk
from hall.appointments.models import Booking
from hall.appointments.service import Appointment, Terms, Wish
from hall.centres.opening import SHANGHAI
from hall.db import Sessions
from hall.notices.models import NoticeRow
from hall.people import service as people
from tests.actions.booking.conftest import BookingChat

THURSDAY = datetime(2026, 12, 3, 9, 30, tzinfo=SHANGHAI)


async def bookings(sessions: Sessions) -> dict[str, int]:
    async with sessions() as session:
        rows = await session.execute(
            select(Booking.state, func.count().label("number")).group_by(Booking.state)
        )
        return {row.state: row.number for row in rows}


async def kinds(sessions: Sessions) -> set[str]:
    async with sessions() as session:
        return set(await session.scalars(select(NoticeRow.kind)))


async def booked(chat: BookingChat, starts: datetime, key: str) -> Appointment:
    async with chat.sessions.begin() as session:
        citizen = await people.citizen_id_of(session, "o-citizen")
        assert citizen is not None
        party = await people.party_of(session, citizen)
        wish = Wish("GA-1", "main", "A", starts)
        return await desk.book(session, party, wish, key=key, terms=Terms(chat.now))


async def test_a_place_is_held_then_confirmed_and_told_once(booking: BookingChat, sessions: Sessions) -> None:
    said = await booking.say("约明天上午九点半办身份证到期")
    assert "请核对:12月3日(周四)上午9:30" in said.text
    assert await bookings(sessions) == {"held": 1}
    said = await booking.say("确认", "affirm")
    assert "约好了" in said.text
    assert await bookings(sessions) == {"confirmed": 1}
    assert booking.slots["form"] is None
    assert booking.changed == {"notices"}
    # The answer was the confirmation; what is left to be told are the reminders.
    assert await kinds(sessions) == {"reminder_evening", "reminder_hour"}


async def test_an_old_confirmation_does_not_confirm_another_time(booking: BookingChat) -> None:
    said = await booking.say("约明天上午九点半办身份证到期")
    old = said.buttons[0]["payload"]
    await booking.say("换成十点", "change_appointment")
    said = await booking.send(old)
    assert "约好了" not in said.text
    assert "12月3日(周四)上午10:00" in said.text


async def test_another_time_moves_the_hold(booking: BookingChat, sessions: Sessions) -> None:
    await booking.say("约明天上午九点半办身份证到期")
    for text in ("换成十点", "还是后天上午十点半吧", "两个人"):
        await booking.say(text, "change_appointment")
    assert await bookings(sessions) == {"held": 1}
    said = await booking.say("好", "affirm")
    assert "12月4日(周五)上午10:30" in said.text
    assert "2 人" in said.text


@pytest.mark.parametrize("words", ["/stop", "不约了"])
async def test_leaving_gives_the_place_back(booking: BookingChat, sessions: Sessions, words: str) -> None:
    await booking.say("约明天上午九点半办身份证到期")
    said = await (booking.send(words) if words.startswith("/") else booking.say(words))
    assert "没有约成" in said.text
    assert await bookings(sessions) == {"cancelled": 1}


async def test_another_form_in_its_place_gives_the_place_back(
    booking: BookingChat, sessions: Sessions
) -> None:
    done = await booked(booking, THURSDAY + timedelta(days=1), "k")
    await booking.say("约明天上午九点半办身份证到期")
    await booking.send(f'/cancel_appointment{{"value": "{done.id}"}}')
    assert booking.slots["form"]["kind"] == "cancel_booking"
    assert await bookings(sessions) == {"confirmed": 1, "cancelled": 1}


async def test_what_was_booked_on_the_page_is_not_asked_on(booking: BookingChat, sessions: Sessions) -> None:
    await booking.say("约身份证到期")
    assert booking.linked[-1].startswith("/h5/book/GA-1?hall=main&form=")
    assert f"form={booking.form}" in booking.linked[-1]
    await booking.say("明天上午九点半")
    await booked(booking, THURSDAY + timedelta(days=1), booking.form)
    said = await booking.say("十点", "nlu_fallback")
    assert "您在页面上约好了:12月4日(周五)上午9:30" in said.text
    assert booking.slots["form"] is None
    assert await bookings(sessions) == {"confirmed": 1, "cancelled": 1}


async def test_a_hold_that_nobody_goes_on_with_stands_in_nobodys_way(
    booking: BookingChat, sessions: Sessions
) -> None:
    await booked(booking, THURSDAY + timedelta(days=1), "k")
    await booking.say("约明天上午九点半办身份证到期")
    booking.slots = {}  # the session ended, and with it the form
    said = await booking.say("约明天上午十点办身份证到期")
    assert "请核对:12月3日(周四)上午10:00" in said.text
    assert await bookings(sessions) == {"confirmed": 1, "held": 1, "cancelled": 1}


async def test_the_same_time_is_not_booked_twice(booking: BookingChat) -> None:
    await booked(booking, THURSDAY, "k")
    said = await booking.say("约明天上午九点半办身份证到期")
    assert "12月3日(周四)上午9:30您已经约了【居民身份证到期换领】" in said.text
    assert "最近还有" in said.text
    assert not [title for title in said.titles if title == "12月3日(周四)上午9:30"]


async def test_a_booking_of_somebody_else_is_not_found(booking: BookingChat, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        other = await people.register(session, "o-other", now=booking.now)
        party = people.Party(other)
        done = await desk.book(
            session, party, Wish("GA-1", "main", "A", THURSDAY), key="k", terms=Terms(booking.now)
        )
    for intent in ("change_appointment", "cancel_appointment"):
        said = await booking.send(f'/{intent}{{"value": "{done.id}"}}')
        assert "没有找到这个预约" in said.text
    said = await booking.send(f'/cancel_appointment{{"do": "yes", "value": "{done.id}"}}')
    assert "没有找到这个预约" in said.text
    for value in ("1", "99999999999999999999", "x"):
        said = await booking.send(f'/book_appointment{{"do": "accept", "value": "{value}"}}')
        assert "没有找到这个候补" in said.text
    assert await bookings(sessions) == {"confirmed": 1}


@pytest.mark.parametrize(
    "payload",
    [
        '/book_appointment{"do": "time", "value": "x"}',
        '/book_appointment{"do": "day", "value": "2026-13-40"}',
        '/book_appointment{"do": "hall", "value": "nowhere"}',
        '/book_appointment{"do": "wait", "value": "x/y"}',
        '/book_appointment{"do": "yes", "value": ""}',
        '/book_appointment{"do": "other_hall"}',
        '/book_appointment{"item": "GONE"}',
    ],
)
async def test_ways_of_another_day_or_of_nobody_do_no_harm(booking: BookingChat, payload: str) -> None:
    said = await booking.send(payload)
    assert said.text
    await booking.say("约身份证到期")
    said = await booking.send(payload)
    assert said.text
    assert "约好了" not in said.text


async def test_an_item_that_needs_no_appointment_ends_the_form(booking: BookingChat) -> None:
    said = await booking.say("约身份证丢了")
    assert "不用预约" in said.text
    assert booking.slots.get("form") is None


async def test_reading_takes_no_write(booking: BookingChat) -> None:
    def forbidden() -> None:
        raise AssertionError("nothing is to be changed")

    booking.session = forbidden
    await booking.say("约身份证到期")
    await booking.say("明天上午")
    await booking.say("我的预约", "my_appointments")
    said = await booking.say("要预约吗")
    assert said.text


async def test_cancelling_is_asked_and_then_done_once(booking: BookingChat, sessions: Sessions) -> None:
    done = await booked(booking, THURSDAY, "k")
    said = await booking.send(f'/cancel_appointment{{"value": "{done.id}"}}')
    assert "要取消 12月3日(周四)上午9:30" in said.text
    yes = said.buttons[0]["payload"]
    assert "取消好了" in (await booking.send(yes)).text
    assert "已经取消了" in (await booking.send(yes)).text
    assert await bookings(sessions) == {"cancelled": 1}
    assert "booking_cancelled" not in await kinds(sessions)
