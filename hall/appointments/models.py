"""The tables of the appointments desk. None holds personal data in the open."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hall.db import Base, UTCDateTime


class GroupCapacity(Base):
    """What an admin says of a counter group's capacity; None is as by its name and the rules."""

    __tablename__ = "group_capacity"

    group_id: Mapped[int] = mapped_column(ForeignKey("counter_group.id"), primary_key=True)
    counters: Mapped[int | None] = mapped_column(Integer)
    per_counter: Mapped[int | None] = mapped_column(Integer)
    set_by: Mapped[str] = mapped_column(String(100), default="")
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Slot(Base):
    """A slot that somebody asked for: the row that whoever takes or gives back a place locks first.

    Made on demand. `capacity` where this one slot has another than its group.
    """

    __tablename__ = "slot"
    __table_args__ = (Index("uq_slot_group_starts", "group_id", "starts", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("counter_group.id"))
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    capacity: Mapped[int | None] = mapped_column(Integer)


class QuotaDay(Base):
    """A day of an item that takes only so many: the row that is locked after the slots."""

    __tablename__ = "quota_day"
    __table_args__ = (Index("uq_quota_day_item_day", "item_code", "day", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    item_code: Mapped[str] = mapped_column(String(100))
    day: Mapped[date] = mapped_column(Date)


class Booking(Base):
    """An appointment of a citizen. `day`, `starts`, `hall_code` and `group_code` are those of its slot.

    `identity_id` is the citizen's own ID number as a digest, `person_id` whom it concerns. `occupies_until`:
    when a hold gives its place back by itself, a little after the `held_until` that the citizen was told.
    """

    __tablename__ = "booking"
    __table_args__ = (
        Index("ix_booking_slot_state", "slot_id", "state"),
        Index("ix_booking_citizen_state", "citizen_id", "state"),
        Index("ix_booking_identity_state", "identity_id", "state"),
        Index("ix_booking_item_day", "item_code", "day"),
        Index("ix_booking_state_starts", "state", "starts"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str | None] = mapped_column(String(12), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"))
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    for_other: Mapped[bool] = mapped_column(Boolean, default=False)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    hall_code: Mapped[str] = mapped_column(String(60))
    group_code: Mapped[str] = mapped_column(String(60))
    day: Mapped[date] = mapped_column(Date)
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    ends: Mapped[datetime] = mapped_column(UTCDateTime)
    item_code: Mapped[str] = mapped_column(String(100))
    item_version: Mapped[int] = mapped_column(Integer)
    quota: Mapped[int | None] = mapped_column(Integer)
    places: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12))
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    occupies_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    reminder_failed: Mapped[datetime | None] = mapped_column(UTCDateTime)
    excused: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BookingEvent(Base):
    """What happened to a booking, when, and by whom (the citizen, a member of staff, the desk itself)."""

    __tablename__ = "booking_event"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(100))
    detail: Mapped[str] = mapped_column(String(300), default="")


class BookingRequest(Base):
    """A request that was carried out, by its key: the same one again changes nothing."""

    __tablename__ = "booking_request"

    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class WaitlistEntry(Base):
    """Somebody who waits for a place that begins from `first` to before `last` (候补).

    States: waiting, offered (until `offer_until`, in `slot_id`), taken, left, passed (the offer ran out),
    over.
    """

    __tablename__ = "waitlist_entry"
    __table_args__ = (Index("ix_waitlist_entry_group_state", "group_id", "state"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    for_other: Mapped[bool] = mapped_column(Boolean, default=False)
    group_id: Mapped[int] = mapped_column(ForeignKey("counter_group.id"))
    hall_code: Mapped[str] = mapped_column(String(60))
    group_code: Mapped[str] = mapped_column(String(60))
    item_code: Mapped[str] = mapped_column(String(100))
    item_version: Mapped[int] = mapped_column(Integer)
    quota: Mapped[int | None] = mapped_column(Integer)
    places: Mapped[int] = mapped_column(Integer)
    first: Mapped[datetime] = mapped_column(UTCDateTime)
    last: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id"))
    offer_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created: Mapped[datetime] = mapped_column(UTCDateTime)


class Withheld(Base):
    """Places kept back until a moment: given back a short while ago, or offered to a waitlist entry.

    `day` is the slot's, in Asia/Shanghai.
    """

    __tablename__ = "withheld"
    __table_args__ = (Index("ix_withheld_slot_until", "slot_id", "until"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    item_code: Mapped[str] = mapped_column(String(100))
    day: Mapped[date] = mapped_column(Date)
    places: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("waitlist_entry.id"), index=True)


class PenaltyLift(Base):
    """Staff lifted what stood against a citizen: no-shows up to `at` no longer count."""

    __tablename__ = "penalty_lift"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    identity_id: Mapped[int | None] = mapped_column(
        ForeignKey("identity.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(300))


class Appeal(Base):
    """A citizen's appeal (申诉) against a penalty, in their own words (sealed), and what was decided."""

    __tablename__ = "appeal"
    __table_args__ = (Index("ix_appeal_state", "state"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizen.id"), index=True)
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12))
    decided: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
