"""What WeChat reports of subscription and template messages, read out of its events. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.wechat.push import Incoming

# Event -> how the ledger names where a consent came from, and the element it stands in.
LEDGER_EVENTS: Final[Mapping[str, tuple[str, str]]] = {
    "subscribe_msg_popup_event": ("popup", "SubscribeMsgPopupEvent"),
    "subscribe_msg_change_event": ("change", "SubscribeMsgChangeEvent"),
    "subscribe_msg_sent_event": ("sent", "SubscribeMsgSentEvent"),
}
REPORTS: Final = frozenset({*LEDGER_EVENTS, "templatesendjobfinish"})
"""Events in which WeChat speaks of notices; no citizen said anything."""
_MOST_TEMPLATE: Final = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What a citizen said about one template, in the popup or in WeChat's own list of subscriptions."""

    template: str
    agreed: bool
    source: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that was taken and did not arrive."""

    message_id: str
    why: str
    blocked: bool


def answers_of(incoming: Incoming) -> list[Answer]:
    """The answers in a popup or change event."""
    if incoming.event not in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        return []
    source, _ = LEDGER_EVENTS[incoming.event]
    return [
        Answer(_text(entry, "TemplateId"), status == "accept", source)
        for entry in _entries(incoming)
        if (status := _text(entry, "SubscribeStatusString")) in ("accept", "reject")
        and 0 < len(_text(entry, "TemplateId")) <= _MOST_TEMPLATE
    ]


def failure_of(incoming: Incoming) -> Failure | None:
    """The failure that a job-finish or sent event reports; None where it arrived."""
    if incoming.event == "templatesendjobfinish":
        status = _text(incoming.raw, "Status")
        number = _text(incoming.raw, "MsgID") or _text(incoming.raw, "MsgId")
        if status == "success" or not number:
            return None
        return Failure(number, status[:100], "user block" in status)
    if incoming.event == "subscribe_msg_sent_event":
        for entry in _entries(incoming):
            if _text(entry, "ErrorCode") not in ("", "0") and _text(entry, "MsgID"):
                return Failure(_text(entry, "MsgID"), _text(entry, "ErrorStatus")[:100], blocked=False)
    return None


def _entries(incoming: Incoming) -> Iterator[Mapping[str, Any]]:
    """The entries of the list, which XML nests and JSON does not; one alone comes without a list."""
    _, element = LEDGER_EVENTS[incoming.event]
    inner = incoming.raw.get(element, incoming.raw)
    found = inner.get("List", ()) if isinstance(inner, Mapping) else ()
    for entry in [found] if isinstance(found, Mapping) else found:
        if isinstance(entry, Mapping):
            yield entry


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return str(value).strip() if isinstance(value, str | int) else ""
