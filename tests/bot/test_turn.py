from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversations import ConversationRow, Conversations
from bot.delivery import Delivery
from bot.outbox import Outbox, OwedMessage, SendText
from bot.turn import Turn, TurnSettings, Visit
from bot.wechat.push import Incoming
from bot.wording import HELD_BACK, MORE
from hall.sealing import Seal
from nlu.agent.results import Choice, Handled, Parsed, Utterance

_numbers = itertools.count()


class Script:
    """Understands nothing: says what the test wrote, and does what it tells it to within the turn."""

    def __init__(self) -> None:
        self.says: list[Utterance] = [Utterance("答")]
        self.heard: list[tuple[str, bool, dict[str, Any] | None]] = []
        self.acts: Callable[[], Any] | None = None

    async def handle(
        self, text: str, *, sender_id: str, state: dict[str, Any] | None, payload: bool = False
    ) -> Handled:
        self.heard.append((text, payload, state))
        if self.acts:
            await self.acts()
        return Handled(
            tuple(self.says), {"v": 1, "slots": {"item": "GA-0101", "aspect": "fee"}}, Parsed(text, "x", 1.0)
        )


class Phone(SendText):
    def __init__(self) -> None:
        self.arrived: list[str] = []

    async def send_text(self, openid: str, text: str) -> None:
        self.arrived.append(text)


class Room:
    """A turn with everything around it."""

    def __init__(self, engine: AsyncEngine, **settings: Any) -> None:
        self.now = datetime(2026, 12, 1, 2, tzinfo=UTC)
        self.engine = engine
        self.script = Script()
        self.phone = Phone()
        self.visits: list[Visit] = []
        self.remembering = True
        self.revision: int | None = None
        seal = Seal(["s"])
        self.conversations = Conversations(engine, seal)
        self.turn = Turn(
            engine=engine,
            conversations=self.conversations,
            outbox=Outbox(engine, self.phone, seal, lambda: self.now),
            understanding=lambda: self.script,
            at_desk=self._at_desk,
            clock=lambda: self.now,
            settings=TurnSettings(
                **{"tappable": False, "late_by_retry": False, "session_idle": timedelta(hours=1)} | settings
            ),
        )

    @contextlib.contextmanager
    def _at_desk(self, visit: Visit) -> Iterator[None]:
        self.visits.append(visit)
        yield

    async def say(self, text: str, *, identity: str = "", delivery: Delivery | None = None) -> str:
        incoming = Incoming(
            identity=identity or f"p{next(_numbers)}",
            openid="oa",
            account="gh",
            created=self.now,
            kind="text",
            text=text,
        )
        taken = await self.turn.take(incoming, delivery or Delivery(), self.revision)
        self.revision = taken.revision if self.remembering else None
        await self.turn.outbox.drain()
        return taken.answer

    async def marks(self) -> int:
        """How many rows of `mark` were kept."""
        query = select(func.count()).select_from(OwedMessage).where(OwedMessage.openid == "mark")
        async with self.engine.connect() as connection:
            return (await connection.execute(query)).scalar_one()

    async def mark(self) -> None:
        """Write a row as an action would."""
        row = OwedMessage(openid="mark", body=b"", state="held", due=self.now, created=self.now)
        async with self.visits[-1].transaction.session() as session:
            session.add(row)


Rooms = Callable[..., Room]


@pytest.fixture
async def rooms(engine: AsyncEngine) -> AsyncIterator[Rooms]:
    opened: list[Room] = []

    def open_room(**settings: Any) -> Room:
        opened.append(Room(engine, **settings))
        return opened[-1]

    yield open_room
    for room in opened:
        await room.conversations.close()


@pytest.fixture
def room(rooms: Rooms) -> Room:
    return rooms()


async def test_state_goes_in_and_comes_out(room: Room) -> None:
    await room.say("你好")
    await room.say("多少钱")
    assert room.script.heard[0] == ("你好", False, None)
    assert room.script.heard[1][2] == {"v": 1, "slots": {"item": "GA-0101", "aspect": "fee"}}


async def test_a_number_is_read_against_the_last_choices(room: Room) -> None:
    room.script.says = [Utterance("答", (Choice("材料", "/ask_materials"), Choice("流程", "/ask_process")))]
    assert await room.say("换身份证") == "答\n\n回复 1 材料 2 流程"
    await room.say("2")
    assert room.script.heard[-1][:2] == ("/ask_process", True)


async def test_a_push_that_was_answered_before_a_crash_is_not_taken_again(room: Room) -> None:
    room.script.acts = room.mark
    first = await room.say("预约", identity="same")
    room.script.says = [Utterance("别的")]
    assert await room.say("预约", identity="same") == first
    assert await room.marks() == 1


