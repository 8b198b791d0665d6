"""The tables of the catalogue: items, their versions, the aliases admins add, questions without an answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Connection, Date, ForeignKey, Index, Integer, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from hall.db import Base, UTCDateTime


class CatalogueItem(Base):
    """An item by its code. `current` is the number of the version that answers use.

    A withdrawn item is neither searched nor shown; its versions stay for the notices that name them.
    """

    __tablename__ = "catalogue_item"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(100), unique=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), index=True)
    current: Mapped[int] = mapped_column(Integer)
    withdrawn: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ItemVersion(Base):
    """What an item said from `created` on. Append-only: an edit adds a version.

    `effective` is the day the guide's text carries (指南 2026-10-08 版); `digest` is of the content alone.
    """

    __tablename__ = "item_version"
    __table_args__ = (Index("uq_item_version_item_number", "item_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("catalogue_item.id"))
    number: Mapped[int] = mapped_column(Integer)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    effective: Mapped[date] = mapped_column(Date)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(100), default="")
    source: Mapped[str] = mapped_column(String(300), default="")


class VersionIsFinal(RuntimeError):  # noqa: N818 - reads as the verdict it is
    """Code tried to change or delete a version: answers and notices rely on what it says."""


def _refuse(_mapper: Mapper[ItemVersion], _connection: Connection, version: ItemVersion) -> None:
    raise VersionIsFinal(f"version {version.number} of item {version.item_id}")


event.listen(ItemVersion, "before_update", _refuse)
event.listen(ItemVersion, "before_delete", _refuse)


class ItemAlias(Base):
    """A way citizens call an item, added by an admin beside those of its document; no new version."""

    __tablename__ = "item_alias"
    __table_args__ = (Index("uq_item_alias_item_text", "item_id", "text", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("catalogue_item.id"))
    text: Mapped[str] = mapped_column(String(300))
    added: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by: Mapped[str] = mapped_column(String(100), default="")


class CatalogueRevision(Base):
    """One row that every change of the catalogue or the centres moves on, and locks while it does."""

    __tablename__ = "catalogue_revision"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)


class UnansweredQuestion(Base):
    """A question that no item answered, kept for the admin: personal data masked, alike ones counted."""

    __tablename__ = "unanswered_question"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(String(200), unique=True)
    times: Mapped[int] = mapped_column(Integer)
    first_asked: Mapped[datetime] = mapped_column(UTCDateTime)
    last_asked: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
