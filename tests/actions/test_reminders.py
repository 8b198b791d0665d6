"""The chat offers the page of subscription notices when one is of use, once, and else never."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.desk import Desk
from hall.db import Sessions
from hall.notices import consents
from hall.notices.kinds import Kind
from hall.queue import service as queue
from hall.queue.rules import QueueTerms
from tests.actions.booking.conftest import BookingChat, booking
from tests.actions.chat import Said

__all__ = ["booking"]  # the fixture: a citizen whose data is kept

OFFER = '<a href="https://banshi.example/h5/reminders">打开提醒</a>'
VISITS, CALLS = "template-of-visits", "template-of-calls"
BOTH = {Kind.REMINDER_EVENING: VISITS, Kind.REMINDER_HOUR: VISITS, Kind.CALLED: CALLS}
SCAN = '/take_ticket{"do": "scan", "value": "main:A"}'


def with_templates(chat: BookingChat, templates: dict[Kind, str], monkeypatch: pytest.MonkeyPatch) -> None:
    before = chat.desk

    def desk() -> Desk:
        return replace(before(), subscriptions=templates)

    monkeypatch.setattr(chat, "desk", desk)


async def open_window(chat: BookingChat) -> None:
    async with chat.sessions.begin() as session:
        await queue.open_window(
            session, hall="main", group="A", name="5 号窗口", by="w1", terms=QueueTerms(chat.now)
        )


async def book(chat: BookingChat, day: str = "明天") -> Said:
    await chat.say(f"约{day}上午九点半办身份证到期")
    said = await chat.say("确认", "affirm")
    assert "约好了" in said.text
    return said


async def take(chat: BookingChat) -> Said:
    said = await chat.send(SCAN)
    assert "A001" in said.text
    return said


async def test_without_templates_nothing_is_offered(booking: BookingChat) -> None:
    await open_window(booking)
    assert "打开提醒" not in (await book(booking)).text
    assert "打开提醒" not in (await take(booking)).text


async def test_templates_of_other_kinds_are_no_reason(
    booking: BookingChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_templates(booking, {Kind.CALLED: CALLS, Kind.UNBANNED: "other"}, monkeypatch)
    assert "打开提醒" not in (await book(booking)).text


async def test_booking_offers_once_in_a_conversation(
    booking: BookingChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_templates(booking, BOTH, monkeypatch)
    await open_window(booking)
    assert OFFER in (await book(booking)).text
    assert OFFER not in (await book(booking, "后天")).text
    assert OFFER not in (await take(booking)).text


async def test_number_offers_when_it_is_taken_and_not_when_it_is_shown_again(
    booking: BookingChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_templates(booking, BOTH, monkeypatch)
    await open_window(booking)
    assert OFFER in (await take(booking)).text
    assert OFFER not in (await take(booking)).text


async def test_who_has_consents_left_is_not_asked(
    booking: BookingChat, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_templates(booking, BOTH, monkeypatch)
    await open_window(booking)
    async with sessions.begin() as session:
        await consents.granted(session, "o-citizen", VISITS, source="popup", now=booking.now)
    assert OFFER not in (await book(booking)).text
    assert OFFER in (await take(booking)).text
