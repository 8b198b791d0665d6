"""The account's menu: what the platform takes (3 × 5), refusing the rest with its codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.errors import ApiError

KEYED = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
NEEDS_MEDIA = frozenset({"media_id", "view_limited"})
NEEDS_ARTICLE = frozenset({"article_id", "article_view_limited"})
KEY_BYTES = 128
URL_BYTES = 1024


@dataclass(frozen=True, slots=True)
class _Level:
    """Limits and codes of one level of the menu."""

    most: int
    name_bytes: int
    size_code: int
    type_code: int
    name_code: int
    key_code: int
    url_code: int


_TOP = _Level(3, 16, 40016, 40017, 40018, 40019, 40020)
_SUB = _Level(5, 40, 40023, 40024, 40025, 40026, 40027)


def check_menu(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the buttons as they will be shown; raise ApiError with the platform's code."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= _TOP.most:
        raise ApiError(_TOP.size_code)
    return [_check_button(button, _TOP) for button in buttons]


def _check_button(button: Any, level: _Level) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise ApiError(47001)
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= level.name_bytes:
        raise ApiError(level.name_code, f"name {name!r}")
    subs = button.get("sub_button")
    if level is _TOP and subs:
        if not isinstance(subs, list) or len(subs) > _SUB.most:
            raise ApiError(_SUB.size_code)
        return {"name": name, "sub_button": [_check_button(sub, _SUB) for sub in subs]}
    if subs:
        raise ApiError(_SUB.size_code, "a third level")
    return {**_check_action(button, level), "name": name}


def _check_action(button: dict[str, Any], level: _Level) -> dict[str, Any]:
    kind = button.get("type")
    if kind in KEYED:
        return {"type": kind, "key": _bounded(button.get("key"), KEY_BYTES, level.key_code)}
    if kind == "view":
        return {"type": kind, "url": _check_url(button.get("url"), level)}
    if kind == "miniprogram":
        return {
            "type": kind,
            "url": _check_url(button.get("url"), level),
            "appid": _bounded(button.get("appid"), KEY_BYTES, 40013),
            "pagepath": _bounded(button.get("pagepath"), URL_BYTES, 40035),
        }
    if kind in NEEDS_MEDIA:
        return {"type": kind, "media_id": _bounded(button.get("media_id"), KEY_BYTES, 40007)}
    if kind in NEEDS_ARTICLE:
        return {"type": kind, "article_id": _bounded(button.get("article_id"), KEY_BYTES, 40035)}
    raise ApiError(level.type_code, f"type {kind!r}")


def _check_url(url: Any, level: _Level) -> str:
    text = _bounded(url, URL_BYTES, level.url_code)
    if not text.startswith(("http://", "https://")):
        raise ApiError(40055 if level is _TOP else 40054, "invalid button url")
    return text


def _bounded(value: Any, limit: int, code: int) -> str:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= limit:
        raise ApiError(code)
    return value


def find_button(buttons: list[dict[str, Any]], path: list[int]) -> dict[str, Any]:
    """Give the button at a path of one or two indexes; raise LookupError if there is none."""
    button: dict[str, Any] = {"sub_button": buttons}
    for index in path:
        if index < 0:
            raise LookupError("no such button")
        button = button.get("sub_button", [])[index]
    if "type" not in button:
        raise LookupError("that button only opens a list")
    return button
