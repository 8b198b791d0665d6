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

from nlu.search.confidence import Confidence, Signs, learn_confidence, signs
from nlu.search.entries import Entry
from nlu.search.features import Features, Layout, features
from nlu.search.first_stage import Floats
from nlu.search.fitting import Choices
from nlu.search.learned import Learned
from nlu.search.shelf import Candidates, Named, Question, Shelf
from nlu.search.small_talk import SMALL_TALK
from nlu.search.terms import bare

ENOUGH_QUESTIONS, ENOUGH_ITEMS = 60, 12
"""With fewer aliases, or on fewer items, nothing is learned."""

CANDIDATES = 28
FOLDS = 5
HIDDEN = 0.4
"""Share of items whose aliases are hidden in a fold."""
ROUNDS, ROUNDS_HELD_BACK = 40, 25
HELD_BACK_PARTS = 2
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
    choices = Choices.of(layout, [each.features for each in asked], [each.right for each in asked])
    weights = choices.fit(np.ones(len(asked), bool), ROUNDS)
    shelf = Shelf(named)
    talk = [_ask(shelf, layout, named.question(bare(said)), -1) for said in SMALL_TALK]
    confidence, notes = _judge(choices, asked, talk)
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


def _judge(
    choices: Choices, asked: Sequence[Asked], talk: Sequence[Asked]
) -> tuple[Confidence, dict[str, float]]:
    """Learn confidence from questions that the weights judging them were not learned from."""
    present: list[Signs] = []
    absent: list[Signs] = []
    small_talk: list[Signs] = []
    right: list[bool] = []
    part_of = np.arange(len(asked)) % HELD_BACK_PARTS
    for part in range(HELD_BACK_PARTS):
        weights = choices.fit(part_of != part, ROUNDS_HELD_BACK)
        scores = choices.scores(weights)
        for number in np.flatnonzero(part_of == part).tolist():
            each, score = asked[number], scores[number]
            present.append(_signs(each, score))
            right.append(int(np.argmax(score)) == each.right)
            if each.right >= 0 and len(score) > 1:
                absent.append(_signs(each, score, np.arange(len(score)) != each.right))
        small_talk += [_signs(each, each.features.score(weights)) for each in talk]
    confidence = learn_confidence(np.array(present), np.array(right), np.array(absent), np.array(small_talk))
    return confidence, {"held_back_first": float(np.mean(right))}


def _signs(asked: Asked, score: Floats, among: npt.NDArray[np.bool_] | slice = _ALL) -> Signs:
    return signs(score[among], asked.features.figures[among], asked.candidates.joined[among])
