"""The fields of every push, as the platform's documents list them."""

from __future__ import annotations

import secrets
from datetime import datetime
from itertools import count
from typing import Any, Literal

from simulator.wire import Fields

_ids = count(24_000_000_000_000_000 + secrets.randbelow(10**14))


def message(account: str, openid: str, now: datetime, kind: str, **content: Any) -> Fields:
    """Build a message push with a MsgId of its own."""
    return {**_header(account, openid, now, kind), **content, "MsgId": next(_ids)}


def event(account: str, openid: str, now: datetime, name: str, **content: Any) -> Fields:
    """Build an event push."""
    return {**_header(account, openid, now, "event"), "Event": name, **content}


def _header(account: str, openid: str, now: datetime, kind: str) -> Fields:
    return {
        "ToUserName": account,
        "FromUserName": openid,
        "CreateTime": int(now.timestamp()),
        "MsgType": kind,
    }


def next_id() -> int:
    """Give an id for a message the platform itself numbers (template and subscription sends)."""
    return next(_ids)


def subscription(
    name: Literal["Popup", "Change", "Sent"],
    entries: list[Fields],
    data_format: str,
) -> Fields:
    """Build what a subscribe_msg_*_event carries: nested in XML, a plain List in JSON."""
    if data_format == "json":
        return {"List": entries}
    return {f"SubscribeMsg{name}Event": {"List": entries}}
