from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hall.db import Sessions
from hall.people import service as people
from hall.people.models import Citizen, Consent, Person, ProxyGrant
from hall.wording.consent import CONSENT_WORDING
from tests.actions.chat import answer
from tests.actions.people.conftest import VAULT, Asking

OWN = "110101199001011237"
MOTHER = "340104195603154327"
CHILD = "340104201801011237"
YOUNG = "340104201406078511"
PHONE = "13800138000"
ALL = f"张三 {OWN} {PHONE}"
NOW = datetime(2026, 12, 2, 3, tzinfo=UTC)


async def with_own(asking: Asking, sentence: str = "") -> str:
    """The citizen's own data are there; then a new form begins."""
    await asking.start()
    await asking.say("同意")
    assert await asking.say(ALL) == "[张*]"
    return await asking.start(sentence)


async def with_mother(asking: Asking) -> None:
    await with_own(asking, "给我妈约个失业金")
    await asking.say(f"李秀英 {MOTHER}")
    assert await asking.say("同意了") == "[妈妈(李*英)]"


async def grants(sessions: Sessions) -> list[ProxyGrant]:
    async with sessions() as session:
        return list(await session.scalars(select(ProxyGrant)))


async def entries(sessions: Sessions) -> list[dict[str, str]]:
    """What is kept, in the open."""
    async with sessions.begin() as session:
        citizen = await people.citizen_id_of(session, "o-citizen")
        assert citizen is not None
        told = await people.export(session, VAULT, citizen, now=NOW)
    return list(told["people"])


# -- consent ---------------------------------------------------------------------------------------


async def test_consent_comes_first_and_is_kept_with_its_wording(asking: Asking, sessions: Sessions) -> None:
    asked = await asking.start()
    assert "同意" in asked
    assert "https://banshi.example/h5/privacy" in asked
    assert [way.title for way in asking.last.ways] == ["同意", "不同意", "为什么要"]
    assert "姓名" in await asking.say("同意")
    async with sessions() as session:
        (consent,) = await session.scalars(select(Consent))
    assert (consent.wording, consent.withdrawn) == (CONSENT_WORDING, None)


async def test_refusal_keeps_nothing_and_says_what_is_possible(asking: Asking, sessions: Sessions) -> None:
    await asking.start()
    said = await asking.say("不同意")
    assert "现场取号" in said
    assert "打" in said
    assert asking.memory.form is None
    async with sessions() as session:
        assert (await session.scalars(select(Citizen))).all() == []


async def test_data_sent_before_consent_are_not_kept(asking: Asking, sessions: Sessions) -> None:
    await asking.start()
    assert "还没有记" in await asking.say(ALL)
    assert "三" not in str(asking.memory.form)
    assert OWN not in str(asking.memory.form)
    async with sessions() as session:
        assert (await session.scalars(select(Person))).all() == []


async def test_consent_and_data_in_one_message(asking: Asking) -> None:
    await asking.start()
    assert await asking.say(f"同意,我叫张三,身份证号{OWN},电话{PHONE}") == "[张*]"


@pytest.mark.parametrize("words", ["为什么要身份证号", "我的信息安全吗", "会不会泄露", "要手机号干嘛"])
async def test_why_is_answered_and_consent_asked_again(asking: Asking, words: str) -> None:
    await asking.start()
    said = await asking.say(words)
    assert "核对" in said
    assert said.endswith("手机号吗?")


@pytest.mark.parametrize("words", ["不同意会怎么样", "今天开门吗", "同意不同意有什么区别"])
async def test_a_question_is_no_consent(asking: Asking, words: str) -> None:
    await asking.start()
    assert await asking.say(words) == ""


# -- own data --------------------------------------------------------------------------------------


async def test_one_question_at_a_time(asking: Asking) -> None:
    await asking.start()
    assert "姓名" in await asking.say("同意")
    assert "身份证号是多少" in await asking.say("张三")
    assert "手机号是多少" in await asking.say(OWN)
    assert await asking.say(PHONE) == "[张*]"
    assert asking.found is not None
    assert not asking.found.for_other


@pytest.mark.parametrize(
    "words",
    [
        ALL,
        f"{PHONE} 张三 {OWN}",
        "110101 19900101 1237,张三,138-0013-8000",
        f"姓名:张三 身份证号:{OWN} 手机号:{PHONE}",
        f"我叫张三,身份证{OWN},电话是+86 {PHONE}",
    ],
)
async def test_everything_in_one_message(asking: Asking, sessions: Sessions, words: str) -> None:
    await asking.start()
    await asking.say("同意")
    assert await asking.say(words) == "[张*]"
    (own,) = await entries(sessions)
    assert (own["name"], own["id_number"], own["phone"]) == ("张三", OWN, f"+86{PHONE}")


