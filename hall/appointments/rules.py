"""The numbers of booking, in one place; a centre may set others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random, SystemRandom


@dataclass(frozen=True, slots=True)
class BookingRules:
    """What the desk goes by. Minutes, days and seconds as the names say."""

    # A slot is so long, and a counter serves so many people in it.
    slot_minutes: int = 30
    per_counter: int = 2
    # How far ahead one may book, and how long before the start at the latest.
    horizon_days: int = 30
    lead_minutes: int = 0
    # A place is held so long for somebody who has yet to confirm; an offer from the waitlist stands so long.
    hold_minutes: int = 10
    offer_minutes: int = 30
    # Open bookings and waitlist entries of a person, and people in one booking.
    max_open: int = 2
    max_waiting: int = 2
    max_places: int = 2
    # A place given back opens again after a delay between these, so that nobody can snatch it by agreement.
    reopen_seconds_least: int = 60
    reopen_seconds_most: int = 600
    # Checking in: so long before the start, so long after it; who comes later than that but within
    # `no_show_minutes` has lost the priority, not their standing.
    check_in_early_minutes: int = 30
    check_in_late_minutes: int = 15
    no_show_minutes: int = 60
    # One no-show: no booking for so many days. So many no-shows within the window: blacklist until lifted.
    suspension_days: int = 7
    blacklist_no_shows: int = 3
    blacklist_window_days: int = 30
    # Free times named where the wanted one is not to be had.
    alternatives: int = 3
    # Reminders: at this hour of the evening before (in Asia/Shanghai), and so long before the start.
    remind_evening_hour: int = 19
    remind_minutes: int = 60

    @property
    def slot(self) -> timedelta:
        """The length of a slot."""
        return timedelta(minutes=self.slot_minutes)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a request is carried out: the moment (aware), the rules, and where chance comes from.

    `chance` draws the codes that citizens show, so it is the system's own outside of tests.
    """

    now: datetime
    rules: BookingRules = BookingRules()
    chance: Random = field(default_factory=SystemRandom)

    def reopening(self) -> datetime:
        """When a place that is given back now opens again."""
        least, most = self.rules.reopen_seconds_least, self.rules.reopen_seconds_most
        return self.now + timedelta(seconds=self.chance.uniform(least, most))
