from __future__ import annotations

from datetime import date

import pytest

from hall.appointments.service import Terms, free_slots
from hall.calendar.service import published_years, special_days
from hall.queue.service import QueueShut, QueueTerms, join
from hall.staff.service import Role
from tests.console.desk import WEDNESDAY, at, audit, booked, citizen, state_of, told
from tests.console.house import Sitter, Stage

CLOSED = {
    "scope": "|main|",
    "first": "2026-12-02",
    "last": "",
    "kind": "closed",
    "hours": "",
    "note": "电路检修",
}


async def supervisor(console: Stage, role: Role = Role.SUPERVISOR, hall: str = "main") -> Sitter:
    await console.staff(role=role, hall=hall)
    return await console.logged_in()


async def places(console: Stage, clock: str, day: date = WEDNESDAY, group: str = "A2") -> int:
    async with console.session() as session:
        found = await free_slots(session, "main", group, day, terms=Terms(console.clock()))
    return next(slot.free for slot in found.slots if slot.starts == at(clock, day))


async def days(console: Stage) -> list[tuple[str, str, str, bool]]:
    async with console.session() as session:
        found = await special_days(session, first=date(2026, 12, 1), last=date(2026, 12, 31))
    return [(day.date.isoformat(), day.hall, day.group, day.open) for day in found]


@pytest.mark.parametrize("path", ["", "/group?group=A2", "/days", "/years"])
async def test_a_clerk_is_refused(console: Stage, path: str) -> None:
    await console.staff()
    sitter = await console.logged_in()
    response = await sitter.see(f"/console/calendar{path}")
    assert response.status == 403
    assert "没有这一页的权限" in await response.text()


async def test_the_hall_shows_its_groups_with_hours_and_places(console: Stage) -> None:
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/calendar")).text()
    assert "一楼 A 区 5–8 号窗口" in text
    assert "9:00–12:00、13:30–17:00" in text
    assert "4 个窗口 × 每窗 2 人(默认)" in text


async def test_fewer_counters_leave_fewer_places_and_empty_is_as_before(console: Stage) -> None:
    sitter = await supervisor(console)
    form = {"hall": "main", "group": "A2"}
    assert await places(console, "09:30") == 8
    for _ in range(2):
        response = await sitter.send("/console/calendar/capacity", **form, counters="1", per="3")
        assert response.status == 303
    assert await places(console, "09:30") == 3
    assert "每个时段 3 人" in await (await sitter.see(response.headers["Location"])).text()
    response = await sitter.send("/console/calendar/capacity", **form, counters="-1", per="3")
    assert response.status == 400
    assert "窗口数要写 0 到 200 的整数" in await response.text()
    await sitter.send("/console/calendar/capacity", **form, counters="", per="")
    assert await places(console, "09:30") == 8
    assert len(await audit(console, "capacity_set")) == 3


async def test_one_slot_gets_a_number_of_its_own_and_what_is_beyond_it_is_pointed_out(
    console: Stage,
) -> None:
    sitter = await supervisor(console)
    await booked(console, await citizen(console))
    form = {"hall": "main", "group": "A2", "day": "2026-12-02"}
    response = await sitter.send("/console/calendar/slots", **form, **{"at-9:30": "0", "at-10:00": "5"})
    assert response.status == 303
    text = await (await sitter.see(response.headers["Location"])).text()
    assert "改好了 2 个时段" in text
    assert "已约多于可约" in text
    assert await places(console, "10:00") == 5
    again = await sitter.send("/console/calendar/slots", **form, **{"at-9:30": "0", "at-10:00": "5"})
    assert "没有改动" in await (await sitter.see(again.headers["Location"])).text()
    response = await sitter.send("/console/calendar/slots", **form, **{"at-9:30": "many", "at-10:00": "7"})
    assert response.status == 400
    text = await response.text()
    assert "9:30 的人数要写" in text
    assert 'value="7"' in text  # what was typed is not lost
    assert await places(console, "10:00") == 5


