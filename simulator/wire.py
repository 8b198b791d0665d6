"""Bodies of pushes and answers: XML with CDATA, or JSON in raw UTF-8."""

from __future__ import annotations

import json
import re
from typing import Any, Literal
from xml.parsers import expat

Fields = dict[str, Any]

_ESCAPED = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


class WireError(Exception):
    """A body that is neither XML nor JSON of the expected shape."""


def write_body(fields: Fields, data_format: Literal["xml", "json"]) -> bytes:
    """Write a push or an envelope; text becomes CDATA in XML, numbers stand bare."""
    if data_format == "json":
        return json.dumps(fields, ensure_ascii=False).encode()
    return f"<xml>{_xml(fields)}</xml>".encode()


def _xml(fields: Fields) -> str:
    pairs = ((tag, single) for tag, v in fields.items() for single in (v if isinstance(v, list) else [v]))
    return "".join(f"<{tag}>{_value(single)}</{tag}>" for tag, single in pairs)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _xml(value)
    if isinstance(value, int | float):
        return str(value)
    # WeChat strips what XML 1.0 cannot carry, and splits the end of a CDATA section.
    text = "".join(c for c in str(value) if c in "\t\n\r" or c >= " ")
    text = text.replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def read_body(body: bytes) -> Fields:
    """Read an answer of the server, XML or JSON; raise WireError if it is neither."""
    try:
        text = body.decode("utf-8").strip()
        fields = json.loads(text) if text.startswith("{") else _XmlFields().read(text)
    except (UnicodeDecodeError, ValueError, expat.ExpatError, RecursionError) as error:
        raise WireError(f"neither XML nor JSON: {error}") from None
    if not isinstance(fields, dict):
        raise WireError("not an object of fields")
    return fields


class _XmlFields:
    """Reads elements into fields; a document type (and with it every entity) is refused."""

    def __init__(self) -> None:
        self._open: list[tuple[str, Fields, list[str]]] = []
        self._root: Any = None

    def read(self, text: str) -> Any:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(text, True)
        return self._root

    def _refuse(self, *_: Any) -> None:
        raise WireError("a document type is not allowed")

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._open.append((tag, {}, []))

    def _characters(self, data: str) -> None:
        self._open[-1][2].append(data)

    def _end(self, _tag: str) -> None:
        tag, children, characters = self._open.pop()
        value: Any = children or "".join(characters)
        if not self._open:
            self._root = value
            return
        siblings = self._open[-1][1]
        if tag in siblings:
            seen = siblings[tag]
            siblings[tag] = [*seen, value] if isinstance(seen, list) else [seen, value]
        else:
            siblings[tag] = value


def read_api_json(body: bytes) -> Fields:
    r"""Read a call's JSON as the platform does: a `\u` escape of a non-ASCII letter stays as it stands.

    That is why a client must send raw UTF-8. Raise WireError if it is not a JSON object in UTF-8.
    """
    try:
        fields = json.loads(_ESCAPED.sub(_keep_escape, body).decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise WireError(str(error)) from None
    if not isinstance(fields, dict):
        raise WireError("not a JSON object")
    return fields


def _keep_escape(match: re.Match[bytes]) -> bytes:
    code = match.group(1)
    if code is None or int(code, 16) < 0x80:
        return match.group(0)
    return b"\\\\u" + code
