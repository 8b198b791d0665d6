"""Taking in a centre's file: idempotent, and nothing that others may refer to is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue import revision
from hall.centres.checks import disagreements
from hall.centres.models import BrowsingEntry, Centre, CounterGroup, Hall
from hall.centres.schema import CentreFile, CentreInvalid
from hall.centres.service import PLACEHOLDER
from hall.centres.special_days import scope_of, special_row, special_rows, special_values


@dataclass(slots=True)
class CentreReport:
    """What an import of a centre changed, as ``kind:code``; all empty when the file was known already."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.changed or self.withdrawn)


async def import_centre(session: AsyncSession, content: CentreFile) -> CentreReport:
    """Take in a centre's file; importing the same file again changes nothing.

    Halls and counters of the file's centres that it no longer names are withdrawn, not deleted. Topics, life
    events and information are replaced kind by kind, where the file gives the kind. Special days set by an
    admin stay. Raises CentreInvalid where the file contradicts itself.
    """
    if found := disagreements(content):
        raise CentreInvalid(found)
    await revision.lock(session)
    report = CentreReport()
    centres = await _take_centres(session, content, report)
    halls = await _take_halls(session, content, centres, report)
    await _take_counters(session, content, halls, report)
    if "special_days" in content.model_fields_set:
        await _take_special_days(session, content, report)
    for kind, entries in _browsing(content).items():
        await _take_browsing(session, kind, entries, report)
    await session.flush()
    if report.anything:
        await revision.move(session)
    return report


def _update(row: Any, values: Mapping[str, Any], name: str, report: CentreReport) -> None:
    """Set what differs; a JSON column is only written when its content does."""
    changed = {key: value for key, value in values.items() if getattr(row, key) != value}
    for key, value in changed.items():
        setattr(row, key, value)
    if changed:
        report.changed.append(name)


async def _take_centres(session: AsyncSession, content: CentreFile, report: CentreReport) -> dict[str, int]:
    rows = {row.code: row for row in await session.scalars(select(Centre))}
    roots = [centre for centre in content.centres if centre.parent is None]
    if PLACEHOLDER in rows and roots and not any(centre.code in rows for centre in content.centres):
        rows[roots[0].code] = rows.pop(PLACEHOLDER)
    for position, centre in enumerate(content.centres):
        values = {"code": centre.code, "name": centre.name, "level": centre.level, "position": position}
        if centre.code in rows:
            _update(rows[centre.code], values, f"centre:{centre.code}", report)
        else:
            rows[centre.code] = Centre(**values)
            session.add(rows[centre.code])
            report.added.append(f"centre:{centre.code}")
    await session.flush()
    ids = {code: row.id for code, row in rows.items()}
    for centre in content.centres:
        parent = ids[centre.parent] if centre.parent is not None else None
        if rows[centre.code].parent_id != parent:
            rows[centre.code].parent_id = parent
            _note_change(report, f"centre:{centre.code}")
    return ids


def _note_change(report: CentreReport, name: str) -> None:
    if name not in report.added and name not in report.changed:
        report.changed.append(name)


async def _take_halls(
    session: AsyncSession, content: CentreFile, centres: Mapping[str, int], report: CentreReport
) -> dict[str, int]:
    rows = {row.code: row for row in await session.scalars(select(Hall))}
    for position, hall in enumerate(content.halls):
        values = {
            "code": hall.code,
            "centre_id": centres[hall.centre],
            "name": hall.name,
            "document": written(hall),
            "position": position,
            "withdrawn": False,
        }
        if hall.code in rows:
            _update(rows[hall.code], values, f"hall:{hall.code}", report)
        else:
            rows[hall.code] = Hall(**values)
            session.add(rows[hall.code])
            report.added.append(f"hall:{hall.code}")
    ours = {centres[centre.code] for centre in content.centres}
    named = {hall.code for hall in content.halls}
    for code, row in rows.items():
        if row.centre_id in ours and code not in named and not row.withdrawn:
            row.withdrawn = True
            report.withdrawn.append(f"hall:{code}")
    await session.flush()
    return {code: row.id for code, row in rows.items()}


async def _take_counters(
    session: AsyncSession, content: CentreFile, halls: Mapping[str, int], report: CentreReport
) -> None:
    codes = {halls[hall.code]: hall.code for hall in content.halls}
    found = await session.scalars(select(CounterGroup).where(CounterGroup.hall_id.in_(codes)))
    rows = {(row.hall_id, row.code): row for row in found}
    named = set()
    for position, counter in enumerate(content.counters):
        key, name = (halls[counter.hall], counter.group), f"counter:{counter.hall}/{counter.group}"
        named.add(key)
        values = {
            "hall_id": key[0],
            "code": counter.group,
            "name": counter.name,
            "document": written(counter),
            "position": position,
            "withdrawn": False,
        }
        if key in rows:
            _update(rows[key], values, name, report)
        else:
            session.add(CounterGroup(**values))
            report.added.append(name)
    for key, row in rows.items():
        if key not in named and not row.withdrawn:
            row.withdrawn = True
            report.withdrawn.append(f"counter:{codes[row.hall_id]}/{row.code}")


async def _take_special_days(session: AsyncSession, content: CentreFile, report: CentreReport) -> None:
    rows = await special_rows(session)
    for day in content.special_days:
        row, name = rows.pop(scope_of(day), None), f"special_day:{day.date}"
        if row is None:
            session.add(special_row(day, imported=True))
            report.added.append(name)
        elif row.imported:
            _update(row, special_values(day), name, report)
    for row in rows.values():
        if row.imported:
            await session.delete(row)
            report.withdrawn.append(f"special_day:{row.day}")


def _browsing(content: CentreFile) -> dict[str, Sequence[tuple[str, BaseModel]]]:
    kinds: dict[str, Sequence[tuple[str, BaseModel]]] = {}
    if "topics" in content.model_fields_set:
        kinds["topic"] = [(topic.name, topic) for topic in content.topics]
    if "life_events" in content.model_fields_set:
        kinds["life_event"] = [(event.code, event) for event in content.life_events]
    if "info" in content.model_fields_set:
        kinds["info"] = [(info.id, info) for info in content.info]
    return kinds


async def _take_browsing(
    session: AsyncSession, kind: str, entries: Iterable[tuple[str, BaseModel]], report: CentreReport
) -> None:
    found = await session.scalars(select(BrowsingEntry).where(BrowsingEntry.kind == kind))
    rows = {row.code: row for row in found}
    named = set()
    for position, (code, entry) in enumerate(entries):
        named.add(code)
        values = {"kind": kind, "code": code, "document": written(entry), "position": position}
        if code in rows:
            _update(rows[code], values, f"{kind}:{code}", report)
        else:
            session.add(BrowsingEntry(**values))
            report.added.append(f"{kind}:{code}")
    gone = [code for code in rows if code not in named]
    if gone:
        await session.execute(
            delete(BrowsingEntry).where(BrowsingEntry.kind == kind, BrowsingEntry.code.in_(gone))
        )
        report.withdrawn += [f"{kind}:{code}" for code in gone]


def written(entry: BaseModel) -> dict[str, Any]:
    """The entry as the JSON of its file; what is not said is left out."""
    return entry.model_dump(mode="json", exclude_defaults=True)
