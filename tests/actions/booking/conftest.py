from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from actions.answering import Answering
from actions.desk import Desk
from actions.registry import all_actions
from hall.catalogue.view import CatalogueView
from hall.centres.intake import import_centre
from hall.centres.schema import parse_centre
from hall.db import Sessions
from hall.people import service as people
from hall.people.service import Draft, Vault
from tests.actions.centre import CENTRE
from tests.actions.chat import Chat, FakeSearch, Said, answer, rules_of
from tests.actions.conftest import ROOT

VAULT = Vault.of(["the secret of this test, long enough for it"])


class BookingChat(Chat):
    """A conversation at a desk with a database; `linked` are the pages that were offered."""

    def __init__(
        self,
        sessions: Sessions,
        view: CatalogueView,
        now: datetime,
        actions: Mapping[str, Answering],
        rules: Mapping[str, str],
    ) -> None:
        super().__init__(
            view, FakeSearch({"到期": answer("GA-1"), "丢了": answer("GA-2")}), now, actions, rules
        )
        self.sessions = sessions
        self.session = sessions.begin
        self.linked: list[str] = []
        self.changed: set[str] = set()
        self.pushes = 0

    def desk(self) -> Desk:
        return replace(
            super().desk(),
            read=self.sessions,
            vault=VAULT,
            link=self._link,
            push=f"push-{self.pushes}",
            changed=self.changed.add,
        )

    async def say(self, text: str, intent: str = "book_appointment", *, confidence: float = 0.95) -> Said:
        self.pushes += 1
        return await super().say(text, intent, confidence=confidence)

    async def send(self, payload: str) -> Said:
        self.pushes += 1
        return await super().send(payload)

    def _link(self, path: str) -> str:
        self.linked.append(path)
        return f"https://banshi.example{path}"

    @property
    def form(self) -> str:
        """The id of the form that is being filled."""
        return str(self.slots["form"]["id"])


@pytest.fixture
async def booking(sessions: Sessions, view: CatalogueView, now: datetime) -> BookingChat:
    """A citizen whose data is kept already, at the small centre."""
    async with sessions.begin() as session:
        await import_centre(session, parse_centre(CENTRE))
        citizen = await people.register(session, "o-citizen", now=now)
        await people.give_consent(session, citizen, wording="1", now=now)
        await people.save_own(
            session,
            VAULT,
            citizen,
            Draft(name="张三", id_number="110101199003077774", phone="13800138000"),
            now=now,
        )
    actions = {action.name(): action for action in all_actions()}
    return BookingChat(sessions, view, now, actions, rules_of(ROOT))
