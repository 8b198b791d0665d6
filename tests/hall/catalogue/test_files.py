from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from hall.catalogue import files
from hall.catalogue.files import FileRefused, Kind, read_bytes, read_folder, read_rows, render, write
from hall.catalogue.rows import items_of
from hall.catalogue.schema import Item, document, parse_item
from tests.hall.catalogue import strategies

CSV_HEAD = "办理项编码,事项名称,别名\n"


def refusal(data: bytes, kind: Kind) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read_bytes(data, kind)
    return [str(error) for error in refused.value.errors]


def items(data: bytes, kind: Kind) -> list[Item]:
    found, errors = items_of(read_bytes(data, kind))
    assert errors == []
    return [item for _, item in found]


def assert_round_trip(kind: Kind, rows: list[dict[str, Any]]) -> None:
    documents = [document(parse_item(row)) for row in rows]
    assert [document(item) for item in items(render(documents, kind), kind)] == documents


@settings(max_examples=50)
@pytest.mark.parametrize("kind", ["json", "csv"])
@given(rows=strategies.catalogues)
def test_what_is_written_is_read_back(kind: Kind, rows: list[dict[str, Any]]) -> None:
    assert_round_trip(kind, rows)


@settings(max_examples=25)
@given(rows=strategies.catalogues)
def test_what_is_written_in_a_workbook_is_read_back(rows: list[dict[str, Any]]) -> None:
    assert_round_trip("xlsx", rows)


def workbook(*lines: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append(line)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_json_rows_know_the_line_on_which_they_begin() -> None:
    first, second = '{"code": "A", "name": "甲"}', '{"code": "B",\n "name": "乙"}'
    text = f'\ufeff[\n  {first},\n\n  {second}, {{"code": "C", "name": "丙"}}\n]\n'
    assert [row.line for row in read_bytes(text.encode(), "json")] == [2, 4, 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "第 1 行:最外层应是列表"),
        ("[\n{}\n{}]", "第 3 行:这里应是逗号或 ]"),
        ("[{},\n]", "第 2 行:最后一项后面多了逗号"),
        ("[1]", "第 1 行:每一项应是对象"),
        ("[{}]\nx", "第 2 行:列表结束后还有内容"),
        ('[\n{"a": }]', "第 2 行:不是合法的 JSON"),
        ('[{"a": 1, "a": 2}]', "第 1 行:同一个对象里“a”写了两次"),
        ('[{"a": NaN}]', "第 1 行:NaN 不是合法的 JSON 数值"),
        ("[" + '{"a":' * 100_000, "第 1 行:这一项嵌套太深"),
        ('[{"a": ' + "9" * 5000 + "}]", "第 1 行:这一项嵌套太深或数字太长"),
        ("[", "第 1 行:不是合法的 JSON"),
    ],
)
def test_broken_json_is_refused_with_its_line(text: str, message: str) -> None:
    assert refusal(text.encode(), "json")[0].startswith(message)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件是空的"),
        (b" \n\t ", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "旧版 .xls"),
        ("[]".encode("utf-16"), "UTF-16"),
        (b'[{"code": "A\0"}]', "空字节"),
        (b"\x89PNG\r\n\x1a\n\x01\xff\xfe", "不是"),
        (bytes(range(1, 256)), "不是"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, message: str) -> None:
    for kind in ("json", "csv"):
        assert message in refusal(data, kind)[0]


def test_json_in_gbk_is_refused_by_name() -> None:
    assert refusal('[{"code": "A", "name": "换领"}]'.encode("gbk"), "json") == [
        "文件:文件是 GBK 编码,JSON 要用 UTF-8:请另存为 UTF-8 后再导入"
    ]


def test_csv_in_gbk_is_read() -> None:
    (item,) = items((CSV_HEAD + "GA-0101,居民身份证到期换领,换身份证；身份证过期\n").encode("gbk"), "csv")
    assert item.name == "居民身份证到期换领"
    assert item.aliases == ("换身份证", "身份证过期")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_csv_lines_are_counted_with_breaks_inside_cells(newline: str) -> None:
    text = CSV_HEAD + 'A,甲,"一\n二"\n\nB,乙,\n'
    rows = read_bytes(text.replace("\n", newline).encode("utf-8-sig"), "csv")
    assert [row.line for row in rows] == [2, 5]
    assert [item.aliases for _, item in items_of(rows)[0]] == [("一", "二"), ()]


def test_csv_by_tabs_is_read() -> None:
    assert [item.code for item in items("code\tname\nA\t甲,乙\n".encode(), "csv")] == ["A"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("名字,别名\na,b\n", "第 1 行:表头里要有“办理项编码”和“事项名称”两列"),
        ("办理项编码,事项名称,神秘\na,b,c\n", "第 1 行:不认识的列“神秘”"),
        ("办理项编码,事项名称,code\na,b,c\n", "第 1 行:“办理项编码”有两列"),
        ("办理项编码,事项名称\nA,甲,多出来\n", "第 2 行 A:第 3 列有内容,但没有表头"),
        ('办理项编码,事项名称,申请材料\nA,甲,"[{"\n', "第 2 行 A:申请材料不是合法的 JSON"),
        ('办理项编码,事项名称\nA,"甲\n', "第 2 行:不是合法的 CSV"),
    ],
)
def test_broken_tables_are_refused_with_their_line(text: str, message: str) -> None:
    assert refusal(text.encode(), "csv")[0].startswith(message)


def test_every_bad_cell_is_reported() -> None:
    text = '办理项编码,事项名称,申请材料\nA,甲,"[{"\nB,乙,\nC,丙,[x]\n'
    assert [error[:7] for error in refusal(text.encode(), "csv")] == ["第 2 行 A", "第 4 行 C"]


