"""The signature with which a page may use WeChat's JS-SDK (wx.config)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from typing import Final

_NONCE_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class PageSignature:
    """What `wx.config` wants beside the appid. `timestamp` in seconds."""

    nonce: str
    timestamp: int
    signature: str


def signed_for(url: str, ticket: str, now: datetime) -> PageSignature:
    """The signature for the page at this full address, by the account's jsapi_ticket."""
    nonce, timestamp = secrets.token_hex(_NONCE_BYTES), int(now.timestamp())
    return PageSignature(nonce, timestamp, signature(ticket, nonce, timestamp, url))


def signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """SHA-1 as the platform asks for it; what stands after # is no part of the address."""
    page = url.partition("#")[0]
    plain = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return sha1(plain.encode(), usedforsecurity=False).hexdigest()
