"""The people a citizen keeps (申报人信息库): asked once, used across items, shown masked."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.centres.opening import SHANGHAI
from hall.people import id_numbers, phones
from hall.people.access import Field, opened, owner_of
from hall.people.blind import Vault
from hall.people.citizens import lock_citizens, require_consent
from hall.people.errors import AlreadyKept, NameWrong, TooManyPeople, UnknownPerson
from hall.people.masks import masked_id_number, masked_name, masked_phone
from hall.people.models import Identity, Person

MAX_PEOPLE = 20
_MAX_NAME = 60
_MAX_CALLED = 30
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’·\-])*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a citizen said of a person, as they wrote it. None leaves what is kept as it is.

    `called` is what the citizen calls them (我妈, 女儿).
    """

    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    called: str | None = None

    def __repr__(self) -> str:
        return "Draft(…)"  # never the data: it would end up in a log


@dataclass(frozen=True, slots=True)
class MaskedPerson:
    """A person as shown by default. Empty where nothing is kept."""

    id: int
    key: str
    own: bool
    name: str
    id_number: str
    phone: str
    called: str


@dataclass(frozen=True, slots=True)
class SameNumber:
    """An entry under the ID number that was looked for, of whichever citizen."""

    person_id: int
    citizen_id: int
    own: bool


@dataclass(frozen=True, slots=True)
class _Read:
    """A draft that was read: what is not None is written."""

    name: str | None
    id_number: str | None
    phone: str | None
    called: str | None


async def save_own(
    session: AsyncSession, vault: Vault, citizen_id: int, draft: Draft, *, now: datetime
) -> MaskedPerson:
    """Keep what a citizen said of themselves. What they said before and not now stays.

    Raises ConsentMissing, NameWrong, IdNumberWrong, PhoneWrong, AlreadyKept, UnknownCitizen.
    """
    read = await _admitted(session, citizen_id, draft, now)
    rows = await session.scalars(
        select(Person)
        .where(Person.citizen_id == citizen_id, Person.own.is_(True))
        .execution_options(populate_existing=True)
    )
    return await _write(session, vault, citizen_id, rows.first(), read, own=True, now=now)


async def save_other(
    session: AsyncSession,
    vault: Vault,
    citizen_id: int,
    draft: Draft,
    *,
    now: datetime,
    person_id: int | None = None,
) -> MaskedPerson:
    """Keep somebody whom the citizen acts for: a new entry, or `person_id` corrected.

    A new one with the ID number of a kept one is that one. Raises as `save_own` does, and UnknownPerson,
    TooManyPeople. Acting for them needs their consent besides (`hall.people.proxies`).
    """
    read = await _admitted(session, citizen_id, draft, now)
    if person_id is not None:
        row = await own_row(session, citizen_id, person_id)
        return await _write(session, vault, citizen_id, row, read, own=row.own, now=now)
    known = await _same_of_citizen(session, vault, citizen_id, read.id_number)
    if known is None:
        kept = await session.scalar(select(func.count(Person.id)).where(Person.citizen_id == citizen_id))
        if (kept or 0) >= MAX_PEOPLE:
            raise TooManyPeople(MAX_PEOPLE)
    elif known.own:
        raise AlreadyKept(known.id)
    return await _write(session, vault, citizen_id, known, read, own=False, now=now)


async def people_of(session: AsyncSession, vault: Vault, citizen_id: int) -> tuple[MaskedPerson, ...]:
    """The citizen's people, masked; the citizen first."""
    rows = await session.scalars(
        select(Person).where(Person.citizen_id == citizen_id).order_by(Person.own.desc(), Person.id)
    )
    return tuple(_masked(vault, row) for row in rows)


async def remove(session: AsyncSession, citizen_id: int, person_id: int) -> None:
    """Forget one of the citizen's people, with the consent to act for them. Raises UnknownPerson."""
    await lock_citizens(session, [citizen_id])
    row = await own_row(session, citizen_id, person_id)
    identity_id = row.identity_id
    await session.delete(row)
    await session.flush()
    if identity_id is not None and not row.own:
        await drop_unused_identity(session, identity_id)


async def find_same(session: AsyncSession, vault: Vault, number: str) -> tuple[SameNumber, ...]:
    """All entries under this ID number, whoever keeps them; `number` as written. Shows no data."""
    rows = await session.scalars(
        select(Person).join(Identity).where(_known(vault, id_numbers.normalised(number))).order_by(Person.id)
    )
    return tuple(SameNumber(row.id, row.citizen_id, row.own) for row in rows)


