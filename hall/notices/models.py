"""The tables of the notices desk. None holds personal data; a citizen is known by the account alone."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Final

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from hall.db import Base, UTCDateTime


class State(enum.StrEnum):
    """Where a notice stands."""

    DUE = "due"
    """To be sent, from `next_at` on."""
    SENDING = "sending"
    """A process is at it, until `next_at` at the latest."""
    SENT = "sent"
    WAITING = "waiting"
    """No channel is open: for the citizen's next message."""
    ALARM = "alarm"
    """As waiting, because of something that a person must mend."""
    UNSURE = "unsure"
    """It may have arrived: told again with the citizen's next message, never before."""
    STALE = "stale"
    """Of no use any more before it could be told."""
    WITHDRAWN = "withdrawn"
    """No longer true, or put aside by staff."""
    REFUSED = "refused"
    """Nothing reaches this citizen (not following, blocked, no phone) unless they come back."""


HELD: Final = (State.WAITING, State.ALARM, State.UNSURE, State.REFUSED)
"""What the citizen's next message releases."""
OPEN: Final = (State.DUE, *HELD)
"""What is neither told nor given up, nor on its way."""


class NoticeRow(Base):
    """A notice. `next_at`: when it is tried next, or, while it is being sent, when the claim ends.

    `closed`: the channels that are of no use for it, comma separated. `unwanted`: withdrawn while it was on
    its way. `again`: it may have been told before. `message_id`: what the platform calls it.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("uq_notice_identity", "openid", "kind", "subject", "event", unique=True),
        Index("ix_notice_state_urgency_next_at", "state", "urgency", "next_at"),
        Index("ix_notice_state_useful_until", "state", "useful_until"),
        Index("ix_notice_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    openid: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(80))
    event: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    urgency: Mapped[int] = mapped_column(Integer)
    due: Mapped[datetime] = mapped_column(UTCDateTime)
    useful_until: Mapped[datetime] = mapped_column(UTCDateTime)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12))
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    claim: Mapped[str] = mapped_column(String(40), default="")
    closed: Mapped[str] = mapped_column(String(60), default="")
    unwanted: Mapped[bool] = mapped_column(Boolean, default=False)
    again: Mapped[bool] = mapped_column(Boolean, default=False)
    channel: Mapped[str] = mapped_column(String(16), default="")
    message_id: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    settled: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Attempt(Base):
    """One try of one channel, and what came of it. Only ever added to."""

    __tablename__ = "notice_attempt"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    channel: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")


class AlarmRow(Base):
    """Something a person must mend, one row for each cause; `mended` once it works again.

    The channel (for the kind alone, where `kind` says one) is left alone until `closed_until`.
    """

    __tablename__ = "notice_alarm"
    __table_args__ = (Index("uq_notice_alarm_cause", "channel", "cause", "kind", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(24), default="")
    message: Mapped[str] = mapped_column(String(200))
    first: Mapped[datetime] = mapped_column(UTCDateTime)
    last: Mapped[datetime] = mapped_column(UTCDateTime)
    count: Mapped[int] = mapped_column(Integer)
    closed_until: Mapped[datetime] = mapped_column(UTCDateTime)
    mended: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Reach(Base):
    """What sending taught about an account: since when no customer-service message goes, or nothing at all.

    Both count only until the citizen writes again.
    """

    __tablename__ = "notice_reach"

    openid: Mapped[str] = mapped_column(String(128), primary_key=True)
    window_closed: Mapped[datetime | None] = mapped_column(UTCDateTime)
    unreachable: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Subscription(Base):
    """How many subscription notices (订阅通知) of a template a citizen still allows.

    `lasting`: a long-term one, which is not used up.
    """

    __tablename__ = "notice_subscription"

    openid: Mapped[str] = mapped_column(String(128), primary_key=True)
    template: Mapped[str] = mapped_column(String(100), primary_key=True)
    left: Mapped[int] = mapped_column(Integer)
    lasting: Mapped[bool] = mapped_column(Boolean, default=False)
    changed: Mapped[datetime] = mapped_column(UTCDateTime)


class SubscriptionEvent(Base):
    """What happened to a consent, the ledger: granted, refused, used, void. Only ever added to."""

    __tablename__ = "notice_subscription_event"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    openid: Mapped[str] = mapped_column(String(128), index=True)
    template: Mapped[str] = mapped_column(String(100))
    change: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
