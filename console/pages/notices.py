"""Notices (通知): what has not reached its citizen, what a person must mend, and the day in numbers.

A citizen is never named here, and the text of a notice never shown: what it is about is enough to act on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI
from bot.notices.describing import CHANNELS, described
from console.fields import Wrong, number_in, read_reason
from console.naming import hall_name, item_name, local_day, when
from console.permissions import Entry, get, post
from console.visit import Visit
from hall.notices.service import Alarm, Held, Kind, State, alarms, dismiss, held, mend, retry
from hall.notices.today import Tally, hall_of, tallies
from hall.staff.service import Role

ENTRIES: tuple[Entry, ...] = (Entry("/console/notices", "通知", Role.SUPERVISOR, 50),)
HOME: Final = "/console/notices"
_PORTION: Final = 50
KINDS: Final[Mapping[Kind, str]] = {
    Kind.BOOKING_CONFIRMED: "预约成功",
    Kind.BOOKING_CHANGED: "预约改期",
    Kind.BOOKING_CANCELLED: "预约取消",
    Kind.REMINDER_EVENING: "前一晚提醒",
    Kind.REMINDER_HOUR: "一小时前提醒",
    Kind.CALLING_SOON: "快到您了",
    Kind.CALLED: "叫号",
    Kind.PASSED: "过号",
    Kind.PLACE_FREE: "候补有空位",
    Kind.BANNED: "预约受限",
    Kind.UNBANNED: "限制解除",
    Kind.DAY_CLOSED: "停业",
    Kind.APPEAL_DECIDED: "申诉答复",
}
STATES: Final[Mapping[State, tuple[str, str, str]]] = {
    State.DUE: ("待发", "", "到时间就发"),
    State.SENDING: ("发送中", "", "正在发"),
    State.SENT: ("已送出", "good", "平台已收下"),
    State.WAITING: ("等本人发消息", "warn", "现在没有渠道能发给本人,本人下次发消息时会说"),
    State.ALARM: ("要人处理", "bad", "发送渠道出了问题,见上面的“要处理的”,修好后自动再发"),
    State.UNSURE: ("不确定", "warn", "发出去了没有回音,可能已经收到;不重复发,本人下次发消息时再说一遍"),
    State.STALE: ("过时没发", "warn", "还没发就过了有用的时间"),
    State.WITHDRAWN: ("不用发了", "", "事情变了,或者已由人处理"),
    State.REFUSED: ("发不到", "warn", "本人没有关注或屏蔽了公众号,也没有手机号"),
}


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [
        get("/notices", Role.SUPERVISOR, show),
        post("/notices/retry", Role.SUPERVISOR, retry_one),
        post("/notices/dismiss", Role.SUPERVISOR, dismiss_one),
        post("/notices/mended", Role.ADMIN, mended),
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A notice that waits."""

    id: int
    kind: str
    about: str
    state: str
    tone: str
    means: str
    due: str
    until: str
    useful: bool
    reason: str
    tries: tuple[str, ...]


async def show(visit: Visit) -> web.StreamResponse:
    """What is to be mended, what waits, the numbers of today."""
    return await _page(visit)


async def _page(visit: Visit, status: int = 200, *, wrong: str = "") -> web.Response:
    after = number_in(visit.request.query.get("after", ""))
    since, until = _today(visit.now)
    async with visit.reading() as session:
        broken = await alarms(session)
        waiting = await held(session, limit=_PORTION + 1, after=after, hall=visit.account.hall or None)
        numbers = await tallies(session, since, until)
    shown = waiting[:_PORTION]
    return visit.page(
        "notices.html",
        status,
        alarms=[_alarm(one) for one in broken],
        may_mend=visit.account.may(Role.ADMIN),
        rows=[_row(visit, one) for one in shown],
        more=f"{HOME}?after={shown[-1].id}" if len(waiting) > _PORTION else "",
        first=not after,
        numbers=_numbers(numbers),
        sums=_sums(numbers),
        wrong=wrong,
    )


def _today(now: datetime) -> tuple[datetime, datetime]:
    start = datetime.combine(local_day(now), time(), SHANGHAI)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


