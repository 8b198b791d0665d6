"""All that the desks keep of a citizen: what each adds to a copy, and what each forgets in an erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from hall.appointments import service as appointments
from hall.appointments.rules import BookingRules, Terms
from hall.notices import service as notices
from hall.people.rights import Forgetting, Telling
from hall.queue import service as queue
from hall.queue.rules import QueueRules, QueueTerms

TELLINGS: Final[Mapping[str, Telling]] = MappingProxyType(
    {
        "appointments": appointments.told_of,
        "tickets": queue.told_of,
        "notices": notices.told_of,
    }
)
"""The `parts` of `hall.people.service.export`, by their names in the copy."""


def forgettings(now: datetime, booking: BookingRules, queueing: QueueRules) -> Sequence[Forgetting]:
    """The `forget` of `hall.people.service.erase`, in the order in which the desks lock what is theirs."""
    return (
        appointments.forgetting(Terms(now, booking)),
        queue.forgetting(QueueTerms(now, queueing)),
        notices.forgetting(),
    )
