"""Reading an admin's days from a file: CSV or JSON with date, open, hours, note and, where needed, a scope.

``open``: 是 or 否. ``hours``: 09:00-12:00,13:30-17:00; empty on an open day is as on a working day. All or
nothing: every wrong row is reported with its line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Literal

from pydantic import ValidationError

from hall.catalogue.json_rows import read_json_rows
from hall.catalogue.problems import Problem, problems_of
from hall.catalogue.rows import FileRefused, LineError, Row, numbered
from hall.centres.schema import SpecialDay
from hall.centres.special_days import scope_of

MAX_BYTES = 2_000_000
MAX_ROWS = 5000

_COLUMNS = {
    "date": "日期",
    "open": "是否开放",
    "hours": "时段",
    "note": "说明",
    "centre": "中心",
    "hall": "大厅",
    "group": "分区",
}
_BY_HEADER = {label: key for key, label in _COLUMNS.items()} | {key: key for key in _COLUMNS}
_REQUIRED = ("date", "open")


def read_file(data: bytes, kind: Literal["csv", "json"]) -> list[Row]:
    """The rows of a file's content with their lines. Raises FileRefused."""
    if len(data) > MAX_BYTES:
        raise FileRefused.whole(f"文件太大,最多 {MAX_BYTES // 1_000_000} MB")
    text = _text(data)
    if not text.strip():
        raise FileRefused.whole("文件是空的")
    rows = read_json_rows(text) if kind == "json" else _csv_rows(text)
    if len(rows) > MAX_ROWS:
        raise FileRefused.whole(f"行太多,最多 {MAX_ROWS} 行")
    return rows


def days_of(rows: Iterable[Row | Mapping[str, Any]]) -> tuple[SpecialDay, ...]:
    """The days that the rows describe. Raises FileRefused with all that is wrong, by line."""
    days: list[SpecialDay] = []
    errors: list[LineError] = []
    first: dict[tuple[Any, ...], int] = {}
    for row in numbered(rows):
        try:
            day = _day(row.data)
        except ValidationError as invalid:
            errors += [_error(row, problem) for problem in problems_of(invalid)]
            continue
        if (earlier := first.setdefault(scope_of(day), row.line)) != row.line:
            errors.append(LineError(row.line, "", "date", f"与第 {earlier} 行是同一天、同一范围"))
        errors += [LineError(row.line, "", "", message) for message in _contradictions(day)]
        days.append(day)
    if errors:
        raise FileRefused(*errors)
    return tuple(days)


def _day(data: Mapping[str, Any]) -> SpecialDay:
    content = {_BY_HEADER.get(str(key).strip(), str(key)): value for key, value in data.items()}
    return SpecialDay.model_validate(content)


def _contradictions(day: SpecialDay) -> Iterable[str]:
    if day.group and not day.hall:
        yield "写了分区,还要写它在哪个大厅"
    if not day.open and day.hours:
        yield "不开放的日子不能写时段"
    for opens, closes in day.hours:
        if opens >= closes:
            yield f"时段不对:{opens:%H:%M} 不早于 {closes:%H:%M}"
    for (_, closes), (opens, _) in pairwise(day.hours):
        if opens < closes:
            yield f"时段重叠或次序不对:{opens:%H:%M} 早于 {closes:%H:%M}"


def _error(row: Row, problem: Problem) -> LineError:
    field = problem.field.split(".")[0]
    reason = problem.message.split(":", 1)[-1] if problem.field else problem.message
    if field and field not in _COLUMNS:
        return LineError(row.line, "", field, f"不认识的列“{field[:30]}”,可写:{'、'.join(_COLUMNS)}")
    if field == "hours" and "应是" not in reason:  # half a span, or three times in one
        reason = "应写成 09:00-12:00,13:30-17:00"
    return LineError(row.line, "", field, f"{_COLUMNS.get(field, field)}:{reason}")


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # spreadsheets in Chinese write GBK
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused.whole("既不是 UTF-8 也不是 GBK 文字,可能是损坏的文件或二进制文件")


def _csv_rows(text: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        while True:
            begins = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                break
            if any(cell.strip() for cell in cells):
                lines.append((begins, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise FileRefused(LineError(begins, "", "", f"不是合法的 CSV,多半是引号没有成对({error})")) from None
    if not lines:
        raise FileRefused.whole("文件是空的")
    header, *body = lines
    keys = _keys(*header)
    return [Row(line, _cells(line, keys, cells)) for line, cells in body]


def _keys(line: int, header: list[str]) -> list[str]:
    keys = [_BY_HEADER.get(cell, cell) for cell in header]
    wrong = [key for key in keys if key not in _COLUMNS]
    if wrong:
        raise FileRefused(
            LineError(line, "", wrong[0], f"不认识的列“{wrong[0][:30]}”,可写:{'、'.join(_COLUMNS)}")
        )
    if len(set(keys)) < len(keys) or not set(_REQUIRED) <= set(keys):
        raise FileRefused(LineError(line, "", "", "表头里 date 和 open 两列都要有,每列只写一次"))
    return keys


def _cells(line: int, keys: list[str], cells: list[str]) -> dict[str, str]:
    if any(cells[len(keys) :]):
        raise FileRefused(LineError(line, "", "", "比表头多出一格;时段里有逗号时,这一格要用引号括起来"))
    return {key: cell for key, cell in zip(keys, cells, strict=False) if cell}
