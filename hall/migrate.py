"""Bringing a database up to date: Alembic revisions, under a lock so that replicas may start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

# Any number that nobody else takes in this database; it spells "banshi" in ASCII.
_LOCK = 0x62616E736869


def configuration() -> Config:
    """Alembic's configuration without its file; `%` in a path would be read as a placeholder."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("prepend_sys_path", str(MIGRATIONS.parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Run what is missing up to `revision`, in one transaction; a second replica waits, then finds it done.

    On PostgreSQL an advisory lock of the transaction keeps others out, on SQLite its write lock does.
    """
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