async def test_a_group_is_stopped_for_today_with_a_reason_and_gives_numbers_again(console: Stage) -> None:
    sitter = await supervisor(console)
    form = {"hall": "main", "group": "A2"}
    assert (await sitter.send("/console/calendar/stop", **form, reason=" ")).status == 400
    await sitter.send("/console/calendar/stop", **form, reason="系统升级")
    text = await (await sitter.see("/console/calendar")).text()
    assert "停发" in text
    assert "系统升级" in text
    async with console.session() as session:
        with pytest.raises(QueueShut):
            await join(session, hall="main", group="A2", terms=QueueTerms(console.clock()))
    for _ in range(2):
        await sitter.send("/console/calendar/resume", **form)
    async with console.session() as session:
        await join(session, hall="main", group="A2", terms=QueueTerms(console.clock()))
    assert len(await audit(console, "queue_resumed")) == 1


async def test_a_supervisor_of_one_hall_changes_nothing_in_another_nor_everywhere(console: Stage) -> None:
    sitter = await supervisor(console, hall="branch")
    await sitter.see("/console/calendar")
    form = {"hall": "main", "group": "A2"}
    assert (await sitter.send("/console/calendar/capacity", **form, counters="0", per="")).status == 403
    assert (await sitter.send("/console/calendar/stop", **form, reason="x")).status == 403
    for scope in ("|main|", "||", "anlan||"):
        assert (await sitter.send("/console/calendar/days", **CLOSED | {"scope": scope})).status == 403
    text = await (await sitter.see("/console/calendar/days")).text()
    assert "全部大厅(按国家安排" not in text
    assert await days(console) == []


async def test_a_day_without_bookings_is_closed_at_once_and_opened_again(console: Stage) -> None:
    sitter = await supervisor(console)
    for _ in range(2):
        assert (await sitter.send("/console/calendar/days", **CLOSED)).status == 303
    assert await days(console) == [("2026-12-02", "main", "", False)]
    text = await (await sitter.see("/console/calendar/days")).text()
    assert "电路检修" in text
    for words in ("撤销了", "早先已经撤销"):
        form = {"date": "2026-12-02", "scope": "|main|"}
        assert (await sitter.send("/console/calendar/days/clear", **form)).status == 303
        assert words in await (await sitter.see("/console/calendar/days")).text()
    assert await days(console) == []


async def test_where_citizens_are_booked_nothing_happens_before_it_is_decided(console: Stage) -> None:
    sitter = await supervisor(console)
    one = await booked(console, await citizen(console))
    response = await sitter.send("/console/calendar/days", **CLOSED)
    text = await response.text()
    assert response.status == 409
    assert "有 1 个预约受影响" in text
    assert "还没有改动任何安排" in text
    assert "欧**思" in text
    assert await days(console) == []
    assert await state_of(console, one.id) == "confirmed"

    # Somebody books meanwhile: what was decided was not decided for them.
    other = await booked(console, await citizen(console, "o-two", number="110101199003074514"), "10:00")
    decided = CLOSED | {"seen": str(one.id), "decision": "move"}
    response = await sitter.send("/console/calendar/days", **decided)
    assert response.status == 409
    assert "名单和刚才看到的不一样了" in await response.text()
    assert await days(console) == []

    # As many as a long closure of a large centre names.
    shown = ",".join(str(number) for number in (one.id, other.id, *range(100_000, 130_000)))
    response = await sitter.send("/console/calendar/days", **decided | {"seen": shown})
    assert response.status == 303
    assert "改期 2 个预约,都会告诉本人" in await (await sitter.see("/console/calendar/days")).text()
    assert await days(console) == [("2026-12-02", "main", "", False)]
    assert {notice["reason"] for notice in await told(console, "day_closed")} == {"电路检修"}
    assert await state_of(console, one.id) == "confirmed"


async def test_bookings_of_a_closed_day_are_cancelled_where_that_was_decided(console: Stage) -> None:
    sitter = await supervisor(console)
    one = await booked(console, await citizen(console))
    await sitter.send("/console/calendar/days", **CLOSED | {"seen": str(one.id), "decision": "cancel"})
    assert await state_of(console, one.id) == "cancelled"
    assert len(await told(console, "day_closed")) == 1


