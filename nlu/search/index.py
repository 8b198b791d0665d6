"""The item search: which item of the catalogue a citizen means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from nlu.search.confidence import signs
from nlu.search.entries import Entry, read_entries
from nlu.search.features import FIGURES, Layout, features
from nlu.search.first_stage import Floats
from nlu.search.frames import strip_frames
from nlu.search.homophones import Homophones
from nlu.search.learned import Learned
from nlu.search.ragged import Numbers
from nlu.search.shelf import Candidates, Named, Question, Shelf
from nlu.search.terms import bare
from nlu.search.training import CANDIDATES, learn

MOST_CHOICES = 5
"""A menu's longest: what a thumb can number."""
WORTH_OFFERING = 0.02
"""A candidate less probable than this is left out of a menu of two or more."""
CONTEXT = 1.0
"""What having been asked for last adds to an item's score, where a tie is left: odds of e to 1."""

TO_THE_LETTER = 10.0
"""What being called exactly so adds to an item's score: an alias counts from the moment it is added."""
SURE = 0.99
"""Confidence where one item alone is called exactly so."""
LIKER = 0.07
"""How much liker to an item a text mended by its sound must be, to count in place of what was typed."""

_ENTRIES = "entries.json"
_LIKEST = FIGURES.index("likest_text")


@dataclass(frozen=True, slots=True)
class Hit:
    """An item, and the probability among all candidates that it is the one meant (0 to 1)."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a question: answer with the first hit, offer the hits as a choice, or say there is
    nothing."""

    kind: Literal["answer", "menu", "none"]
    hits: tuple[Hit, ...]
    """answer: the item first, then what else it may be; menu: at most five that differ visibly; none:
    empty."""
    confidence: float
    """Probability that the first candidate is right, as learned on aliases held back."""

    @property
    def code(self) -> str | None:
        """The item to answer with, where there is one."""
        return self.hits[0].code if self.kind == "answer" else None


class _Ranked(NamedTuple):
    question: Question
    candidates: Candidates
    score: Floats
    figures: Floats
    exact: tuple[int, ...]
    """Items that are called exactly so."""

    @property
    def likeness(self) -> float:
        """How like the text is to the likest text of the first item."""
        return float(self.figures[np.argmax(self.score), _LIKEST])


