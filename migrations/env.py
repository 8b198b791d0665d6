"""Alembic's environment: a connection handed over by hall.migrate, or `-x url=…` on the command line."""

from __future__ import annotations

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection

import migrations.tables  # noqa: F401 - every mapped class, so that the metadata is whole
from hall.db import Base, UTCDateTime, create_engine


def _rendered(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Revisions name plain types: they must run even when the product's classes have moved on."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_rendered,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run_on(url: str) -> None:
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


def _main() -> None:
    if context.is_offline_mode():
        raise SystemExit("migrations look at the database they change: --sql is not offered")
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _run(connection)
        return
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise SystemExit("name the database: alembic -x url=sqlite:///var/banshi.db …")
    asyncio.run(_run_on(url))


_main()
