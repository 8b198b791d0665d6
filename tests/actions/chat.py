"""A conversation with the actions alone: a fake tracker and search, the rules of the project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncSession

from actions.answering import Answering
from actions.desk import Desk, standing_at
from hall.catalogue.view import CatalogueView
from nlu.search.index import Decision, Hit


def rules_of(root: Path) -> dict[str, str]:
    """The action of each intent, as data/rules has it."""
    rules: dict[str, str] = {}
    for path in sorted((root / "data/rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            rules[rule["steps"][0]["intent"]] = rule["steps"][1]["action"]
    return rules


def answer(*codes: str, confidence: float = 0.98) -> Decision:
    return Decision("answer", tuple(Hit(code, 0.9) for code in codes), confidence)


def menu(*codes: str, confidence: float = 0.4) -> Decision:
    return Decision("menu", tuple(Hit(code, 0.3) for code in codes), confidence)


NONE = Decision("none", (), 0.01)


@dataclass
class FakeSearch:
    """Decides by the first key that a question holds; `asked` keeps what was searched for."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def decide(self, text: str, *, context_code: str | None = None, most: int = 5) -> Decision:
        self.asked.append((text, context_code))
        return next((decision for key, decision in self.decisions.items() if key in text), NONE)


def no_session() -> AbstractAsyncContextManager[AsyncSession]:
    raise AssertionError("a guide question needs no database")


@dataclass
class Said:
    """What the bot said in one turn."""

    text: str
    buttons: list[dict[str, str]]
    responses: list[str]

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]


class Chat:
    def __init__(
        self,
        view: CatalogueView,
        search: FakeSearch,
        now: datetime,
        actions: Mapping[str, Answering],
        rules: Mapping[str, str],
    ) -> None:
        self.view, self.search, self.now = view, search, now
        self.actions, self.rules = actions, rules
        self.slots: dict[str, Any] = {}
        self.last = Said("", [], [])
        self.session: Any = no_session
        self.position: tuple[float, float] | None = None

    async def say(self, text: str, intent: str = "ask_guide", *, confidence: float = 0.95) -> Said:
        return await self._turn(text, intent, confidence, [])

    async def choose(self, number: int) -> Said:
        """Take a way on by its number, from 1."""
        return await self.send(self.last.buttons[number - 1]["payload"])

    async def pick(self, title: str) -> Said:
        """Take a way on by its title."""
        return await self.choose(self.last.titles.index(title) + 1)

    async def send(self, payload: str) -> Said:
        intent, brace, rest = payload[1:].partition("{")
        given = json.loads(brace + rest) if brace else {}
        return await self._turn(payload, intent, 1.0, [{"entity": k, "value": v} for k, v in given.items()])

    def desk(self) -> Desk:
        return Desk(
            now=self.now,
            citizen="o-citizen",
            catalogue=self.view,
            search=self.search,
            public_url="https://banshi.example",
            session=self.session,
            position=self.position,
        )

    async def _turn(self, text: str, intent: str, confidence: float, entities: list[Any]) -> Said:
        message = {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": entities}
        tracker = Tracker("o-citizen", dict(self.slots), message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        with standing_at(self.desk()):
            events = await self.actions[self.rules[intent]].run(dispatcher, tracker, {})
        json.dumps(events)  # the row of the conversation is JSON
        for event in events:
            assert event["event"] == "slot"
            self.slots[event["name"]] = event["value"]
        self.last = Said(
            "\n".join(message["text"] or "" for message in dispatcher.messages),
            [button for message in dispatcher.messages for button in message["buttons"] or []],
            [message["response"] for message in dispatcher.messages if message.get("response")],
        )
        assert len(self.last.buttons) <= 5
        return self.last