async def test_extended_hours_can_be_booked_and_taking_them_back_asks_again(console: Stage) -> None:
    sitter = await supervisor(console)
    longer = CLOSED | {"kind": "hours", "hours": "09:00-12:00,13:30-20:00", "note": "延时服务"}
    assert (await sitter.send("/console/calendar/days", **longer)).status == 303
    one = await booked(console, await citizen(console), "19:00")
    form = {"date": "2026-12-02", "scope": "|main|"}
    response = await sitter.send("/console/calendar/days/clear", **form)
    assert response.status == 409
    assert "19:00" in await response.text()
    assert len(await days(console)) == 1
    await sitter.send("/console/calendar/days/clear", **form, seen=str(one.id), decision="cancel")
    assert await days(console) == []
    assert await state_of(console, one.id) == "cancelled"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first": "2026-11-30"}, "已经过去"),
        ({"first": "soon"}, "日期要写成"),
        ({"last": "2026-12-01"}, "结束的日子要在开始之后"),
        ({"kind": ""}, "请选停业"),
        ({"kind": "hours", "hours": ""}, "另定时段要写时段"),
        ({"kind": "hours", "hours": "12:00-09:00"}, "不早于"),
        ({"kind": "hours", "hours": "all day"}, "应写成"),
        ({"note": ""}, "请写明说明"),
        ({"scope": "|main|NO"}, "没有代码为“NO”的分区"),
    ],
)
async def test_what_is_wrong_is_told_and_what_was_written_stays(
    console: Stage, wrong: dict[str, str], words: str
) -> None:
    sitter = await supervisor(console)
    form = CLOSED | {"note": "检修二号变压器"} | wrong
    response = await sitter.send("/console/calendar/days", **form)
    assert response.status in (400, 409)
    text = await response.text()
    assert words in text
    if "note" not in wrong:
        assert "检修二号变压器" in text
    assert await days(console) == []


YEAR = "date,open,hours,note\n2027-01-01,否,,元旦\n2027-02-05,否,,春节\n2027-02-20,是,,调休上班"


async def test_an_unknown_year_is_named_and_published_by_pasting(console: Stage) -> None:
    sitter = await supervisor(console, Role.ADMIN, hall="")
    text = await (await sitter.see("/console/calendar/years")).text()
    assert "2027" in text
    assert "年要做什么" in text
    form = {"year": "2027", "source": "国办发明电〔2026〕7号"}
    for content, words in (
        (YEAR.replace("2027-02-05,否", "2027-02-05,大概"), "第 3 行"),
        (YEAR + "\n2028-01-01,否,,元旦", "不是 2027 年的:2028-01-01"),
        ("date,open\n", "没有读到日子"),
        ("", "文件是空的"),
        ("date,open\n2027-02-20,是", "不像一年的放假安排"),
    ):
        response = await sitter.send("/console/calendar/years", **form, content=content)
        assert response.status == 400
        assert words in await response.text()
    async with console.session() as session:
        assert 2027 not in await published_years(session)
    for _ in range(2):
        assert (await sitter.send("/console/calendar/years", **form, content=YEAR)).status == 303
    text = await (await sitter.see("/console/calendar/years")).text()
    assert "国办发明电〔2026〕7号" in text
    async with console.session() as session:
        assert 2027 in await published_years(session)
    await sitter.send("/console/calendar/years/withdraw", year="2027", reason="贴错了")
    async with console.session() as session:
        assert 2027 not in await published_years(session)


async def test_only_who_looks_after_all_halls_publishes_a_year(console: Stage) -> None:
    sitter = await supervisor(console, Role.ADMIN, hall="main")
    text = await (await sitter.see("/console/calendar/years")).text()
    assert "公布要由管全部大厅的管理员来做" in text
    form = {"year": "2027", "source": "x", "content": YEAR}
    assert (await sitter.send("/console/calendar/years", **form)).status == 403


async def test_no_form_that_is_not_ours(console: Stage) -> None:
    sitter = await supervisor(console)
    for path, form in (
        ("/console/calendar/days", CLOSED),
        ("/console/calendar/stop", {"hall": "main", "group": "A2", "reason": "x"}),
    ):
        assert (await sitter.send(path, **form, form_token="0" * 64)).status == 403
    assert await days(console) == []
