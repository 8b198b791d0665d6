"""Reading the current version of the items, and only those that are not known already."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.models import CatalogueItem, ItemAlias, ItemVersion
from hall.catalogue.schema import Item
from hall.centres.service import ids_of_centres

# Keys asked for in one statement: below the fewest parameters an engine takes.
CHUNK = 2000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an item in memory was made of: the number of its version and the aliases admins added."""

    number: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Current:
    """The items that are not withdrawn, in the order in which they first came, and their stamps."""

    items: Mapping[str, Item] = field(default_factory=dict)
    stamps: Mapping[str, Stamp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Head:
    version_id: int
    number: int
    effective: date


async def read_current(session: AsyncSession, known: Current | None = None, *, centre: str = "") -> Current:
    """The current items. What `known` holds unchanged is not read again; a version never changes.

    Documents are parsed in a thread, so that a large catalogue does not hold up the loop.
    """
    before = known or Current()
    heads = await _heads(session, centre)
    added = await admin_aliases(session)
    stamps = {code: Stamp(head.number, tuple(added.get(code, ()))) for code, head in heads.items()}
    stale = {code: head for code, head in heads.items() if before.stamps.get(code) != stamps[code]}
    documents = await _documents(session, [head.version_id for head in stale.values()])
    fresh = await asyncio.to_thread(_parsed, stale, stamps, documents)
    return Current({code: fresh.get(code) or before.items[code] for code in heads}, stamps)


async def current_items(session: AsyncSession, *, centre: str = "") -> list[Item]:
    """The current version of every item that is not withdrawn, or of those of one centre."""
    return list((await read_current(session, centre=centre)).items.values())


async def admin_aliases(session: AsyncSession, codes: Sequence[str] | None = None) -> dict[str, list[str]]:
    """The aliases that admins added, by the code of the item, the oldest first."""
    statement = (
        select(CatalogueItem.code, ItemAlias.text)
        .join(ItemAlias, ItemAlias.item_id == CatalogueItem.id)
        .order_by(ItemAlias.id)
    )
    if codes is not None:
        statement = statement.where(CatalogueItem.code.in_(codes))
    found: dict[str, list[str]] = {}
    for code, alias in await session.execute(statement):
        found.setdefault(code, []).append(alias)
    return found


def chunks(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """The keys in portions that one statement takes."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


async def _heads(session: AsyncSession, centre: str) -> dict[str, _Head]:
    statement = (
        select(CatalogueItem.code, ItemVersion.id, ItemVersion.number, ItemVersion.effective)
        .join(ItemVersion, ItemVersion.item_id == CatalogueItem.id)
        .where(ItemVersion.number == CatalogueItem.current, CatalogueItem.withdrawn.is_(None))
        .order_by(CatalogueItem.id)
    )
    if centre:
        statement = statement.where(CatalogueItem.centre_id == (await ids_of_centres(session)).get(centre))
    rows = (await session.execute(statement)).all()
    return {code: _Head(version_id, number, effective) for code, version_id, number, effective in rows}


async def _documents(session: AsyncSession, version_ids: Sequence[int]) -> dict[int, str]:
    """The documents as their JSON text: decoding them is the thread's work."""
    found: dict[int, str] = {}
    for chunk in chunks(version_ids):
        written = cast(ItemVersion.document, Text)
        rows = await session.execute(select(ItemVersion.id, written).where(ItemVersion.id.in_(chunk)))
        found.update((version_id, text) for version_id, text in rows)
    return found


def _parsed(
    heads: Mapping[str, _Head], stamps: Mapping[str, Stamp], documents: Mapping[int, str]
) -> dict[str, Item]:
    items: dict[str, Item] = {}
    with _no_collection():
        for code, head in heads.items():
            written = json.loads(documents[head.version_id])
            items[code] = as_item(written, head.number, head.effective, stamps[code].aliases)
    return items


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the cyclic collector, which would walk the growing catalogue again and again to free nothing.

    Measured: two fifths of the time that thousands of items take.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def as_item(written: Mapping[str, Any], number: int, effective: date, aliases: Iterable[str] = ()) -> Item:
    """The item of a stored version, with what the desk keeps beside it."""
    everything = [*written.get("aliases", ()), *aliases]
    return Item.model_validate({**written, "aliases": everything, "version": number, "effective": effective})
