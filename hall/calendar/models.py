"""The table of the calendar desk. The days themselves are `hall.centres.models.SpecialDay`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from hall.db import Base, UTCDateTime


class PublishedYear(Base):
    """A year whose holidays and shifted working days (调休) an admin has entered as they were published.

    Its other days are then as in any week, and no longer unknown.
    """

    __tablename__ = "published_year"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(200), default="")
    set_by: Mapped[str] = mapped_column(String(100), default="")
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