class Index:
    """A catalogue ready to be searched. Immutable: what changes it gives another index."""

    def __init__(self, entries: tuple[Entry, ...], learned: Learned) -> None:
        """Use `build` or `load`."""
        self.entries = entries
        self.learned = learned
        named = Named.of(entries)
        self._named = named
        self._place = {entry.code: place for place, entry in enumerate(entries)}
        self._shelf = Shelf(named)
        self._layout = Layout(named.vocabulary)
        self._weights = learned.weights(self._layout)
        self._homophones = Homophones(named.vocabulary)
        self._called: dict[str, tuple[int, ...]] = {}
        for text, place in zip(named.texts.texts, named.texts.owners, strict=True):
            self._called[text] = (*self._called.get(text, ()), place)

    @classmethod
    def build(
        cls, rows: Iterable[Mapping[str, Any]], *, learned: Learned | None = None, train: bool = True
    ) -> Index:
        """An index of a catalogue's rows: mappings with `code` and `name`, and perhaps `aliases`,
        `department`, `topics`, `materials`.

        Learns from the aliases where there are enough of them; takes `learned` instead where it is given,
        and does without where `train` is false. Raises `BadEntryError` for a row without code or name, or a
        code twice.
        """
        entries = read_entries(rows)
        if learned is None:
            learned = learn(entries) if train else Learned.nothing()
        return cls(entries, learned)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, code: object) -> bool:
        return code in self._place

    def search(self, text: str, top: int = 5) -> list[Hit]:
        """The items most likely meant, most likely first; none where no word of the text is known."""
        ranked = self._rank(text, max(CANDIDATES, top))
        if ranked is None or top < 1:
            return []
        order, likely = _in_order(ranked.score)
        return [self._hit(ranked, place, likely[place]) for place in order[:top].tolist()]

    def decide(self, text: str, *, context_code: str | None = None, most: int = MOST_CHOICES) -> Decision:
        """Whether to answer at once, to offer a choice of at most `most`, or to say that nothing is near.

        `context_code` is the item asked for last: weak evidence, where the text alone leaves a tie.
        """
        ranked = self._rank(text, CANDIDATES)
        if ranked is None:
            return Decision("none", (), 0.0)
        if len(ranked.exact) == 1:
            return Decision("answer", self._choices(ranked, ranked.score, most), SURE)
        return self._weigh(ranked, context_code, most)

    def _weigh(self, ranked: _Ranked, context_code: str | None, most: int) -> Decision:
        confidence, score = self.learned.confidence, ranked.score
        seen = self._signs(ranked, score)
        sure = confidence.of_right(seen)
        if confidence.of_present(seen) < confidence.present_from:
            return Decision("none", (), sure)
        if sure < confidence.answer_from and context_code in self._place:
            score = score + CONTEXT * (ranked.candidates.items == self._place[context_code])
            sure = confidence.of_right(self._signs(ranked, score))
        hits = self._choices(ranked, score, most)
        return Decision("answer" if sure >= confidence.answer_from else "menu", hits, sure)

    def with_aliases(self, code: str, aliases: Iterable[str]) -> Index:
        """An index in which an item is called by more names: at once, without training.

        Raises KeyError for a code that is not in the catalogue.
        """
        place = self._place[code]
        entries = list(self.entries)
        entries[place] = entries[place].with_aliases(aliases)
        return Index(tuple(entries), self.learned)

    def save(self, directory: Path) -> None:
        """Write entries and what was learned, so that a start need not train."""
        self.learned.save(directory)
        rows = [entry.as_row() for entry in self.entries]
        (directory / _ENTRIES).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Index:
        """Read what `save` wrote. Raises `StoredFormError` for another version's, OSError where nothing
        is."""
        rows = json.loads((directory / _ENTRIES).read_text(encoding="utf-8"))
        return cls(read_entries(rows), Learned.load(directory))

    def _rank(self, text: str, count: int) -> _Ranked | None:
        said = strip_frames(bare(text))
        ranked = self._rank_as_said(said, count)
        if ranked is None or not any(self._homophones.loose(said)):
            return ranked
        mended = self._homophones.mend(said, self._shelf.terms_of(ranked.candidates.items))
        second = self._rank_as_said(mended, count) if mended != said else None
        return second if second is not None and second.likeness >= ranked.likeness + LIKER else ranked

    def _rank_as_said(self, text: str, count: int) -> _Ranked | None:
        question = self._named.question(text)
        if not len(question.terms) and not len(question.fields):
            return None
        candidates = self._shelf.candidates(question, count)
        found = features(self._shelf, self._layout, question, candidates)
        exact = tuple(set(self._called.get(text, ())).intersection(candidates.items.tolist()))
        score = found.score(self._weights) + TO_THE_LETTER * np.isin(candidates.items, exact).astype(
            np.float32
        )
        return _Ranked(question, candidates, score, found.figures, exact)

    def _signs(self, ranked: _Ranked, score: Floats) -> np.ndarray[Any, np.dtype[np.float64]]:
        return signs(score, ranked.figures, ranked.candidates.joined)

    def _hit(self, ranked: _Ranked, place: int, likely: float) -> Hit:
        return Hit(self.entries[int(ranked.candidates.items[place])].code, float(likely))

    def _choices(self, ranked: _Ranked, score: Floats, most: int) -> tuple[Hit, ...]:
        """The most likely items that a citizen can tell apart by name or department."""
        order, likely = _in_order(score)
        chosen: list[Hit] = []
        seen: set[tuple[str, str]] = set()
        for place in order.tolist():
            entry = self.entries[int(ranked.candidates.items[place])]
            looks = (bare(entry.name), entry.department)
            if looks in seen:
                continue
            if len(chosen) >= max(1, most) or (len(chosen) >= 2 and likely[place] < WORTH_OFFERING):
                break
            seen.add(looks)
            chosen.append(self._hit(ranked, place, likely[place]))
        return tuple(chosen)


def _in_order(score: Floats) -> tuple[Numbers, Floats]:
    """Places by score, highest first, and each place's probability."""
    likely = np.exp(score - score.max())
    return np.argsort(-score, kind="stable"), likely / likely.sum()
