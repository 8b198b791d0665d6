"""What happens in the hall while a citizen chats: counters open and call, others wait, appointments stand.

A step of a transcript names it under `hall`, e.g. `hall: {open: 5 号窗口, groups: [A2]}`.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments import service as appointments
from hall.appointments.service import Terms, Wish
from hall.db import create_engine, writing
from hall.people import service as people
from hall.people.service import Party
from hall.queue import models, service
from hall.queue.rules import QueueTerms
from tests.desk import Citizen, Desk

STAFF = "王敏"
HALL = "main"


class Stage:
    """The hall around a conversation, on the desk's own database."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def do(self, step: dict[str, Any], citizen: Citizen) -> None:
        """Do one step: its first key says what, the others how."""
        name, value = next(iter(step.items()))
        more = {key: each for key, each in step.items() if key != name}
        hall = str(more.pop("in", HALL))
        async with self._session() as session:
            await getattr(self, f"_{name}")(session, citizen, hall, value, **more)

    async def clear(self) -> None:
        """No number is out, no window was ever opened."""
        tables = (models.QueueCall, models.QueueEvent, models.QueueTicket, models.QueueWindow)
        async with self._session() as session:
            for table in tables:
                await session.execute(delete(table))

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        engine = create_engine(self._desk.settings.database_url)
        try:
            async with writing(engine) as connection:
                async with AsyncSession(bind=connection, expire_on_commit=False) as session:
                    yield session
                    await session.flush()
                await connection.commit()
        finally:
            await engine.dispose()

    @property
    def _terms(self) -> QueueTerms:
        return QueueTerms(self._desk.clock())

    async def _open(
        self, session: AsyncSession, _: Citizen, hall: str, window: str, *, groups: list[str]
    ) -> None:
        first, *also = groups
        await service.open_window(
            session, hall=hall, group=first, also=also, name=window, by=f"{STAFF} {window}", terms=self._terms
        )

    async def _others(self, session: AsyncSession, _: Citizen, hall: str, count: int, *, group: str) -> None:
        for _ in range(count):
            await service.join(session, hall=hall, group=group, terms=self._terms)

    async def _call(
        self, session: AsyncSession, _: Citizen, hall: str, window: str, *, times: int = 1
    ) -> None:
        """Call the next to a window, whoever is there being done with first."""
        for _ in range(times):
            self._desk.clock.forward(timedelta(seconds=30))
            found = await service.call_next(
                session,
                window_id=await self._window(session, hall, window),
                by=f"{STAFF} {window}",
                finish=True,
                terms=self._terms,
            )
            assert found is not None, "nobody waits"

    async def _pass(self, session: AsyncSession, _: Citizen, hall: str, window: str) -> None:
        self._desk.clock.forward(timedelta(minutes=2))
        await service.pass_over(
            session,
            window_id=await self._window(session, hall, window),
            by=f"{STAFF} {window}",
            terms=self._terms,
        )

    async def _hold(self, session: AsyncSession, _: Citizen, hall: str, window: str) -> None:
        await service.hold_ticket(
            session,
            window_id=await self._window(session, hall, window),
            by=f"{STAFF} {window}",
            terms=self._terms,
        )

    async def _serve(self, session: AsyncSession, _: Citizen, hall: str, window: str) -> None:
        await service.serve(
            session,
            window_id=await self._window(session, hall, window),
            by=f"{STAFF} {window}",
            terms=self._terms,
        )

    async def _stop(self, session: AsyncSession, _: Citizen, hall: str, group: str, *, why: str) -> None:
        await service.stop_group(session, hall=hall, group=group, by=STAFF, reason=why, terms=self._terms)

    async def _resume(self, session: AsyncSession, _: Citizen, hall: str, group: str) -> None:
        await service.resume_group(session, hall=hall, group=group, terms=self._terms)

    async def _booked(
        self, session: AsyncSession, citizen: Citizen, hall: str, starts: Any, *, item: str, group: str
    ) -> None:
        """The citizen has a confirmed appointment."""
        begins = starts if isinstance(starts, datetime) else datetime.fromisoformat(starts)
        earlier = min(self._desk.clock(), begins) - timedelta(hours=20)
        owner = await people.register(session, citizen.openid, now=earlier)
        await appointments.book(
            session,
            Party(owner),
            Wish(item, hall, group, begins),
            key=f"staged {begins.isoformat()}",
            terms=Terms(earlier),
            told=True,
        )

    async def _window(self, session: AsyncSession, hall: str, name: str) -> int:
        found = await service.windows(session, hall, now=self._desk.clock())
        return next(window.id for window in found if window.name == name)
