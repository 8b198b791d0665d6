from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nlu.agent.errors import (
    ActionError,
    ActionEventError,
    ActionsMissingError,
    ModelError,
    PayloadError,
    TurnLimitError,
)
from nlu.agent.results import Choice, Handled
from nlu.agent.state import carry_over
from nlu.agent.understanding import Understanding
from tests.nlu.agent.project.actions import DESK, actions

pytestmark = pytest.mark.model


class Citizen:
    """Talks, and keeps the state as a caller does: through JSON."""

    def __init__(self, understanding: Understanding, name: str = "citizen") -> None:
        self._understanding, self._name = understanding, name
        self.state: dict[str, Any] | None = None

    async def says(self, text: str, **more: Any) -> Handled:
        more.setdefault("payload", text.startswith("/"))
        handled = await self._understanding.handle(text, sender_id=self._name, state=self.state, **more)
        self.state = json.loads(json.dumps(handled.state))
        return handled

    async def hears(self, text: str, **more: Any) -> list[str]:
        return [utterance.text for utterance in (await self.says(text, **more)).messages]


@pytest.fixture
def citizen(understanding: Understanding) -> Citizen:
    return Citizen(understanding)


async def test_a_greeting_is_answered_with_the_domains_response(citizen: Citizen) -> None:
    handled = await citizen.says("你好")
    assert (handled.intent, [m.text for m in handled.messages]) == ("greet", ["您好"])
    assert handled.messages[0].choices == (Choice("费用", '/ask_fee{"item": "GA-0101"}'),)


async def test_an_actions_buttons_and_custom_data_come_through(citizen: Citizen) -> None:
    handled = await citizen.says('/ask_fee{"item": "GA-0101"}')
    (said,) = handled.messages
    assert said.text == "GA-0101:20 元"
    assert said.choices == (Choice("材料", '/ask_materials{"item": "GA-0101"}'),)
    assert said.custom == {"item": "GA-0101"}


async def test_a_slot_is_known_in_later_turns(citizen: Citizen) -> None:
    await citizen.says('/ask_fee{"item": "GA-0101"}')
    for _ in range(5):
        await citizen.says("你好")
    assert await citizen.hears("/ask_fee") == ["GA-0101:20 元"]


async def test_what_is_meant_by_yes_depends_on_what_was_said_before(citizen: Citizen) -> None:
    assert await citizen.hears("/affirm") == ["好的"]
    assert await citizen.hears("/ask_materials") == ["带身份证", "nobody,要办吗"]
    assert await citizen.hears("/affirm") == ["好,给您办"]
    assert await citizen.hears("/affirm") == ["好的"]


async def test_a_form_asks_validates_and_ends(citizen: Citizen) -> None:
    assert await citizen.hears("我想预约") == ["哪天?"]
    assert await citizen.hears("下周一") == ["只能约明天", "哪天?"]
    assert await citizen.hears("明天上午") == ["约好了:明天上午"]
    assert await citizen.hears("你好") == ["您好"]
    assert "loop" not in (citizen.state or {})


async def test_a_question_in_the_middle_of_a_form_is_answered_and_the_form_goes_on(citizen: Citizen) -> None:
    await citizen.says("我想预约")
    assert await citizen.hears('/ask_fee{"item": "GA-0101"}') == ["GA-0101:20 元", "哪天?"]
    assert await citizen.hears("明天下午") == ["约好了:明天下午"]


async def test_a_citizens_slash_is_no_command(citizen: Citizen) -> None:
    for text in ("/greet", '/ask_fee{"item": "x"}', " /greet", "/restart", "/session_start"):
        handled = await citizen.says(text, payload=False)
        assert all(entity.value != "x" for entity in handled.entities)
        assert handled.parsed.text == text
        assert handled.confidence < 1


@pytest.mark.parametrize(
    "text",
    ["", " ", "😀😀", "\x00\x1b", "字" * 20_000, "{item}", "]]>", "'; drop table--"],
    ids=["empty", "space", "emoji", "control", "long", "braces", "xml", "sql"],
)
async def test_any_text_gets_an_answer(citizen: Citizen, text: str) -> None:
    assert (await citizen.says(text, payload=False)).messages


@pytest.mark.parametrize(
    "payload", ["greet", "/", "/nonsense", "/greet{", '/greet["a"]', "/greet{}{}", "/greet{1}"]
)
async def test_a_payload_of_another_form_is_refused(citizen: Citizen, payload: str) -> None:
    with pytest.raises(PayloadError):
        await citizen._understanding.handle(payload, sender_id="x", payload=True)


async def test_the_state_does_not_grow_and_holds_no_words(citizen: Citizen) -> None:
    sizes = set()
    for _ in range(20):
        await citizen.says("办身份证多少钱啊110101199003071234", metadata={"turn": 1})
        sizes.add(len(json.dumps(citizen.state)))
    assert len(sizes) <= 2
    assert "多少钱" not in json.dumps(citizen.state, ensure_ascii=False)
    assert "110101199003071234" not in json.dumps(citizen.state)


