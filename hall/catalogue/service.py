"""The catalogue desk: items by version, aliases, withdrawal, the demo centre.

Each function works in the caller's transaction; a change takes the catalogue's lock first (see `revision`)
and moves its revision on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue import files, revision
from hall.catalogue.changes import Change, content_of
from hall.catalogue.current import as_item
from hall.catalogue.importing import (
    ImportReport,
    Origin,
    add_version,
    export_items,
    import_items,
)
from hall.catalogue.models import CatalogueItem, ItemAlias, ItemVersion
from hall.catalogue.questions import keep_question
from hall.catalogue.schema import Item, content_digest
from hall.catalogue.values import MAX_LINE, MAX_LIST, texts
from hall.centres.intake import CentreReport, import_centre

__all__ = [
    "AliasRefused",
    "ImportReport",
    "UnknownItem",
    "VersionInfo",
    "add_alias",
    "export_items",
    "get_item",
    "history",
    "import_items",
    "keep_question",
    "restore",
    "seed",
    "set_aliases",
    "withdraw",
]


class UnknownItem(LookupError):  # noqa: N818 - reads as the verdict it is
    """No item has this code, or it has no such version."""


class AliasRefused(ValueError):  # noqa: N818 - reads as the verdict it is
    """An alias that cannot be taken: empty, too long, too many."""


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A version in an item's history."""

    number: int
    effective: date
    created: datetime
    created_by: str
    source: str


async def get_item(session: AsyncSession, code: str, version: int | None = None) -> Item:
    """The item as its current version has it, or as `version` had it; withdrawn items are found too.

    Aliases that admins added belong to the current version. Raises UnknownItem.
    """
    row = await _row(session, code)
    number = row.current if version is None else version
    found = await _version(session, row, number)
    return as_item(
        found.document,
        number,
        found.effective,
        await _aliases(session, row) if number == row.current else (),
    )


async def history(session: AsyncSession, code: str) -> tuple[VersionInfo, ...]:
    """The versions of an item, the first one first. Raises UnknownItem."""
    row = await _row(session, code)
    versions = await session.scalars(
        select(ItemVersion).where(ItemVersion.item_id == row.id).order_by(ItemVersion.number)
    )
    return tuple(
        VersionInfo(found.number, found.effective, found.created, found.created_by, found.source)
        for found in versions
    )


async def add_alias(session: AsyncSession, code: str, alias: str, *, now: datetime, by: str = "") -> bool:
    """Let citizens call the item so, at once and without a new version; False if they could already.

    Raises UnknownItem, AliasRefused.
    """
    (wanted,) = _checked([alias]) or ("",)
    if not wanted:
        raise AliasRefused("别名不能为空")
    await revision.lock(session)
    row = await _row(session, code)
    current = await _version(session, row, row.current)
    added = await _aliases(session, row)
    if wanted in current.document.get("aliases", ()) or wanted in added:
        return False
    if len(added) >= MAX_LIST:
        raise AliasRefused(f"别名太多,最多 {MAX_LIST} 个")
    session.add(ItemAlias(item_id=row.id, text=wanted, added=now, added_by=by[:100]))
    await revision.move(session)
    return True


async def set_aliases(
    session: AsyncSession, code: str, aliases: Sequence[str], *, now: datetime, by: str = ""
) -> None:
    """Make these the item's aliases, exactly. Raises UnknownItem, AliasRefused.

    What the item's document does not have is kept beside it; a new version is made only where an alias of
    the document itself is dropped.
    """
    wanted = _checked(aliases)
    await revision.lock(session)
    row = await _row(session, code)
    current = await _version(session, row, row.current)
    own = [alias for alias in current.document.get("aliases", ()) if alias in wanted]
    if len(own) < len(current.document.get("aliases", ())):
        _edit_aliases(session, row, current, own, Origin(now, by[:100], "别名"))
    extra = [alias for alias in wanted if alias not in own]
    if set(extra) != set(await _aliases(session, row)):
        await session.execute(delete(ItemAlias).where(ItemAlias.item_id == row.id))
        session.add_all(ItemAlias(item_id=row.id, text=text, added=now, added_by=by[:100]) for text in extra)
    await session.flush()
    await revision.move(session)


def _edit_aliases(
    session: AsyncSession, row: CatalogueItem, current: ItemVersion, own: list[str], origin: Origin
) -> None:
    item = as_item({**current.document, "aliases": own}, current.number, current.effective)
    content = content_of(item)
    change = Change(content, current.number + 1, content_digest(content), current.effective)
    add_version(session, row, change, origin)


def _checked(aliases: Sequence[str]) -> tuple[str, ...]:
    listed = texts(list(aliases))
    assert isinstance(listed, tuple)  # noqa: S101 - what `texts` returns
    if any(len(alias) > MAX_LINE for alias in listed) or len(listed) > MAX_LIST:
        raise AliasRefused(f"别名最多 {MAX_LIST} 个,每个最多 {MAX_LINE} 个字")
    return listed


async def withdraw(session: AsyncSession, code: str, *, now: datetime) -> None:
    """Take the item out of search and view; its versions stay readable. Raises UnknownItem."""
    await revision.lock(session)
    row = await _row(session, code)
    if row.withdrawn is None:
        row.withdrawn = now
        await revision.move(session)


async def restore(session: AsyncSession, code: str) -> None:
    """Bring a withdrawn item back. Raises UnknownItem."""
    await revision.lock(session)
    row = await _row(session, code)
    if row.withdrawn is not None:
        row.withdrawn = None
        await revision.move(session)


async def seed(session: AsyncSession, folder: Path, *, now: datetime) -> tuple[CentreReport, ImportReport]:
    """Load a demo centre: ``centre.json`` and ``items/*.json`` under `folder`, if they are there.

    Idempotent: what is unchanged makes no version. Raises CentreInvalid, files.FileRefused.
    """
    content, rows = await asyncio.to_thread(files.read_folder, folder)
    centre = await import_centre(session, content)
    return centre, await import_items(session, rows, source=folder.name, now=now)


async def _row(session: AsyncSession, code: str) -> CatalogueItem:
    row = await session.scalar(
        select(CatalogueItem).where(CatalogueItem.code == code).execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownItem(code)
    return row


async def _version(session: AsyncSession, row: CatalogueItem, number: int) -> ItemVersion:
    found = await session.scalar(
        select(ItemVersion).where(ItemVersion.item_id == row.id, ItemVersion.number == number)
    )
    if found is None:
        raise UnknownItem(f"{row.code} version {number}")
    return found


async def _aliases(session: AsyncSession, row: CatalogueItem) -> list[str]:
    found = await session.scalars(
        select(ItemAlias.text).where(ItemAlias.item_id == row.id).order_by(ItemAlias.id)
    )
    return list(found)
