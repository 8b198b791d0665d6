"""Taking in a catalogue and giving it back: all or nothing, a version only where something changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue import revision
from hall.catalogue.changes import Change, Plan, Stored, plan
from hall.catalogue.current import admin_aliases, chunks, current_items
from hall.catalogue.models import CatalogueItem, ItemVersion
from hall.catalogue.rows import LineError, Row, items_of, numbered
from hall.catalogue.schema import Item, document
from hall.centres.service import default_centre, ids_of_centres

__all__ = ["ImportReport", "Origin", "add_version", "current_items", "export_items", "import_items"]

_log = structlog.get_logger(__name__)
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, by code. With `errors` it did nothing.

    `withdrawn` are items that the file holds and an admin had withdrawn: they stay withdrawn.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    errors: tuple[LineError, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the import was carried out."""
        return not self.errors


async def import_items(
    session: AsyncSession,
    rows: Iterable[Row | Mapping[str, Any]],
    *,
    source: str,
    now: datetime,
    by: str = "",
    centre: str = "",
) -> ImportReport:
    """Take in `rows` (of `files.read_rows`, or plain objects) in the caller's transaction.

    `source` is what they came from (a file's name), `by` who brought them, `centre` the code of the centre
    for rows that name none (else the root of the tree). Any wrong row: nothing is written and the report
    lists every reason. Concurrent imports wait for each other.
    """
    # Threads for what takes seconds with thousands of rows: the loop goes on answering citizens.
    items, errors = await asyncio.to_thread(items_of, numbered(rows))
    if errors:
        return ImportReport(errors=tuple(errors))
    await revision.lock(session)
    centres, errors = await _centres_for(session, items, centre)
    if errors:
        return ImportReport(errors=tuple(errors))
    stored = await _stored(session, [item.code for _, item in items])
    today = now.astimezone(_SHANGHAI).date()
    planned = await asyncio.to_thread(plan, [item for _, item in items], stored, today=today)
    await _write(session, planned, centres, Origin(now, by[:100], source[:300]))
    if planned.added or planned.changed:
        await revision.move(session)
    report = ImportReport(
        added=tuple(change.content.code for change in planned.added),
        changed=tuple(change.content.code for change in planned.changed),
        unchanged=tuple(planned.unchanged),
        withdrawn=tuple(planned.withdrawn),
    )
    _log.info(
        "catalogue_imported",
        source=source,
        added=len(report.added),
        changed=len(report.changed),
        unchanged=len(report.unchanged),
    )
    return report


@dataclass(frozen=True, slots=True)
class Origin:
    """When, by whom and from what a version was made."""

    now: datetime
    by: str
    source: str


async def _centres_for(
    session: AsyncSession, items: Sequence[tuple[int, Item]], centre: str
) -> tuple[dict[str, int], list[LineError]]:
    """The id of the centre of each code, or the lines that name a centre nobody knows."""
    known = await ids_of_centres(session)
    if centre and centre not in known:
        return {}, [LineError(0, "", "centre", f"没有政务服务中心“{centre}”")]
    fallback = known[centre] if centre else await default_centre(session)
    errors = [
        LineError(line, item.code, "centre", f"没有政务服务中心“{item.centre}”")
        for line, item in items
        if item.centre and item.centre not in known
    ]
    return {item.code: known.get(item.centre, fallback) for _, item in items}, errors


async def _stored(session: AsyncSession, codes: Sequence[str]) -> dict[str, Stored]:
    found: dict[str, Stored] = {}
    for chunk in chunks(codes):
        aliases = await admin_aliases(session, chunk)
        statement = (
            select(
                CatalogueItem.code,
                ItemVersion.number,
                ItemVersion.digest,
                ItemVersion.effective,
                CatalogueItem.withdrawn,
            )
            .join(ItemVersion, ItemVersion.item_id == CatalogueItem.id)
            .where(ItemVersion.number == CatalogueItem.current, CatalogueItem.code.in_(chunk))
        )
        for code, number, digest, effective, withdrawn in await session.execute(statement):
            added = frozenset(aliases.get(code, ()))
            found[code] = Stored(number, digest, effective, withdrawn is not None, added)
    return found


async def _write(session: AsyncSession, planned: Plan, centres: Mapping[str, int], origin: Origin) -> None:
    for change in planned.added:
        code = change.content.code
        session.add(CatalogueItem(code=code, centre_id=centres[code], current=change.number))
    await session.flush()
    changed = {change.content.code: change for change in (*planned.added, *planned.changed)}
    for chunk in chunks(list(changed)):
        for row in await session.scalars(
            select(CatalogueItem)
            .where(CatalogueItem.code.in_(chunk))
            .execution_options(populate_existing=True)
        ):
            add_version(session, row, changed[row.code], origin)
            row.centre_id = centres[row.code]
    await session.flush()


def add_version(session: AsyncSession, row: CatalogueItem, change: Change, origin: Origin) -> None:
    """Append the version and make it the current one."""
    row.current = change.number
    session.add(
        ItemVersion(
            item_id=row.id,
            number=change.number,
            document=document(change.content),
            digest=change.digest,
            effective=change.effective,
            created=origin.now,
            created_by=origin.by,
            source=origin.source,
        )
    )


async def export_items(session: AsyncSession, *, centre: str = "") -> list[dict[str, Any]]:
    """The current items as import takes them, in the order in which they first came.

    Each carries its version, its day and the aliases that admins added. Withdrawn items are left out.
    `centre` asks for one centre's own items.
    """
    return [document(item) for item in await current_items(session, centre=centre)]
