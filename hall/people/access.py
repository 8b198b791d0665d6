"""Showing personal data in the open, and the log of who saw what, why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.masking import masked
from hall.people.blind import Vault
from hall.people.errors import ReasonMissing, UnknownPerson
from hall.people.models import Access, Person

Field = Literal["name", "id_number", "phone", "called"]
FIELDS: tuple[Field, ...] = ("name", "id_number", "phone", "called")

_MAX_WHY = 300


@dataclass(frozen=True, slots=True)
class Revealed:
    """Personal data in the open: the fields that were asked for, the others empty."""

    person_id: int
    name: str = ""
    id_number: str = ""
    phone: str = ""
    called: str = ""

    def __repr__(self) -> str:
        return f"Revealed(person_id={self.person_id})"  # never the data: it would end up in a log


@dataclass(frozen=True, slots=True)
class AccessLine:
    """A line of the log."""

    at: datetime
    who: str
    action: str
    person_id: int | None
    fields: tuple[str, ...]
    why: str


async def reveal(
    session: AsyncSession,
    vault: Vault,
    person_id: int,
    *,
    fields: Collection[Field],
    who: str,
    why: str,
    now: datetime,
) -> Revealed:
    """These fields of a person in the open; `who` saw them and `why` is logged in the same transaction.

    Raises UnknownPerson, ReasonMissing, SealBrokenError.
    """
    row = await session.get(Person, person_id, populate_existing=True)
    if row is None:
        raise UnknownPerson(person_id)
    asked = [field for field in FIELDS if field in fields]
    log(session, "reveal", row.citizen_id, person_id=row.id, fields=asked, who=who, why=why, now=now)
    await session.flush()
    return Revealed(row.id, **{field: opened(vault, row, field) for field in asked})


def opened(vault: Vault, row: Person, field: Field) -> str:
    """A sealed field of a row, opened; "" where there is none. Raises SealBrokenError."""
    sealed: bytes | None = getattr(row, field)
    return vault.seal.open(sealed, owner=owner_of(row.key, field)).decode() if sealed is not None else ""


def owner_of(key: str, field: str) -> str:
    """What a sealed value is bound to, so that it opens in its own row and column only."""
    return f"person.{field}:{key}"


def log(
    session: AsyncSession,
    action: str,
    citizen_id: int,
    *,
    who: str,
    why: str,
    now: datetime,
    person_id: int | None = None,
    fields: Collection[str] = (),
) -> None:
    """Add a line to the log; numbers in the reason are masked. Raises ReasonMissing."""
    if not who.strip() or not why.strip():
        raise ReasonMissing("who sees personal data is named and says why")
    session.add(
        Access(
            at=now,
            who=who.strip()[:100],
            action=action,
            citizen_id=citizen_id,
            person_id=person_id,
            fields=",".join(fields),
            why=masked(why.strip())[:_MAX_WHY],
        )
    )


async def accesses(session: AsyncSession, citizen_id: int) -> tuple[AccessLine, ...]:
    """Who saw, took out or erased this citizen's data, the first one first."""
    rows = await session.scalars(select(Access).where(Access.citizen_id == citizen_id).order_by(Access.id))
    return tuple(
        AccessLine(
            row.at, row.who, row.action, row.person_id, tuple(filter(None, row.fields.split(","))), row.why
        )
        for row in rows
    )
