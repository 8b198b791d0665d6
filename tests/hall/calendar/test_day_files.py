from __future__ import annotations

import json
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.calendar.day_files import days_of, read_file
from hall.catalogue.rows import FileRefused, LineError
from hall.centres.schema import SpecialDay

CSV = """date,open,hours,note,centre,hall,group
2027-01-01,否,,元旦,,,
2027-01-09,是,"09:00-12:00,13:30-17:00",延时服务,anlan,main,A2
"""


def days(text: str) -> tuple[SpecialDay, ...]:
    return days_of(read_file(text.encode(), "csv"))


def refused(text: str) -> tuple[LineError, ...]:
    with pytest.raises(FileRefused) as found:
        days(text)
    return found.value.errors


def test_a_table_is_read() -> None:
    first, second = days(CSV)
    assert (first.date, first.open, first.note, first.hours) == (date(2027, 1, 1), False, "元旦", ())
    assert second.hours == ((time(9), time(12)), (time(13, 30), time(17)))
    assert (second.centre, second.hall, second.group) == ("anlan", "main", "A2")


def test_headers_in_chinese_and_gbk() -> None:
    table = "日期,是否开放,说明\n2027年1月1日,休息,元旦\n".replace("休息", "否")
    assert days_of(read_file(table.encode("gb18030"), "csv"))[0].note == "元旦"
    assert days_of(read_file(b"\xef\xbb\xbf" + table.encode(), "csv"))[0].date == date(2027, 1, 1)


def test_json_is_read() -> None:
    rows = [
        {"date": "2027-01-01", "open": False},
        {"date": "2027-01-02", "open": True, "hours": [["9:00", "12:00"]]},
    ]
    first, second = days_of(read_file(json.dumps(rows).encode(), "json"))
    assert (first.open, second.hours) == (False, ((time(9), time(12)),))


def test_every_wrong_row_is_reported_with_its_line() -> None:
    errors = refused(
        "date,open,hours,note,hall,group\n"
        "2027-13-01,否,,,,\n"
        "\n"
        "2027-01-02,也许,,,,\n"
        "2027-01-03,否,09:00-12:00,,,\n"
        "2027-01-04,是,12:00-09:00,,,\n"
        "2027-01-05,是,9:00,,,\n"
        "2027-01-06,否,,,,A2\n"
        "2027-01-07,否,,,,\n"
        "2027-01-07,是,,,,\n"
        ",否,,,,\n"
    )
    assert [(error.line, error.message) for error in errors] == [
        (2, "日期:没有这一天:2027-13-01"),
        (4, "是否开放:应写“是”或“否”,写的是“也许”"),
        (5, "不开放的日子不能写时段"),
        (6, "时段不对:12:00 不早于 09:00"),
        (7, "时段:应写成 09:00-12:00,13:30-17:00"),
        (8, "写了分区,还要写它在哪个大厅"),
        (10, "与第 9 行是同一天、同一范围"),
        (11, "日期:没有填写"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "文件是空的"),
        ("note\n元旦\n", "date 和 open 两列都要有"),
        ("date,date,open\n", "每列只写一次"),
        ("date,open,color\n", "不认识的列“color”"),
        ("date,open,hours\n2027-01-02,是,09:00-12:00,13:00-17:00\n", "要用引号括起来"),
        ('date,open\n"2027-01-02,是\n', "引号没有成对"),
        ("date,open\n2027-01-02,\0\n", "二进制文件"),
    ],
)
def test_a_broken_table_is_refused_with_the_reason(text: str, message: str) -> None:
    assert message in str(refused(text)[0])


def test_an_unknown_key_in_json_is_named() -> None:
    with pytest.raises(FileRefused, match="不认识的列“colour”"):
        days_of([{"date": "2027-01-01", "open": False, "colour": 1}])


def test_too_much_is_refused() -> None:
    with pytest.raises(FileRefused, match="文件太大"):
        read_file(b"x" * 2_000_001, "csv")
    with pytest.raises(FileRefused, match="行太多"):
        read_file(b"date,open\n" + b"2027-01-01,1\n" * 5001, "csv")


@given(st.binary(max_size=200), st.sampled_from(["csv", "json"]))
def test_whatever_comes_is_read_or_refused(data: bytes, kind: str) -> None:
    try:
        found = days_of(read_file(data, kind))  # type: ignore[arg-type]
    except FileRefused as error:
        assert error.errors  # noqa: PT017 - either outcome is right, never another
    else:
        assert isinstance(found, tuple)
