"""Every module with mapped classes, imported so that `Base.metadata` knows all tables. Add new desks here."""

from __future__ import annotations

import hall.catalogue.models
import hall.centres.models  # noqa: F401
