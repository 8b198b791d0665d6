"""What was learned outlives the process, in plain files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlu.search import Index, Learned, StoredFormError
from tests.nlu.search.catalogue import ROWS

TEXTS = ["身份证", "食品证到期", "饭店不开了", "給寶寶落戶", "公鸡金付房租", "今天天气怎么样", "没听过的事"]


def test_a_stored_index_finds_the_same_with_the_same_scores(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path / "search")
    stored = Index.load(tmp_path / "search")
    for text in TEXTS:
        assert stored.search(text, 5) == index.search(text, 5)
        assert stored.decide(text, context_code="GA-1") == index.decide(text, context_code="GA-1")


def test_an_index_that_learned_nothing_is_stored_as_well(untrained: Index, tmp_path: Path) -> None:
    untrained.save(tmp_path)
    assert Index.load(tmp_path).search("身份证", 5) == untrained.search("身份证", 5)


def test_weights_alone_serve_another_catalogue(index: Index, tmp_path: Path) -> None:
    index.learned.save(tmp_path)
    assert Index.build(ROWS, learned=Learned.load(tmp_path)).search("户口", 5) == index.search("户口", 5)


def test_nothing_is_pickled(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["entries.json", "learned.json", "weights.npz"]
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fi" for name in arrays.files)


def test_weights_of_another_version_are_refused(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path)
    path = tmp_path / "learned.json"
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 0}), encoding="utf-8"
    )
    with pytest.raises(StoredFormError):
        Index.load(tmp_path)


def test_nothing_stored_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Learned.load(tmp_path / "nowhere")
