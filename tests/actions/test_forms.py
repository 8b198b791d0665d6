"""Forms in chat: who looks first, what a question in between does, and how a form is left."""

from __future__ import annotations

import pytest

from actions import forms
from actions.turn import Reply, Turn, Way
from tests.actions.chat import Chat, answer


class Colour:
    """A form that wants a colour."""

    def __init__(self) -> None:
        self.given_back: list[str] = []

    async def take(self, turn: Turn) -> Reply | None:
        if turn.text not in {"红", "蓝"} and turn.given("do") != "colour":
            return None
        turn.memory.form = None
        return Reply(f"{turn.text or turn.given('value')}的,记下了。")

    async def again(self, turn: Turn) -> Reply:
        return Reply("接着说颜色:红还是蓝?", (Way.to("红", "affirm", do="colour", value="红"),))

    def leave(self, turn: Turn) -> str:
        return "颜色没有记下。"

    async def let_go(self, turn: Turn) -> None:
        assert turn.memory.form is not None
        self.given_back.append(turn.memory.form["id"])


@pytest.fixture
def colour(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> Colour:
    monkeypatch.setattr(forms, "_kinds", dict(forms._kinds))
    form = Colour()
    forms.register("colour", form, let_go=form.let_go)
    chat.slots["form"] = {"kind": "colour", "id": "f1"}
    return form


async def test_the_form_looks_first_whatever_intent_was_seen(chat: Chat, colour: Colour) -> None:
    assert (await chat.say("红", intent="out_of_scope")).text == "红的,记下了。"
    assert chat.slots["form"] is None


async def test_a_way_of_the_form_reaches_it(chat: Chat, colour: Colour) -> None:
    await chat.say("停车方便吗", intent="hall_info")
    assert (await chat.choose(1)).text == "红的,记下了。"


async def test_a_question_in_between_is_answered_and_the_form_goes_on(chat: Chat, colour: Colour) -> None:
    said = await chat.say("停车方便吗", intent="hall_info")
    assert said.text == "地下一层 120 个车位。\n\n接着说颜色:红还是蓝?"
    assert said.titles == ["红"]
    assert chat.slots["form"] == {"kind": "colour", "id": "f1"}


async def test_what_the_answer_itself_asks_comes_first_and_then_the_form(chat: Chat, colour: Colour) -> None:
    chat.search.decisions = {"身份证": answer("GA-1")}
    said = await chat.say("身份证到期换领要多久", intent="ask_time_limit")
    assert "户口在哪里" in said.text
    assert "接着说颜色" not in said.text
    said = await chat.say("外地", intent="out_of_scope")
    assert "40 个工作日" in said.text
    assert "接着说颜色" in said.text


async def test_thanks_in_between_are_short(chat: Chat, colour: Colour) -> None:
    said = await chat.say("谢谢", intent="thanks")
    assert said.text.startswith("不客气。")
    assert "接着说颜色" in said.text
    assert said.responses == []


@pytest.mark.parametrize("intent", ["human", "help"])
async def test_a_person_and_help_are_always_reached(chat: Chat, colour: Colour, intent: str) -> None:
    said = await chat.send(f"/{intent}")
    assert "接着说颜色" not in said.text
    assert chat.slots["form"] is not None


async def test_stop_leaves_the_form_says_so_and_gives_back_what_was_held(chat: Chat, colour: Colour) -> None:
    assert (await chat.send("/stop")).text == "颜色没有记下。"
    assert chat.slots["form"] is None
    assert colour.given_back == ["f1"]
    assert (await chat.send("/stop")).responses == ["utter_nothing_to_stop"]


async def test_a_form_that_nobody_fills_any_more_is_in_nobodys_way(chat: Chat) -> None:
    chat.slots["form"] = {"kind": "of another version"}
    said = await chat.say("停车方便吗", intent="hall_info")
    assert said.text == "地下一层 120 个车位。"


async def test_despair_comes_before_any_form(chat: Chat, colour: Colour) -> None:
    said = await chat.say("我不想活了", intent="out_of_scope")
    assert "12356" in said.text
    assert "颜色" not in said.text
