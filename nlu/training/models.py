"""The directory of trained models: what is there, which one answers, and going back to an earlier one.

Beside each model stands a JSON file of the same name; `active.json` points to the model that answers. It
is replaced whole, so that a reader finds the old or the new one, and never half of it.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

_POINTER = "active.json"
_SUFFIX = ".tar.gz"

By = Literal["training", "person"]


class NoSuchModelError(Exception):
    """There is no model of that name."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model and what is known of it."""

    name: str
    path: Path
    fingerprint: str
    trained_at: datetime
    figures: dict[str, Any] = field(default_factory=dict)
    """Measured: `seconds` of training, `megabytes`, and what an evaluation added."""


def models(directory: Path) -> list[Model]:
    """All models, the newest first."""
    found = [_read(path) for path in directory.glob("*.json") if path.name != _POINTER]
    return sorted((m for m in found if m.path.is_file()), key=lambda m: (m.trained_at, m.name), reverse=True)


def find(directory: Path, name: str) -> Model:
    """A model by its name, with or without the ending. Raises NoSuchModelError."""
    wanted = name.removesuffix(_SUFFIX)
    for model in models(directory):
        if model.name == wanted:
            return model
    raise NoSuchModelError(f"no model {wanted!r} in {directory}")


def active(directory: Path) -> Model | None:
    """The model that answers, or None before the first training."""
    pointer = _pointer(directory)
    if pointer is None:
        return None
    try:
        return find(directory, pointer["model"])
    except NoSuchModelError:
        return None


def activate(directory: Path, name: str, *, by: By, now: datetime) -> Model:
    """Let a model answer from the next load on. Raises NoSuchModelError.

    What a person activates stays, whatever the training data say; what a training activated gives way to
    a model that fits the data better.
    """
    model = find(directory, name)
    _write(directory / _POINTER, {"model": model.name, "by": by, "at": now.isoformat()})
    return model


def choose(directory: Path, fingerprint: str) -> Model | None:
    """The model to load: the one a person chose, else one that fits the data; None if one must be trained."""
    current, pointer = active(directory), _pointer(directory)
    if current and (current.fingerprint == fingerprint or (pointer and pointer["by"] == "person")):
        return current
    return next((model for model in models(directory) if model.fingerprint == fingerprint), None)


def record(model: Model) -> None:
    """Write what is known of a model beside it."""
    written = {**asdict(model), "trained_at": model.trained_at.isoformat()}
    del written["path"]
    _write(_describing(model.path), written)


def add_figures(model: Model, **figures: Any) -> Model:
    """Note figures of an evaluation beside a model."""
    noted = replace(model, figures={**model.figures, **figures})
    record(noted)
    return noted


def model_path(directory: Path, name: str) -> Path:
    """Where a model of that name is written."""
    return directory / f"{name}{_SUFFIX}"


def _describing(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(_SUFFIX) + ".json")


def _read(path: Path) -> Model:
    written = json.loads(path.read_text(encoding="utf-8"))
    trained_at = datetime.fromisoformat(written["trained_at"])
    archive = model_path(path.parent, written["name"])
    return Model(written["name"], archive, written["fingerprint"], trained_at, written["figures"])


def _pointer(directory: Path) -> dict[str, str] | None:
    try:
        pointer: dict[str, str] = json.loads((directory / _POINTER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return pointer


def _write(path: Path, content: dict[str, Any]) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    Path(temporary).replace(path)
