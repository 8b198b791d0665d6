"""Everything about the items that a question is held against, built from what the items are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlu.search.entries import Entry, Texts
from nlu.search.fields import Fields
from nlu.search.first_stage import Counts, Floats, Postings, Vocabulary, best
from nlu.search.ragged import Numbers, gather, starts_of
from nlu.search.terms import FIELD, GROUP, PAIR, letters_of_all, terms, terms_of_all

Mask = npt.NDArray[np.bool_]

COMMON = 1.0
"""What every term weighs in likeness beside its rarity: where all items of a small catalogue share a word,
it is still a word said."""
BY_NAME = 8
"""Candidates that the name alone brings: without them an item without aliases drowns among those with
many."""


@dataclass(frozen=True, slots=True)
class Question:
    """A citizen's words as places in the vocabulary."""

    terms: Numbers
    """All known terms, repeated as often as said."""
    singles: Numbers
    """Known characters and groups, each once, sorted."""
    distinct: Numbers
    """Known characters, groups and pairs, each once, sorted."""
    pairs: Numbers
    """Known pairs, each once, sorted."""
    ends: Mask
    """For each of `pairs` a row: which of `singles` it is made of."""
    unknown: int
    """Characters that no item is called by, each once."""
    fields: Numbers
    """Words of departments or topics."""


class Named(NamedTuple):
    """What the items are called, cut into terms once; shelves for training take a part of it."""

    vocabulary: Vocabulary
    texts: Texts
    term: Numbers
    text: Numbers
    """For each term in `term` the text it stands in."""
    fields: Fields
    field_term: Numbers
    field_item: Numbers
    detail_term: Numbers
    detail_item: Numbers
    """Terms of the items' materials and details, and the items, as far as the items are called by them
    too."""

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Named:
        """Cut the entries' names and aliases into terms."""
        texts, fields = Texts.of(entries), Fields(entries)
        keys, text = terms_of_all(texts.texts)
        of_fields = [(key, place) for place in range(len(entries)) for key in fields.keys_of(place)]
        field_keys, field_item = np.array(of_fields, np.int64).reshape(-1, 2).T
        vocabulary = Vocabulary(np.concatenate([keys, field_keys]))
        return cls(
            vocabulary,
            texts,
            vocabulary.places(keys),
            text,
            fields,
            vocabulary.places(field_keys),
            field_item,
            *vocabulary.those_known(*letters_of_all(texts.details)),
        )

    def question(self, text: str) -> Question:
        """A bare text without its frame, as the shelves read it."""
        known = self.vocabulary.known(terms(text))
        distinct = np.unique(known)
        characters, singles = np.searchsorted(self.vocabulary.kinds[distinct], [GROUP, PAIR])
        ends = self.vocabulary.ends(distinct[singles:])
        return Question(
            terms=known,
            singles=distinct[:singles],
            distinct=distinct,
            pairs=distinct[singles:],
            ends=(ends[0][:, None] == distinct[:singles]) | (ends[1][:, None] == distinct[:singles]),
            unknown=len(set(text)) - int(characters),
            fields=self.vocabulary.known(sorted(self.fields.find(text))),
        )


class Shelf:
    """Items, ready to be searched: the first stage's postings, and each item's terms and texts."""

    def __init__(self, named: Named, keep: Mask | None = None) -> None:
        """All texts, or those kept (names must be): what training holds back is left out."""
        self.named = named
        self.vocabulary = named.vocabulary
        self.items = items = named.texts.names
        owner = np.array(named.texts.owners, np.int64)
        kept = np.ones(len(owner), bool) if keep is None else keep
        here = kept[named.text]
        term, text = named.term[here], named.text[here]
        counts = Counts.of(
            np.concatenate([term, named.field_term]), np.concatenate([owner[text], named.field_item]), items
        )
        of_names = text < items
        self.joined = Postings(self.vocabulary, counts, items)
        self.by_name = Postings(self.vocabulary, Counts.of(term[of_names], text[of_names], items), items)
        details = Counts.of(named.detail_term, named.detail_item, items)
        self.by_details = Postings(self.vocabulary, details, items)
        self.texts_of_item = np.bincount(owner[kept], minlength=items)
        self.crowd = np.log(np.maximum(self.texts_of_item, 1)).astype(np.float32)
        self._shelve_items(counts, Counts.of(term, text, len(owner)), owner)
        self._shelve_texts(term, text, owner, kept)
        self._in_fields = frozenset((named.field_item * len(self.vocabulary) + named.field_term).tolist())

    def _shelve_items(self, counts: Counts, in_texts: Counts, owner: Numbers) -> None:
        """Each item's characters and groups: their BM25, and the share of the item's texts that hold them."""
        pair = in_texts.term * max(1, self.items) + owner[in_texts.document]
        share = np.unique(pair, return_counts=True)[1] / 1.0
        plain = self.vocabulary.kinds[counts.term] != FIELD
        single = counts.term < self.vocabulary.single
        share_of_all = np.zeros(len(counts.term))
        share_of_all[plain] = share
        document = counts.document[single]
        order = np.argsort(document, kind="stable")
        self.item_starts = starts_of(document, self.items)
        self.item_term = counts.term[single][order]
        self.item_worth = self.joined.worth[single][order]
        texts = np.maximum(self.texts_of_item[document[order]], 1)
        self.item_share: Floats = np.sqrt(share_of_all[single][order] / texts).astype(np.float32)

    def _shelve_texts(self, term: Numbers, text: Numbers, owner: Numbers, kept: Mask) -> None:
        """Each text's terms and their weight in all, and each item's texts."""
        once = Counts.of(text, term, len(self.vocabulary))
        self.text_term = once.document
        self.text_starts = starts_of(once.term, len(owner))
        of_kind = np.where(self.vocabulary.kinds == PAIR, 0.5, 1.0).astype(np.float32)
        self.term_weight: Floats = (self.joined.rarity + COMMON) * of_kind
        self.text_weight = np.bincount(
            once.term, weights=self.term_weight[once.document], minlength=len(owner)
        )
        texts = np.flatnonzero(kept)
        order = np.argsort(owner[texts], kind="stable")
        self.item_text = texts[order]
        self.item_text_starts = starts_of(owner[texts], self.items)

    def belongs(self, item: int, field: int) -> bool:
        """Whether a word of a department or topic is one of the item's."""
        return item * len(self.vocabulary) + field in self._in_fields

    @property
    def rarest(self) -> float:
        """The weight of a character that no item is called by."""
        return float(np.log(1 + (self.items + 0.5) / 0.5)) + COMMON

    def terms_of(self, items: Numbers) -> Numbers:
        """The terms of all texts of the items, in the items' order, repeated as they come."""
        texts = self.item_text[gather(self.item_text_starts, items)[0]]
        return self.text_term[gather(self.text_starts, texts)[0]]

    def candidates(self, question: Question, count: int) -> Candidates:
        """The items worth a second look: most by all they are called, some by their name alone."""
        terms = np.concatenate([question.terms, question.fields])
        joined, by_name = self.joined.score(terms), self.by_name.score(question.terms)
        first, named = best(joined, count), best(by_name, BY_NAME)
        if self.items > count:
            order = np.concatenate([first[: count - BY_NAME], named, first[count - BY_NAME :]])
            _, places = np.unique(order, return_index=True)
            first = order[np.sort(places)][:count]
        by_details = self.by_details.score(question.terms)
        return Candidates(first, joined[first], by_name[first], by_details[first])


class Candidates(NamedTuple):
    """Items for the second look, with the first stage's scores."""

    items: Numbers
    joined: Floats
    by_name: Floats
    by_details: Floats
