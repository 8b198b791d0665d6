"""Passive replies: what can stand in the answer to a push, and how it is written.

Written here and not by wechatpy, whose replies let `]]>` end a text early and know no TransInfo.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.wechat.characters import printable
from bot.wechat.crypto import Sealed
from bot.wechat.payload import Format
from bot.wechat.push import Incoming
from bot.wechat.split import split_text

SUCCESS: Final = "success"
"""The answer that says: received, nothing to show."""
_MAX_TITLE: Final = 64
_MAX_DESCRIPTION: Final = 120


@dataclass(frozen=True, slots=True)
class TextReply:
    """A text. What goes beyond one message (600 characters, 2048 bytes) is not sent: split before."""

    text: str


@dataclass(frozen=True, slots=True)
class TransferReply:
    """Hands the citizen to WeChat's own service desk, to the named agent if there is one.

    Only in answer to a message; check first that the agent is online, or the citizen is captured.
    """

    kf_account: str | None = None


@dataclass(frozen=True, slots=True)
class NewsReply:
    """One article; WeChat takes no more in a passive reply."""

    title: str
    description: str
    pic_url: str
    url: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing now: the push is settled and the citizen sees nothing."""


Passive = TextReply | TransferReply | NewsReply | Silence


def render(reply: Passive, incoming: Incoming, form: Format, *, now: datetime) -> str:
    """The reply in the push's own form, "" where `success` says it all.

    `now` is the wall clock. An empty text counts as silence (WeChat shows an error for it), and so
    does a transfer in answer to an event (WeChat refuses it).
    """
    body = _body(reply, incoming)
    if body is None:
        return ""
    fields: dict[str, Any] = {
        "ToUserName": incoming.openid,
        "FromUserName": incoming.account,
        "CreateTime": int(now.timestamp()),
        **body,
    }
    return _json(fields) if form == "json" else _xml("xml", fields)


def envelope(sealed: Sealed, form: Format) -> str:
    """An encrypted reply as WeChat wants it in the answer."""
    fields = {
        "Encrypt": sealed.encrypt,
        "MsgSignature": sealed.signature,
        "TimeStamp": sealed.timestamp,
        "Nonce": sealed.nonce,
    }
    return _json(fields) if form == "json" else _xml("xml", fields)


def _body(reply: Passive, incoming: Incoming) -> dict[str, Any] | None:
    match reply:
        case TextReply(text):
            parts = split_text(text)
            return {"MsgType": "text", "Content": parts[0]} if parts else None
        case TransferReply(kf_account):
            if incoming.kind == "event":
                return None
            agent = {"TransInfo": {"KfAccount": kf_account}} if kf_account else {}
            return {"MsgType": "transfer_customer_service", **agent}
        case NewsReply():
            return {"MsgType": "news", "ArticleCount": 1, "Articles": {"item": _article(reply)}}
        case Silence():
            return None


def _article(reply: NewsReply) -> dict[str, str]:
    return {
        "Title": reply.title[:_MAX_TITLE],
        "Description": reply.description[:_MAX_DESCRIPTION],
        "PicUrl": reply.pic_url,
        "Url": reply.url,
    }


def _json(fields: dict[str, Any]) -> str:
    # WeChat shows \u escapes as they stand.
    return json.dumps(_printable(fields), ensure_ascii=False, separators=(",", ":"))


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _printable(inner) for name, inner in value.items()}
    return printable(value) if isinstance(value, str) else value


def _xml(tag: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = "".join(_xml(name, child) for name, child in value.items())
    elif isinstance(value, int):
        inner = str(value)
    else:
        # `]]>` would end the section: it is spread over two.
        inner = "<![CDATA[" + printable(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return f"<{tag}>{inner}</{tag}>"
