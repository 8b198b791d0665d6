"""The tables of the queue. The openid is all they know of a citizen, and an erasure takes it away."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, Float, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hall.db import Base, UTCDateTime

_AT_WINDOW = text("state IN ('called', 'serving')")


class QueueState(Base):
    """One row a hall: whoever changes its queue holds it first. `revision` moves with every change.

    `day` (Asia/Shanghai) is the one whose tickets stand; those of days before were closed.
    """

    __tablename__ = "queue_state"

    hall_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    day: Mapped[date] = mapped_column(Date)


class QueueStop(Base):
    """A counter group that gives no more tickets on a day, by whom and why."""

    __tablename__ = "queue_stop"

    hall_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class QueueWindow(Base):
    """A counter (窗口) of a hall. `state`: open, paused, closed. `groups` are the counter groups it serves.

    `staff` opened it, `stand_in` (AB 岗) may act for them. `since`: when the state began. `free_since`: when
    the last ticket was done while others waited.
    """

    __tablename__ = "queue_window"
    __table_args__ = (Index("uq_queue_window_hall_name", "hall_code", "name", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    hall_code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    groups: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12))
    staff: Mapped[str] = mapped_column(String(100), default="")
    stand_in: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    free_since: Mapped[datetime | None] = mapped_column(UTCDateTime)


class QueueTicket(Base):
    """A ticket. `state`: waiting, called, serving, held, passed; finished, left, missed, closed.

    `place` is its place among those of its kind (when it arrived, for most), `since` when it was last put
    there. `only_window`: who may call it, where not everybody of the group. `busy_seconds`: at windows
    before the present call. `told_*`: the waiting time that was told when it was taken, in minutes.
    """

    __tablename__ = "queue_ticket"
    __table_args__ = (
        Index("uq_queue_ticket_number", "hall_code", "issued_group", "day", "serial", unique=True),
        Index("ix_queue_ticket_hall_day_state", "hall_code", "day", "state"),
        Index("ix_queue_ticket_openid_day", "openid", "day"),
        Index(
            "uq_queue_ticket_at_window",
            "window_id",
            unique=True,
            sqlite_where=_AT_WINDOW,
            postgresql_where=_AT_WINDOW,
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    hall_code: Mapped[str] = mapped_column(String(60))
    group_code: Mapped[str] = mapped_column(String(60))
    issued_group: Mapped[str] = mapped_column(String(60))
    day: Mapped[date] = mapped_column(Date)
    serial: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(70))
    openid: Mapped[str | None] = mapped_column(String(128))
    item_code: Mapped[str] = mapped_column(String(100), default="")
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), unique=True)
    appointed: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12))
    arrived: Mapped[datetime] = mapped_column(UTCDateTime)
    place: Mapped[datetime] = mapped_column(UTCDateTime)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    comes_back: Mapped[bool] = mapped_column(default=False)
    only_window: Mapped[int | None] = mapped_column(ForeignKey("queue_window.id"))
    window_id: Mapped[int | None] = mapped_column(ForeignKey("queue_window.id"))
    window_name: Mapped[str] = mapped_column(String(60), default="")
    recalls: Mapped[int] = mapped_column(Integer, default=0)
    passes: Mapped[int] = mapped_column(Integer, default=0)
    first_called: Mapped[datetime | None] = mapped_column(UTCDateTime)
    called: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_called: Mapped[datetime | None] = mapped_column(UTCDateTime)
    started: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_why: Mapped[str] = mapped_column(String(300), default="")
    busy_seconds: Mapped[float] = mapped_column(Float, default=0.0)
    soon_told: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_ahead: Mapped[int | None] = mapped_column(Integer)
    told_low: Mapped[float | None] = mapped_column(Float)
    told_middle: Mapped[float | None] = mapped_column(Float)
    told_high: Mapped[float | None] = mapped_column(Float)


class QueueEvent(Base):
    """What happened to a ticket or a window, when and by whom."""

    __tablename__ = "queue_event"
    __table_args__ = (Index("ix_queue_event_window_at", "window_id", "at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("queue_ticket.id"), index=True)
    window_id: Mapped[int | None] = mapped_column(ForeignKey("queue_window.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(100))
    detail: Mapped[str] = mapped_column(String(300), default="")


class QueueCall(Base):
    """A number called out: what the hall's screen speaks. Ids grow within a hall."""

    __tablename__ = "queue_call"
    __table_args__ = (Index("ix_queue_call_hall_day", "hall_code", "day"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    hall_code: Mapped[str] = mapped_column(String(60))
    day: Mapped[date] = mapped_column(Date)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("queue_ticket.id"))
    number: Mapped[str] = mapped_column(String(70))
    window_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class QueueRequest(Base):
    """A press of a button that was carried out, by its key: the same one again changes nothing."""

    __tablename__ = "queue_request"

    scope: Mapped[str] = mapped_column(String(160), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("queue_ticket.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ServicePace(Base):
    """How long visits took, the latest weighing most: by item, and (item "") of all at a counter group.

    `weight`, `mean`, `spread`: the measured visits' total weight, and the mean and the summed squared
    deviation of the logarithm of their minutes. The others are of the group's row only: of `seen` called
    `gone` did not come, seeing that took `pass_minutes`; a counter called the next after `gap_minutes`.
    """

    __tablename__ = "service_pace"

    hall_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    item_code: Mapped[str] = mapped_column(String(100), primary_key=True)
    weight: Mapped[float] = mapped_column(Float, default=0.0)
    mean: Mapped[float] = mapped_column(Float, default=0.0)
    spread: Mapped[float] = mapped_column(Float, default=0.0)
    seen: Mapped[float] = mapped_column(Float, default=0.0)
    gone: Mapped[float] = mapped_column(Float, default=0.0)
    passes: Mapped[float] = mapped_column(Float, default=0.0)
    pass_minutes: Mapped[float] = mapped_column(Float, default=0.0)
    gaps: Mapped[float] = mapped_column(Float, default=0.0)
    gap_minutes: Mapped[float] = mapped_column(Float, default=0.0)


class QueueHour(Base):
    """An hour of a past day at a counter group: how many took a ticket, and how long those called waited."""

    __tablename__ = "queue_hour"

    hall_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True)
    taken: Mapped[int] = mapped_column(Integer)
    called: Mapped[int] = mapped_column(Integer)
    waited_minutes: Mapped[float] = mapped_column(Float)
