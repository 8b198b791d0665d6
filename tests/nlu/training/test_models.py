from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nlu.training.models import (
    Model,
    NoSuchModelError,
    activate,
    active,
    add_figures,
    choose,
    find,
    model_path,
    models,
    record,
)

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)


def put(directory: Path, name: str, fingerprint: str, hours: int = 0) -> Model:
    path = model_path(directory, name)
    path.write_bytes(b"model")
    model = Model(name, path, fingerprint, NOON + timedelta(hours=hours), {"seconds": 9.5})
    record(model)
    return model


def name_of(model: Model | None) -> str | None:
    return model.name if model else None


def test_the_newest_model_comes_first(tmp_path: Path) -> None:
    old, new = put(tmp_path, "a", "1"), put(tmp_path, "b", "2", hours=1)
    assert models(tmp_path) == [new, old]
    assert models(tmp_path / "nothing") == []


def test_a_model_without_its_file_is_none(tmp_path: Path) -> None:
    put(tmp_path, "a", "1").path.unlink()
    assert models(tmp_path) == []
    with pytest.raises(NoSuchModelError):
        find(tmp_path, "a")


def test_a_model_is_found_with_and_without_its_ending(tmp_path: Path) -> None:
    model = put(tmp_path, "a", "1")
    assert find(tmp_path, "a") == find(tmp_path, "a.tar.gz") == model


def test_the_activated_model_is_active(tmp_path: Path) -> None:
    put(tmp_path, "a", "1")
    put(tmp_path, "b", "2")
    assert active(tmp_path) is None
    activate(tmp_path, "a", by="person", now=NOON)
    assert name_of(active(tmp_path)) == "a"
    with pytest.raises(NoSuchModelError):
        activate(tmp_path, "c", by="person", now=NOON)
    assert name_of(active(tmp_path)) == "a"
    assert not list(tmp_path.glob(".*"))


def test_without_a_fitting_model_one_must_be_trained(tmp_path: Path) -> None:
    put(tmp_path, "a", "1")
    activate(tmp_path, "a", by="training", now=NOON)
    assert choose(tmp_path, "2") is None
    assert choose(tmp_path / "nothing", "2") is None


def test_a_fitting_model_is_used_though_another_was_trained_later(tmp_path: Path) -> None:
    put(tmp_path, "a", "1")
    put(tmp_path, "b", "2", hours=1)
    activate(tmp_path, "b", by="training", now=NOON)
    assert name_of(choose(tmp_path, "1")) == "a"


def test_what_a_person_activated_stays_whatever_the_data_say(tmp_path: Path) -> None:
    put(tmp_path, "a", "1")
    put(tmp_path, "b", "2", hours=1)
    activate(tmp_path, "a", by="person", now=NOON)
    assert name_of(choose(tmp_path, "2")) == "a"


def test_a_pointer_to_a_model_that_is_gone_is_none(tmp_path: Path) -> None:
    put(tmp_path, "a", "1")
    put(tmp_path, "b", "2")
    activate(tmp_path, "a", by="person", now=NOON)
    model_path(tmp_path, "a").unlink()
    assert active(tmp_path) is None
    assert name_of(choose(tmp_path, "2")) == "b"


def test_figures_are_noted_beside_the_model(tmp_path: Path) -> None:
    model = add_figures(put(tmp_path, "a", "1"), accuracy=0.96)
    assert find(tmp_path, "a") == model
    assert json.loads((tmp_path / "a.json").read_text())["figures"] == {"seconds": 9.5, "accuracy": 0.96}