async def test_number_before_name_waits_for_it(asking: Asking, sessions: Sessions) -> None:
    await asking.start()
    await asking.say("同意")
    assert "姓名" in await asking.say(OWN)
    assert "手机号" in await asking.say("张三")
    assert await asking.say(PHONE) == "[张*]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("110101199001011234", "校验位"),
        ("11010119900101123", "位数不对"),
        ("110101900101123", "15 位"),
        ("110101202712011239", "还没到"),
        ("110101199013011239", "出生日期"),
        ("E12345678", "护照"),
    ],
)
async def test_a_wrong_number_is_told_kindly_and_asked_again(asking: Asking, words: str, said: str) -> None:
    await asking.start()
    await asking.say("同意")
    await asking.say("张三")
    told = await asking.say(words)
    assert said in told
    assert "身份证号" in told
    assert words not in told


async def test_what_is_right_is_kept_beside_what_is_wrong(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    told = await asking.say(f"张三 110101199001011234 {PHONE}")
    assert "张*" in told
    assert "138****8000" in told
    assert "校验位" in told
    assert await asking.say(OWN) == "[张*]"


async def test_without_a_number_of_18_digits(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    await asking.say("John Smith")
    assert "手机号" in await asking.pick("没有 18 位号码")
    assert await asking.say(PHONE) == "[J********h]"
    assert await asking.start() == "[J********h]"


async def test_phone_is_read_by_the_numbering_plan(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    await asking.say(f"张三 {OWN}")
    assert "11 位" in await asking.say("1380013800")
    assert await asking.say("0551-62345678") == "[张*]"


async def test_unusual_name_is_confirmed(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    assert "阿**丽”是姓名吗" in await asking.say("阿依古丽")
    assert "身份证号" in await asking.say("是的")


async def test_another_name_instead_of_the_unusual_one(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    await asking.say("阿依古丽")
    assert "记下了:张*" in await asking.say("张三")


async def test_a_child_without_a_card(asking: Asking) -> None:
    await with_own(asking, "给我儿子约")
    assert "您儿子的姓名" in await asking.say("他还没有身份证")
    assert "监护人" in await asking.say("张小宝")
    assert await asking.say("没有 18 位号码") == ""
    assert await asking.say("我是监护人") == "[儿子(张*宝)]"


async def test_words_that_are_no_name_are_asked_again(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    await asking.say("阿依古丽")
    assert "姓名" in await asking.say("不是")


@pytest.mark.parametrize(
    "words",
    "停车方便吗 几点关门 要带什么材料 多少钱 周三上午 时间 费用 明天下午三点 何时能办好".split(),  # noqa: SIM905
)
async def test_a_question_in_between_is_no_name(asking: Asking, words: str) -> None:
    await asking.start()
    await asking.say("同意")
    assert await asking.say(words) == ""


async def test_an_item_that_begins_with_a_family_name_is_no_name(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    asking.search.decisions = {"高龄津贴": answer("RS-1")}
    assert await asking.say("高龄津贴") == ""


async def test_nothing_is_asked_twice(asking: Asking) -> None:
    assert await with_own(asking) == "[张*]"


async def test_corrections(asking: Asking, sessions: Sessions) -> None:
    await asking.start()
    await asking.say("同意")
    await asking.say("章三")
    assert "记下了:张*" in await asking.say("名字写错了,是张三")
    await asking.say(OWN)
    assert "重新发姓名" in await asking.say("姓名写错了")
    assert "手机号" in await asking.say("张三丰")
    assert await asking.say(PHONE) == "[张*丰]"
    assert "重新发手机号" in await asking.say("手机号写错了")
    assert await asking.say("13900139000") == "[张*丰]"
    (own,) = await entries(sessions)
    assert (own["name"], own["phone"]) == ("张三丰", "+8613900139000")


async def test_under_16_is_for_the_parents_and_nothing_stays(asking: Asking, sessions: Sessions) -> None:
    await asking.start()
    await asking.say("同意")
    await asking.say("王小明")
    assert "监护人" in await asking.say(YOUNG)
    assert asking.memory.form is None
    async with sessions() as session:
        assert (await session.scalars(select(Person))).all() == []
        (consent,) = await session.scalars(select(Consent))
    assert consent.withdrawn is not None


async def test_two_people_in_one_message(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    assert "一个人" in await asking.say(f"张三 {OWN},李秀英 {MOTHER}")


# -- for others ------------------------------------------------------------------------------------


async def test_for_mother_names_both_and_records_her_consent(asking: Asking, sessions: Sessions) -> None:
    await asking.start("给我妈约下周三")
    assert "要先记下您自己的" in await asking.say("同意")
    asked = await asking.say(ALL)
    assert "您妈妈的姓名" in asked
    assert "您妈妈的身份证号" in await asking.say("李秀英")
    asked = await asking.say(MOTHER)
    assert "您妈妈(李*英)知道并同意" in asked
    assert len(await entries(sessions)) == 1  # hers only once she is said to agree
    assert await asking.say("是的,她同意") == "[妈妈(李*英)]"
    assert asking.found is not None
    assert asking.found.for_other
    (grant,) = await grants(sessions)
    assert (grant.means, grant.person_id) == ("stated", asking.found.person_id)
    assert MOTHER not in str(asking.memory.form)
    assert "秀" not in str(asking.memory.form)


async def test_mother_is_known_the_next_time(asking: Asking) -> None:
    await with_mother(asking)
    assert await asking.start("帮我妈约") == "[妈妈(李*英)]"


async def test_for_whom_is_chosen_among_those_kept(asking: Asking) -> None:
    await with_mother(asking)
    assert await asking.start() == "[张*]"
    assert "给谁办" in await asking.say("换个人")
    assert [way.title for way in asking.last.ways] == ["妈妈 李*英", "另一个人", "给我自己办"]
    assert await asking.pick("妈妈 李*英") == "[妈妈(李*英)]"
    await asking.say("换个人")
    assert await asking.pick("给我自己办") == "[张*]"


async def test_without_the_mothers_consent_nothing_of_her_stays(asking: Asking, sessions: Sessions) -> None:
    await with_own(asking, "替我妈约")
    await asking.say(f"李秀英 {MOTHER}")
    assert "没有留下" in await asking.say("还没问过")
    assert MOTHER not in str(asking.memory.form)
    assert len(await entries(sessions)) == 1
    assert await asking.pick("给我自己办") == "[张*]"


async def test_for_a_child_the_guardian_answers(asking: Asking, sessions: Sessions) -> None:
    await with_own(asking, "给我儿子约")
    asked = await asking.say(f"张小宝 {CHILD}")
    assert "监护人" in asked
    assert await asking.say("我是他邻居") == ""
    assert await asking.say("我是他爸爸") == "[儿子(张*宝)]"
    (grant,) = await grants(sessions)
    assert grant.means == "guardian"


async def test_what_parents_do_for_a_child_is_in_their_own_name(asking: Asking) -> None:
    asking.item = "SC-1"
    await with_own(asking)
    asking.item = ""
    assert await asking.start("帮公司约") == "[张*]"


async def test_proxy_not_allowed_is_told_with_what_is_possible(asking: Asking) -> None:
    asking.item = "GA-1"
    told = await with_own(asking, "帮我爸约")
    assert "不可代办" in told
    assert "您爸爸" in told
    assert [way.title for way in asking.last.ways][:2] == ["帮着约,本人来", "改成给我自己办"]
    assert "您爸爸的姓名" in await asking.pick("帮着约,本人来")
    await asking.say(f"张建国 {MOTHER}")
    assert await asking.say("同意") == "[爸爸(张*国)]"
    assert asking.found is not None
    assert asking.found.comes


async def test_proxy_not_allowed_back_to_oneself(asking: Asking) -> None:
    asking.item = "GA-1"
    await with_own(asking, "帮我爸约")
    assert await asking.pick("改成给我自己办") == "[张*]"


async def test_whom_is_asked_where_it_was_not_said(asking: Asking) -> None:
    await with_own(asking, "帮别人约")
    assert asking.last.text.startswith("给谁办")
    assert "您同事的姓名" in await asking.say("同事")


async def test_the_others_number_is_the_citizens_own(asking: Asking) -> None:
    await with_own(asking, "帮朋友约")
    await asking.say(f"李四 {OWN}")
    said = await asking.say("同意")
    assert "您本人" in said
    assert "身份证号" in said
    assert await asking.say(MOTHER) != ""
    assert await asking.say("同意") == "[朋友(李*)]"


async def test_change_of_mind_in_the_middle(asking: Asking) -> None:
    await asking.start()
    await asking.say("同意")
    assert "要先记下您自己的" in await asking.say("不是给我,给我妈约")
    assert "您妈妈" in await asking.say(ALL)


async def test_an_old_tap_is_harmless(asking: Asking) -> None:
    await asking.start()
    consent = asking.last
    await asking.say("同意")
    await asking.say(ALL)
    asking.last = consent
    assert await asking.pick("同意") == ""
    assert await asking.pick("不同意") == ""
    assert await asking.start() == "[张*]"
