"""Having a citizen told something, and taking that back; both in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.masking import masked
from hall.catalogue.revision import insert
from hall.notices.kinds import URGENT, Kind, Notice
from hall.notices.models import HELD, NoticeRow, State

_KEY = ["openid", "kind", "subject", "event"]
# A check-in code lets its holder in; it stands with the booking and is read there when the notice is sent.
_NOT_KEPT = frozenset({"code"})
_MOST_REASON = 200


async def tell(session: AsyncSession, notice: Notice, *, now: datetime) -> bool:
    """Have a citizen told, from `notice.due` on, once. False: a notice of this identity stands already.

    One that was withdrawn before it was told stands up again. Who has no account (`openid` "") is not told.
    """
    if not notice.openid:
        return False
    values = _written(notice, now)
    row = insert(session, NoticeRow).values(**values)
    renewed = {name: value for name, value in values.items() if name not in (*_KEY, "state", "created")}
    withdrawn = NoticeRow.state == State.WITHDRAWN
    again = row.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            **renewed,
            "unwanted": False,
            "settled": None,
            "state": case((withdrawn, State.DUE.value), else_=NoticeRow.state),
            # What is on its way is left to who sends it: the claim ends when it ended.
            "next_at": case((withdrawn, values["next_at"]), else_=NoticeRow.next_at),
            "attempts": case((withdrawn, 0), else_=NoticeRow.attempts),
        },
        where=or_(withdrawn, NoticeRow.unwanted),
    ).returning(NoticeRow.id)
    return (await session.execute(again)).first() is not None


async def withdraw(
    session: AsyncSession, subject: str, *, kinds: Collection[Kind] | None = None, now: datetime
) -> int:
    """What is not told yet about a subject is no longer wanted (of these kinds); how many notices.

    One that is being sent right now may still arrive; it is not tried again.
    """
    wanted = [NoticeRow.subject == subject]
    if kinds is not None:
        wanted.append(NoticeRow.kind.in_([kind.value for kind in kinds]))
    states = (State.DUE, State.SENDING, *HELD)
    rows = await session.execute(
        select(NoticeRow.id, NoticeRow.state)
        .where(*wanted, NoticeRow.state.in_(states), NoticeRow.unwanted.is_(False))
        .order_by(NoticeRow.id)
        .with_for_update()
    )
    found = rows.all()
    going = [row.id for row in found if row.state == State.SENDING]
    unsent = [row.id for row in found if row.state != State.SENDING]
    if going:
        await session.execute(update(NoticeRow).where(NoticeRow.id.in_(going)).values(unwanted=True))
    if unsent:
        gone = update(NoticeRow).where(NoticeRow.id.in_(unsent))
        result = await session.execute(gone.values(state=State.WITHDRAWN, settled=now))
        assert cast(CursorResult[Any], result).rowcount == len(unsent)  # noqa: S101 - they are locked
    return len(found)


def _written(notice: Notice, now: datetime) -> dict[str, Any]:
    facts = {name: value for name, value in notice.values.items() if name not in _NOT_KEPT}
    if "reason" in facts:
        facts["reason"] = masked(facts["reason"])[:_MOST_REASON]
    return {
        "openid": notice.openid,
        "kind": notice.kind.value,
        "subject": notice.subject,
        "event": notice.event,
        "facts": facts,
        "urgency": 0 if notice.kind in URGENT else 1,
        "due": notice.due,
        "useful_until": notice.useful_until,
        "created": now,
        "state": State.DUE.value,
        "next_at": notice.due,
        "attempts": 0,
        "claim": "",
        "closed": "",
        "unwanted": False,
        "again": False,
        "channel": "",
        "message_id": "",
        "reason": "",
    }
