"""Keeps citizens' words out of the logs: Rasa writes them at debug level, whole trackers of them."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

_RASA = ("rasa", "rasa_sdk", "apscheduler")


def quiet_rasa() -> None:
    """Let nothing of Rasa's below a warning through.

    Rasa logs in two ways. The standard library's loggers are set here. For structlog, which has no names,
    the application's configuration takes `drop_rasa_debug` as its first processor; where structlog is not
    configured at all (it would print everything), it is configured here to print warnings and errors.
    """
    for name in _RASA:
        logging.getLogger(name).setLevel(logging.WARNING)
    if not structlog.is_configured():
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
            cache_logger_on_first_use=True,
        )


def drop_rasa_debug(
    _logger: Any, method_name: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: drops Rasa's debug and info events, known by a dot in their names."""
    if method_name in ("debug", "info") and "." in str(event_dict.get("event", "")):
        raise structlog.DropEvent
    return event_dict
