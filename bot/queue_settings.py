"""The numbers of the queue, as an operator sets them: `BANSHI_QUEUE_` and the name of the rule."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings

from hall.queue.rules import QueueRules

_D: Final = QueueRules()
# Priors by department are kept in the code: they only count until a counter's own visits are measured.
_NOT_SET: Final = frozenset({"department_minutes"})


class QueueSettings(BaseSettings):
    """One setting per number of `QueueRules`, with its default and the bounds of what makes sense."""

    # Numbers are given in chat to who is within so many metres of the hall.
    queue_ticket_metres: int = Field(default=500, ge=50, le=50_000)
    queue_early_minutes: int = Field(default=_D.early_minutes, ge=0, le=480)
    queue_last_ticket_minutes: int = Field(default=_D.last_ticket_minutes, ge=0, le=480)
    queue_recalls: int = Field(default=_D.recalls, ge=0, le=20)
    queue_ways_back: int = Field(default=_D.ways_back, ge=0, le=10)
    queue_back_behind: int = Field(default=_D.back_behind, ge=0, le=50)
    queue_same_press_seconds: float = Field(default=_D.same_press_seconds, ge=0, le=30)
    queue_soon_ahead: int = Field(default=_D.soon_ahead, ge=0, le=50)
    queue_soon_minutes: int = Field(default=_D.soon_minutes, ge=0, le=240)
    queue_usual_minutes: float = Field(default=_D.usual_minutes, gt=0, le=480)
    queue_usual_spread: float = Field(default=_D.usual_spread, gt=0, le=3)
    queue_usual_gone: float = Field(default=_D.usual_gone, ge=0, lt=1)
    queue_usual_pass_minutes: float = Field(default=_D.usual_pass_minutes, ge=0, le=60)
    queue_usual_gap_minutes: float = Field(default=_D.usual_gap_minutes, ge=0, le=60)
    queue_usual_pause_minutes: float = Field(default=_D.usual_pause_minutes, ge=0, le=480)
    queue_usual_hold_minutes: float = Field(default=_D.usual_hold_minutes, ge=0, le=480)
    queue_day_over_minutes: int = Field(default=_D.day_over_minutes, ge=0, le=1440)
    queue_history_weeks: int = Field(default=_D.history_weeks, ge=1, le=104)
    queue_history_days: int = Field(default=_D.history_days, ge=1, le=100)
    queue_named_days: int = Field(default=_D.named_days, ge=1, le=3650)

    @property
    def queue_rules(self) -> QueueRules:
        """The rules as set."""
        names = (field.name for field in fields(_D) if field.name not in _NOT_SET)
        return QueueRules(**{name: getattr(self, f"queue_{name}") for name in names})
