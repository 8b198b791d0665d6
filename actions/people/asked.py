"""Whether a form waits for an answer about a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def open_question(form: Mapping[str, Any] | None) -> str:
    """What the form asks about a person (`consent`, `name` …); "" where it asks nothing of that kind."""
    state = (form or {}).get("whose")
    return str(state.get("ask") or "") if isinstance(state, Mapping) else ""
