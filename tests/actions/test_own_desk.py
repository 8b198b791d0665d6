from __future__ import annotations

import pytest
from rasa_sdk import Tracker, utils
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions import own_desk
from actions.desk import NoDeskError, current, standing_at
from hall.catalogue.service import import_items
from hall.db import Base, create_engine, create_sessions
from hall.sealing import DEVELOPMENT_SECRET
from tests.actions.centre import ITEMS
from tests.actions.chat import Chat


def action_server(monkeypatch: pytest.MonkeyPatch) -> ActionExecutor:
    """The actions as `rasa run actions` registers them: every subclass, but those of other tests."""
    every = utils.all_subclasses
    monkeypatch.setattr(
        utils, "all_subclasses", lambda of: [c for c in every(of) if c.__module__.startswith("actions.")]
    )
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


def test_outside_of_a_turn_there_is_no_desk(chat: Chat) -> None:
    with pytest.raises(NoDeskError):
        current()
    with standing_at(chat.desk()) as desk:
        assert current() is desk
    with pytest.raises(NoDeskError):
        current()


def test_the_database_is_found_by_the_names_of_the_settings() -> None:
    assert own_desk.database_url({"BANSHI_DATABASE_URL": "postgresql://x/y"}) == "postgresql://x/y"
    assert own_desk.database_url({"BANSHI_DATA_DIR": "/data"}) == "sqlite:////data/banshi.db"
    assert own_desk.database_url({}) == "sqlite:///var/banshi.db"


def test_the_secret_is_found_by_the_names_of_the_settings() -> None:
    named = {"BANSHI_SECRET_KEY": "new", "BANSHI_SECRET_KEY_PREVIOUS": "old"}
    assert own_desk.secrets(named) == ["new", "old"]
    assert own_desk.secrets({}) == [DEVELOPMENT_SECRET]
    assert own_desk.secrets({"BANSHI_MODE": "production"}) == []


async def test_an_action_server_answers_from_the_database_and_sees_changes(
    db_url: str, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(db_url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = create_sessions(engine)
    async with sessions.begin() as session:
        await import_items(session, ITEMS[:2], source="test", now=chat.now)
    monkeypatch.setattr(own_desk, "_instance", own_desk.OwnDesk(db_url))

    executor = action_server(monkeypatch)
    message = {
        "text": '/ask_fee{"item": "GA-2"}',
        "intent": {"name": "ask_fee", "confidence": 1.0},
        "entities": [{"entity": "item", "value": "GA-2"}],
    }
    tracker = Tracker("o-1", {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await executor.actions["action_fee"](dispatcher, tracker, {})
    assert "40 元/证" in dispatcher.messages[0]["text"]
    assert {"event": "slot", "timestamp": None, "name": "item", "value": "GA-2"} in events

    changed = {**ITEMS[1], "fees": [{"name": "工本费", "standard": "45 元/证"}]}
    async with sessions.begin() as session:
        await import_items(session, [changed], source="test", now=chat.now)
    dispatcher = CollectingDispatcher()
    await executor.actions["action_fee"](dispatcher, tracker, {})
    assert "45 元/证" in dispatcher.messages[0]["text"]
    await own_desk._own().close()
    await engine.dispose()


def test_no_nameless_action_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    executor = action_server(monkeypatch)
    assert all(name.startswith("action_") for name in executor.actions)
