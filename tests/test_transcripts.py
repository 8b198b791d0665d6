"""Whole conversations, through the signed and encrypted callback; each is a YAML document in transcripts/."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.desk import Citizen, Desk
from tests.given import cleared, given
from tests.staging import Stage

FOLDER = Path(__file__).parent / "transcripts"
LONGEST = 600
# Never in any answer: the voice of the desk, traces of code, an apology for an error.
NEVER = (
    "!",
    "！",
    "None",
    "Traceback",
    "{{",
    "}}",
    "utter_",
    "undefined",
    "nlu_fallback",
    "抱歉,刚才这句没处理成",
)
_DO = {"say", "voice", "tap", "event", "send", "push_again"}


def conversations() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        talks = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [pytest.param(talk, id=f"{path.stem}: {talk['name']}") for talk in talks]
    return found


async def act(citizen: Citizen, step: dict[str, Any]) -> None:
    if "say" in step:
        await citizen.say(str(step["say"]) * step.get("repeat", 1))
    elif "voice" in step:
        heard = {"Recognition": step["voice"]} if step["voice"] else {}
        await citizen.send(MsgType="voice", MediaId="m1", Format="amr", **heard)
    elif "tap" in step:
        await citizen.tap(step["tap"])
    elif "push_again" in step:
        await citizen.again()
    elif "event" in step:
        await citizen.event(step["event"], step.get("key", ""))
    else:
        await citizen.send(**{name: str(value) for name, value in step["send"].items()})


def check(step: dict[str, Any], shown: str) -> None:
    if step.get("silent"):
        assert shown == ""
        return
    assert shown, "no answer"
    assert len(shown) <= LONGEST
    for words in [*NEVER, *step.get("must_not", [])]:
        assert words not in shown, f"{words!r} stands in:\n{shown}"
    for words in step.get("must", []):
        assert words in shown, f"{words!r} is missing in:\n{shown}"
    if "any" in step:
        assert any(words in shown for words in step["any"]), f"none of {step['any']} in:\n{shown}"
    if "like" in step:
        assert re.search(step["like"], shown, re.S), f"{step['like']} does not match:\n{shown}"


@pytest.mark.model
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("talk", conversations())
async def test_conversation(talk: dict[str, Any], desk: Desk) -> None:
    start = datetime.fromisoformat(talk.get("at", "2026-12-01T10:00:00+08:00"))
    assert start.tzinfo is not None
    desk.clock.set(start)
    citizen, stage = desk.citizen(), Stage(desk)
    if any("hall" in step for step in talk["steps"]):
        await stage.clear()
    try:
        for step in talk["steps"]:
            if "wait" in step:
                desk.clock.forward(timedelta(minutes=step["wait"]))
            if "hall" in step:
                await stage.do(step["hall"], citizen)
            if "given" in step:
                await given(desk, citizen, step["given"])
            if _DO & step.keys():
                await act(citizen, step)
                check(step, citizen.shown())
            for words in step.get("told", []):
                await desk.platform.told(citizen.openid, words)
    finally:
        await cleared(desk)