async def test_a_new_session_keeps_the_slots_it_is_told_to(citizen: Citizen) -> None:
    await citizen.says('/ask_fee{"item": "GA-0101"}')
    await citizen.says("/vip")
    citizen.state = carry_over(citizen.state, ["item"])
    assert await citizen.hears("你好") == ["您好"]
    assert await citizen.hears("/ask_fee") == ["GA-0101:20 元"]
    assert carry_over(None, ["item"]) is None
    assert carry_over({"v": 1, "slots": {"day": "x"}}, ["item"]) is None


async def test_a_state_of_another_version_or_domain_is_left_behind(understanding: Understanding) -> None:
    for state in (
        {"v": 0, "turn": 5},
        {"v": 1, "slots": {"gone": 1}, "loop": "gone_form"},
        {
            "v": 1,
            "turn": [
                {"event": "user", "intent": "gone"},
                {"event": "action", "name": "action_gone"},
                {"event": "action", "name": "action_listen"},
            ],
        },
    ):
        handled = await understanding.handle("你好", sender_id="x", state=state)
        assert [message.text for message in handled.messages] == ["您好"]


async def test_what_was_not_understood_leaves_the_state_as_it_was(citizen: Citizen) -> None:
    await citizen.says('/ask_fee{"item": "GA-0101"}')
    before = citizen.state
    assert await citizen.hears("qwzx") == ["没听懂"]
    assert await citizen.hears("qwzx") == ["没听懂"]
    assert citizen.state == before


async def test_an_error_in_an_action_reaches_the_caller(citizen: Citizen) -> None:
    with pytest.raises(ActionError) as caught:
        await citizen.says("/break")
    assert caught.value.action == "action_break"
    assert isinstance(caught.value.__cause__, LookupError)
    assert "110101199003071234" not in str(caught.value)
    assert await citizen.hears("你好") == ["您好"]


@pytest.mark.parametrize("event", ["reminder", "nonsense"])
async def test_an_event_that_cannot_be_used_is_an_error(citizen: Citizen, event: str) -> None:
    with pytest.raises(ActionEventError):
        await citizen.says(f'/break{{"item": "{event}"}}')


async def test_a_turn_without_end_is_ended(citizen: Citizen) -> None:
    with pytest.raises(TurnLimitError):
        await citizen.says("/follow_forever")


async def test_citizens_at_the_same_time_do_not_meet(understanding: Understanding) -> None:
    async def talk(number: int) -> None:
        DESK.set(f"desk {number}")
        citizen = Citizen(understanding, f"citizen {number}")
        for turn in range(5):
            heard = await citizen.hears("/ask_materials", metadata={"turn": turn})
            assert heard == ["带身份证", f"desk {number},要办吗"]
            assert {"event": "slot", "name": "notes", "value": {"desk": f"desk {number}", "turn": turn}} in (
                citizen.state or {}
            )["turn"]
            assert await citizen.hears("/affirm") == ["好,给您办"]

    await asyncio.gather(*(asyncio.create_task(talk(number)) for number in range(20)))


async def test_a_parse_names_intent_ranking_and_entities(understanding: Understanding) -> None:
    parsed = await understanding.parse("办身份证多少钱")
    assert (parsed.intent, parsed.ranking[0].intent, parsed.understood) == ("ask_fee", "ask_fee", True)
    (entity,) = parsed.entities
    assert (entity.entity, entity.value, entity.start, entity.end) == ("item", "居民身份证", 1, 4)
    handled = await understanding.handle("办身份证多少钱", sender_id="x", parsed=parsed)
    assert handled.parsed is parsed


async def test_nothing_of_a_citizen_is_printed(
    citizen: Citizen, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", logger="nlu"):
        for text in ("我叫王小明要办身份证", "qwzx", "我想预约", "后天王小明", "明天王小明"):
            await citizen.says(text)
    printed = capfd.readouterr()
    assert "王小明" not in printed.out + printed.err + caplog.text


async def test_a_model_that_is_none_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"\x1f\x8b nothing")
    for path in (broken, tmp_path / "missing.tar.gz", tmp_path):
        with pytest.raises(ModelError):
            await Understanding.load(path, actions=actions())


async def test_a_model_whose_actions_are_missing_is_refused(model: Path) -> None:
    some = [action for action in actions() if action.name() not in ("action_fee", "action_offer")]
    with pytest.raises(ActionsMissingError, match="action_fee, action_offer"):
        await Understanding.load(model, actions=some)


def test_answering_needs_no_tensorflow_which_still_can_be_imported(model: Path) -> None:
    script = """
import asyncio, sys
from pathlib import Path
from nlu.agent.understanding import Understanding
from tests.nlu.agent.project.actions import actions
understanding = asyncio.run(Understanding.load(Path(sys.argv[1]), actions=actions()))
handled = asyncio.run(understanding.handle("你好", sender_id="x"))
assert handled.messages[0].text == "您好", handled
assert "tensorflow" not in sys.modules
import rasa.nlu.classifiers.diet_classifier
import rasa.utils.tensorflow.callback
assert "tensorflow" in sys.modules
assert rasa.utils.tensorflow.callback.__file__
"""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(model)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
