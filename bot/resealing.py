"""After a change of the secret: what is sealed under which key, and bringing all under the current one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, bindparam, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.conversations import ConversationRow
from bot.outbox import OwedMessage
from hall.appointments.models import Appeal
from hall.appointments.service import reseal_appeals
from hall.db import reading, writing
from hall.people import service as people
from hall.people.models import Person, ProxyGrant
from hall.people.service import Vault
from hall.sealing import Seal, SealBrokenError

PORTION = 200

# Every sealed column of the product.
_SEALED: tuple[InstrumentedAttribute[Any], ...] = (
    Person.name,
    Person.id_number,
    Person.phone,
    Person.called,
    ProxyGrant.evidence,
    Appeal.text,
    ConversationRow.body,
    OwedMessage.body,
)


@dataclass(frozen=True, slots=True)
class SealedUnder:
    """How many sealed values there are by their key; `unknown`: under one that is not at hand."""

    current: int = 0
    previous: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What a portion did: of what, how many rows, and how many of them did not open and stay as they are."""

    kind: str
    rows: int
    broken: int = 0


async def sealed_under(engine: AsyncEngine, seal: Seal) -> SealedUnder:
    """Count the sealed values by their key; reads no content."""
    counted: dict[bytes, int] = {}
    async with AsyncSession(reading(engine)) as session:
        for column in _SEALED:
            key = _key(column)
            for found, count in await session.execute(
                select(key, func.count()).where(column.is_not(None)).group_by(key)
            ):
                counted[bytes(found)] = counted.get(bytes(found), 0) + count
    current, *previous = seal.fingerprints
    return SealedUnder(
        counted.pop(current, 0), sum(counted.pop(each, 0) for each in previous), sum(counted.values())
    )


async def reseal(engine: AsyncEngine, vault: Vault) -> AsyncIterator[Step]:
    """Bring everything under the current key, a portion at a time; the desk may go on working meanwhile.

    Harmless to repeat. Raises SealBrokenError where a person's data does not open.
    """
    async for step in _by_id("people", engine, lambda session, after: _people(session, vault, after)):
        yield step
    async for step in _by_id("appeals", engine, lambda session, after: _appeals(session, vault, after)):
        yield step
    async for step in _bodies("conversations", engine, vault.seal, ConversationRow, "openid"):
        yield step
    async for step in _bodies("messages", engine, vault.seal, OwedMessage, "id"):
        yield step


async def _people(session: AsyncSession, vault: Vault, after: int) -> tuple[int, int | None]:
    done = await people.reseal(session, vault, after=after, limit=PORTION)
    return done.rows, done.last if done.rows else None


async def _appeals(session: AsyncSession, vault: Vault, after: int) -> tuple[int, int | None]:
    last = await reseal_appeals(session, vault.seal, after=after, limit=PORTION)
    if last is None:
        return 0, None
    done = select(func.count()).where(Appeal.id > after, Appeal.id <= last, Appeal.text.is_not(None))
    return await session.scalar(done) or 0, last


async def _by_id(
    kind: str,
    engine: AsyncEngine,
    portion: Callable[[AsyncSession, int], Awaitable[tuple[int, int | None]]],
) -> AsyncIterator[Step]:
    after: int | None = 0
    while after is not None:
        async with writing(engine) as connection:
            async with AsyncSession(bind=connection, expire_on_commit=False) as session:
                rows, after = await portion(session, after)
                await session.flush()
            await connection.commit()
        if rows:
            yield Step(kind, rows)


async def _bodies(
    kind: str, engine: AsyncEngine, seal: Seal, table: type[ConversationRow] | type[OwedMessage], name: str
) -> AsyncIterator[Step]:
    """Rows whose `body` is sealed for their openid, found by the column `name`; what does not open stays."""
    place: Any = getattr(table, name)
    query = select(place, table.body, table.openid).where(_old(table.body, seal)).order_by(place)
    # A turn that wrote meanwhile has sealed under the current key already: its row stays.
    change = (
        update(table)
        .where(place == bindparam("row"), table.body == bindparam("was"))
        .values(body=bindparam("resealed"))
        .execution_options(synchronize_session=False)
    )
    after: Any = None
    while True:
        broken = 0
        async with writing(engine) as connection:
            rest = query if after is None else query.where(place > after)
            rows = (await connection.execute(rest.limit(PORTION))).all()
            for row, body, owner in rows:
                try:
                    sealed = seal.seal(seal.open(body, owner=owner), owner=owner)
                except SealBrokenError:
                    broken += 1
                    continue
                await connection.execute(change, {"row": row, "was": body, "resealed": sealed})
            await connection.commit()
        if not rows:
            return
        after = rows[-1][0]
        yield Step(kind, len(rows) - broken, broken)


def _key(column: Any) -> Any:
    return func.substr(column, 1, 4, type_=LargeBinary)


def _old(column: Any, seal: Seal) -> Any:
    return _key(column) != literal(seal.fingerprints[0], LargeBinary)
