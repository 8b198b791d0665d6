from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions.registry import all_actions
from hall.catalogue.view import CatalogueView
from tests.actions.centre import small_view
from tests.actions.chat import Chat, FakeSearch, rules_of

ROOT = Path(__file__).parents[2]
# A Wednesday morning in the opening hours.
WEDNESDAY = datetime(2026, 12, 2, 10, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def view() -> CatalogueView:
    return small_view()


@pytest.fixture(scope="session")
def now() -> datetime:
    return WEDNESDAY


@pytest.fixture
def chat(view: CatalogueView, now: datetime) -> Chat:
    return Chat(view, FakeSearch(), now, {action.name(): action for action in all_actions()}, rules_of(ROOT))
