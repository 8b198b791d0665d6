"""`banshi calendar`: an admin sets days and years, and nobody who is booked is forgotten."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from hall.appointments.models import Booking
from hall.appointments.service import Terms, book
from hall.db import create_engine, create_sessions
from hall.notices.models import NoticeRow
from hall.people.service import Party, register
from tests.hall.appointments.desk import CENTRE, wish
from tests.test_cli import Banshi, banshi  # noqa: F401 - the fixture

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def centre(banshi: Banshi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Banshi:  # noqa: F811
    """A desk with the small centre, on a Tuesday in December 2026."""
    monkeypatch.setenv("BANSHI_CLOCK", "2026-12-01T10:00")
    result = banshi("catalogue", "centre", str(written(tmp_path, CENTRE)))
    assert result.exit_code == 0, result.output
    return banshi


def written(directory: Path, content: object, name: str = "centre.json") -> Path:
    file = directory / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def booked(directory: Path) -> int:
    """Somebody is booked on Wednesday the 2nd of December at half past nine, in the main hall."""

    async def make() -> int:
        engine = create_engine(f"sqlite:///{directory / 'var' / 'banshi.db'}")
        async with create_sessions(engine).begin() as session:
            citizen_id = await register(session, "o-1", now=NOW)
            booking = await book(session, Party(citizen_id), wish(), key="k", terms=Terms(NOW))
        await engine.dispose()
        return booking.id

    return asyncio.run(make())


def state_of(directory: Path, booking_id: int) -> tuple[str, datetime, int]:
    """A booking's state and start, and how many notices tell of it."""

    async def look() -> tuple[str, datetime, int]:
        engine = create_engine(f"sqlite:///{directory / 'var' / 'banshi.db'}")
        async with create_sessions(engine)() as session:
            row = await session.get_one(Booking, booking_id)
            notices = (await session.scalars(select(NoticeRow.id))).all()
        await engine.dispose()
        return row.state, row.starts, len(notices)

    return asyncio.run(look())


def test_a_year_is_unknown_until_it_is_imported(centre: Banshi, tmp_path: Path) -> None:
    assert "2027  未知;公布后运行 banshi calendar import" in centre("calendar", "years").output
    assert "2026  已知(国务院安排" in centre("calendar", "years").output
    assert "2027 年的放假和调休还不知道" in centre("doctor").output
    file = written(tmp_path, "日期,是否开放,说明\n2027-01-01,否,元旦\n2027-02-07,是,春节前补班\n", "2027.csv")
    result = centre("calendar", "import", str(file))
    assert result.exit_code == 0, result.output
    assert "新增 2 天" in result.output
    assert "2027 年仍是未知" in result.output
    result = centre("calendar", "import", str(file), "--year", "2027", "--source", "国办发明电〔2026〕1 号")
    assert "没有变化 2 天" in result.output
    assert "2027 年的放假和调休已知" in result.output
    assert "2027  已知(管理员录入)" in centre("calendar", "years").output
    assert "2027 年的放假和调休还不知道" not in centre("doctor").output
    shown = centre("calendar", "show", "2027").output
    assert "2027-01-01(周五)  不开  全部  元旦" in shown
    assert "2027-02-07(周日)  按工作日  全部  春节前补班" in shown
    assert "没有特别的日子" in centre("calendar", "show", "2027-12").output
    assert "看不懂" in centre("calendar", "show", "明年").output
    assert "重新算未知" in centre("calendar", "withdraw", "2027").output
    assert centre("calendar", "withdraw", "2027").exit_code == 1


def test_wrong_files_are_refused_line_by_line(centre: Banshi, tmp_path: Path) -> None:
    file = written(tmp_path, "date,open\n2027-13-01,是\n2027-01-02,也许\n", "bad.csv")
    result = centre("calendar", "import", str(file))
    assert result.exit_code == 1
    assert "2" in result.output
    assert "3" in result.output
    assert "没有特别的日子" in centre("calendar", "show").output
    assert "不认识的后缀" in centre("calendar", "import", str(written(tmp_path, "x", "days.txt"))).output
    assert centre("calendar", "import", str(tmp_path / "nowhere.csv")).exit_code == 1
    unknown = written(tmp_path, "date,open,hall\n2027-01-02,否,nowhere\n", "scope.csv")
    assert "没有代码为“nowhere”的大厅" in centre("calendar", "import", str(unknown)).output


@pytest.mark.parametrize(("how", "state"), [("--cancel", "cancelled"), ("--move", "confirmed")])
def test_closing_a_day_with_bookings_asks_first(centre: Banshi, tmp_path: Path, how: str, state: str) -> None:
    booking = booked(tmp_path)
    before = state_of(tmp_path, booking)
    file = written(tmp_path, "date,open,note\n2026-12-02,否,停电\n", "days.csv")
    result = centre("calendar", "import", str(file))
    assert result.exit_code == 1
    assert "有 1 个预约在要关的时间里,什么都没有改" in result.output
    assert "main/B 2026-12-02(周三) 9:30" in result.output
    assert "o-1" not in result.output
    assert state_of(tmp_path, booking) == before
    assert "没有特别的日子" in centre("calendar", "show").output
    assert centre("calendar", "import", str(file), "--move", "--cancel").exit_code == 2
    result = centre("calendar", "import", str(file), how, "--why", "停电检修")
    assert result.exit_code == 0, result.output
    assert ("取消 1 个预约" if state == "cancelled" else "改期 1 个预约") in result.output
    after = state_of(tmp_path, booking)
    assert after[0] == state
    assert after[2] > before[2]  # the citizen is told
    assert (after[1] != before[1]) is (how == "--move")


def test_a_centres_file_does_not_pass_by_those_who_are_booked(centre: Banshi, tmp_path: Path) -> None:
    booking = booked(tmp_path)
    closed = {**CENTRE, "special_days": [{"date": "2026-12-02", "open": False, "note": "停电"}]}
    file = written(tmp_path, closed)
    result = centre("catalogue", "centre", str(file))
    assert result.exit_code == 1
    assert "有 1 个预约在要关的时间里" in result.output
    assert state_of(tmp_path, booking)[0] == "confirmed"
    result = centre("catalogue", "centre", str(file), "--cancel")
    assert "取消 1 个预约" in result.output
    assert state_of(tmp_path, booking)[0] == "cancelled"
    assert "没有变化" in centre("catalogue", "centre", str(file)).output