def _alarm(one: Alarm) -> tuple[int, str, str]:
    kind = f"(只影响“{KINDS[Kind(one.kind)]}”)" if one.kind in {kind.value for kind in Kind} else ""
    return one.id, described(one), kind


def _row(visit: Visit, one: Held) -> Row:
    state, tone, means = STATES[one.state]
    return Row(
        id=one.id,
        kind=KINDS[one.kind],
        about=_about(visit, one.facts),
        state=state,
        tone=tone,
        means=means,
        due=when(one.due),
        until=when(one.useful_until),
        useful=one.useful_until > visit.now,
        reason=one.reason,
        tries=tuple(
            f"{when(line.at)} {CHANNELS.get(line.channel, line.channel)}:{line.reason or line.outcome}"
            f"{f' [{line.code}]' if line.code else ''}"
            for line in one.tries
        ),
    )


def _about(visit: Visit, facts: Mapping[str, str]) -> str:
    """What a notice is about, in codes and times: no name, no text."""
    view = visit.house.library.view
    parts = [
        item_name(view, facts["item"]) if facts.get("item") else "",
        _moment(facts.get("starts", "") or facts.get("was", "")),
        hall_name(view, facts["hall"]) if facts.get("hall") else "",
        f"{facts['number']} 号" if facts.get("number") else "",
    ]
    return " · ".join(part for part in parts if part) or "不涉及具体事项"


def _moment(written: str) -> str:
    try:
        return when(datetime.fromisoformat(written))
    except ValueError:
        return ""


def _numbers(found: Sequence[Tally]) -> list[tuple[str, str, int]]:
    return [
        (STATES[one.state][0], CHANNELS.get(one.channel, "") or "没有发出", one.number)
        for one in found
        if one.number
    ]


def _sums(found: Sequence[Tally]) -> list[tuple[str, int]]:
    sums: dict[State, int] = {}
    for one in found:
        sums[one.state] = sums.get(one.state, 0) + one.number
    return [(STATES[state][0], sums[state]) for state in State if state in sums]


async def retry_one(visit: Visit) -> web.StreamResponse:
    """Try a notice again by every channel."""
    notice_id = number_in(visit.form.get("notice", ""))
    async with visit.writing("notices") as session:
        tried = await _reaches(visit, session, notice_id) and await retry(session, notice_id, now=visit.now)
        if tried:
            visit.record(session, "notice_retried", f"notice:{notice_id}")
    if not tried:
        return visit.go(HOME, "这条通知已经不在等了,或者过了有用的时间,没有再发。", wrong=True)
    return visit.go(HOME, "马上再发一次。")


async def dismiss_one(visit: Visit) -> web.StreamResponse:
    """Put a notice aside: the citizen was told otherwise."""
    notice_id = number_in(visit.form.get("notice", ""))
    try:
        why = read_reason(visit.form)
    except Wrong as wrong:
        return await _page(visit, 400, wrong=wrong.words)
    async with visit.writing() as session:
        by = visit.account.login
        aside = await _reaches(visit, session, notice_id) and await dismiss(
            session, notice_id, by=by, reason=why, now=visit.now
        )
        if aside:
            visit.record(session, "notice_dismissed", f"notice:{notice_id}", why)
    if not aside:
        return visit.go(HOME, "这条通知已经不在等了,没有再做什么。", wrong=True)
    return visit.go(HOME, "这条通知不再发了。")


async def _reaches(visit: Visit, session: AsyncSession, notice_id: int) -> bool:
    """Whether the notice is of a hall that they look after."""
    return not visit.account.hall or await hall_of(session, notice_id) == visit.account.hall


async def mended(visit: Visit) -> web.StreamResponse:
    """Somebody mended a cause: what waited for it is tried at once."""
    alarm_id = number_in(visit.form.get("alarm", ""))
    async with visit.writing("notices") as session:
        done = await mend(session, alarm_id, now=visit.now)
        if done:
            visit.record(session, "alarm_mended", f"alarm:{alarm_id}")
    return visit.go(HOME, "好,等着的通知马上再发。没修好的话会再报。" if done else "这一条早先已经处理了。")
