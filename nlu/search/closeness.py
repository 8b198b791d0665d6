"""How close a question is to single texts of an item: one alias said nearly so counts more than words of
many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nlu.search.first_stage import Floats
from nlu.search.ragged import Numbers, gather
from nlu.search.shelf import Mask, Question, Shelf


class Closeness(NamedTuple):
    """A figure, or a row, for each item."""

    likest: Floats
    """Likeness (Dice's, 0 to 1) of the item's likest text: twice the weight in both over the weight of
    each."""
    by_name: Floats
    """Likeness of the item's name."""
    covered: Floats
    """The greatest share of the question's weight that one text holds."""
    beside: Mask
    """For each of the question's singles whether a pair around it is in one of the item's texts; true for
    groups."""


def closeness(shelf: Shelf, question: Question, items: Numbers) -> Closeness:
    """Compare a question with every text of the items.

    Characters that no item is called by weigh as the rarest.
    """
    vocabulary = shelf.vocabulary
    texts_at, item = gather(shelf.item_text_starts, items)
    texts = shelf.item_text[texts_at]
    terms_at, text = gather(shelf.text_starts, texts)
    terms = shelf.text_term[terms_at]

    asked = np.zeros(len(vocabulary), np.float32)
    asked[question.distinct] = shelf.term_weight[question.distinct]
    said = max(float(asked.sum()) + question.unknown * shelf.rarest, 1e-9)
    common = np.bincount(text, weights=asked[terms], minlength=len(texts))
    like = 2 * common / (said + shelf.text_weight[texts])

    pair = np.full(len(vocabulary), -1)
    pair[question.pairs] = np.arange(len(question.pairs))
    held = np.flatnonzero(pair[terms] >= 0)
    in_both = np.zeros((len(items), len(question.pairs)), bool)
    in_both[item[text[held]], pair[terms[held]]] = True
    groups = question.singles >= vocabulary.characters

    starts = np.searchsorted(item, np.arange(len(items)))
    return Closeness(
        likest=np.maximum.reduceat(like, starts),
        by_name=like[starts],  # the name is the first of an item's texts
        covered=np.maximum.reduceat(common, starts) / said,
        beside=(in_both @ question.ends) | groups,
    )
