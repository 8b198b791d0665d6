"""The trained model as it ships, on questions it never saw: floors; the figures stand in the README."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio

from bot.commands.models import REGRESSION
from nlu.agent.understanding import Understanding
from nlu.text import normalise
from nlu.training.evaluation import evaluate, read_questions
from nlu.training.regression import forgotten, read_regression
from server import load_understanding
from tests.desk import desk_settings

pytestmark = [pytest.mark.model, pytest.mark.asyncio(loop_scope="session")]

HELD_BACK = Path(__file__).parent / "data" / "intents_heldout.jsonl"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def understanding(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    return await load_understanding(desk_settings(tmp_path_factory.mktemp("model"), model_dir))


async def test_the_frozen_questions_are_still_understood(understanding: Understanding) -> None:
    misses = await forgotten(understanding, read_regression(REGRESSION), normalise)
    assert [(miss.text, miss.taken_for) for miss in misses] == []


async def test_held_back_utterances_are_understood(understanding: Understanding) -> None:
    report = await evaluate(understanding, read_questions(HELD_BACK), normalise)
    assert report.accuracy >= 0.93
    assert report.macro_f1 >= 0.92
    assert report.auroc_out_of_scope is not None
    assert report.auroc_out_of_scope >= 0.93


async def test_an_empty_text_breaks_nothing(understanding: Understanding) -> None:
    assert (await understanding.parse("")).intent
