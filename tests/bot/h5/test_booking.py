from __future__ import annotations

import asyncio
import re
from datetime import datetime

from redis.asyncio import Redis
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from hall.appointments import service as appointments
from hall.appointments.amending import booked_by
from hall.appointments.models import Booking
from hall.appointments.service import BookingRules, Terms, Wish
from hall.calendar.service import publish_year
from hall.centres.opening import SHANGHAI
from hall.people.service import Party, citizen_id_of, register
from tests.bot.h5.own_house import LI, WANG, ZHANG, Browser, Form, House, id_number, opened_house

TIME = "9:00"


async def count(house: House, state: str = "confirmed") -> int:
    async with house.session() as session:
        return await session.scalar(select(func.count(Booking.id)).where(Booking.state == state)) or 0


async def at_confirm(house: House, openid: str = "o-1", starts: str = "2026-12-02T09:00") -> Browser:
    browser = await house.at(openid)
    await browser.go(f"/h5/book/GA-1/confirm?starts={starts}")
    return browser


async def test_a_first_visit_is_booked_by_taps_and_one_form(house: House) -> None:
    browser = await house.at("o-1")
    assert browser.path == "/h5/book/GA-1"
    assert "居民身份证换领" in browser.text
    assert "2026年12月" in browser.text
    assert "12月2日(周三) 可约" in browser.text
    assert "12月9日(周三) 休息(系统升级)" in browser.text
    await browser.tap("12月2日(周三) 可约")
    await browser.tap(TIME)
    assert "12月2日(周三)9:00–9:30" in browser.text
    assert "主厅 A 区 5 号窗口" in browser.text
    await browser.send(ZHANG)
    assert browser.status == 200
    assert re.fullmatch(r"/h5/bookings/\d+\?new=1", browser.path)
    assert "约好了" in browser.text
    assert re.search(r"签到码 (?:<|\d{4} \d{4})", browser.page) is not None
    assert "<svg" in browser.page
    assert "旧身份证" in browser.text
    assert await count(house) == 1
    assert house.announced == [frozenset({"notices"})]


