"""The ledger of consents to subscription notices (订阅通知): one each for one-time templates.

What WeChat pushes is not reliable (a popup's event may be missing), so the ledger is corrected by what
sending teaches: a notice that is refused for want of consent voids what stands here.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hall.catalogue.revision import insert
from hall.notices.models import Subscription, SubscriptionEvent

# A citizen can hoard consents by ticking again and again; more than these are never of use.
MOST_LEFT = 20
# Who was asked is left alone for so long, whatever they did with it: never twice in one conversation.
ASKED_AGAIN_AFTER: Final = timedelta(hours=12)


class Change(enum.StrEnum):
    """What happened to a consent."""

    GRANTED = "granted"
    REFUSED = "refused"
    USED = "used"
    VOID = "void"
    """The platform says that there is none."""
    ASKED = "asked"
    """The chat offered the page where it can be given."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a template's consents; `lasting`: for good."""

    count: int
    lasting: bool = False


async def granted(
    session: AsyncSession, openid: str, template: str, *, source: str, now: datetime, lasting: bool = False
) -> None:
    """The citizen allowed one notice of a template (`lasting`: any number, until they take it back)."""
    row = insert(session, Subscription).values(
        openid=openid, template=template, left=1, lasting=lasting, changed=now
    )
    more = row.on_conflict_do_update(
        index_elements=["openid", "template"],
        set_={"left": Subscription.left + 1, "lasting": lasting, "changed": now},
        where=Subscription.left < MOST_LEFT,
    )
    await session.execute(more)
    await _note(session, openid, template, Change.GRANTED, source, now)


async def refused(
    session: AsyncSession, openid: str, template: str, *, source: str, now: datetime, taken_back: bool = False
) -> None:
    """The citizen said no in the popup; `taken_back`: also to what was allowed before (in the settings)."""
    if taken_back:
        await _none_left(session, openid, template, now)
    await _note(session, openid, template, Change.REFUSED, source, now)


async def used(session: AsyncSession, openid: str, template: str, *, now: datetime) -> None:
    """A notice went; one-time consents are one less."""
    less = update(Subscription).where(
        Subscription.openid == openid,
        Subscription.template == template,
        Subscription.lasting.is_(False),
        Subscription.left > 0,
    )
    await session.execute(less.values(left=Subscription.left - 1, changed=now))
    await _note(session, openid, template, Change.USED, "send", now)


async def void(session: AsyncSession, openid: str, template: str, *, now: datetime) -> None:
    """The platform knows of no consent: whatever the ledger said is wrong."""
    await _none_left(session, openid, template, now)
    await _note(session, openid, template, Change.VOID, "send", now)


async def allowed(session: AsyncSession, openids: Collection[str]) -> dict[str, frozenset[str]]:
    """The templates that each of these citizens still allows."""
    rows = await session.execute(
        select(Subscription.openid, Subscription.template).where(
            Subscription.openid.in_(list(openids)), Subscription.left > 0
        )
    )
    found: dict[str, set[str]] = {}
    for openid, template in rows:
        found.setdefault(openid, set()).add(template)
    return {openid: frozenset(templates) for openid, templates in found.items()}


async def left(session: AsyncSession, openid: str) -> dict[str, Left]:
    """What a citizen still allows, by template."""
    rows = await session.scalars(
        select(Subscription).where(Subscription.openid == openid, Subscription.left > 0)
    )
    return {row.template: Left(row.left, row.lasting) for row in rows}


async def ask(session: AsyncSession, openid: str, templates: Collection[str], *, now: datetime) -> bool:
    """Whether to ask for consent to these templates now, which is written down where it is so.

    Only where one of them is not allowed any more, and nobody asked within `ASKED_AGAIN_AFTER`.
    """
    have = await left(session, openid)
    missing = sorted({template for template in templates if template not in have})
    if not missing:
        return False
    lately = select(SubscriptionEvent.id).where(
        SubscriptionEvent.openid == openid,
        SubscriptionEvent.change == Change.ASKED,
        SubscriptionEvent.at > now - ASKED_AGAIN_AFTER,
    )
    if await session.scalar(lately.limit(1)) is not None:
        return False
    for template in missing:
        await _note(session, openid, template, Change.ASKED, "chat", now)
    return True


async def ledger(session: AsyncSession, openid: str) -> list[tuple[datetime, str, str, str]]:
    """What happened to a citizen's consents, as (when, template, change, source), the first one first."""
    rows = await session.execute(
        select(SubscriptionEvent).where(SubscriptionEvent.openid == openid).order_by(SubscriptionEvent.id)
    )
    return [(row.at, row.template, row.change, row.source) for row in rows.scalars()]


async def forget(session: AsyncSession, openid: str) -> None:
    """Delete what stands about a citizen."""
    for table in (Subscription, SubscriptionEvent):
        await session.execute(delete(table).where(table.openid == openid))


async def _none_left(session: AsyncSession, openid: str, template: str, now: datetime) -> None:
    none = update(Subscription).where(Subscription.openid == openid, Subscription.template == template)
    await session.execute(none.values(left=0, changed=now))


async def _note(
    session: AsyncSession, openid: str, template: str, change: Change, source: str, now: datetime
) -> None:
    session.add(SubscriptionEvent(openid=openid, template=template, change=change, source=source, at=now))
    await session.flush()
