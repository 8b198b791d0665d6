"""The tables of the staff desk: accounts, attempts to log in, links of wall displays, the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, Boolean, Connection, Index, Integer, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from hall.db import Base, UTCDateTime


class StaffAccount(Base):
    """An account of a member of staff. It is disabled, never deleted: the audit names it.

    `hall_code` "" is every hall. `epoch` moves when all sessions of the account are to end.
    """

    __tablename__ = "staff_account"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(20))
    hall_code: Mapped[str] = mapped_column(String(60))
    password: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(Boolean)
    epoch: Mapped[int] = mapped_column(Integer)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    seen: Mapped[datetime | None] = mapped_column(UTCDateTime)
    disabled: Mapped[datetime | None] = mapped_column(UTCDateTime)


class StaffAttempt(Base):
    """Attempts to log in that did not succeed, by account or address (`who`), since `first`."""

    __tablename__ = "staff_attempt"

    who: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    first: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DisplayLink(Base):
    """A link under which a wall display shows a hall's queue without a log-in; `mark` is its key's digest."""

    __tablename__ = "display_link"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    hall_code: Mapped[str] = mapped_column(String(60), index=True)
    name: Mapped[str] = mapped_column(String(60))
    made_by: Mapped[str] = mapped_column(String(40))
    made: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked: Mapped[datetime | None] = mapped_column(UTCDateTime)


class StaffAudit(Base):
    """Who of the staff did what to what. Append-only; `detail` is masked before it is kept.

    No foreign keys: it outlives what it tells of.
    """

    __tablename__ = "staff_audit"
    __table_args__ = (Index("ix_staff_audit_who_at", "who", "at"), Index("ix_staff_audit_subject", "subject"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    who: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(100))
    detail: Mapped[str] = mapped_column(String(300))


class AuditIsFinal(RuntimeError):  # noqa: N818 - reads as the verdict it is
    """Code tried to change or delete a line of the audit."""


def _refuse(_mapper: Mapper[Any], _connection: Connection, line: StaffAudit) -> None:
    raise AuditIsFinal(f"line {line.id}")


event.listen(StaffAudit, "before_update", _refuse)
event.listen(StaffAudit, "before_delete", _refuse)

# Statements that go past the mapped class are stopped by the database itself. Revision 0008 says the same.
KEEP_AUDIT_SQLITE = tuple(
    f"CREATE TRIGGER staff_audit_keeps_on_{verb} BEFORE {verb.upper()} ON staff_audit "
    "BEGIN SELECT RAISE(ABORT, 'staff_audit is append-only'); END"
    for verb in ("update", "delete")
)
KEEP_AUDIT_POSTGRESQL = (
    "CREATE FUNCTION staff_audit_keeps() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'staff_audit is append-only'; END $$",
    "CREATE TRIGGER staff_audit_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION staff_audit_keeps()",
)
for _dialect, _statements in (("sqlite", KEEP_AUDIT_SQLITE), ("postgresql", KEEP_AUDIT_POSTGRESQL)):
    for _statement in _statements:
        _keep: Any = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(StaffAudit.__table__, "after_create", _keep.execute_if(dialect=_dialect))
