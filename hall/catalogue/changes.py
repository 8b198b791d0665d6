"""What an import would change: rows and what is stored in, a plan out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hall.catalogue.schema import Item, content_digest, document


@dataclass(frozen=True, slots=True)
class Stored:
    """What the plan needs to know of an item's current version."""

    number: int
    digest: str
    effective: date
    withdrawn: bool = False
    admin_aliases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """A version to write: the content (without version and day), its number, digest and day."""

    content: Item
    number: int
    digest: str
    effective: date


@dataclass(slots=True)
class Plan:
    """Changes by what they are; `unchanged` and `withdrawn` are codes (a withdrawn item stays so)."""

    added: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)


def plan(items: Iterable[Item], stored: Mapping[str, Stored], *, today: date) -> Plan:
    """Compare `items` with what is stored. `today` is the day a guide carries that names none.

    A new item keeps the version number it comes with, so that an export moves to another database whole.
    """
    found = Plan()
    for item in items:
        known = stored.get(item.code)
        content = content_of(item, known.admin_aliases if known else frozenset())
        digest = content_digest(content)
        if known is None:
            number, effective = item.version or 1, item.effective or today
            found.added.append(Change(content, number, digest, effective))
            continue
        if known.withdrawn:
            found.withdrawn.append(item.code)
        if digest == known.digest and item.effective in {None, known.effective}:
            found.unchanged.append(item.code)
            continue
        number = max(known.number + 1, item.version or 1)
        found.changed.append(Change(content, number, digest, _day_of_edit(item, known, today)))
    return found


def _day_of_edit(item: Item, known: Stored, today: date) -> date:
    """The day an edited guide carries: its own if it was moved on, else the day of the edit."""
    if item.effective is None or item.effective == known.effective:
        return max(today, known.effective)
    return item.effective


def content_of(item: Item, admin_aliases: frozenset[str] = frozenset()) -> Item:
    """The item without what the desk keeps beside it: version, day, the aliases that admins added."""
    aliases = tuple(alias for alias in item.aliases if alias not in admin_aliases)
    return item.model_copy(update={"version": None, "effective": None, "aliases": aliases})


def changed_fields(before: Item, after: Item) -> tuple[str, ...]:
    """The names of the fields in which two versions differ, in the order of the schema."""
    old, new = document(content_of(before)), document(content_of(after))
    order = [*Item.model_fields, *sorted((old | new).keys() - Item.model_fields.keys())]
    return tuple(name for name in order if old.get(name) != new.get(name))
