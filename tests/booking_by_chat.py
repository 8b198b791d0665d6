"""Citizens who book through the encrypted callback of a server that is killed; for test and benchmark.

Each sends what a person sends (the item, the hall and the time in a sentence; then 1 for 确认), and as WeChat
does, what was not answered once more. Some give up when the server dies: what they held must come free.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import aiohttp
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from bot.clock import SHANGHAI, running_from
from bot.preparing import prepare_database, prepare_search
from bot.settings import DEVELOPMENT_SECRET
from hall.appointments import service as desk
from hall.appointments.models import Booking, BookingEvent
from hall.appointments.service import Terms
from hall.db import Sessions, create_engine, create_sessions
from hall.notices.models import NoticeRow, State
from hall.notices.service import REMINDERS
from hall.people import service as people
from hall.people.id_numbers import check_character
from hall.people.models import Citizen
from hall.people.service import Draft, Vault
from hall.wording.consent import CONSENT_WORDING
from tests.desk import ACCOUNT, Platform, desk_settings
from tests.servers import Server
from tests.wechat_push import message_xml, read_reply, safe_request

BEGAN = datetime(2026, 12, 1, 10, 0, tzinfo=SHANGHAI)
ITEM, HALL, GROUP = "居民身份证到期换领", "区政务服务中心主厅", ("main", "A2")
# So many come for one slot of eight places.
A_SLOT = 6
# WeChat repeats after five seconds; by then the dead process's claims have run out.
REPEATED_AFTER = 5.0
TRIES = 12


@dataclass
class Visitor:
    """A citizen and what they have heard so far."""

    openid: str
    starts: datetime
    patient: bool
    heard: list[str] = field(default_factory=list)
    came: bool = False
    # When each message was first sent: WeChat's repetition bears the same second.
    created: list[int] = field(default_factory=list)

    @property
    def says(self) -> str:
        """The next thing to say; "" when there is nothing more."""
        at = self.starts.astimezone(SHANGHAI)
        wish = f"我要预约{at.month}月{at.day}日{at.hour}点{at.minute:02d}分到{HALL}办{ITEM}"
        return (wish, "1", "")[len(self.heard)]

    @property
    def booked(self) -> bool:
        """Whether the bot said so."""
        return any("约好了" in answer for answer in self.heard)


@dataclass(frozen=True)
class Survived:
    """What the kills left."""

    bookings: int
    kills: int
    interrupted: int
    booked: int
    given_up: int
    released: int
    lost_answers: int


class Street:
    """Everybody on their way to the desk of one server."""

    def __init__(self, server: Server, http: aiohttp.ClientSession, sessions: Sessions) -> None:
        self.server = server
        self.http = http
        self.sessions = sessions
        self.killed = False
        self.interrupted = 0
        self.lost_answers = 0

    async def talk(self, visitor: Visitor) -> None:
        """Say what is left to say until it is done or the server is gone."""
        while text := visitor.says:
            if len(visitor.created) == len(visitor.heard):
                visitor.created.append(int(time.time()))
            for _ in range(TRIES):
                answer = await self._push(visitor, text)
                if answer:
                    break
            else:
                raise TimeoutError(f"no answer to {visitor.openid}")
            visitor.heard.append(answer)

    async def meet(
        self, visitors: Sequence[Visitor], *, killed_after: float | None, pauses: Sequence[float] = ()
    ) -> float:
        """Let them talk, each after a pause, and kill the server so many seconds after they began.

        The answer is how long it took.
        """
        began = time.perf_counter()
        waits = pauses or [0.0] * len(visitors)
        tasks = [
            asyncio.create_task(self._come(visitor, pause))
            for visitor, pause in zip(visitors, waits, strict=True)
        ]
        if killed_after is not None:
            await asyncio.wait(tasks, timeout=killed_after)
            self.killed = True
            self.server.kill()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        broken = [error for error in found if isinstance(error, BaseException)]
        assert all(isinstance(error, aiohttp.ClientError) for error in broken), broken
        assert killed_after is not None or not broken, broken
        self.interrupted += len(broken)
        return time.perf_counter() - began

    async def _come(self, visitor: Visitor, pause: float) -> None:
        await asyncio.sleep(pause)
        if not self.killed:
            visitor.came = True
            await self.talk(visitor)

    async def again(self, visitors: Sequence[Visitor]) -> None:
        """Start the server anew; who is patient goes on where the line broke."""
        await asyncio.gather(self.server.start(), asyncio.sleep(REPEATED_AFTER))
        self.killed = False
        before = await self._confirmed()
        patient = [
            visitor for visitor in visitors if not visitor.booked and (visitor.patient or not visitor.came)
        ]
        self.lost_answers += sum(visitor.openid in before for visitor in patient)
        await self.meet(patient, killed_after=None)

    async def _confirmed(self) -> set[str | None]:
        async with self.sessions() as session:
            rows = await session.scalars(
                select(Citizen.openid)
                .join(Booking, Booking.citizen_id == Citizen.id)
                .where(Booking.state == "confirmed")
            )
            return set(rows)

    async def _push(self, visitor: Visitor, text: str) -> str:
        """The answer; "" where it is late, which the server leaves to WeChat's repetition."""
        number = f"{visitor.openid[-6:]}{len(visitor.heard):012d}"
        fields = {"MsgType": "text", "Content": text, "MsgId": number}
        message = message_xml(ACCOUNT, visitor.openid, fields, created=visitor.created[-1])
        query, body = safe_request(ACCOUNT, message)
        try:
            async with self.http.post(
                f"{self.server.url}/wechat", params=query, data=body.encode()
            ) as response:
                assert response.status == 200
                return read_reply(ACCOUNT, await response.text())
        except aiohttp.ServerDisconnectedError:
            if self.killed:
                raise
            return ""


