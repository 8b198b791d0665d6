"""A push as the rest of the product sees it: `Incoming`, the same whatever form and mode it came in."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast, get_args

from bot.wechat.payload import Fields, Format, MalformedPushError, Value, read_payload

__all__ = ["Incoming", "MalformedPushError", "parse_push", "read_push"]

Kind = Literal["text", "image", "voice", "video", "shortvideo", "location", "link", "event", "unknown"]

_KINDS: Final = frozenset(get_args(Kind)) - {"unknown"}
_ACCOUNT = re.compile("[0-9A-Za-z_-]{1,64}")
_TIME = re.compile("[0-9]{1,10}")
_EVENT = re.compile("[0-9a-z_.-]{1,64}")
_SCENE: Final = "qrscene_"
_ID_NAMES: Final = ("MsgID", "MsgId", "MsgIdStr")
_MAX_SHORT: Final = 1024


@dataclass(frozen=True, slots=True)
class Incoming:
    """One push of WeChat's. Texts are free of control characters; times are aware UTC."""

    identity: str
    """The same for every delivery of the push (WeChat repeats it), different for every other push."""
    openid: str
    """Who sent it (FromUserName)."""
    account: str
    """Our account's own id (ToUserName)."""
    created: datetime
    kind: Kind
    text: str = ""
    """A text's content, or what WeChat recognised in a voice message."""
    menu_id: str = ""
    """The choice of a msgmenu that was tapped (bizmsgmenuid)."""
    media_id: str = ""
    pic_url: str = ""
    event: str = ""
    """In lower case: subscribe, unsubscribe, click, view, scan, location ..."""
    event_key: str = ""
    """The menu item's key or the QR code's scene, without WeChat's `qrscene_`."""
    ticket: str = ""
    latitude: float | None = None
    """Degrees north, GCJ-02."""
    longitude: float | None = None
    """Degrees east, GCJ-02."""
    label: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
    """Everything the push carried, as nested dicts, lists and strings."""


def parse_push(body: bytes) -> Incoming:
    """The push in a decrypted body, XML or JSON. Raises MalformedPushError."""
    return read_push(body)[0]


def read_push(body: bytes) -> tuple[Incoming, Format]:
    """As `parse_push`, with the form the push came in, which its reply takes too."""
    fields, form = read_payload(body)
    openid = _required(fields, "FromUserName", _ACCOUNT)
    created = _required(fields, "CreateTime", _TIME)
    message_type = _one(fields, "MsgType").lower()
    if not message_type:
        raise MalformedPushError("MsgType is missing")
    kind = cast(Kind, message_type) if message_type in _KINDS else "unknown"
    event = _required(fields, "Event", _EVENT, lower=True) if kind == "event" else ""
    latitude, longitude = _position(fields)
    key = _short(fields, "EventKey")
    incoming = Incoming(
        identity=_identity(fields, kind, openid, created, event),
        openid=openid,
        account=_required(fields, "ToUserName", _ACCOUNT),
        created=datetime.fromtimestamp(int(created), UTC),
        kind=kind,
        text=_text(fields, kind),
        menu_id=_short(fields, "bizmsgmenuid"),
        media_id=_short(fields, "MediaId"),
        pic_url=_short(fields, "PicUrl"),
        event=event,
        event_key=key.removeprefix(_SCENE) if event == "subscribe" else key,
        ticket=_short(fields, "Ticket"),
        latitude=latitude,
        longitude=longitude,
        label=_short(fields, "Label"),
        raw=fields,
    )
    return incoming, form


def _identity(fields: Fields, kind: Kind, openid: str, created: str, event: str) -> str:
    """The key of deduplication: MsgId alone has collided across citizens, sender and second
    alone drop events of the same second. Hashed, so that it is short and shows no openid.
    """
    if kind == "event":
        parts = ["event", openid, created, event, _first(fields, "EventKey"), *_ids(fields)]
    else:
        message_id = _one(fields, "MsgId")
        # A kind unknown to us may carry no MsgId; then its whole content tells it apart.
        parts = ["message", openid, created, message_id or repr(sorted(fields.items()))]
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def _ids(value: Value) -> Iterator[str]:
    """Every message id in the push, at any depth: job-finish events carry theirs outside, `*_sent`
    events inside a list.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _ID_NAMES and isinstance(inner, str):
                yield inner
            else:
                yield from _ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids(inner)


def _one(fields: Fields, name: str) -> str:
    """The field's text, "" when absent. A field that names the push must not contradict itself."""
    value = fields.get(name, "")
    if isinstance(value, list) and value and all(other == value[0] for other in value):
        value = value[0]
    if not isinstance(value, str):
        raise MalformedPushError(f"{name} is not one text")
    return value.strip()


def _required(fields: Fields, name: str, form: re.Pattern[str], *, lower: bool = False) -> str:
    value = _one(fields, name)
    value = value.lower() if lower else value
    if not form.fullmatch(value):
        raise MalformedPushError(f"{name} is missing or malformed")
    return value


def _first(fields: Fields, name: str) -> str:
    """The field's text; of several the first that is not empty; "" for anything else."""
    value = fields.get(name, "")
    for candidate in value if isinstance(value, list) else [value]:
        if isinstance(candidate, str) and candidate:
            return candidate
    return ""


def _short(fields: Fields, name: str) -> str:
    """As `_first`, for fields that WeChat keeps short; longer than any real one counts as absent."""
    value = _first(fields, name)
    return value if len(value) <= _MAX_SHORT else ""


def _text(fields: Fields, kind: Kind) -> str:
    if kind == "text":
        return _first(fields, "Content")
    return _first(fields, "Recognition") if kind == "voice" else ""


def _position(fields: Fields) -> tuple[float | None, float | None]:
    # A location message says Location_X and _Y, a LOCATION event Latitude and Longitude.
    latitude = _degrees(_first(fields, "Location_X") or _first(fields, "Latitude"), 90)
    longitude = _degrees(_first(fields, "Location_Y") or _first(fields, "Longitude"), 180)
    return (None, None) if latitude is None or longitude is None else (latitude, longitude)


def _degrees(text: str, limit: int) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= limit else None