async def test_a_second_time_nothing_is_asked_again_and_nothing_stands_in_the_open(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send(ZHANG)
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-03T09:00")
    assert "我自己 张*" in browser.text
    assert "110***********1237" in browser.text
    assert ZHANG["id_number"] not in browser.page
    assert 'name="id_number"' not in browser.page
    await browser.send()
    assert "约好了" in browser.text
    assert await count(house) == 2


async def test_what_is_wrong_is_said_in_its_place_and_nothing_typed_is_lost(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send({"name": "张三", "id_number": "110101199001011238", "phone": "123"})
    assert browser.status == 422
    assert "有 3 处要改" in browser.text
    assert "有一位写错了" in browser.text
    assert "手机号不对" in browser.text
    assert "请勾选" in browser.text
    assert 'value="110101199001011238"' in browser.page
    assert 'value="张三"' in browser.page
    assert 'aria-invalid="true"' in browser.page
    assert browser.headers["Cache-Control"] == "no-store"
    assert await count(house) == 0
    await browser.send(ZHANG)
    assert "约好了" in browser.text


async def test_a_form_sent_twice_is_one_booking(house: House) -> None:
    browser = await at_confirm(house)
    form = browser.page
    await browser.send(ZHANG)
    first = browser.path
    browser.page = form
    await browser.send(ZHANG)
    assert browser.path.split("?")[0] == first.split("?")[0]
    assert await count(house) == 1


async def test_two_taps_at_once_are_one_booking(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send(ZHANG)
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-03T09:00")
    twin = Browser(browser.client, browser.path, browser.page)
    await asyncio.gather(browser.send(), twin.send())
    assert browser.path == twin.path
    assert await count(house) == 2


async def test_the_form_of_the_chat_finds_its_booking_by_its_key(house: House) -> None:
    browser = await house.at("o-1", "/h5/book/GA-1?form=chat-form-1")
    await browser.tap("12月2日(周三)")
    await browser.tap(TIME)
    await browser.send(ZHANG)
    done = browser.path
    async with house.session() as session:
        citizen_id = await citizen_id_of(session, "o-1")
        assert citizen_id is not None
        booking = await booked_by(session, citizen_id, "chat-form-1")
    assert booking is not None
    assert done.startswith(f"/h5/bookings/{booking.id}")
    # The same link again leads to what was booked, not to a second one.
    await browser.go("/h5/book/GA-1?form=chat-form-1")
    assert browser.path == f"/h5/bookings/{booking.id}"
    await browser.go("/h5/book/GA-1/confirm?form=chat-form-1&starts=2026-12-03T09:00")
    assert "没有再约第二个" in browser.text
    # Once it is cancelled, the link books anew.
    await browser.go(f"/h5/bookings/{booking.id}/cancel")
    await browser.send()
    await browser.go("/h5/book/GA-1/confirm?form=chat-form-1&starts=2026-12-03T09:00")
    await browser.send()
    assert "约好了" in browser.text
    assert await count(house) == 1


async def test_whoever_comes_second_is_offered_the_three_nearest_times(house: House) -> None:
    one, two = await at_confirm(house, "o-1"), await at_confirm(house, "o-2")
    await one.send(ZHANG)
    await two.send(WANG)
    assert two.status == 409
    assert "刚刚约满了" in two.text
    times = re.findall(r"12月\d+日\(周.\)\d+:\d\d 余 1", two.text)
    assert len(times) == 3
    await two.tap(times[0])
    assert "我自己 王*" in two.text  # what was typed is not asked again
    await two.send()
    assert "约好了" in two.text


async def test_two_browsers_race_for_the_last_place_and_one_gets_it(house: House) -> None:
    racers = []
    for number in range(4):
        browser = await house.at(f"o-{number}")
        # Everybody is known already, so that they meet at the place and not at the form.
        await browser.go(f"/h5/book/GA-1/confirm?starts=2026-12-0{number + 1}T14:00")
        await browser.send({**ZHANG, "id_number": id_number(number)})
        await browser.go("/h5/book/GA-1/confirm?starts=2026-12-07T09:00")
        racers.append(browser)
    before = await count(house)
    await asyncio.gather(*(browser.send() for browser in racers))
    won = [browser for browser in racers if "约好了" in browser.text]
    lost = [browser for browser in racers if "刚刚约满了" in browser.text]
    assert (len(won), len(lost)) == (1, len(racers) - 1)
    assert await count(house) == before + 1


async def test_a_full_time_can_be_waited_for(house: House) -> None:
    await (one := await at_confirm(house, "o-1")).send(ZHANG)
    assert "约好了" in one.text
    two = await house.at("o-2")
    await two.go("/h5/book/GA-1?day=2026-12-02")
    await two.tap("约满 · 候补")
    assert "候补" in two.text
    await two.send(WANG)
    assert two.path.startswith("/h5/bookings?waiting=")
    assert "已候补" in two.text
    assert "下一个就是您" in two.text
    await two.send()
    assert "现在没有预约" in two.text


async def test_at_most_two_are_open(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send(ZHANG)
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-03T09:00")
    await browser.send()
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-04T09:00")
    assert browser.status == 409
    assert "最多同时有 2 个预约" in browser.text
    assert await count(house) == 2


async def test_days_and_times_that_are_not_to_be_had_are_refused_in_words(house: House) -> None:
    browser = await house.at("o-1")
    for starts, said in (
        ("2026-12-09T09:00", "12月9日(周三)不开(系统升级)"),
        ("2026-12-06T09:00", "12月6日(周日)不开"),
        ("2026-12-02T08:00", "没有从这个时间开始的号"),
        ("2026-11-30T09:00", "已经过了"),
        ("2027-06-01T09:00", "现在只能约到12月31日"),
    ):
        await browser.go(f"/h5/book/GA-1/confirm?starts={starts}")
        assert browser.status == 409, starts
        assert said in browser.text
        assert "看日历选别的时间" in browser.text


async def test_nonsense_in_the_address_is_as_nothing(house: House) -> None:
    browser = await house.at("o-1")
    for query in (
        "day=x",
        "month=2026-13",
        "n=99",
        "starts=yesterday",
        "hall=%00",
        "form=<script>",
        "day=9999-99-99",
    ):
        await browser.go(f"/h5/book/GA-1?{query}")
        assert browser.status == 200, query
        assert "<script" not in browser.page
    await browser.go("/h5/book/GA-1/confirm?starts=nonsense")
    assert "2026年12月" in browser.text
    await browser.go("/h5/book/NO-SUCH")
    assert browser.status in {403, 404}


async def test_an_item_in_several_halls_asks_where_and_one_without_booking_says_so(house: House) -> None:
    browser = await house.at("o-1", "/h5/book/GA-2")
    assert "去哪里办" in browser.text
    await browser.tap("东门站")
    assert "E 区 1 号窗口" in browser.text
    assert "换大厅" in browser.text
    await browser.go("/h5/book/SC-1")
    assert "不用预约" in browser.text


async def test_two_people_come_together(house: House) -> None:
    browser = await house.at("o-1")
    await browser.tap("2 个人办")
    assert "能约的日子都满了" in browser.text  # one place a half-hour: nothing for two
    await browser.tap("12月2日(周三)")
    assert "只剩 1" in browser.text


async def test_somebody_else_is_named_with_their_consent_and_kept(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send(ZHANG)
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-03T09:00")
    await browser.tap("替别人办")
    await browser.send({**LI, "agreed": ""})
    assert browser.status == 422
    assert "对方同意了才能代办" in browser.text
    await browser.send(LI)
    assert "代办" in browser.text
    assert "约好了" in browser.text
    await browser.go("/h5/my-data")
    assert "我妈 李*红" in browser.text


async def test_another_citizens_person_or_booking_does_not_exist(house: House) -> None:
    one = await at_confirm(house, "o-1")
    await one.send(ZHANG)
    booking = one.path.split("?")[0]
    two = await at_confirm(house, "o-2", "2026-12-03T09:00")
    await two.send(WANG)
    for path in (booking, f"{booking}/move", f"{booking}/cancel"):
        await two.go(path)
        assert two.status == 404, path
        assert "没有这个预约" in two.text
    await two.go("/h5/book/GA-1/confirm?starts=2026-12-04T09:00")
    await two.send({"person": "1"})
    assert "名单里没有这个人" in two.text


async def test_another_time_the_old_one_stays_until_the_new_is_there(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send(ZHANG)
    booking = browser.path.split("?")[0]
    await browser.tap("改时间")
    assert "原来:12月2日(周三)9:00" in browser.text
    await browser.tap("12月3日(周四) 可约")
    await browser.tap("10:00")
    form = browser.page
    await browser.send()
    assert browser.path == f"{booking}?moved=1"
    assert "12月3日(周四)10:00" in browser.text
    browser.page = form
    await browser.send()
    assert "12月3日(周四)10:00" in browser.text
    # A full time is refused and the appointment stands.
    other = await at_confirm(house, "o-2", "2026-12-04T09:00")
    await other.send(WANG)
    await browser.go(f"{booking}/move/confirm?starts=2026-12-04T09:00")
    await browser.send()
    assert browser.status == 409
    assert "候补" not in browser.text
    await browser.go(booking)
    assert "12月3日(周四)10:00" in browser.text


async def test_cancelling_is_asked_once_more_and_again_is_harmless(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send(ZHANG)
    await browser.tap("取消预约")
    form = browser.page
    assert await count(house) == 1
    await browser.send()
    assert "已取消" in browser.text
    assert "<svg" not in browser.page
    browser.page = form
    await browser.send()
    assert "已取消" in browser.text
    await browser.tap("重新预约")
    assert "2026年12月" in browser.text
    assert await count(house) == 0


async def test_what_is_kept_is_shown_masked_then_in_the_open_and_every_look_is_kept(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send(ZHANG)
    await browser.go("/h5/my-data")
    assert "张*" in browser.text
    assert ZHANG["id_number"] not in browser.page
    await browser.send(action="/h5/my-data")
    assert ZHANG["id_number"] in browser.text
    assert "您自己 导出" in browser.text or "您自己导出" in browser.text
    assert browser.headers["Cache-Control"] == "no-store"
    await browser.send(action="/h5/my-data/download")
    assert browser.headers["Content-Disposition"].startswith("attachment; filename=")
    assert ZHANG["id_number"] in browser.page
    assert browser.page.count('"what": "export"') == 2
    stranger = await house.at("o-9", "/h5/my-data")
    assert "没有存您的任何资料" in stranger.text


async def test_the_page_to_check_in_shows_the_next_code(house: House) -> None:
    browser = await house.at("o-1", "/h5/check-in")
    assert "现在没有预约" in browser.text
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-02T09:00")
    await browser.send(ZHANG)
    await browser.go("/h5/check-in")
    assert "<svg" in browser.page


async def hold(house: House, openid: str, starts: str) -> int:
    """What the chat does while it asks: a place is kept for ten minutes."""
    async with house.session() as session:
        citizen_id = await register(session, openid, now=house.clock())
        wish = Wish("GA-1", "main", "A", datetime.fromisoformat(starts).replace(tzinfo=SHANGHAI))
        held = await appointments.hold(
            session,
            Party(citizen_id),
            wish,
            key="form-1:1",
            terms=Terms(house.clock(), BookingRules(per_counter=1)),
        )
        await session.commit()
    return held.id


async def test_what_the_chat_holds_becomes_the_booking(house: House) -> None:
    held = await hold(house, "o-1", "2026-12-02T09:00")
    browser = await house.at("o-1", "/h5/book/GA-1?form=form-1")
    await browser.go("/h5/book/GA-1/confirm?form=form-1&starts=2026-12-02T09:00")
    assert browser.status == 200  # the only place of that time is the citizen's own
    form = browser.page
    await browser.send(ZHANG)
    assert browser.path == f"/h5/bookings/{held}?new=1"
    browser.page = form
    await browser.send(ZHANG)
    assert browser.path.startswith(f"/h5/bookings/{held}")
    assert await count(house) == 1
    async with house.session() as session:
        citizen_id = await register(session, "o-1", now=house.clock())
        made = await booked_by(session, citizen_id, "form-1")
    assert made is not None
    assert (made.id, made.state) == (held, "confirmed")
    assert made.person_id is not None


async def test_what_the_chat_holds_does_not_stand_in_the_way_of_another_time(house: House) -> None:
    await hold(house, "o-1", "2026-12-02T09:00")
    browser = await house.at("o-1", "/h5/book/GA-1?form=form-1")
    await browser.go("/h5/book/GA-1/confirm?form=form-1&starts=2026-12-03T09:00")
    await browser.send(ZHANG)
    assert "约好了" in browser.text
    assert (await count(house), await count(house, "held"), await count(house, "cancelled")) == (1, 0, 1)


async def test_the_place_that_the_waitlist_offers_is_taken_with_a_tap(house: House) -> None:
    one = await at_confirm(house, "o-1")
    await one.send(ZHANG)
    two = await house.at("o-2")
    await two.go("/h5/book/GA-1/confirm?starts=2026-12-02T09:00&wait=slot")
    await two.send(WANG)
    await one.tap("取消预约")
    await one.send()
    house.clock.forward(minutes=15)
    async with house.session() as session:
        await appointments.offer_freed(session, terms=Terms(house.clock(), BookingRules(per_counter=1)))
        await session.commit()
    await two.go("/h5/bookings")
    assert "候补到了:12月2日(周三)9:00" in two.text
    form = two.page
    take = next(action for action in Form(form).forms if action.endswith("/take"))
    await two.send(action=take)
    assert "约好了" in two.text
    two.page = form
    await two.send(action=take)
    assert await count(house) == 1


async def test_who_missed_an_appointment_hears_until_when_and_how_to_appeal(house: House) -> None:
    browser = await at_confirm(house)
    await browser.send(ZHANG)
    house.clock.forward(days=1, hours=1)
    async with house.session() as session:
        await appointments.mark_no_shows(session, terms=Terms(house.clock(), BookingRules(per_counter=1)))
        await session.commit()
    browser = await house.at("o-1")
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-04T09:00")
    assert browser.status == 403
    assert "12月2日(周三)9:00约了没来,12月9日(周三)9:00以后可以再约" in browser.text
    assert "申诉" in browser.text


async def test_days_of_an_unpublished_year_are_said_to_be_open_questions(
    engine: AsyncEngine, redis: Redis
) -> None:
    rules = BookingRules(per_counter=1, horizon_days=60)
    async with opened_house(engine, redis, rules=rules) as house:
        browser = await house.at("o-1")
        await browser.tap("1月")
        assert "1月4日(周一) 未定" in browser.text
        assert "放假安排还没公布" in browser.text
        await browser.go("/h5/book/GA-1/confirm?starts=2027-01-04T09:00")
        assert "2027 年的放假安排还没公布" in browser.text
        async with house.session() as session:
            await publish_year(session, 2027, now=house.clock())
            await session.commit()
        await browser.go("/h5/book/GA-1?month=2027-01")
        assert "1月4日(周一) 可约" in browser.text