@asynccontextmanager
async def open_street(
    data: Path, model_dir: Path, redis_url: str, *, database_url: str = ""
) -> AsyncIterator[Street]:
    """A server with the demo centre, running at ten on 1 December, and a WeChat that takes what it sends."""
    url = database_url or f"sqlite:///{data / 'banshi.db'}"
    settings = desk_settings(data, model_dir, database_url=url)
    await prepare_database(settings, running_from(BEGAN), echo=lambda _: None)
    # Else every server would learn anew, and be killed at it.
    await prepare_search(settings, echo=lambda _: None)
    engine = create_engine(url)
    async with TestServer(Platform().app()) as api, aiohttp.ClientSession() as http:
        server = Server(
            data,
            redis_url,
            {
                "BANSHI_MODEL_DIR": str(model_dir),
                "BANSHI_DATABASE_URL": url,
                "BANSHI_WECHAT_API_BASE": str(api.make_url("")).rstrip("/"),
                "BANSHI_WECHAT_LATE_ANSWERS": "retry",
                "BANSHI_CLOCK": BEGAN.isoformat(),
            },
        )
        try:
            await server.start()
            yield Street(server, http, create_sessions(engine))
        finally:
            server.stop()
            await engine.dispose()


async def visitors(street: Street, number: int, chance: Random) -> list[Visitor]:
    """So many citizens who are known already, each with a time in mind; every fourth gives up easily."""
    slots = await _slots(street.sessions, BEGAN)
    vault = Vault.of([DEVELOPMENT_SECRET])
    found = []
    async with street.sessions.begin() as session:
        for count in range(number):
            openid = f"oVisitor{count:020d}"
            who = await people.register(session, openid, now=BEGAN)
            await people.give_consent(session, who, wording=CONSENT_WORDING, now=BEGAN)
            first = f"11010119900101{count:03d}"
            own = Draft(name="王小明", id_number=first + check_character(first), phone="13800138000")
            await people.save_own(session, vault, who, own, now=BEGAN)
            starts = slots[count // A_SLOT].starts
            found.append(Visitor(openid, starts, patient=count % 4 != 0))
    chance.shuffle(found)
    return found


async def kill_and_check(street: Street, number: int, *, at_once: int, seed: int = 1) -> Survived:
    """Kill the server at a random point of every `at_once` bookings, then see what became of the places."""
    chance = Random(seed)
    everybody = await visitors(street, number, chance)
    # The first few find a server that is still warming up; how long a visit takes the others show.
    few = at_once // 2
    await street.meet(everybody[:few], killed_after=None)
    usual = await street.meet(everybody[few:at_once], killed_after=None)
    kills = 0
    for first in range(at_once, number, at_once):
        together = everybody[first : first + at_once]
        pauses = [chance.uniform(0, usual / 2) for _ in together]
        await street.meet(together, killed_after=chance.uniform(0.1, 0.9) * usual, pauses=pauses)
        kills += 1
        await street.again(together)
    return await _check(street, everybody, kills)


async def _check(street: Street, everybody: list[Visitor], kills: int) -> Survived:
    """Everybody who was told so is booked, once; an hour later no place is held for anybody."""
    sessions = street.sessions
    street.server.stop()
    held = await _count(sessions, "held")
    street.server.settings["BANSHI_CLOCK"] = (BEGAN + timedelta(hours=1)).isoformat()
    await street.server.start()
    async with asyncio.timeout(60):
        while await _count(sessions, "held"):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.2)
    async with sessions() as session:
        rows = await session.execute(
            select(Citizen.openid, Booking).join(Booking, Booking.citizen_id == Citizen.id)
        )
        found = [(row.openid, row.Booking) for row in rows]
    assert {booking.state for _, booking in found} <= {"confirmed", "expired"}
    confirmed = Counter(openid for openid, booking in found if booking.state == "confirmed")
    assert max(confirmed.values()) == 1
    assert {visitor.openid for visitor in everybody if visitor.booked} <= set(confirmed)
    astray = [visitor.heard for visitor in everybody if visitor.patient and not visitor.booked]
    assert not astray, astray
    await _check_places(sessions, Counter(b.starts for _, b in found if b.state == "confirmed"))
    await _check_told(sessions, [b for _, b in found if b.state == "confirmed"])
    log = (street.server.data / f"server-{street.server.port}.log").read_text(encoding="utf-8")
    assert log == "", log[-3000:]
    return Survived(
        len(everybody),
        kills,
        street.interrupted,
        sum(confirmed.values()),
        sum(visitor.openid not in confirmed for visitor in everybody),
        held,
        street.lost_answers,
    )


