"""The tables of the people desk. Personal data is sealed; what stands open tells nothing about anybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, Boolean, Connection, ForeignKey, Index, Integer, LargeBinary, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from hall.db import Base, UTCDateTime


class Citizen(Base):
    """A citizen as the account that speaks to us. `openid` is gone once the citizen was erased.

    `erased` with an `openid` still there: kept under a restriction (see `hall.people.rights.erase`).
    """

    __tablename__ = "citizen"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    openid: Mapped[str | None] = mapped_column(String(128), unique=True)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    erased: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Consent(Base):
    """A consent (同意) of a citizen: to which purpose, in which wording. Withdrawing dates it."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    wording: Mapped[str] = mapped_column(String(60))
    given: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Identity(Base):
    """A natural person by ID number, as a keyed digest of it: two accounts of one person share the row."""

    __tablename__ = "identity"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), unique=True)


class Person(Base):
    """An entry of a citizen's own people (申报人信息库): the citizen (`own`) or somebody they act for.

    `key` is the handle for links, and what the sealed values are bound to.
    """

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_citizen_own", "citizen_id", "own"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"))
    identity_id: Mapped[int | None] = mapped_column(
        ForeignKey("identity.id", ondelete="SET NULL"), index=True
    )
    own: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    id_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    called: Mapped[bytes | None] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    updated: Mapped[datetime] = mapped_column(UTCDateTime)


class ProxyGrant(Base):
    """The consent of a person to be acted for (代办) by a citizen, and by what it is known."""

    __tablename__ = "proxy_grant"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    means: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[bytes | None] = mapped_column(LargeBinary)
    given: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Access(Base):
    """Who saw, took out or erased whose data, which fields, and why. Append-only, and without any data.

    No foreign keys: it outlives what it tells of.
    """

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    who: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(20))
    citizen_id: Mapped[int] = mapped_column(Integer, index=True)
    person_id: Mapped[int | None] = mapped_column(Integer)
    fields: Mapped[str] = mapped_column(String(100), default="")
    why: Mapped[str] = mapped_column(String(300))


class AccessLogIsFinal(RuntimeError):  # noqa: N818 - reads as the verdict it is
    """Code tried to change or delete a line of the access log."""


def _refuse(_mapper: Mapper[Any], _connection: Connection, line: Access) -> None:
    raise AccessLogIsFinal(f"line {line.id}")


event.listen(Access, "before_update", _refuse)
event.listen(Access, "before_delete", _refuse)

# Statements that go past the mapped class are stopped by the database itself. Revision 0003 says the same.
KEEP_ACCESS_LOG_SQLITE = tuple(
    f"CREATE TRIGGER access_log_keeps_on_{verb} BEFORE {verb.upper()} ON access_log "
    "BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END"
    for verb in ("update", "delete")
)
KEEP_ACCESS_LOG_POSTGRESQL = (
    "CREATE FUNCTION access_log_keeps() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'access_log is append-only'; END $$",
    "CREATE TRIGGER access_log_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log "
    "FOR EACH STATEMENT EXECUTE FUNCTION access_log_keeps()",
)
for _dialect, _statements in (
    ("sqlite", KEEP_ACCESS_LOG_SQLITE),
    ("postgresql", KEEP_ACCESS_LOG_POSTGRESQL),
):
    for _statement in _statements:
        _keep: Any = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(Access.__table__, "after_create", _keep.execute_if(dialect=_dialect))
