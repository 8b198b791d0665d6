"""How sure an order of candidates is: when to answer at once, when to offer a choice, when to say there is
nothing.

Two logistic scores over what the candidates look like (`SIGNS`): that the first is right, and that the item
meant is in the catalogue at all. Both are learned on aliases held back, and on the same aliases with their
item taken away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from nlu.search.features import FIGURES
from nlu.search.first_stage import Floats

RIGHT = 0.96
"""Share of direct answers that must be right on aliases held back."""
KEPT = 0.985
"""Share of aliases held back that must not be told to be unknown."""
ABSENT_WEIGHT = 0.1
"""What a question about something that the catalogue lacks counts for beside one that it has, in `first is
right`."""

SIGNS = ("constant", "odds", "gap", "likest_text", "evidence", "score")
"""One; the logarithm of the first candidate's odds against all others, and against the second; how like its
likest text is; the logarithm of the first stage's best score (what tells a question from chit-chat: AUROC
.99, where shares of the question tell little, as long stories share little with any item); the first
candidate's own score."""

_MOST_GAP = 10.0
_TELLS_PRESENT = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 1.0])
"""Which of the signs tell that there is anything at all."""

Signs = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Confidence:
    """Weights of the signs, and the thresholds on the two scores (0 to 1)."""

    right: tuple[float, ...]
    present: tuple[float, ...]
    answer_from: float
    present_from: float

    @classmethod
    def cautious(cls) -> Confidence:
        """Before anything is learned: answer only what is close to the very words of an item."""
        return cls(
            right=(-6.5, 0.3, 0.2, 7.0, 0.5, 0.0),
            present=(-6.0, 0.0, 0.0, 9.0, 1.2, 0.0),
            answer_from=0.85,
            present_from=0.25,
        )

    def of_right(self, signs: Signs) -> float:
        """Probability that the first candidate is the item meant."""
        return float(_logistic(signs @ np.array(self.right)))

    def of_present(self, signs: Signs) -> float:
        """Probability that the item meant is in the catalogue."""
        return float(_logistic(signs @ np.array(self.present)))


def signs(scores: Floats, figures: Floats, joined: Floats) -> Signs:
    """The signs of candidates with these scores and figures; `joined` are the first stage's scores."""
    order = np.argsort(-scores, kind="stable")
    first = order[0]
    spread = scores.astype(np.float64) - float(scores[first])
    rest = float(np.exp(spread[order[1:]]).sum())
    gap = -float(spread[order[1]]) if len(order) > 1 else _MOST_GAP
    return np.array(
        [
            1.0,
            -np.log(rest + np.exp(-_MOST_GAP)),
            min(gap, _MOST_GAP),
            figures[first, FIGURES.index("likest_text")],
            np.log1p(joined.max()),
            scores[first] / 5,
        ]
    )


def learn_confidence(
    present: Signs, right: npt.NDArray[np.bool_], absent: Signs, small_talk: Signs
) -> Confidence:
    """Learn from the signs of questions that have an item (and whether it came first), of those whose item
    was taken away, and of small talk.

    What the catalogue lacks is seldom told from what it has in other words: it only lowers the confidence.
    That there is nothing at all is learned from small talk; for the rest a menu is the safer answer.
    """
    talk_share = len(present) / max(1, len(small_talk))
    weight = np.repeat(
        [1, ABSENT_WEIGHT, ABSENT_WEIGHT * talk_share], [len(present), len(absent), len(small_talk)]
    )
    seen = np.concatenate([present, absent, small_talk])
    of_right = _fit(seen, np.append(right, np.zeros(len(seen) - len(right), bool)), weight)
    at_all = np.concatenate([present, small_talk]) * _TELLS_PRESENT
    balance = np.repeat([1, talk_share], [len(present), len(small_talk)])
    of_present = _fit(at_all, np.arange(len(at_all)) < len(present), balance) * _TELLS_PRESENT
    return Confidence(
        right=tuple(of_right.tolist()),
        present=tuple(of_present.tolist()),
        answer_from=_threshold(_logistic(present @ of_right), right),
        present_from=min(0.5, float(np.quantile(_logistic(present @ of_present), 1 - KEPT))),
    )


def _threshold(scores: Signs, right: npt.NDArray[np.bool_]) -> float:
    """The lowest score from which on `RIGHT` of the answers are right; above 1 where there is none."""
    order = np.argsort(-scores, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= RIGHT)
    return float(scores[order[enough[-1]]]) if len(enough) else 1.01


def _fit(seen: Signs, label: npt.NDArray[np.bool_], weight: Signs) -> Signs:
    """Logistic regression, held a little towards zero."""
    side = np.where(label, 1.0, -1.0)

    def loss(weights: Signs) -> tuple[float, Signs]:
        margin = side * (seen @ weights)
        value = float((weight * np.logaddexp(0, -margin)).sum() + 0.05 * weights[1:] @ weights[1:])
        slope = -(weight * side * _logistic(-margin)) @ seen
        slope[1:] += 0.1 * weights[1:]
        return value, slope

    return np.asarray(minimize(loss, np.zeros(seen.shape[1]), jac=True, method="L-BFGS-B").x)


def _logistic(value: Signs) -> Signs:
    return 1 / (1 + np.exp(-np.clip(value, -50, 50)))
