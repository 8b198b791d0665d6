"""What our processor says is what Rasa's own agent says, which keeps and replays all of a conversation."""

from __future__ import annotations

import json
import random
import warnings
from pathlib import Path
from typing import Any

import pytest

from nlu.agent.understanding import Understanding
from tests.nlu.agent.project.actions import actions

pytestmark = pytest.mark.model

MESSAGES = [
    "你好",
    "我想预约",
    "明天上午",
    "下周一",
    "qwzx",
    "办身份证多少钱",
    '/ask_fee{"item": "GA-0101"}',
    "/ask_fee",
    "/ask_materials",
    "/ask_materials",
    "/affirm",
    "/affirm",
    "/vip",
    "/greet",
    "/deny",
]


@pytest.fixture(scope="module")
def rasas_own(model: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rasa.core.agent import Agent
        from rasa.utils.endpoints import ClientResponseError, EndpointConfig
        from rasa_sdk.executor import ActionExecutor
        from rasa_sdk.interfaces import ActionExecutionRejection

        class InProcess(EndpointConfig):  # type: ignore[misc] # Rasa ships no types
            """Rasa's action server without the server."""

            async def request(self, *_: Any, **call: Any) -> Any:
                executor = ActionExecutor()
                for action in actions():
                    executor.register_action(action)
                try:
                    return await executor.run(json.loads(json.dumps(call["json"])))
                except ActionExecutionRejection as rejection:
                    text = json.dumps({"action_name": rejection.action_name, "error": str(rejection)})
                    raise ClientResponseError(400, "", text) from rejection

        return Agent.load(model, action_endpoint=InProcess("http://nowhere"))


@pytest.mark.parametrize("seed", range(12))
async def test_conversations_go_as_with_rasas_own_agent(
    understanding: Understanding, rasas_own: Any, seed: int
) -> None:
    chosen = random.Random(seed)
    state: dict[str, Any] | None = None
    for text in chosen.choices(MESSAGES, k=14):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = await rasas_own.handle_text(text, sender_id=f"citizen {seed}")
        handled = await understanding.handle(
            text, sender_id=f"citizen {seed}", state=state, payload=text.startswith("/")
        )
        state = json.loads(json.dumps(handled.state))
        assert [utterance.text for utterance in handled.messages] == [
            said["text"] for said in expected if "text" in said
        ], text


async def test_remembered_rules_choose_as_rules_do(model: Path, understanding: Understanding) -> None:
    forgetful = await Understanding.load(model, actions=actions())
    forgetful._processor._memory = None
    assert understanding._processor._memory is not None
    chosen = random.Random(7)
    for number in range(20):
        states: list[dict[str, Any] | None] = [None, None]
        for text in chosen.choices(MESSAGES, k=10):
            said = []
            for i, agent in enumerate((understanding, forgetful)):
                handled = await agent.handle(
                    text, sender_id=str(number), state=states[i], payload=text.startswith("/")
                )
                states[i] = handled.state
                said.append(handled.messages)
            assert said[0] == said[1]
            assert states[0] == states[1]
