"""Reads what the page says a citizen did, and does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.acts import Acts
from simulator.pushing import ActError, Pushing

Fields = dict[str, Any]


def act(acts: Acts, body: Fields) -> Pushing | None:
    """Do one act; raise ActError, KeyError, TypeError or ValueError if the request makes no sense."""
    doing = _ACTS.get(str(body.get("act", "")))
    if doing is None:
        raise ActError("不认识的动作")
    return doing(acts, str(body["openid"]), body)


def _button(body: Fields) -> list[int] | None:
    path = body.get("button")
    return [int(index) for index in path] if path is not None else None


def _desk_says(acts: Acts, openid: str, body: Fields) -> None:
    acts.desk_says(openid, str(body["text"]))


def _location(acts: Acts, openid: str, body: Fields) -> Pushing:
    latitude, longitude = float(body["latitude"]), float(body["longitude"])
    return acts.location(openid, latitude, longitude, str(body.get("label", "")), button=_button(body))


def _report_location(acts: Acts, openid: str, body: Fields) -> Pushing:
    latitude, longitude = float(body["latitude"]), float(body["longitude"])
    return acts.report_location(openid, latitude, longitude, float(body.get("precision", 30)))


def _voice(acts: Acts, openid: str, body: Fields) -> Pushing:
    recognition = body.get("recognition")
    heard = None if recognition is None else str(recognition)
    return acts.voice(openid, heard, max(1, min(60, int(body.get("seconds", 3)))))


_ACTS: dict[str, Callable[[Acts, str, Fields], Pushing | None]] = {
    "follow": lambda acts, openid, body: acts.follow(openid, str(body.get("scene", ""))),
    "unfollow": lambda acts, openid, _body: acts.unfollow(openid),
    "scan": lambda acts, openid, body: acts.scan(openid, str(body["scene"]), str(body.get("ticket", ""))),
    "say": lambda acts, openid, body: acts.say(
        openid, str(body["text"]), menu_id=str(body.get("menu_id", ""))
    ),
    "voice": _voice,
    "location": _location,
    "report_location": _report_location,
    "link": lambda acts, openid, body: acts.link(
        openid, str(body["title"]), str(body.get("description", "")), str(body["url"])
    ),
    "press": lambda acts, openid, body: acts.press(
        openid, _button(body) or [], scanned=str(body.get("scanned", ""))
    ),
    "popup": lambda acts, openid, body: acts.answer_popup(
        openid, {str(key): bool(agreed) for key, agreed in dict(body["choices"]).items()}
    ),
    "withdraw": lambda acts, openid, body: acts.withdraw(openid, str(body["template"])),
    "raw": lambda acts, openid, body: acts.raw(openid, str(body["kind"]), dict(body["content"])),
    "desk_says": _desk_says,
    "end_desk": lambda acts, openid, _body: acts.end_desk(openid),
}
