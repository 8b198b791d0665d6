"""An item as one row of a table: scalar fields as they are, lists with ；, what is nested as JSON. Pure.

What is written here is read here again unchanged, formula guard included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hall.catalogue.columns import HEADERS, field_of
from hall.catalogue.rows import FileRefused, LineError, Row

MAX_COLUMNS = 200

LISTS = frozenset({"aliases", "audience", "topics", "handling", "basis", "related"})
NESTED = frozenset({"fees", "faq", "offered_at", "circumstances", "variants", "materials"})
# What a list that is known to be empty is called; an empty cell says nothing.
_EMPTY = {"fees": "不收费", "materials": "无"}
# Office programs run a cell that begins so as a formula (OWASP, CSV injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_LONGEST_EXACT = 10**15

Cell = str | int | float | bool | date | datetime | None


def read_table(lines: Iterable[tuple[int, Sequence[Cell]]]) -> list[Row]:
    """The rows of a table whose first line that is not empty holds the headers.

    Raises FileRefused with every wrong header and cell.
    """
    fields: list[str] | None = None
    rows: list[Row] = []
    errors: list[LineError] = []
    for number, cells in lines:
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
            continue
        if fields is None:
            fields = _fields(number, cells)
            continue
        data, wrong = _data(number, fields, cells)
        rows.append(Row(number, data))
        errors += wrong
    if fields is None:
        raise FileRefused.whole("文件是空的")
    if errors:
        raise FileRefused(*errors)
    return rows


def _fields(number: int, cells: Sequence[Cell]) -> list[str]:
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise FileRefused(LineError(number, "", "", f"列太多,最多 {MAX_COLUMNS} 列"))
    fields = [field_of(name) if name else "" for name in names]
    if not {"code", "name"} <= set(fields):
        raise FileRefused(LineError(number, "", "", "表头里要有“办理项编码”和“事项名称”两列"))
    errors = [
        LineError(number, "", name, f"不认识的列“{name[:30]}”(自用列请以 x_ 开头)")
        for name, field in zip(names, fields, strict=True)
        if field is None
    ]
    known = [field for field in fields if field]
    errors += [
        LineError(number, "", field, f"“{HEADERS.get(field, (field,))[0]}”有两列")
        for field in dict.fromkeys(known)
        if known.count(field) > 1
    ]
    if errors:
        raise FileRefused(*errors)
    return [field or "" for field in fields]


def _data(
    number: int, fields: Sequence[str], cells: Sequence[Cell]
) -> tuple[dict[str, Any], list[LineError]]:
    data: dict[str, Any] = {}
    errors: list[LineError] = []
    for position, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        field = fields[position] if position < len(fields) else ""
        if not field:
            if str(cell).strip():
                errors.append(
                    LineError(number, str(data.get("code", "")), "", f"第 {position + 1} 列有内容,但没有表头")
                )
            continue
        try:
            _put(data, field, _value(field, cell))
        except ValueError as error:
            errors.append(LineError(number, str(data.get("code", "")), field, str(error)))
    return data, errors


def _put(data: dict[str, Any], field: str, value: Any) -> None:
    whole, dot, part = field.partition(".")
    if dot and not field.startswith("x_"):
        data.setdefault(whole, {})[part] = value
    else:
        data[field] = value


def _value(field: str, cell: Cell) -> Any:
    label = HEADERS.get(field, (field,))[0]
    if (
        field in {"code", "catalog_code", "task_code"}
        and isinstance(cell, int | float)
        and cell >= _LONGEST_EXACT
    ):
        raise ValueError(f"{label}被表格存成了数字,末尾几位已丢失:请把这一列设为文本后重填")
    if not isinstance(cell, str):
        return cell
    words = cell[1:] if _GUARDED.match(cell) else cell
    if field.startswith("x_"):
        return _own(words)
    words = words.strip()
    if field in NESTED and words[:1] in {"[", "{"}:
        try:
            return json.loads(words)
        except (ValueError, RecursionError):
            raise ValueError(f"{label}不是合法的 JSON") from None
    return _listed(words) if field in LISTS and words.startswith("[") else words


def _own(words: str) -> Any:
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return words


def _listed(words: str) -> Any:
    """A list as JSON; text that only looks like it is text."""
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return words


def headers_for(documents: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The fields of a table of these documents and their headers: all national ones, then their own."""
    own = sorted({key for written in documents for key in written if key.startswith("x_")})
    return [*HEADERS, *own], [*(names[0] for names in HEADERS.values()), *own]


def cells_of(written: Mapping[str, Any], fields: Sequence[str]) -> list[str]:
    """The cells of one document, in the order of `fields`."""
    return [_guarded(_cell(field, _get(written, field))) for field in fields]


def _get(written: Mapping[str, Any], field: str) -> Any:
    whole, dot, part = field.partition(".")
    if dot and not field.startswith("x_"):
        return written.get(whole, {}).get(part)
    return _own_cell(written[field]) if field.startswith("x_") and field in written else written.get(field)


def _own_cell(value: Any) -> str:
    """Text stands plainly where it reads back as itself, all else as JSON."""
    plain = isinstance(value, str) and value.strip() == value != "" and isinstance(_own(value), str)
    plain = plain and not value.startswith('"')
    return value if plain else json.dumps(value, ensure_ascii=False)


def _cell(field: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if field in _EMPTY and not value:
        return _EMPTY[field]
    if field in NESTED:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return _joined(value)
    return str(value)


def _joined(texts: Sequence[str]) -> str:
    apart = any(re.search(r"[;；\n]", words) for words in texts) or texts[0].startswith("[")
    return json.dumps(texts, ensure_ascii=False) if apart else "；".join(texts)


def _guarded(words: str) -> str:
    return f"'{words}" if _FORMULA.match(words) else words
