from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from actions import forms, whose
from actions.desk import Desk
from actions.memory import Memory
from actions.turn import Reply, Turn
from actions.whose import Whose
from hall.db import Sessions
from hall.people.service import Vault
from tests.actions.centre import small_view
from tests.actions.chat import FakeSearch
from tests.actions.conftest import WEDNESDAY

VAULT = Vault.of(["the secret of this test, long enough for it"])


class Asking:
    """A form that asks for nothing but whom it is for."""

    kind = "test_whose"

    def __init__(self, sessions: Sessions, citizen: str = "o-citizen") -> None:
        self.sessions, self.citizen = sessions, citizen
        self.search = FakeSearch()
        self.now = WEDNESDAY
        self.item = ""
        self.memory = Memory()
        self.found: Whose | None = None
        self.last = Reply()

    @property
    def state(self) -> dict[str, Any]:
        assert self.memory.form is not None
        whose_state: dict[str, Any] = self.memory.form["whose"]
        return whose_state

    async def start(self, sentence: str = "") -> str:
        self.memory = Memory(form={"kind": self.kind, "whose": {}, "item": self.item})
        if sentence:
            whose.hint(self.state, sentence)
        turn = self.turn()
        return self._heard(await whose.ask(turn, self.state))

    async def say(self, text: str, intent: str = "") -> str:
        return await self._take(self.turn(text, intent))

    async def pick(self, title: str) -> str:
        way = next(way for way in self.last.ways if way.title == title)
        given = json.loads(way.payload[way.payload.index("{") :])
        return await self._take(replace(self.turn(), payload=given, intent="my_data"))

    def turn(self, text: str = "", intent: str = "") -> Turn:
        return Turn(self.desk(), self.memory, text=text, intent=intent, confidence=0.95)

    def desk(self) -> Desk:
        @asynccontextmanager
        async def session() -> Any:
            async with self.sessions.begin() as opened:
                yield opened

        return Desk(
            now=self.now,
            citizen=self.citizen,
            catalogue=small_view(),
            search=self.search,
            public_url="https://banshi.example",
            session=session,
            read=self._read,
            vault=VAULT,
        )

    @asynccontextmanager
    async def _read(self) -> Any:
        async with self.sessions() as opened:
            yield opened

    async def _take(self, turn: Turn) -> str:
        if self.memory.form is None:
            return "(left)"
        return self._heard(await whose.take(turn, self.state))

    def _heard(self, found: Reply | Whose | None) -> str:
        json.dumps(self.memory.form)  # lives in the conversation's row
        if isinstance(found, Whose):
            self.found = found
            return f"[{found.named}]"
        if found is None:
            return ""
        assert len(found.ways) <= 5
        self.last = found
        return found.text


class _Form:
    async def take(self, turn: Turn) -> Reply | None:
        return None

    async def again(self, turn: Turn) -> Reply:
        return Reply()

    def leave(self, turn: Turn) -> str:
        return ""


@pytest.fixture
def asking(sessions: Sessions) -> Iterator[Asking]:
    forms.register(Asking.kind, _Form())
    yield Asking(sessions)
    forms._kinds.pop(Asking.kind)


async def of_citizen(sessions: Sessions) -> AsyncSession:
    return sessions()


ROOT = Path(__file__).parents[3]
