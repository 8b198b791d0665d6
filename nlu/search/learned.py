"""What was learned, kept by term: it holds after aliases or items were added, and outlives the process.

Stored as one .npz of plain arrays and one .json: no pickle, so that a file from elsewhere can do no harm.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from nlu.search.confidence import Confidence
from nlu.search.features import FIGURES, PAIR_BUCKETS, Layout
from nlu.search.first_stage import Floats
from nlu.search.terms import Keys

FORMAT = 2
"""To be raised with any change to terms, features or signs: weights of another form mean something else."""
HIT_AT_START = 3.0
"""Weight of a term in both before anything is learned, and of terms that training never saw."""

_FIGURES_AT_START = {"joined": 1.0, "name": 0.5, "likest_text": 2.0, "likest_name": 0.5, "field": 0.2}
_WEIGHTS, _REST = "weights.npz", "learned.json"


class StoredFormError(ValueError):
    """What was stored is of another form than this version reads; train again."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights of the features, and what they are worth in confidence."""

    keys: Keys
    terms: Floats
    """A row for each key: weight where both have it, where the question lacks it, where the item lacks it."""
    pairs: Floats
    figures: Floats
    confidence: Confidence
    questions: int = 0
    """How many aliases it was learned from; 0: not at all."""
    notes: dict[str, float] = field(default_factory=dict)

    @classmethod
    def nothing(cls) -> Learned:
        """The first stage's own order, made a little sharper: where there was too little to learn from."""
        figures = np.array([_FIGURES_AT_START.get(name, 0.0) for name in FIGURES], np.float32)
        return cls(
            np.empty(0, np.int64),
            np.empty((0, 3), np.float32),
            np.zeros(PAIR_BUCKETS, np.float32),
            figures,
            Confidence.cautious(),
        )

    @classmethod
    def of_weights(
        cls, layout: Layout, weights: Floats, confidence: Confidence, questions: int, notes: dict[str, float]
    ) -> Learned:
        """From a vector of weights as `layout` orders it."""
        return cls(
            layout.keys,
            weights[: layout.pairs].reshape(3, layout.single).T.copy(),
            weights[layout.pairs : layout.figures].copy(),
            weights[layout.figures :].copy(),
            confidence,
            questions,
            notes,
        )

    def weights(self, layout: Layout) -> Floats:
        """The vector of weights for another vocabulary."""
        terms = np.zeros((layout.single, 3), np.float32)
        terms[:, 0] = HIT_AT_START
        if len(self.keys):
            place = np.minimum(np.searchsorted(self.keys, layout.keys), len(self.keys) - 1)
            known = self.keys[place] == layout.keys
            terms[known] = self.terms[place[known]]

        weights: Floats = np.concatenate([terms.T.ravel(), self.pairs, self.figures]).astype(np.float32)
        return weights

    def save(self, directory: Path) -> None:
        """Write into a directory, which is made where missing."""
        directory.mkdir(parents=True, exist_ok=True)
        used = np.flatnonzero(self.pairs)
        np.savez_compressed(
            directory / _WEIGHTS,
            keys=self.keys,
            terms=self.terms,
            pairs_used=used,
            pairs=self.pairs[used],
            figures=self.figures,
        )
        rest = {
            "format": FORMAT,
            "figures": list(FIGURES),
            "confidence": asdict(self.confidence),
            "questions": self.questions,
            "notes": self.notes,
        }
        (directory / _REST).write_text(json.dumps(rest, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Learned:
        """Read what `save` wrote. Raises `StoredFormError` for another version's, OSError where nothing
        is."""
        rest = json.loads((directory / _REST).read_text(encoding="utf-8"))
        if rest.get("format") != FORMAT or rest.get("figures") != list(FIGURES):
            raise StoredFormError(f"{directory} holds weights of another version")
        with np.load(directory / _WEIGHTS, allow_pickle=False) as stored:
            pairs = np.zeros(PAIR_BUCKETS, np.float32)
            pairs[stored["pairs_used"]] = stored["pairs"]
            return cls(
                stored["keys"],
                stored["terms"],
                pairs,
                stored["figures"],
                Confidence(**rest["confidence"]),
                int(rest["questions"]),
                rest["notes"],
            )
