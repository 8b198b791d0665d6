"""What the server answered to a push, read as strictly as WeChat reads it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any

from simulator.crypto import CryptoError, decrypt, signature
from simulator.settings import SimulatorSettings
from simulator.wire import Fields, WireError, read_body

TEXT_BYTES = 2048
TRANSFER = "transfer_customer_service"
_MEDIA_TAGS = {"image": "Image", "voice": "Voice", "video": "Video"}


class AnswerError(Exception):
    """An answer for which the citizen is told 该公众号暂时无法提供服务."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a news reply."""

    title: str
    description: str = ""
    picture: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A passive reply (被动回复) as the citizen gets it."""

    kind: str
    text: str = ""
    article: Article | None = None
    media_id: str = ""
    kf_account: str = ""
    encrypted: bool = False
    fields: Fields = field(default_factory=dict)


def read_answer(body: bytes, settings: SimulatorSettings, openid: str) -> Reply | None:
    """Read the body of the server's answer: None for silence; raise AnswerError with the reason."""
    if body.strip() in (b"", b"success"):
        return None
    try:
        fields = read_body(body)
        encrypted = "Encrypt" in fields
        if encrypted:
            fields = read_body(_open_envelope(fields, settings))
        elif settings.mode == "safe":
            raise AnswerError("安全模式下的回复没有加密")
    except (WireError, CryptoError) as error:
        raise AnswerError(str(error)) from None
    _check_header(fields, settings, openid)
    return _reply(fields, encrypted)


def _open_envelope(fields: Fields, settings: SimulatorSettings) -> bytes:
    if settings.mode == "plain":
        raise AnswerError("明文模式下的回复被加密了")
    sealed = str(fields["Encrypt"])
    expected = signature(
        settings.token, str(fields.get("TimeStamp", "")), str(fields.get("Nonce", "")), sealed
    )
    if not hmac.compare_digest(expected.encode(), str(fields.get("MsgSignature", "")).encode()):
        raise AnswerError("MsgSignature 不对")
    return decrypt(sealed, settings.aes_key, settings.appid)


def _check_header(fields: Fields, settings: SimulatorSettings, openid: str) -> None:
    if fields.get("ToUserName") != openid:
        raise AnswerError("ToUserName 不是发消息的人")
    if fields.get("FromUserName") != settings.account:
        raise AnswerError("FromUserName 不是这个公众号")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise AnswerError("CreateTime 不是整数")


def _reply(fields: Fields, encrypted: bool) -> Reply:
    kind = str(fields.get("MsgType", ""))
    if kind == "text":
        return Reply(kind, text=_text(fields.get("Content")), encrypted=encrypted, fields=fields)
    if kind == "news":
        return Reply(kind, article=_article(fields), encrypted=encrypted, fields=fields)
    if kind == TRANSFER:
        info = fields.get("TransInfo")
        account = str(info.get("KfAccount", "")) if isinstance(info, dict) else ""
        return Reply(kind, kf_account=account, encrypted=encrypted, fields=fields)
    if kind in _MEDIA_TAGS:
        holder = fields.get(_MEDIA_TAGS[kind])
        media_id = str(holder.get("MediaId", "")) if isinstance(holder, dict) else ""
        if not media_id:
            raise AnswerError("没有 MediaId")
        return Reply(kind, media_id=media_id, encrypted=encrypted, fields=fields)
    raise AnswerError(f"不认识的 MsgType:{kind[:40]}")


def _text(content: Any) -> str:
    if not isinstance(content, str) or not content.strip():
        raise AnswerError("Content 是空的")
    if len(content.encode()) > TEXT_BYTES:
        raise AnswerError(f"Content 超过 {TEXT_BYTES} 字节")
    return content


def _article(fields: Fields) -> Article:
    articles = fields.get("Articles")
    if isinstance(articles, dict):
        articles = articles.get("item", [])
    if isinstance(articles, dict):
        articles = [articles]
    if not isinstance(articles, list) or not articles or not isinstance(articles[0], dict):
        raise AnswerError("没有 Articles")
    first = articles[0]  # the platform shows one, whatever ArticleCount says
    if not str(first.get("Title", "")).strip():
        raise AnswerError("Title 是空的")
    return Article(
        str(first["Title"]),
        str(first.get("Description", "")),
        str(first.get("PicUrl", "")),
        str(first.get("Url", "")),
    )