async def test_what_an_action_changed_is_kept_with_the_turn(room: Room) -> None:
    room.script.acts = room.mark
    await room.say("预约")
    assert await room.marks() == 1


async def test_an_error_undoes_the_turn_and_apologises_with_a_number(room: Room) -> None:
    async def break_after_marking() -> None:
        await room.mark()
        raise RuntimeError("boom")

    await room.say("你好")
    room.script.acts = break_after_marking
    answer = await room.say("预约")
    assert "编号" in answer
    assert await room.marks() == 0
    room.script.acts = None
    assert await room.say("你好") == "答"
    assert room.script.heard[-1][2] is not None


async def test_later_parts_follow_by_customer_service_message(room: Room) -> None:
    room.script.says = [Utterance("很长的一句话。" * 200)]
    first = await room.say("说长点")
    assert len(first) <= 600
    assert len(room.phone.arrived) >= 2
    assert first + "".join(room.phone.arrived) == "很长的一句话。" * 200


async def test_an_answer_that_is_late_goes_out_whole_by_customer_service_message(room: Room) -> None:
    delivery = Delivery()
    assert delivery.give_up()
    assert await room.say("慢", delivery=delivery) == ""
    assert room.phone.arrived == ["答"]


async def test_a_settled_answer_cannot_be_given_up(room: Room) -> None:
    delivery = Delivery()
    await room.say("快", delivery=delivery)
    assert not delivery.give_up()


async def test_without_customer_service_the_rest_waits_for_its_word(rooms: Rooms) -> None:
    room = rooms(late_by_retry=True)
    room.script.says = [Utterance("很长的一句话。" * 200)]
    first = await room.say("说长点")
    assert first.endswith(MORE)
    second = await room.say("继续")
    assert second.endswith(MORE)
    third = await room.say("继续")
    assert room.phone.arrived == []
    parts = [part.removesuffix(f"\n{MORE}") for part in (first, second, third)]
    assert "".join(parts) == "很长的一句话。" * 200


async def test_what_could_not_be_sent_comes_with_the_next_answer(room: Room) -> None:
    from bot.wechat.errors import WindowClosed

    async def closed(openid: str, text: str) -> None:
        raise WindowClosed(45047, "out of response count limit")

    sends, room.phone.send_text = room.phone.send_text, closed  # type: ignore[method-assign]
    delivery = Delivery()
    delivery.give_up()
    await room.say("慢", delivery=delivery)
    room.phone.send_text = sends  # type: ignore[method-assign]
    room.script.says = [Utterance("新的")]
    assert await room.say("再问") == "新的"
    assert room.phone.arrived == [f"{HELD_BACK}\n答"]


async def test_after_an_idle_hour_the_item_is_kept_and_old_numbers_are_not(room: Room) -> None:
    room.script.says = [Utterance("答", (Choice("材料", "/ask_materials"),))]
    await room.say("换身份证")
    room.now += timedelta(minutes=61)
    await room.say("1")
    text, payload, state = room.script.heard[-1]
    assert (text, payload) == ("1", False)
    assert state is not None
    assert state["slots"] == {"item": "GA-0101"}


async def test_the_conversation_does_not_stand_in_the_database_in_clear(room: Room) -> None:
    await room.say("我叫张三")
    async with room.engine.connect() as connection:
        body = (await connection.execute(select(ConversationRow.body))).scalar_one()
    assert b"GA-0101" not in body
    assert "答".encode() not in body


async def test_two_turns_that_meet_at_the_row_both_count(room: Room, rooms: Rooms) -> None:
    """A lock that ran out: the later turn is taken again on what the earlier one left."""
    await room.say("一")
    again = True

    async def another_turn_in_between() -> None:
        nonlocal again
        if again:
            again = False
            other = rooms()
            await other.say("从别处来的", identity="elsewhere")

    room.script.acts = another_turn_in_between
    await room.say("二", identity="here")
    conversation = await rooms().conversations.load("oa")
    assert conversation.answer_to("elsewhere") is not None
    assert conversation.answer_to("here") is not None


async def test_what_this_process_remembers_gives_way_to_what_another_wrote(room: Room, rooms: Rooms) -> None:
    await room.say("一", identity="p-one")
    await rooms().say("二", identity="p-two")
    room.script.heard.clear()
    await room.say("三", identity="p-three")
    conversation = await rooms().conversations.load("oa")
    assert all(conversation.answer_to(identity) for identity in ("p-one", "p-two", "p-three"))
