from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlu.training.models import active, models
from nlu.training.project import Project
from nlu.training.train import TrainingError, ensure, train

pytestmark = pytest.mark.model

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
SOURCE = Path(__file__).parent.parent / "agent" / "project"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = shutil.copytree(SOURCE, tmp_path / "project")
    return Project(root / "domain.yml", root / "config.yml", (root / "data",))


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


async def test_a_model_is_trained_once_for_the_same_data(project: Project, tmp_path: Path) -> None:
    steps: list[str] = []
    model = await ensure(project, tmp_path / "models", progress=steps.append, now=NOON)
    assert model.fingerprint == project.fingerprint()
    assert model.name.startswith("20261201-040000-")
    assert model.figures["seconds"] > 0
    assert active(tmp_path / "models") == model
    assert steps[:2] == ["loading Rasa", "reading the training data"]
    assert "training CharNgramClassifier" in steps
    assert steps[-1].startswith(f"trained {model.name}")

    again: list[str] = []
    assert await ensure(project, tmp_path / "models", progress=again.append, now=NOON) == model
    assert again == []
    assert names_in(tmp_path) == ["models", "project"]


async def test_a_training_that_fails_says_why_and_leaves_no_model(project: Project, tmp_path: Path) -> None:
    project.config.write_text("recipe: default.v1\nlanguage: zh\npipeline: [{name: NoSuchThing}]\n")
    with pytest.raises(TrainingError, match="NoSuchThing"):
        await train(project, tmp_path / "models", progress=lambda _step: None, now=NOON)
    assert models(tmp_path / "models") == []
    assert active(tmp_path / "models") is None


async def test_a_rule_for_an_unknown_slot_is_named(project: Project, tmp_path: Path) -> None:
    rule = "\n  - rule: x\n    steps: [{intent: deny}, {slot_was_set: [{no_such_slot: true}]}]\n"
    rules = project.data[0] / "rules.yml"
    rules.write_text(rules.read_text() + rule)
    with pytest.raises(TrainingError, match="no_such_slot"):
        await train(project, tmp_path / "models", progress=lambda _step: None, now=NOON)
