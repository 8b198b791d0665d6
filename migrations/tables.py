"""Every module with mapped classes, imported so that `Base.metadata` knows all tables. Add new desks here."""

from __future__ import annotations

import bot.conversations  # noqa: F401
import bot.outbox  # noqa: F401
import hall.catalogue.models  # noqa: F401
import hall.centres.models  # noqa: F401
