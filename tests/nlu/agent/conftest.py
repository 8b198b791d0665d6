from __future__ import annotations

import asyncio
import tempfile
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlu.agent.slim import without_tensorflow
from nlu.agent.understanding import Understanding
from nlu.training.project import Project
from nlu.training.train import ensure
from tests.nlu.agent.project.actions import actions

with without_tensorflow(), warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import nlu.agent.turn  # noqa: F401 - Rasa, without what warns and what is heavy

ROOT = Path(__file__).parent / "project"


@pytest.fixture(scope="session")
def project() -> Project:
    return Project(ROOT / "domain.yml", ROOT / "config.yml", (ROOT / "data",))


@pytest.fixture(scope="session")
def model(project: Project) -> Path:
    """The little project's model: trained once, and again when the project or our components change."""
    directory = Path(tempfile.gettempdir()) / "banshi-test-models"
    return asyncio.run(ensure(project, directory, progress=print, now=datetime.now(UTC))).path


@pytest.fixture(scope="session")
def understanding(model: Path) -> Understanding:
    return asyncio.run(Understanding.load(model, actions=actions()))
