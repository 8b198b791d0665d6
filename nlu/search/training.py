"""Learn to order the first stage's candidates from the catalogue's own aliases.

Each alias is a question whose item is known. It is asked of a shelf that does not hold it (five folds), and
in each fold the aliases of some items are hidden altogether, so that items without aliases are learned to
be met by their name: measured, they are found first twice as often, for a point of the others. The model is
a conditional logit: the scores' softmax over a question's candidates is the probability of each being
meant. Deterministic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nlu.search.confidence import Confidence, Signs, learn_confidence, signs
from nlu.search.entries import Entry
from nlu.search.features import Features, Layout, features
from nlu.search.first_stage import Floats
from nlu.search.learned import HIT_AT_START, Learned
from nlu.search.shelf import Candidates, Named, Question, Shelf
from nlu.search.small_talk import SMALL_TALK
from nlu.search.terms import bare

ENOUGH_QUESTIONS, ENOUGH_ITEMS = 60, 12
"""With fewer aliases, or on fewer items, nothing is learned."""

CANDIDATES = 28
FOLDS = 5
HIDDEN = 0.3
"""Share of items whose aliases are hidden in a fold."""
ROUNDS, ROUNDS_HELD_BACK = 40, 25
TOWARDS_START, PAIRS_TOWARDS_START = 0.1, 0.05
"""L2."""
HELD_BACK_PARTS = 3
"""Parts for the figures of confidence: each is judged by weights learned from the others."""

_ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Asked:
    """An alias asked of a shelf that does not hold it."""

    right: int
    """The place of its item among the candidates; -1: not among them."""
    candidates: Candidates
    features: Features


def learn(entries: Sequence[Entry]) -> Learned:
    """Learn from the entries' aliases; `Learned.nothing()` where they are too few."""
    named = Named.of(entries)
    texts = named.texts
    if (
        len(texts.texts) - texts.names < ENOUGH_QUESTIONS
        or len(set(texts.owners[texts.names :])) < ENOUGH_ITEMS
    ):
        return Learned.nothing()
    layout = Layout(named.vocabulary)
    asked = list(_ask_all(named, layout))
    weights = _fit([each for each in asked if each.right >= 0], layout, ROUNDS)
    shelf = Shelf(named)
    talk = [_ask(shelf, layout, named.question(bare(said)), -1) for said in SMALL_TALK]
    confidence, notes = _judge(asked, talk, layout)
    return Learned.of_weights(layout, weights, confidence, len(asked), notes)


def _ask_all(named: Named, layout: Layout) -> Iterator[Asked]:
    """Every alias, asked of the shelf of its fold."""
    texts = named.texts
    owner = np.array(texts.owners)
    chance = np.random.RandomState(0)
    fold = _folds(owner, texts.names, chance)
    for number in range(FOLDS):
        hidden = chance.rand(texts.names) < HIDDEN
        shelf = Shelf(named, (fold < 0) | ((fold != number) & ~hidden[owner]))
        for text in np.flatnonzero(fold == number).tolist():
            yield _ask(shelf, layout, named.question(texts.texts[text]), int(owner[text]))


def _folds(owner: npt.NDArray[np.int64], names: int, chance: np.random.RandomState) -> npt.NDArray[np.int64]:
    """A fold for each alias, an item's aliases spread evenly; -1 for names."""
    fold = np.full(len(owner), -1)
    turn: dict[int, int] = {}
    for text in (names + chance.permutation(len(owner) - names)).tolist():
        item = int(owner[text])
        turn[item] = turn[item] + 1 if item in turn else int(chance.randint(FOLDS))
        fold[text] = turn[item] % FOLDS
    return fold


def _ask(shelf: Shelf, layout: Layout, question: Question, item: int) -> Asked:
    candidates = shelf.candidates(question, CANDIDATES)
    place = np.flatnonzero(candidates.items == item)
    return Asked(
        int(place[0]) if len(place) else -1,
        candidates,
        features(shelf, layout, question, candidates),
    )


def _fit(asked: Sequence[Asked], layout: Layout, rounds: int) -> Floats:
    """The weights that make the right candidates most probable."""
    width = len(asked[0].candidates.items)
    matrix, used = _matrix(asked, layout, width)
    right = np.zeros((len(asked), width), np.float32)
    right[np.arange(len(asked)), [each.right for each in asked]] = 1
    start, pull = _start(layout)
    start_used, pull_used = start[used], pull[used]

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        score = (matrix @ weights.astype(np.float32)).reshape(right.shape)
        likely = np.exp(score - score.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        away = weights - start_used
        value = -np.log((likely * right).sum(axis=1) + 1e-12).mean() + (pull_used * away * away).sum() / len(
            right
        )
        slope = matrix.T @ (likely - right).ravel() / len(right) + 2 * pull_used * away / len(right)
        return float(value), slope.astype(np.float64)

    found = minimize(loss, start_used, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    start[used] = found.x
    return start.astype(np.float32)


def _matrix(asked: Sequence[Asked], layout: Layout, width: int) -> tuple[csr_matrix, npt.NDArray[np.int64]]:
    """All candidates' features, a row each, over those columns only that occur."""
    column = np.concatenate([each.features.column for each in asked])
    row = np.concatenate([each.features.row + width * number for number, each in enumerate(asked)])
    value = np.concatenate([each.features.value for each in asked])
    used = np.flatnonzero(np.bincount(column, minlength=layout.size))
    narrow = np.zeros(layout.size, np.int32)
    narrow[used] = np.arange(len(used))
    shape = (width * len(asked), len(used))
    return csr_matrix((value, (row.astype(np.int32), narrow[column])), shape=shape), used


def _start(layout: Layout) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where the weights start, and how strongly they are held there."""
    start = np.zeros(layout.size)
    start[: layout.single] = HIT_AT_START
    pull = np.full(layout.size, TOWARDS_START)
    pull[layout.pairs : layout.figures] = PAIRS_TOWARDS_START
    return start, pull


def _judge(
    asked: Sequence[Asked], talk: Sequence[Asked], layout: Layout
) -> tuple[Confidence, dict[str, float]]:
    """Learn confidence from questions that the weights judging them were not learned from."""
    present: list[Signs] = []
    absent: list[Signs] = []
    small_talk: list[Signs] = []
    right: list[bool] = []
    for part in range(HELD_BACK_PARTS):
        others = [
            each for number, each in enumerate(asked) if number % HELD_BACK_PARTS != part and each.right >= 0
        ]
        weights = _fit(others, layout, ROUNDS_HELD_BACK)
        for each in asked[part::HELD_BACK_PARTS]:
            score = each.features.score(weights)
            present.append(_signs(each, score))
            right.append(bool(each.right >= 0 and int(np.argmax(score)) == each.right))
            if each.right >= 0 and len(score) > 1:
                absent.append(_signs(each, score, np.arange(len(score)) != each.right))
        small_talk += [_signs(each, each.features.score(weights)) for each in talk]
    confidence = learn_confidence(np.array(present), np.array(right), np.array(absent), np.array(small_talk))
    return confidence, {"held_back_first": float(np.mean(right))}


def _signs(asked: Asked, score: Floats, among: npt.NDArray[np.bool_] | slice = _ALL) -> Signs:
    return signs(score[among], asked.features.figures[among], asked.candidates.joined[among])
