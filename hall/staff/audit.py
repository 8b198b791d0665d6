"""The audit: who of the staff did what to what, append-only and without personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.masking import masked
from hall.staff.models import StaffAudit

_LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: str


def record(
    session: AsyncSession, who: str, action: str, subject: str, detail: str = "", *, now: datetime
) -> None:
    """Add a line in the caller's transaction.

    `who` is a login, or `command line`; `action` a snake_case verb (`ticket_called`), `subject` what it was
    done to (`ticket:main:7`). Numbers that tell of a person are masked in `detail`.
    """
    session.add(
        StaffAudit(
            at=now,
            who=who[:40],
            action=action[:40],
            subject=subject[:100],
            detail=masked(detail.strip())[:_LONGEST_DETAIL],
        )
    )


async def audit_lines(
    session: AsyncSession, *, who: str = "", subject: str = "", before: int = 0, most: int = 100
) -> tuple[AuditLine, ...]:
    """The newest lines first; of one account or subject where named; older than line `before`."""
    wanted = select(StaffAudit).order_by(StaffAudit.id.desc()).limit(most)
    if who:
        wanted = wanted.where(StaffAudit.who == who)
    if subject:
        wanted = wanted.where(StaffAudit.subject == subject)
    if before:
        wanted = wanted.where(StaffAudit.id < before)
    rows = await session.scalars(wanted)
    return tuple(AuditLine(row.id, row.at, row.who, row.action, row.subject, row.detail) for row in rows)
