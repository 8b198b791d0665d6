"""The body of a push, XML or JSON, as one form: nested dicts, lists and strings.

wechatpy's parser is not used here: on malformed input it raises seven kinds of error, and its message
classes hide the fields (bizmsgmenuid, MediaId16K) that only the raw data carry.
"""

from __future__ import annotations

import json
from typing import Any, Final, Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree  # type: ignore[import-untyped]  # ships no types

from bot.wechat.characters import printable

Value = str | list["Value"] | dict[str, "Value"]
Fields = dict[str, Value]
Format = Literal["xml", "json"]

MAX_DEPTH: Final = 8
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"


class MalformedPushError(Exception):
    """A body that is no push; the message says what is wrong with its form and quotes nothing of it."""


def read_payload(body: bytes) -> tuple[Fields, Format]:
    """The fields of a body and the form it came in. Raises MalformedPushError, and nothing else.

    A tag or key that comes twice becomes a list; numbers stay the text they were; null is "".
    """
    body = body.lstrip(_BLANK)
    if body[:1] == b"{":
        return _read_json(body), "json"
    if body[:1] == b"<":
        return _read_xml(body), "xml"
    raise MalformedPushError("neither XML nor JSON")


def _read_xml(body: bytes) -> Fields:
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):
        # ValueError: a forbidden DTD or entity, an encoding that can't be; LookupError: an unknown one.
        raise MalformedPushError("broken or forbidden XML") from None
    if root.tag != "xml" or not len(root):
        raise MalformedPushError("no <xml> with fields")
    return _children(root, 1)


def _children(element: Element, depth: int) -> Fields:
    if depth > MAX_DEPTH:
        raise MalformedPushError("nested too deeply")
    fields: Fields = {}
    for child in element:
        value = _children(child, depth + 1) if len(child) else printable(child.text or "")
        _add(fields, child.tag, value)
    return fields


def _add(fields: Fields, name: str, value: Value) -> None:
    if name not in fields:
        fields[name] = value
        return
    present = fields[name]
    if isinstance(present, list):
        present.append(value)
    else:
        fields[name] = [present, value]


def _read_json(body: bytes) -> Fields:
    try:
        parsed = json.loads(
            body.decode(),
            object_pairs_hook=_pairs,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
        )
    except (ValueError, RecursionError):
        raise MalformedPushError("broken JSON") from None
    value = _plain(parsed, 0)
    if not isinstance(value, dict) or not value:
        raise MalformedPushError("no JSON object with fields")
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        _add(fields, printable(name), value)
    return fields


def _plain(value: Any, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise MalformedPushError("nested too deeply")
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _plain(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return ""
