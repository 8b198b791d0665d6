"""Customer-service messages (客服消息) and the typing state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.api.dispatch import Call
from simulator.errors import ApiError
from simulator.platform import Platform
from simulator.wire import Fields

TEXT_BYTES = 2048
CHOICES = 10
Shown = tuple[str, dict[str, Any]]


async def custom_send(call: Call) -> Fields:
    """Serve message/custom/send within the window and the count of the citizen."""
    body = await call.json()
    platform = call.platform
    citizen = platform.citizen(_openid(body))
    kind = body.get("msgtype")
    check = _KINDS.get(kind) if isinstance(kind, str) else None
    if check is None or kind is None:
        raise ApiError(40008)
    text, data = check(_part(body, kind), platform)
    citizen.window.spend(platform.now())
    platform.post(citizen, "custom", kind, text, data=data)
    platform.touch(citizen)
    return {"errcode": 0, "errmsg": "ok"}


async def typing(call: Call) -> Fields:
    """Serve message/custom/typing."""
    body = await call.json()
    platform = call.platform
    citizen = platform.citizen(_openid(body))
    if body.get("command") == "Typing":
        citizen.window.start_typing(platform.now())
    elif body.get("command") == "CancelTyping":
        citizen.window.stop_typing()
    else:
        raise ApiError(45072)
    platform.touch(citizen)
    return {"errcode": 0, "errmsg": "ok"}


def _openid(body: Fields) -> str:
    openid = body.get("touser")
    if not isinstance(openid, str) or not openid:
        raise ApiError(40003)
    return openid


def _part(body: Fields, kind: str) -> Fields:
    part = body.get(kind)
    if not isinstance(part, dict):
        raise ApiError(47001, f"{kind} is missing")
    return part


def _words(part: Fields, key: str) -> str:
    value = part.get(key, "")
    if not isinstance(value, str):
        raise ApiError(47001, f"{key} is not a string")
    if len(value.encode()) > TEXT_BYTES:
        raise ApiError(45002)
    return value


def _text(part: Fields, _platform: Platform) -> Shown:
    text = _words(part, "content")
    if not text.strip():
        raise ApiError(44004)
    return text, {}


def _media(kind: str) -> Callable[[Fields, Platform], Shown]:
    def check(part: Fields, platform: Platform) -> Shown:
        media = platform.media.get(str(part.get("media_id", "")), platform.now())
        if media.kind != kind:
            raise ApiError(40007, f"not a {kind}")
        return _words(part, "title"), {"media_id": media.id, "description": _words(part, "description")}

    return check


def _news(part: Fields, _platform: Platform) -> Shown:
    articles = part.get("articles")
    if not isinstance(articles, list) or not articles or not isinstance(articles[0], dict):
        raise ApiError(47001, "articles are missing")
    if len(articles) > 1:
        raise ApiError(45008)
    first = articles[0]
    if not _words(first, "title").strip():
        raise ApiError(45003)
    data = {"description": _words(first, "description"), "url": _words(first, "url")}
    return _words(first, "title"), {**data, "picture": _words(first, "picurl")}


def _msgmenu(part: Fields, platform: Platform) -> Shown:
    if not platform.settings.verified:
        raise ApiError(40200)
    items = part.get("list")
    if not isinstance(items, list) or not 1 <= len(items) <= CHOICES:
        raise ApiError(47001, "list is missing")
    choices = []
    for item in items:
        if not isinstance(item, dict) or not str(item.get("content", "")).strip():
            raise ApiError(44004)
        choices.append({"id": str(item.get("id", "")), "content": _words(item, "content")})
    return _words(part, "head_content"), {"choices": choices, "tail": _words(part, "tail_content")}


def _miniprogram(part: Fields, platform: Platform) -> Shown:
    platform.media.get(str(part.get("thumb_media_id", "")), platform.now())
    return _words(part, "title"), {"description": "小程序"}


_KINDS: dict[str, Callable[[Fields, Platform], Shown]] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "news": _news,
    "msgmenu": _msgmenu,
    "miniprogrampage": _miniprogram,
}
