from __future__ import annotations

from datetime import date

from hall.appointments.service import Terms, appeal, standing_of
from hall.staff.service import Role
from tests.console.desk import audit, citizen, missed, told
from tests.console.house import Sitter, Stage

NOVEMBER = [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)]


async def supervisor(console: Stage, hall: str = "main") -> Sitter:
    await console.staff(role=Role.SUPERVISOR, hall=hall)
    sitter = await console.logged_in()
    await sitter.see("/console/penalties")
    return sitter


async def clear(console: Stage, citizen_id: int) -> bool:
    async with console.session() as session:
        return (await standing_of(session, citizen_id, terms=Terms(console.clock()))).clear


async def appealed(console: Stage, citizen_id: int, words: str = "那天孩子住院了") -> int:
    async with console.session() as session:
        return await appeal(session, console.house.vault.seal, citizen_id, words, now=console.clock())


async def test_a_clerk_is_refused(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    assert (await sitter.see("/console/penalties")).status == 403
    assert (await sitter.send("/console/penalties/lift", citizen="1", reason="x")).status == 403


async def test_who_is_barred_is_listed_with_what_they_missed(console: Stage) -> None:
    one, other = await citizen(console), await citizen(console, "o-two", number="110101199003074514")
    await missed(console, one, *NOVEMBER)
    await missed(console, other, NOVEMBER[1])
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/penalties")).text()
    assert "现在不能预约的人 2 位" in text
    assert text.index("黑名单,解除前不能预约") < text.index("12月3日(周四)9:30 前不能预约")
    assert "本厅近 30 天的爽约 4 次" in text
    assert "欧**思" in text


async def test_lifting_takes_a_reason_tells_the_citizen_and_is_done_once(console: Stage) -> None:
    one = await citizen(console)
    await missed(console, one, *NOVEMBER)
    sitter = await supervisor(console)
    response = await sitter.send("/console/penalties/lift", citizen=str(one), reason="  ")
    assert response.status == 400
    assert "请写明原因" in await response.text()
    assert not await clear(console, one)
    for words in ("解除了,会告诉本人", "现在没有限制"):
        await sitter.send("/console/penalties/lift", citizen=str(one), reason="出示了住院证明")
        assert words in await (await sitter.see("/console/penalties")).text()
    assert (await sitter.send("/console/penalties/lift", citizen="999", reason="x")).status == 404
    assert await clear(console, one)
    assert [notice["reason"] for notice in await told(console, "unbanned")] == ["出示了住院证明"]
    assert len(await audit(console, "penalty_lifted")) == 1


async def test_one_no_show_is_excused_and_counts_for_nothing(console: Stage) -> None:
    one = await citizen(console)
    (booking,) = await missed(console, one, NOVEMBER[2])
    sitter = await supervisor(console)
    for _ in range(2):
        form = {"booking": str(booking), "reason": "叫号机故障"}
        assert (await sitter.send("/console/penalties/excuse", **form)).status == 303
    text = await (await sitter.see("/console/penalties")).text()
    assert "早先已经不计爽约" in text
    assert "已免除" in text
    assert await clear(console, one)
    assert len(await told(console, "unbanned")) == 1
    assert len(await audit(console, "no_show_excused")) == 1
    assert (await sitter.send("/console/penalties/excuse", booking="999", reason="x")).status == 404


async def test_a_no_show_of_another_hall_is_not_excused(console: Stage) -> None:
    one = await citizen(console)
    (booking,) = await missed(console, one, NOVEMBER[2])
    sitter = await supervisor(console, hall="branch")
    response = await sitter.send("/console/penalties/excuse", booking=str(booking), reason="x")
    assert response.status == 403
    assert not await clear(console, one)


async def test_an_appeal_is_granted_once_in_words_that_the_citizen_is_told(console: Stage) -> None:
    one = await citizen(console)
    await missed(console, one, *NOVEMBER)
    number = await appealed(console, one)
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/penalties")).text()
    assert "那天孩子住院了" in text
    assert "黑名单" in text
    form = {"appeal": str(number), "reason": "情况属实", "verdict": "grant"}
    for wrong, words in (({"reason": ""}, "请写明给本人的答复"), ({"verdict": ""}, "成立并解除")):
        response = await sitter.send("/console/penalties/appeal", **form | wrong)
        assert response.status == 400
        assert words in await response.text()
    for words in ("申诉成立,限制已解除", "已经处理过了"):
        await sitter.send("/console/penalties/appeal", **form)
        assert words in await (await sitter.see("/console/penalties")).text()
    assert await clear(console, one)
    (notice,) = await told(console, "appeal_decided")
    assert (notice["granted"], notice["reason"]) == ("1", "情况属实")
    assert len(await audit(console, "appeal_granted")) == 1


async def test_a_refused_appeal_leaves_what_stands(console: Stage) -> None:
    one = await citizen(console)
    await missed(console, one, *NOVEMBER)
    number = await appealed(console, one)
    sitter = await supervisor(console)
    form = {"appeal": str(number), "reason": "没有证明材料", "verdict": "refuse"}
    await sitter.send("/console/penalties/appeal", **form)
    assert not await clear(console, one)
    (notice,) = await told(console, "appeal_decided")
    assert (notice["granted"], notice["reason"]) == ("", "没有证明材料")


async def test_an_appeal_is_shown_as_text_whatever_is_in_it(console: Stage) -> None:
    one = await citizen(console)
    await appealed(console, one, "<script>alert(1)</script>")
    sitter = await supervisor(console)
    text = await (await sitter.see("/console/penalties")).text()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


async def test_no_form_that_is_not_ours(console: Stage) -> None:
    one = await citizen(console)
    await missed(console, one, *NOVEMBER)
    sitter = await supervisor(console)
    form = {"citizen": str(one), "reason": "x", "form_token": "0" * 64}
    assert (await sitter.send("/console/penalties/lift", **form)).status == 403
    assert not await clear(console, one)
