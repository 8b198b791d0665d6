from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from hall.centres.checks import disagreements
from hall.centres.schema import CentreInvalid, WeeklyHours, parse_centre


@pytest.mark.parametrize(
    "written",
    [
        [["09:00", "12:00"], ["13:30", "17:00"]],
        [["13:30", "17:00"], ["9:00", "12:00"]],
        "9:00-12:00,13:30-17:00",
        "09:00—12:00;13:30~17:00",
    ],
)
def test_hours_as_people_write_them(written: object) -> None:
    hours = WeeklyHours.model_validate({"mon": written})
    assert hours.on(0) == ((time(9), time(12)), (time(13, 30), time(17)))
    assert hours.on(6) == ()


def test_hours_are_written_back_as_in_the_file() -> None:
    hours = WeeklyHours.model_validate({"mon": [["09:00", "12:00"]]})
    assert hours.model_dump(mode="json", exclude_defaults=True) == {"mon": [["09:00", "12:00"]]}


@pytest.mark.parametrize(
    "written",
    [
        [["12:00", "09:00"]],
        [["09:00", "12:00"], ["11:00", "13:00"]],
        [["25:00", "26:00"]],
        "早上",
        [["09:00"]],
        9,
    ],
)
def test_hours_that_cannot_be_are_refused(written: object) -> None:
    with pytest.raises(CentreInvalid) as refused:
        parse_centre({"halls": [{"code": "a", "centre": "c", "name": "n", "hours": {"mon": written}}]})
    assert refused.value.problems[0].field.startswith("halls.0.hours")


def test_a_special_day_says_whether_it_is_open() -> None:
    with pytest.raises(CentreInvalid, match="没有填写"):
        parse_centre({"special_days": [{"date": "2026-10-01"}]})


def centre(**fields: Any) -> list[str]:
    whole = {
        "centres": [{"code": "anlan", "name": "安澜区政务服务中心"}],
        "halls": [{"code": "main", "centre": "anlan", "name": "主厅"}],
    }
    return [found.message for found in disagreements(parse_centre({**whole, **fields}))]


def test_a_file_that_holds_together() -> None:
    assert centre() == []


def test_names_nobody_gave_are_found() -> None:
    assert "上级“x”不存在" in centre(centres=[{"code": "anlan", "name": "n", "parent": "x"}])[0]
    assert "中心“x”不存在" in centre(halls=[{"code": "main", "centre": "x", "name": "n"}])[0]
    assert "大厅“x”不存在" in centre(counters=[{"hall": "x", "group": "A", "name": "n"}])[0]
    assert "适用范围" in centre(special_days=[{"date": "2026-10-01", "open": False, "hall": "x"}])[0]
    assert (
        "适用范围"
        in centre(special_days=[{"date": "2026-10-01", "open": False, "hall": "main", "group": "Z"}])[0]
    )


def test_repeats_are_found() -> None:
    assert "topics:“户籍”写了 2 次" in centre(topics=[{"name": "户籍"}, {"name": "户籍"}])


def test_a_circle_in_the_tree_is_found() -> None:
    ring = [{"code": "a", "name": "a", "parent": "b"}, {"code": "b", "name": "b", "parent": "a"}]
    assert any("绕回" in message for message in centre(centres=ring, halls=[]))
