"""A catalogue in JSON: a list of objects, each with the line on which it begins."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from hall.catalogue.rows import FileRefused, LineError, Row

_SPACE = re.compile(r"[ \t\r\n]*")


class _UnreadableError(ValueError):
    """Valid to Python's reader, but no JSON that others would read alike."""


def _no_constant(name: str) -> NoReturn:
    raise _UnreadableError(f"{name} 不是合法的 JSON 数值")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _UnreadableError(f"同一个对象里“{key[:40]}”写了两次")
        found[key] = value
    return found


_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_no_repeats)


def read_json(text: str) -> Any:
    """The one value of `text`. Raises FileRefused with the line of what is wrong."""
    value, end = _decode(text, _SPACE.match(text, 0).end())  # type: ignore[union-attr]
    _nothing_after(text, end)
    return value


def read_json_rows(text: str) -> list[Row]:
    """The objects of a list. Raises FileRefused with the line of what is wrong."""
    position = _skip(text, 0)
    if text[position : position + 1] != "[":
        raise FileRefused(LineError(_line(text, position), "", "", "最外层应是列表:[ {…}, {…} ]"))
    rows: list[Row] = []
    position = _skip(text, position + 1)
    line, counted = _line(text, position), position
    while text[position : position + 1] != "]":
        line, counted = line + text.count("\n", counted, position), position
        value, end = _decode(text, position)
        if not isinstance(value, dict):
            raise FileRefused(LineError(line, "", "", "每一项应是对象:{…}"))
        rows.append(Row(line, value))
        position = _next(text, end)
    _nothing_after(text, position + 1)
    return rows


def _next(text: str, end: int) -> int:
    """The place of the next object, or of the closing bracket."""
    position = _skip(text, end)
    if text[position : position + 1] == "]":
        return position
    if text[position : position + 1] != ",":
        raise FileRefused(LineError(_line(text, position), "", "", "这里应是逗号或 ]"))
    position = _skip(text, position + 1)
    if text[position : position + 1] == "]":
        raise FileRefused(LineError(_line(text, position), "", "", "最后一项后面多了逗号"))
    return position


def _decode(text: str, position: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise FileRefused(LineError(error.lineno, "", "", f"不是合法的 JSON({error.msg})")) from None
    except _UnreadableError as error:
        raise FileRefused(LineError(_line(text, position), "", "", str(error))) from None
    except (RecursionError, ValueError):  # nested beyond reason; a number of thousands of digits
        raise FileRefused(LineError(_line(text, position), "", "", "这一项嵌套太深或数字太长")) from None


def _nothing_after(text: str, position: int) -> None:
    end = _skip(text, position)
    if end != len(text):
        raise FileRefused(LineError(_line(text, end), "", "", "列表结束后还有内容"))


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
