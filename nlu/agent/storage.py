"""Reads of a trained model what answering needs."""

from __future__ import annotations

import json
from pathlib import Path

from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_METADATA_FILE, LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata


class PredictionStorage(LocalModelStorage):  # type: ignore[misc] # Rasa ships no types
    """A model's storage without the graph it was trained by, which imports every component Rasa has."""

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        written = json.loads((directory / MODEL_ARCHIVE_METADATA_FILE).read_text(encoding="utf-8"))
        return ModelMetadata.from_dict({**written, "train_schema": {"nodes": {}}})
