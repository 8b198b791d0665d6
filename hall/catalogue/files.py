"""Catalogue files: JSON, CSV and XLSX, told apart by their names; a file that is none of them is refused.

Reading blocks: call it from a thread where a loop runs.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any, Literal

from hall.catalogue.cells import Cell, cells_of, headers_for, read_table
from hall.catalogue.json_rows import read_json, read_json_rows
from hall.catalogue.rows import FileRefused, LineError, Row
from hall.catalogue.workbook import MAX_ROWS, read_workbook, write_workbook
from hall.centres.schema import CentreFile, parse_centre

__all__ = [
    "FileRefused",
    "Kind",
    "kind_of",
    "read_bytes",
    "read_centre",
    "read_folder",
    "read_rows",
    "render",
    "write",
]

Kind = Literal["json", "csv", "xlsx"]

MAX_BYTES = 64_000_000
MAX_CSV_CELL = 2_000_000

_SUFFIXES: dict[str, Kind] = {".json": "json", ".csv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx"}
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"


def kind_of(path: Path) -> Kind:
    """The kind of file by its name. Raises FileRefused for a name that tells none."""
    kind = _SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise FileRefused.whole(f"只认 .json、.csv 和 .xlsx 文件,这个是“{path.name[:80]}”")
    return kind


def read_rows(path: Path) -> list[Row]:
    """The rows of a catalogue file with their lines. Raises FileRefused."""
    kind = kind_of(path)
    return read_bytes(_content(path), kind)


def read_bytes(data: bytes, kind: Kind) -> list[Row]:
    """The rows of a file's content, as when it was uploaded. Raises FileRefused."""
    if len(data) > MAX_BYTES:
        raise FileRefused.whole(f"文件太大,最多 {MAX_BYTES // 1_000_000} MB")
    if not data.strip():
        raise FileRefused.whole("文件是空的")
    if data.startswith(_OLE):
        raise FileRefused.whole("是旧版 .xls 或加了密码的文件,请另存为没有密码的 .xlsx")
    if kind == "xlsx":
        return read_workbook(data)
    if data.startswith(_ZIP):
        raise FileRefused.whole("是压缩包或 XLSX 文件,与文件名不符")
    if kind == "json":
        return read_json_rows(_json_text(data))
    return read_table(_csv_lines(_csv_text(data)))


def read_centre(path: Path) -> CentreFile:
    """A centre's file. Raises FileRefused, CentreInvalid."""
    return parse_centre(read_json(_json_text(_content(path))))


def read_folder(folder: Path) -> tuple[CentreFile, list[Row]]:
    """``centre.json`` and ``items/*.json`` of a folder, each empty where it is missing.

    Raises FileRefused, CentreInvalid.
    """
    path = folder / "centre.json"
    centre = read_centre(path) if path.exists() else CentreFile()
    rows: list[Row] = []
    for part in sorted((folder / "items").glob("*.json")):
        try:
            rows += [replace(row, file=part.name) for row in read_rows(part)]
        except FileRefused as refused:
            raise FileRefused(*(replace(error, file=part.name) for error in refused.errors)) from None
    return centre, rows


def _content(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            raise FileRefused.whole("这是一个文件夹,请给出文件")
        if not S_ISREG(mode):
            raise FileRefused.whole("这不是普通文件")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileRefused.whole("没有这个文件") from None
    except (OSError, ValueError) as error:
        raise FileRefused.whole(f"打不开文件({getattr(error, 'strerror', None) or error})") from None


def _json_text(data: bytes) -> str:
    _no_other_unicode(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    if _is_gbk(data):
        raise FileRefused.whole("文件是 GBK 编码,JSON 要用 UTF-8:请另存为 UTF-8 后再导入")
    raise FileRefused(LineError(line, "", "", "不是 UTF-8 文字,可能是损坏的文件或二进制文件"))


def _csv_text(data: bytes) -> str:
    """UTF-8 with or without its mark, or GBK, as spreadsheets in Chinese write it."""
    _no_other_unicode(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    if _is_gbk(data):
        return data.decode("gb18030")
    raise FileRefused(LineError(line, "", "", "既不是 UTF-8 也不是 GBK 文字,可能是损坏的文件或二进制文件"))


def _no_other_unicode(data: bytes) -> None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused.whole("文件是 UTF-16 编码,请另存为 UTF-8 后再导入")
    if (place := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, place) + 1
        raise FileRefused(LineError(line, "", "", "含有空字节,不是文字文件"))


def _is_gbk(data: bytes) -> bool:
    """Whether the bytes are Chinese text in GBK. Nearly any bytes decode: look at what comes out."""
    try:
        words = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [letter for letter in words if ord(letter) > 0x7F]
    chinese = sum("\u4e00" <= letter <= "\u9fff" or letter in ",。、;:“”()《》?!—…·" for letter in foreign)
    return bool(foreign) and chinese >= 0.9 * len(foreign)


def _csv_lines(text: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    csv.field_size_limit(MAX_CSV_CELL)
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused(
                LineError(begins, "", "", f"不是合法的 CSV,多半是引号没有成对({error})")
            ) from None
        if begins > MAX_ROWS * 50:
            raise FileRefused.whole(f"行太多,最多 {MAX_ROWS} 行")
        yield begins, cells
        begins = reader.line_num + 1


def render(documents: Sequence[Mapping[str, Any]], kind: Kind) -> bytes:
    """The documents of `export_items` as a file's content. Raises FileRefused (a text too long for XLSX)."""
    if kind == "json":
        return (json.dumps(documents, ensure_ascii=False, indent=2) + "\n").encode()
    if kind == "xlsx":
        return write_workbook(documents)
    fields, headers = headers_for(documents)
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(headers)
    writer.writerows(cells_of(written, fields) for written in documents)
    return target.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets that it is UTF-8


def write(path: Path, documents: Sequence[Mapping[str, Any]]) -> None:
    """Write the documents in the kind of the file's name, all or nothing. Raises FileRefused, OSError."""
    content = render(documents, kind_of(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".banshi-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
