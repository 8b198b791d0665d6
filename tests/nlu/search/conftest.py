from __future__ import annotations

import pytest

from nlu.search import Index
from tests.nlu.search.catalogue import ROWS


@pytest.fixture(scope="session")
def untrained() -> Index:
    return Index.build(ROWS, train=False)


@pytest.fixture(scope="session")
def index() -> Index:
    return Index.build(ROWS)


@pytest.fixture(params=["untrained", "trained"])
def any_index(request: pytest.FixtureRequest, untrained: Index, index: Index) -> Index:
    return index if request.param == "trained" else untrained
