"""Every module with mapped classes, imported so that `Base.metadata` knows all tables. Add new desks here."""

from __future__ import annotations

import bot.conversations
import bot.outbox  # noqa: F401
import hall.appointments.models
import hall.calendar.models
import hall.catalogue.models
import hall.centres.models
import hall.notices.models
import hall.people.models
import hall.queue.models
import hall.staff.models  # noqa: F401
