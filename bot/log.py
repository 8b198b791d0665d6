"""Logging: JSON lines in production, readable ones in development, personal data masked in both."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from nlu.agent.logs import drop_rasa_debug

# ID numbers (18 or 15), phone numbers, openids: never whole in a log.
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{7,10}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_OPENID = re.compile(r"(?<![\w-])(o[\w-]{3})[\w-]{20,}([\w-]{4})(?![\w-])")
_SECRET_NAMES = re.compile(r"secret|token|aes_key|password", re.IGNORECASE)


def mask(text: str) -> str:
    """`text` with ID numbers, phone numbers and openids shortened to what tells them apart."""
    for pattern in (_ID_NUMBER, _PHONE, _OPENID):
        text = pattern.sub(r"\1***\2", text)
    return text


def _mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if _SECRET_NAMES.search(name):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = mask(value)
    return event


def configure(level: str, *, json_lines: bool) -> None:
    """Set up structlog and the standard library's logging for the process."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            drop_rasa_debug,
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            # Before masking, in both: an error's text may carry what it was about.
            structlog.processors.format_exc_info,
            _mask_event,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, force=True)