async def _check_places(sessions: Sessions, taken: Counter[datetime]) -> None:
    later = BEGAN + timedelta(hours=1)
    shown = {slot.starts: slot.free for slot in await _slots(sessions, later)}
    places = max(shown.values())
    assert {starts: places - free for starts, free in shown.items() if free != places} == taken


async def _check_told(sessions: Sessions, confirmed: Sequence[Booking]) -> None:
    """Every appointment is reminded of, by notices written with it; nothing else is."""
    async with sessions() as session:
        due = await session.scalars(
            select(NoticeRow.subject).where(NoticeRow.state == State.DUE, NoticeRow.kind.in_(REMINDERS))
        )
        assert set(due) == {f"booking:{booking.id}" for booking in confirmed}
        events = await session.scalar(
            select(func.count(BookingEvent.id)).where(BookingEvent.kind == "confirmed")
        )
    assert events == len(confirmed)


async def _slots(sessions: Sessions, now: datetime) -> list[desk.FreeSlot]:
    """The slots from the day after tomorrow on, full ones too."""
    async with sessions() as session:
        days = await desk.free_days(session, *GROUP, date(2026, 12, 3), date(2026, 12, 20), terms=Terms(now))
    return [slot for day in days for slot in day.slots]


async def _count(sessions: Sessions, state: str) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count(Booking.id)).where(Booking.state == state)) or 0
