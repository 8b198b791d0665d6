"""The first stage: BM25 over characters, pairs, groups and fields, one document per item.

FINDINGS of the design's measurements: one document per item (name and aliases joined) beats a document per
alias by 14 points of recall@1; characters beat words; lengths are normalised within each kind of term, so
that an item with many aliases is no longer than others in its actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlu.search.ragged import Numbers, starts_of
from nlu.search.terms import CHARACTER, FIELD, GROUP, KINDS, PAIR, Keys, halves, kind_of

Floats = npt.NDArray[np.float32]

SATURATION = 1.2
"""BM25's k1."""
LENGTH = 0.4
"""BM25's b."""
WEIGHT_OF_KIND = {CHARACTER: 1.0, GROUP: 2.0, PAIR: 0.25, FIELD: 0.5}
"""What a term counts for, by kind; measured on 4383 items."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a term stands in a document, sorted by term, then by document; every pair once."""

    term: Numbers
    document: Numbers
    count: Floats

    @classmethod
    def of(cls, term: Numbers, document: Numbers, documents: int) -> Counts:
        """Counts of terms (as places in the vocabulary) that stand in documents."""
        both, count = np.unique(term * max(1, documents) + document, return_counts=True)
        return cls(both // max(1, documents), both % max(1, documents), count.astype(np.float32))


class Vocabulary:
    """All terms of a catalogue, sorted by number."""

    def __init__(self, keys: Keys) -> None:
        self.keys = np.unique(keys)
        self.kinds = kind_of(self.keys)
        self.single = int(np.searchsorted(self.kinds, PAIR))
        """How many of the terms are characters or groups; they come first."""
        self.characters = int(np.searchsorted(self.kinds, GROUP))
        """How many are characters; they come before the groups."""
        self.weight = np.array([WEIGHT_OF_KIND[kind] for kind in range(KINDS)], np.float32)[self.kinds]
        self._place = {key: place for place, key in enumerate(self.keys.tolist())}

    def __len__(self) -> int:
        return len(self.keys)

    def places(self, keys: Keys) -> Numbers:
        """Where the terms stand; all must be known."""
        return np.searchsorted(self.keys, keys)

    def those_known(self, keys: Keys, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Of many terms the places of those that are known, and what stands beside these in `rows`."""
        if not len(self.keys):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[places] == keys
        return places[known], rows[known]

    def ends(self, pairs: Numbers) -> tuple[Numbers, Numbers]:
        """The places of the characters that pairs (given by their places) are made of."""
        left, right = halves(self.keys[pairs])
        return self.places(left), self.places(right)

    def known(self, keys: Sequence[int]) -> Numbers:
        """The places of those of the terms that are known, in order, repeated as given."""
        places = (self._place.get(key) for key in keys)
        return np.array([place for place in places if place is not None], np.int64)


class Postings:
    """BM25 weights by term: which documents hold it, and what it is worth there."""

    def __init__(self, vocabulary: Vocabulary, counts: Counts, documents: int) -> None:
        self.documents = documents
        self.in_documents = in_documents = np.bincount(counts.term, minlength=len(vocabulary))
        self.rarity = np.log(1 + (documents - in_documents + 0.5) / (in_documents + 0.5)).astype(np.float32)
        kind = vocabulary.kinds[counts.term]
        lengths = np.bincount(
            counts.document * KINDS + kind, weights=counts.count, minlength=documents * KINDS
        ).reshape(documents, KINDS)
        mean = np.maximum(lengths.mean(axis=0), 1e-9) if documents else np.ones(KINDS)
        relative = (1 - LENGTH + LENGTH * lengths / mean)[counts.document, kind]
        worth = self.rarity[counts.term] * counts.count / (counts.count + SATURATION * relative)
        self.worth: Floats = worth.astype(np.float32)
        self._weighted: Floats = (worth * vocabulary.weight[counts.term]).astype(np.float32)
        self._document = counts.document
        self._starts = starts_of(counts.term, len(vocabulary))

    def score(self, terms: Numbers) -> Floats:
        """What each document scores for a question's terms."""
        scores = np.zeros(self.documents, np.float32)
        for term in terms.tolist():
            begin, end = self._starts[term], self._starts[term + 1]
            scores[self._document[begin:end]] += self._weighted[begin:end]
        return scores


def best(scores: Floats, count: int) -> Numbers:
    """The places of the highest scores, highest first; of equals the earlier first."""
    if len(scores) <= count:
        return np.argsort(-scores, kind="stable")
    chosen = np.sort(np.argpartition(-scores, count)[:count])
    return chosen[np.argsort(-scores[chosen], kind="stable")]
