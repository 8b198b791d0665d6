"""What speaks for and against a candidate, as sparse features of a linear score.

Over characters and groups: the worth of a term in both; a term of the item that the question lacks (by the
share of the item's texts that hold it); a term of the question that the item lacks; and pairs of the two
last: the citizen said 丢 where the item says 期. Beside them a few figures of the whole (`FIGURES`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlu.search.closeness import Closeness, closeness
from nlu.search.first_stage import Floats, Vocabulary
from nlu.search.ragged import Numbers, gather
from nlu.search.shelf import Candidates, Question, Shelf
from nlu.search.terms import Keys

PAIR_BUCKETS = 1 << 18
"""Pairs of missing terms share this many weights, by checksum."""

FIGURES = (
    "name",
    "crowd",
    "joined",
    "name_beside_joined",
    "likest_text",
    "likest_name",
    "field",
    "covered",
    "details",
)
"""The name's BM25 beside the best name's; the logarithm of how many texts the item has; the first stage's
score beside the best; the name's beside the best of all; how like the likest text of the item is, and its
name, of 0 to 1; words of its department or topic that were said; the share of the question that its best
text covers."""

USUAL = 0.3
"""A missing term makes pairs where its share's root is at least this: what one text of many holds is
chance."""
_HIT, _PAIR, _FIGURE = 0.3, 0.5, 3.0
_ALONE = 0.6
"""What a character in both counts for where no pair around it is in both: in long stories many meet by
chance."""


class Layout:
    """Where each feature's weight stands for a given vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.single = vocabulary.single
        self.keys: Keys = vocabulary.keys[: self.single]
        self.missing_in_question = self.single
        self.missing_in_item = 2 * self.single
        self.pairs = 3 * self.single
        self.figures = self.pairs + PAIR_BUCKETS
        self.size = self.figures + len(FIGURES)
        mixed = (self.keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
        self.mixed: Numbers = mixed.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a question's candidates: for each the candidate it is of, its column and its value."""

    row: npt.NDArray[np.int32]
    column: npt.NDArray[np.int32]
    value: Floats
    figures: Floats
    """A row for each candidate, a column for each of `FIGURES`; also contained in the above."""

    def score(self, weights: Floats) -> Floats:
        """The linear score of each candidate."""
        weighted = weights[self.column] * self.value
        return np.bincount(self.row, weights=weighted, minlength=len(self.figures)).astype(np.float32)


def features(shelf: Shelf, layout: Layout, question: Question, candidates: Candidates) -> Features:
    """All features of the candidates."""
    count, asked = len(candidates.items), question.singles
    places, row = gather(shelf.item_starts, candidates.items)
    term, share = shelf.item_term[places], shelf.item_share[places]
    close = closeness(shelf, question, candidates.items)
    asked_place = np.full(layout.single, -1, np.int64)
    asked_place[asked] = np.arange(len(asked))
    met = asked_place[term]
    hit, rest = met >= 0, met < 0
    lacking = np.ones((count, len(asked)), bool)
    lacking[row[hit], met[hit]] = False
    lacks_row, lacks = np.nonzero(lacking)
    rest_row, rest_term, rest_share = row[rest], term[rest], share[rest]
    usual = np.flatnonzero(rest_share >= USUAL)
    pair_rest, pair_asked = np.nonzero(lacking[rest_row[usual]])
    pair_rest = usual[pair_rest]
    mixed = layout.mixed
    bucket = (mixed[asked][pair_asked] * 7919 + mixed[rest_term][pair_rest] * 104729) % PAIR_BUCKETS
    figures = _figures(shelf, question, candidates, close)
    held = np.where(close.beside[row[hit], met[hit]], _HIT, _ALONE * _HIT)
    figure_row, figure = np.divmod(np.arange(figures.size), len(FIGURES))
    return Features(
        row=np.concatenate([row[hit], rest_row, lacks_row, rest_row[pair_rest], figure_row]).astype(np.int32),
        column=np.concatenate(
            [
                term[hit],
                layout.missing_in_question + rest_term,
                layout.missing_in_item + asked[lacks],
                layout.pairs + bucket,
                layout.figures + figure,
            ]
        ).astype(np.int32),
        value=np.concatenate(
            [
                held * shelf.item_worth[places[hit]],
                rest_share,
                np.ones(len(lacks), np.float32),
                _PAIR * rest_share[pair_rest],
                _FIGURE * figures.ravel(),
            ]
        ).astype(np.float32),
        figures=figures,
    )


def _figures(shelf: Shelf, question: Question, candidates: Candidates, close: Closeness) -> Floats:
    most, most_by_name = max(1.0, candidates.joined.max()), max(1.0, candidates.by_name.max())
    named = question.fields.tolist()
    in_field = [any(shelf.belongs(item, word) for word in named) for item in candidates.items.tolist()]
    figures: Floats = np.stack(
        [
            candidates.by_name / most_by_name,
            shelf.crowd[candidates.items] / _FIGURE,
            candidates.joined / most,
            candidates.by_name / most,
            close.likest,
            close.by_name,
            in_field,
            close.covered,
            candidates.by_details / max(1.0, candidates.by_details.max()),
        ],
        axis=1,
    ).astype(np.float32)
    return figures
