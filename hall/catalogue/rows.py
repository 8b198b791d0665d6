"""Rows of a catalogue file and what is said about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hall.catalogue.schema import Item, ItemInvalid, parse_item


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a file and the line on which it begins (from 1; in a workbook the row)."""

    line: int
    data: Mapping[str, Any]
    file: str = ""


@dataclass(frozen=True, slots=True)
class LineError:
    """Why a row is refused. `line` 0 is the file as a whole; `field` may be empty."""

    line: int
    code: str
    field: str
    message: str
    file: str = ""

    def __str__(self) -> str:
        where = [self.file, f"第 {self.line} 行" if self.line else "", self.code]
        return f"{' '.join(part for part in where if part) or '文件'}:{self.message}"


class FileRefused(Exception):  # noqa: N818 - reads as the verdict it is
    """A file that cannot be read as a catalogue; `errors` says where and why, in Chinese."""

    def __init__(self, *errors: LineError) -> None:
        super().__init__("；".join(str(error) for error in errors[:3]))
        self.errors = errors

    @classmethod
    def whole(cls, message: str) -> FileRefused:
        """A refusal of the file as a whole."""
        return cls(LineError(0, "", "", message))


def numbered(rows: Iterable[Row | Mapping[str, Any]]) -> list[Row]:
    """Rows with their lines; plain objects are numbered from 1."""
    return [row if isinstance(row, Row) else Row(number, row) for number, row in enumerate(rows, 1)]


def items_of(rows: Sequence[Row]) -> tuple[list[tuple[int, Item]], list[LineError]]:
    """The items that the rows describe with their lines, and every reason why rows are refused."""
    items: list[tuple[int, Item]] = []
    errors: list[LineError] = []
    first: dict[str, Row] = {}
    for row in rows:
        try:
            item = parse_item(row.data)
        except ItemInvalid as invalid:
            code = _code_as_written(row.data)
            errors += [
                LineError(row.line, code, found.field, found.message, row.file) for found in invalid.problems
            ]
            continue
        if (earlier := first.setdefault(item.code, row)) is not row:
            where = f" {earlier.file} " if earlier.file else ""
            message = f"办理项编码与{where}第 {earlier.line} 行重复"
            errors.append(LineError(row.line, item.code, "code", message, row.file))
            continue
        items.append((row.line, item))
    return items, errors


def _code_as_written(data: object) -> str:
    written = data.get("code") if isinstance(data, Mapping) else None
    return written.strip()[:100] if isinstance(written, str) else ""
