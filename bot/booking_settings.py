"""The numbers of booking, as an operator sets them: `BANSHI_BOOKING_` and the name of the rule."""

from __future__ import annotations

from dataclasses import fields
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings

from hall.appointments.rules import BookingRules

_D = BookingRules()


class BookingSettings(BaseSettings):
    """One setting per number of `BookingRules`, with its default and the bounds of what makes sense."""

    booking_slot_minutes: int = Field(default=_D.slot_minutes, ge=5, le=240)
    booking_per_counter: int = Field(default=_D.per_counter, ge=1, le=100)
    booking_horizon_days: int = Field(default=_D.horizon_days, ge=1, le=180)
    booking_lead_minutes: int = Field(default=_D.lead_minutes, ge=0, le=10_080)
    booking_hold_minutes: int = Field(default=_D.hold_minutes, ge=1, le=120)
    booking_offer_minutes: int = Field(default=_D.offer_minutes, ge=1, le=1440)
    booking_max_open: int = Field(default=_D.max_open, ge=1, le=50)
    booking_max_waiting: int = Field(default=_D.max_waiting, ge=1, le=50)
    booking_max_places: int = Field(default=_D.max_places, ge=1, le=50)
    booking_reopen_seconds_least: int = Field(default=_D.reopen_seconds_least, ge=0, le=86_400)
    booking_reopen_seconds_most: int = Field(default=_D.reopen_seconds_most, ge=0, le=86_400)
    booking_check_in_early_minutes: int = Field(default=_D.check_in_early_minutes, ge=0, le=480)
    booking_check_in_late_minutes: int = Field(default=_D.check_in_late_minutes, ge=0, le=480)
    booking_no_show_minutes: int = Field(default=_D.no_show_minutes, ge=0, le=1440)
    booking_suspension_days: int = Field(default=_D.suspension_days, ge=0, le=365)
    booking_blacklist_no_shows: int = Field(default=_D.blacklist_no_shows, ge=1, le=100)
    booking_blacklist_window_days: int = Field(default=_D.blacklist_window_days, ge=1, le=3650)
    # At most five choices are numbered in a message, two of which lead on.
    booking_alternatives: int = Field(default=_D.alternatives, ge=1, le=5)
    booking_remind_evening_hour: int = Field(default=_D.remind_evening_hour, ge=12, le=22)
    booking_remind_minutes: int = Field(default=_D.remind_minutes, ge=5, le=720)

    @model_validator(mode="after")
    def _fit_each_other(self) -> Self:
        if self.booking_reopen_seconds_least > self.booking_reopen_seconds_most:
            raise ValueError(
                "BANSHI_BOOKING_REOPEN_SECONDS_LEAST must not be above BANSHI_BOOKING_REOPEN_SECONDS_MOST"
            )
        if self.booking_check_in_late_minutes > self.booking_no_show_minutes:
            raise ValueError(
                "BANSHI_BOOKING_CHECK_IN_LATE_MINUTES must not be above BANSHI_BOOKING_NO_SHOW_MINUTES"
            )
        return self

    @property
    def booking_rules(self) -> BookingRules:
        """The rules as set."""
        return BookingRules(**{field.name: getattr(self, f"booking_{field.name}") for field in fields(_D)})
