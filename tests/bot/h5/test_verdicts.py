"""Every refusal of the desk has words, a way on, and times where there are some."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.h5.verdicts import REFUSALS, verdict
from bot.h5.wanted import Wanted
from hall.appointments import errors
from hall.appointments.penalties import Standing
from hall.appointments.service import Appointment, FreeSlot
from hall.centres.opening import SHANGHAI, DayHours
from hall.people.errors import AlreadyKept, ProxyConsentMissing, TooManyPeople, UnknownPerson

DAY = date(2026, 12, 3)
STARTS = datetime(2026, 12, 3, 9, 30, tzinfo=SHANGHAI)
WANTED = Wanted("/h5/book/GA-1", hall="main", starts=STARTS)
FREE = tuple(
    FreeSlot("main", "A", STARTS + timedelta(hours=h), STARTS + timedelta(hours=h, minutes=30), 2)
    for h in (1, 2, 3)
)
BOOKING = Appointment(
    7,
    "confirmed",
    1,
    None,
    False,
    "GA-1",
    1,
    "main",
    "A",
    STARTS,
    STARTS + timedelta(minutes=30),
    1,
    "12345678",
    None,
)
HOURS = DayHours(DAY, "open", ((time(9), time(12)),))
SHUT = DayHours(DAY, "closed", (), "停电")
SUSPENDED = Standing(
    "suspended", datetime(2026, 12, 8, 1, 30, tzinfo=UTC), (datetime(2026, 12, 1, 1, 30, tzinfo=UTC),)
)
LISTED = Standing("blacklisted", None, (STARTS, STARTS, STARTS))

SAID: list[tuple[Exception, str]] = [
    (errors.SlotFull("full", FREE), "12月3日(周四)9:30的号刚被约走"),
    (errors.QuotaFull(DAY, 40, FREE), "12月3日(周四)这件事只办 40 个"),
    (errors.DayClosed(SHUT, FREE), "12月3日(周四)不开(停电)"),
    (errors.DayUnknown(DAY, FREE), "2026 年的放假安排还没公布"),
    (errors.NotASlot(HOURS, FREE), "开 9:00–12:00,没有从这个时间开始的号"),
    (errors.SlotPast("past", FREE), "已经过了"),
    (errors.TooFarAhead(DAY, FREE), "现在只能约到12月3日(周四)"),
    (errors.HoldExpired("gone", FREE), "没有约上"),
    (errors.OfferGone("gone", FREE), "已经让给下一位"),
    (errors.StillFree("free", FREE), "不用候补"),
    (errors.Barred(SUSPENDED), "12月8日(周二)9:30以后可以再约"),
    (errors.Barred(LISTED), "您有 3 次约了没来"),
    (errors.TooManyOpen(2, (BOOKING, BOOKING)), "最多同时有 2 个预约"),
    (errors.TooManyWaiting(2), "最多同时候补 2 个"),
    (errors.TooManyPlaces(2), "最多 2 个人"),
    (errors.AlreadyBooked(BOOKING), "不能再约同一时间"),
    (errors.UnknownBooking(1), "不是您的"),
    (errors.NotOpen(BOOKING), "已经取消、办过或者过了时间"),
    (errors.TooLateToChange(STARTS), "12月3日(周四)9:30已经开始"),
    (errors.NoSuchCounter("x"), "现在不办这件事"),
    (errors.NotBookable("x"), "直接去现场取号"),
    (errors.NotOfferedThere(("east",)), "现在不办这件事"),
    (AlreadyKept(1), "直接选那一位"),
    (ProxyConsentMissing(1), "还没有记下对方同意"),
    (TooManyPeople(20), "最多存 20 个人"),
    (UnknownPerson(1), "名单里没有这个人"),
]


@pytest.mark.parametrize(("error", "said"), SAID, ids=[type(error).__name__ for error, _ in SAID])
def test_every_refusal_is_said_in_chinese_with_a_way_on(error: Exception, said: str) -> None:
    told = verdict(error, WANTED)
    assert said in told.text
    assert not re.search(r"[A-Za-z!]|!", told.heading + told.text)
    assert told.status >= 400
    barred = isinstance(error, errors.Barred | errors.NotBookable)
    assert told.times or told.ways or barred
    if isinstance(error, errors.Barred):
        assert "申诉" in told.text
    if isinstance(error, errors.NotToBeHad):
        assert told.times[0].name == "12月3日(周四)10:30 余 2"
        assert told.times[0].href == "/h5/book/GA-1/confirm?hall=main&starts=2026-12-03T10%3A30"


def test_every_kind_of_refusal_is_there() -> None:
    kinds = {type(error) for error, _ in SAID}
    listed = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, REFUSALS)}
    assert listed - {errors.NotToBeHad} <= kinds


def test_where_nothing_is_free_nearby_it_says_so() -> None:
    told = verdict(errors.SlotFull("full"), WANTED)
    assert told.times == ()
    assert "附近也没有空的时间了" in told.text


def test_a_full_time_can_be_waited_for_when_booking_and_not_when_moving() -> None:
    assert any("候补" in way.name for way in verdict(errors.SlotFull("full", FREE), WANTED).ways)
    moving = Wanted("/h5/bookings/7/move", starts=STARTS)
    assert not any("候补" in way.name for way in verdict(errors.SlotFull("full", FREE), moving).ways)
