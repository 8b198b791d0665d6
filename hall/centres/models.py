"""The tables of the centres: the tree, halls, counter groups, special days, browsing and information."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hall.db import Base


class Centre(Base):
    """A centre of the tree; `parent_id` is the one above it."""

    __tablename__ = "centre"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    level: Mapped[str] = mapped_column(String(60), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)


class Hall(Base):
    """A hall of a centre. `withdrawn` halls are no longer shown; what refers to them stays readable.

    `document` holds what a citizen reads about it, as in `hall.centres.schema.Hall`.
    """

    __tablename__ = "hall"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(Integer, default=0)
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)


class CounterGroup(Base):
    """A group of counters of a hall, known by its letter or name there (``A``)."""

    __tablename__ = "counter_group"
    __table_args__ = (Index("uq_counter_group_hall_code", "hall_id", "code", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    hall_id: Mapped[int] = mapped_column(ForeignKey("hall.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(300))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(Integer, default=0)
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)


class SpecialDay(Base):
    """A day with other hours than usual; the empty scope (`centre`, `hall`, `group` all "") is everywhere.

    `imported` rows follow the centre's file; the others were set by an admin and no import touches them.
    """

    __tablename__ = "special_day"
    __table_args__ = (
        Index("uq_special_day_scope", "day", "centre_code", "hall_code", "group_code", unique=True),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    centre_code: Mapped[str] = mapped_column(String(60), default="")
    hall_code: Mapped[str] = mapped_column(String(60), default="")
    group_code: Mapped[str] = mapped_column(String(60), default="")
    open: Mapped[bool] = mapped_column(Boolean)
    hours: Mapped[list[list[str]]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    imported: Mapped[bool] = mapped_column(Boolean, default=True)


class BrowsingEntry(Base):
    """What a centre offers for browsing: a topic, a life event or a piece of hall information.

    `kind` is one of ``topic``, ``life_event``, ``info``; `code` is its key within the kind.
    """

    __tablename__ = "browsing_entry"
    __table_args__ = (Index("uq_browsing_entry_kind_code", "kind", "code", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(300))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(Integer, default=0)
