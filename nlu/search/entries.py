"""The catalogue's entries as the search sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nlu.search.frames import strip_frames
from nlu.search.terms import bare_all

MOST_DETAILS = 300
"""Characters of details and materials kept: conditions of real items run to thousands, the first say most."""
_MOST_CONDITIONS = 150


class BadEntryError(ValueError):
    """An entry without code or name, or a code that stands twice."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the catalogue: what it is called, and what may be said to mean it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    department: str = ""
    topics: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    details: str = ""
    """What else is written about it that citizens may touch upon: its circumstances (情形) and conditions."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Entry:
        """An entry from a row of the catalogue; fields the search does not know are left aside.

        Raises `BadEntryError` where code or name is missing.
        """
        code, name = str(row.get("code") or "").strip(), str(row.get("name") or "").strip()
        if not code or not name:
            raise BadEntryError(f"an entry needs a code and a name: code {code!r}, name {name!r}")
        return cls(
            code,
            name,
            aliases=_words(row.get("aliases")),
            department=str(row.get("department") or "").strip(),
            topics=_words(row.get("topics")),
            materials=_words(row.get("materials")),
            details=str(row.get("details") or "") or _details(row)[:MOST_DETAILS],
        )

    def with_aliases(self, aliases: Iterable[str]) -> Entry:
        """The same entry, called by more names."""
        return replace(self, aliases=tuple(dict.fromkeys((*self.aliases, *_words(tuple(aliases))))))

    def without_aliases(self) -> Entry:
        """The same entry, called by its name only."""
        return replace(self, aliases=())

    def as_row(self) -> dict[str, Any]:
        """The row that `of` reads back."""
        return {
            "code": self.code,
            "name": self.name,
            "aliases": list(self.aliases),
            "department": self.department,
            "topics": list(self.topics),
            "materials": list(self.materials),
            "details": self.details,
        }


def read_entries(rows: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """All entries. Raises `BadEntryError` for a code that stands twice."""
    entries: dict[str, Entry] = {}
    for row in rows:
        entry = Entry.of(row)
        if entry.code in entries:
            raise BadEntryError(f"code {entry.code!r} stands twice: {entries[entry.code].name}, {entry.name}")
        entries[entry.code] = entry
    return tuple(entries.values())


@dataclass(frozen=True, slots=True)
class Texts:
    """What the entries are called, in bare form: first every name, then every alias."""

    texts: tuple[str, ...]
    owners: tuple[int, ...]
    """For each text the place of its entry."""
    names: int
    """How many of the texts are names: as many as there are entries."""
    details: tuple[str, ...]
    """For each entry what is written in its materials and details."""

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Texts:
        """Names as they stand, aliases without the frame of a question; the same words of one entry once."""
        names = bare_all([entry.name for entry in entries])
        said = [(place, alias) for place, entry in enumerate(entries) for alias in entry.aliases]
        aliases: dict[tuple[int, str], None] = {}
        for (place, _), alias in zip(said, bare_all([alias for _, alias in said]), strict=True):
            text = strip_frames(alias)
            if text and text != names[place]:
                aliases[place, text] = None
        details = bare_all([" ".join((entry.details, *entry.materials))[:MOST_DETAILS] for entry in entries])
        return cls(
            texts=(*names, *(text for _, text in aliases)),
            owners=(*range(len(names)), *(place for place, _ in aliases)),
            names=len(names),
            details=tuple(details),
        )


def _details(row: Mapping[str, Any]) -> str:
    """The labels of the circumstances' choices and what else these are called, and the conditions."""
    said: list[str] = []
    for circumstance in _objects(row.get("circumstances")):
        for choice in _objects(circumstance.get("choices")):
            said += [*_words(choice.get("label")), *_words(choice.get("aliases"))]
    conditions = " ".join(_words(row.get("conditions")))[:_MOST_CONDITIONS]
    return " ".join((*said, conditions)).strip()


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []


def _words(value: object) -> tuple[str, ...]:
    """A list of words from what a row may hold: a list of texts or of objects with a name, or one text."""
    if not value:
        return ()
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, list | tuple | set | frozenset):
        return ()
    words = [row.get("name") if isinstance(row, dict) else row for row in value]
    return tuple(word.strip() for word in words if isinstance(word, str) and word.strip())