async def own_row(session: AsyncSession, citizen_id: int, person_id: int) -> Person:
    """The row of one of the citizen's people. Raises UnknownPerson, also for another citizen's."""
    row = await session.get(Person, person_id, populate_existing=True)
    if row is None or row.citizen_id != citizen_id:
        raise UnknownPerson(person_id)
    return row


async def drop_unused_identity(session: AsyncSession, identity_id: int) -> None:
    """Forget the digest of an ID number that nobody's entry has any more."""
    in_use = select(Person.id).where(Person.identity_id == identity_id).exists()
    await session.execute(delete(Identity).where(Identity.id == identity_id, ~in_use))


def read_name(written: str) -> str:
    """A person's name: 2 to 60 letters, with spaces, · and the like between. Raises NameWrong."""
    name = " ".join(unicodedata.normalize("NFKC", written).replace("•", "·").split())
    if not 2 <= len(name) <= _MAX_NAME or not _NAME.fullmatch(name):
        raise NameWrong("not a name")
    return name


async def _admitted(session: AsyncSession, citizen_id: int, draft: Draft, now: datetime) -> _Read:
    await lock_citizens(session, [citizen_id])
    await require_consent(session, citizen_id)
    today = now.astimezone(SHANGHAI).date()
    return _Read(
        None if draft.name is None else read_name(draft.name),
        None if draft.id_number is None else id_numbers.parse(draft.id_number, today=today).number,
        None if draft.phone is None else phones.parse(draft.phone),
        None if draft.called is None else draft.called.strip()[:_MAX_CALLED],
    )


async def _write(
    session: AsyncSession,
    vault: Vault,
    citizen_id: int,
    row: Person | None,
    read: _Read,
    *,
    own: bool,
    now: datetime,
) -> MaskedPerson:
    if row is None:
        if read.name is None:
            raise NameWrong("a new person needs a name")
        row = Person(key=uuid.uuid4().hex, citizen_id=citizen_id, own=own, created=now)
        row.id_number = row.phone = row.called = None
    same = await _same_of_citizen(session, vault, citizen_id, read.id_number)
    if same is not None and same.id != row.id:
        raise AlreadyKept(same.id)
    if read.id_number is not None:
        row.identity_id = await _identity(session, vault, read.id_number)
    values: dict[Field, str | None] = {
        "name": read.name,
        "id_number": read.id_number,
        "phone": read.phone,
        "called": read.called,
    }
    for field, value in values.items():
        if value is not None:
            setattr(row, field, vault.seal.seal(value.encode(), owner=owner_of(row.key, field)))
    row.updated = now
    session.add(row)
    await session.flush()
    return _masked(vault, row)


async def _same_of_citizen(
    session: AsyncSession, vault: Vault, citizen_id: int, number: str | None
) -> Person | None:
    if number is None:
        return None
    rows = await session.scalars(
        select(Person).join(Identity).where(Person.citizen_id == citizen_id, _known(vault, number))
    )
    return rows.first()


async def _identity(session: AsyncSession, vault: Vault, number: str) -> int:
    mark = vault.blind.mark(number)
    rows = await session.execute(select(Identity.id, Identity.mark).where(_known(vault, number)))
    found: dict[str, int] = {row.mark: row.id for row in rows}
    if mark in found:
        return found[mark]
    if found:
        kept = min(found.values())
        await session.execute(update(Identity).where(Identity.id == kept).values(mark=mark))
        return kept
    await session.execute(
        insert(session, Identity).values(mark=mark).on_conflict_do_nothing(index_elements=["mark"])
    )
    made: int = (await session.execute(select(Identity.id).where(Identity.mark == mark))).scalar_one()
    return made


def _known(vault: Vault, number: str) -> ColumnElement[bool]:
    return Identity.mark.in_(vault.blind.marks(number))


def _masked(vault: Vault, row: Person) -> MaskedPerson:
    return MaskedPerson(
        row.id,
        row.key,
        row.own,
        masked_name(opened(vault, row, "name")),
        masked_id_number(opened(vault, row, "id_number")),
        masked_phone(opened(vault, row, "phone")),
        opened(vault, row, "called"),
    )
