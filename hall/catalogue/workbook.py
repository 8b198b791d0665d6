"""A catalogue in a workbook (XLSX): the first sheet, read row by row within bounds.

openpyxl reads and writes it; read-only mode keeps memory flat, and sizes are checked before it unpacks.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.read_only import EmptyCell

from hall.catalogue.cells import MAX_COLUMNS, Cell, cells_of, headers_for, read_table
from hall.catalogue.rows import FileRefused, LineError, Row

MAX_ROWS = 100_000
MAX_UNPACKED = 200_000_000
# The most that a well-made sheet is packed by; a bomb packs a thousandfold.
MAX_RATIO = 200
MAX_PARTS = 1000
# What a cell of a workbook can hold.
MAX_CELL = 32_767


def read_workbook(data: bytes) -> list[Row]:
    """The rows of the first sheet. Raises FileRefused."""
    try:
        _check_size(data)
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            return read_table(_lines(book.worksheets[0] if book.worksheets else None))
        finally:
            book.close()
    except FileRefused:
        raise
    except Exception as error:  # openpyxl promises nothing about what a broken file raises
        raise FileRefused.whole(f"不是完好的 XLSX 文件({type(error).__name__})") from None


def _check_size(data: bytes) -> None:
    """Refuse what would unpack to more than is reasonable; zipfile never unpacks more than is declared."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        parts = packed.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused.whole("文件加了密码,请去掉密码后再导入")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(data), 10_000):
        raise FileRefused.whole("文件解开后大得不正常,没有读取")


def _lines(sheet: Any) -> Iterator[tuple[int, Sequence[Cell]]]:
    if sheet is None or not hasattr(sheet, "iter_rows"):
        return
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
        if number > MAX_ROWS:
            raise FileRefused.whole(f"行太多,最多 {MAX_ROWS} 行")
        if formula := next((cell for cell in cells if _is_formula(cell)), None):
            where = f"{formula.column_letter}{formula.row}"
            raise FileRefused(LineError(number, "", "", f"单元格 {where} 是公式,请改为粘贴值"))
        yield number, [cell.value for cell in cells]


def _is_formula(cell: Any) -> bool:
    return not isinstance(cell, EmptyCell) and cell.data_type == "f"


def write_workbook(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """The documents as a workbook. Raises FileRefused where a text is too long for a cell."""
    fields, headers = headers_for(documents)
    lines = [cells_of(written, fields) for written in documents]
    for number, cells in enumerate(lines, 2):
        for header, cell in zip(headers, cells, strict=True):
            if len(cell) > MAX_CELL:
                message = f"{header}有 {len(cell)} 字,超过 XLSX 单元格的上限,请导出 JSON 或 CSV"
                raise FileRefused(LineError(number, cells[0], "", message))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("事项目录")
    sheet.freeze_panes = "C2"
    sheet.append(headers)
    for cells in lines:
        sheet.append([cell or None for cell in cells])
    target = BytesIO()
    book.save(target)
    return target.getvalue()
