"""A conditional logit over the candidates of many questions.

The softmax of the candidates' linear scores is the probability of each being meant. The weights that make
the right ones most probable are found by L-BFGS, held towards a start: without evidence a term counts what
BM25 says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nlu.search.features import Features, Layout
from nlu.search.first_stage import Floats
from nlu.search.learned import HIT_AT_START
from nlu.search.ragged import Numbers

TOWARDS_START, PAIRS_TOWARDS_START = 0.1, 0.05
"""L2."""

_Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choices:
    """Questions with as many candidates each, as one sparse matrix: a row for each candidate."""

    layout: Layout
    matrix: csr_matrix
    used: Numbers
    """The columns of the layout that occur at all; the matrix has only these."""
    right: Numbers
    """For each question the place of the right candidate; -1 where it is not among them."""
    width: int

    @classmethod
    def of(cls, layout: Layout, questions: Sequence[Features], right: Sequence[int]) -> Choices:
        """From each question's features and the place of its right candidate."""
        width = len(questions[0].figures)
        column = np.concatenate([each.column for each in questions])
        row = np.concatenate([each.row + width * number for number, each in enumerate(questions)])
        value = np.concatenate([each.value for each in questions])
        used = np.flatnonzero(np.bincount(column, minlength=layout.size))
        narrow = np.zeros(layout.size, np.int32)
        narrow[used] = np.arange(len(used))
        shape = (width * len(questions), len(used))
        matrix = csr_matrix((value, (row.astype(np.int32), narrow[column])), shape=shape)
        return cls(layout, matrix, used, np.array(right), width)

    def scores(self, weights: Floats) -> Floats:
        """A row for each question, with its candidates' scores."""
        scores: Floats = (self.matrix @ weights[self.used]).reshape(-1, self.width)
        return scores

    def fit(self, among: npt.NDArray[np.bool_], rounds: int) -> Floats:
        """The weights that make the right candidates of the questions among these most probable."""
        questions = np.flatnonzero(among & (self.right >= 0))
        rows = (questions[:, None] * self.width + np.arange(self.width)).ravel()
        matrix = self.matrix[rows]
        right = np.zeros((len(questions), self.width), np.float32)
        right[np.arange(len(questions)), self.right[questions]] = 1
        weights, pull = _start(self.layout)
        start, pull = weights[self.used], pull[self.used]
        count = max(1, len(questions))

        def loss(tried: _Doubles) -> tuple[float, _Doubles]:
            score = (matrix @ tried.astype(np.float32)).reshape(right.shape)
            likely = np.exp(score - score.max(axis=1, keepdims=True))
            likely /= likely.sum(axis=1, keepdims=True)
            away = tried - start
            unlikely = -np.log((likely * right).sum(axis=1) + 1e-12).sum()
            slope = matrix.T @ (likely - right).ravel() + 2 * pull * away
            return float(unlikely + (pull * away * away).sum()) / count, slope.astype(np.float64) / count

        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
        weights[self.used] = found.x
        return weights.astype(np.float32)


def _start(layout: Layout) -> tuple[_Doubles, _Doubles]:
    """Where the weights start, and how strongly they are held there."""
    start = np.zeros(layout.size)
    start[: layout.single] = HIT_AT_START
    pull = np.full(layout.size, TOWARDS_START)
    pull[layout.pairs : layout.figures] = PAIRS_TOWARDS_START
    return start, pull
