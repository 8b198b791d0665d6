"""Actions of the little project that the tests of the agent talk to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, ReminderCancelled, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

DESK: ContextVar[str] = ContextVar("desk", default="nobody")
Run = Callable[[CollectingDispatcher, Tracker], list[dict[str, Any]]]


class Plain(Action):
    """An action of a name that runs a function, after letting others run."""

    def __init__(self, name: str, run: Run) -> None:
        self._name, self._run = name, run

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        await asyncio.sleep(0)
        return self._run(dispatcher, tracker)


def fee(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    item = next(tracker.get_latest_entity_values("item"), tracker.get_slot("item"))
    buttons = [{"title": "材料", "payload": '/ask_materials{"item": "GA-0101"}'}]
    dispatcher.utter_message(text=f"{item or '这件事'}:20 元", buttons=buttons, json_message={"item": item})
    return [SlotSet("item", item)]


def materials(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    dispatcher.utter_message(text="带身份证")
    return [SlotSet("notes", {"desk": DESK.get(), "turn": tracker.latest_message["metadata"].get("turn")})]


def offer(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    dispatcher.utter_message(text=f"{DESK.get()},要办吗")
    return []


def vip(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    dispatcher.utter_message(response="utter_affirm")
    return [SlotSet("vip", True)]


def follow_itself(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    return [FollowupAction("action_follow_itself")]


def fail(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    dispatcher.utter_message(text="一半")
    how = next(tracker.get_latest_entity_values("item"), None)
    if how == "reminder":
        return [ReminderCancelled()]
    if how == "nonsense":
        return ["not an event"]  # type: ignore[list-item]
    raise LookupError("身份证号 110101199003071234")


def validate(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    answered = [event["event"] for event in tracker.events if event["event"] in ("user", "bot")][-1] == "bot"
    if tracker.latest_message["intent"]["name"] == "ask_fee" and not answered:
        raise ActionExecutionRejection("booking_form")
    day = tracker.get_slot("day")
    if day and "明天" not in day:
        dispatcher.utter_message(text="只能约明天")
        return [SlotSet("day", None)]
    return [SlotSet("day", day)]


def ask_day(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    dispatcher.utter_message(text="哪天?")
    return []


def actions() -> list[Action]:
    return [
        Plain("action_fee", fee),
        Plain("action_materials", materials),
        Plain("action_offer", offer),
        Plain("action_vip", vip),
        Plain("action_follow_itself", follow_itself),
        Plain("action_break", fail),
        Plain("validate_booking_form", validate),
        Plain("action_ask_day", ask_day),
    ]