def test_formulas_are_disarmed_on_export_and_come_back() -> None:
    rows = [{"code": "A", "name": "=cmd|' /C calc'!A0", "phone": "+86 10", "aliases": ["@x", "'=y"]}]
    text = render(rows, "csv").decode("utf-8-sig")
    cells = [cell for line in text.splitlines()[1:] for cell in line.split(",")]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert [document(item) for item in items(text.encode(), "csv")] == rows
    sheet = load_workbook(io.BytesIO(render(rows, "xlsx"))).worksheets[0]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_a_workbook_with_numbers_days_and_flags() -> None:
    from datetime import datetime

    head = ["办理项编码", "事项名称", "承诺时限", "生效日期", "是否支持预约", None, "x_a"]
    moment = datetime(2026, 10, 8)  # noqa: DTZ001 - a cell has no zone
    (item,) = items(workbook(head, [101, "甲", 20.0, moment, True, None, 7]), "xlsx")
    assert (item.code, item.promised_limit, str(item.effective), item.bookable) == (
        "101",
        20,
        "2026-10-08",
        True,
    )
    assert item.extra == {"x_a": 7}


def test_a_code_that_lost_its_digits_is_refused() -> None:
    data = workbook(["办理项编码", "事项名称"], [11440100007483172, "甲"])
    assert "存成了数字" in refusal(data, "xlsx")[0]


def test_a_formula_in_a_workbook_is_refused_with_its_cell() -> None:
    data = workbook(["办理项编码", "事项名称"], ["A", "=1+1"])
    assert refusal(data, "xlsx") == ["第 2 行:单元格 B2 是公式,请改为粘贴值"]


def test_a_workbook_without_a_table_is_empty() -> None:
    assert refusal(workbook(), "xlsx") == ["文件:文件是空的"]


@pytest.mark.parametrize("data", [b"PK\x03\x04broken", b"plain text", b"\0" * 100])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert "XLSX" in refusal(data, "xlsx")[0]


def _packed(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    assert "XLSX" in refusal(_packed(a=b"b"), "xlsx")[0]


def test_a_bomb_is_not_unpacked() -> None:
    assert "大得不正常" in refusal(_packed(a=b"0" * 30_000_000), "xlsx")[0]


def test_a_workbook_broken_at_any_place_is_refused_or_read() -> None:
    data = bytearray(render([{"code": "A", "name": "甲"}], "xlsx"))
    for place in range(0, len(data), 97):
        broken = bytes(data[:place]) + bytes([data[place] ^ 0xFF]) + bytes(data[place + 1 :])
        try:
            read_bytes(broken, "xlsx")
        except FileRefused:
            continue


def test_an_entity_bomb_in_a_workbook_is_refused() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    source = zipfile.ZipFile(io.BytesIO(workbook(["办理项编码", "事项名称"], ["A", "甲"])))
    parts = {name: source.read(name) for name in source.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("甲", "&l9;")
    assert "&l9;" in sheet
    parts["xl/worksheets/sheet1.xml"] = f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]>{sheet}'.encode()
    assert refusal(_packed(**parts), "xlsx")


def test_a_text_too_long_for_a_cell_is_refused_by_name() -> None:
    with pytest.raises(FileRefused, match=r"申请材料有 \d+ 字,超过 XLSX"):
        render([{"code": "A", "name": "甲", "materials": [{"name": "表", "note": "长" * 40_000}]}], "xlsx")


def test_files_that_are_not_there_or_not_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    for name, message in (
        ("missing.json", "没有这个文件"),
        ("folder.json", "这是一个文件夹"),
        ("pipe.json", "这不是普通文件"),
        ("items.pdf", "只认 .json、.csv 和 .xlsx"),
        ("nul\0.json", "打不开文件"),
        ("x" * 300 + ".json", "打不开文件"),
    ):
        with pytest.raises(FileRefused, match=message):
            read_rows(tmp_path / name)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    (tmp_path / "a.json").write_text("[" + " " * 20 + "]")
    with pytest.raises(FileRefused, match="文件太大"):
        read_rows(tmp_path / "a.json")


def test_a_code_given_twice_names_both_lines() -> None:
    rows = read_bytes((CSV_HEAD + "A,甲,\nB,乙,\nA,丙,\n").encode(), "csv")
    _, errors = items_of(rows)
    assert [str(error) for error in errors] == ["第 4 行 A:办理项编码与第 2 行重复"]


def test_writing_is_whole_and_leaves_nothing_behind(tmp_path: Path) -> None:
    write(tmp_path / "a.json", [{"code": "A", "name": "甲"}])
    assert json.loads((tmp_path / "a.json").read_text()) == [{"code": "A", "name": "甲"}]
    with pytest.raises(FileRefused):
        write(tmp_path / "a.pdf", [])
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_names_the_file_of_an_error(tmp_path: Path) -> None:
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "ga.json").write_text('[{"code": "A", "name": "甲"}]')
    (tmp_path / "items" / "sc.json").write_text('[\n{"code": "A", "name": "乙"}]')
    centre, rows = read_folder(tmp_path)
    assert centre.centres == ()
    _, errors = items_of(rows)
    assert [str(error) for error in errors] == ["sc.json 第 2 行 A:办理项编码与 ga.json 第 1 行重复"]
    (tmp_path / "items" / "sc.json").write_text("[")
    with pytest.raises(FileRefused, match=r"sc\.json 第 1 行"):
        read_folder(tmp_path)


def test_own_columns_and_english_headers() -> None:
    text = 'code,name,x_内部编号,x_json,process.counter\nA,甲,007,"[1, 2]",1. 取号\n'
    (item,) = items(text.encode(), "csv")
    assert item.extra == {"x_内部编号": "007", "x_json": [1, 2]}
    assert item.process.counter == "1. 取号"
