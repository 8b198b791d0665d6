"""What each kind of notice says, and the ways on that it offers; far below WeChat's 600 characters."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.choices import Choice
from bot.notices.facts import Facts
from hall.notices.kinds import Kind

AGAIN = "前面有一条通知可能没送到,再告诉您一次:"


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in words. `short`: in at most 20 characters, for a template's field."""

    text: str
    short: str
    ways: tuple[Choice, ...] = ()


def worded(kind: Kind, subject: str, facts: Facts, *, again: bool = False) -> Said:
    """The words of a notice; `again`: it may have arrived before."""
    said = _KINDS[kind](facts, subject.rpartition(":")[2])
    return Said(f"{AGAIN}\n{said.text}", said.short, said.ways) if again else said


def template_values(facts: Facts, said: Said) -> Mapping[str, str]:
    """What a template's fields can hold (see `bot.notices.templates.VALUES`)."""
    return {
        "item": facts.item,
        "starts": facts.date_and_time("starts"),
        "place": facts.place,
        "hall": facts.hall,
        "code": facts.code,
        "number": facts.get("number"),
        "window": facts.window,
        "ahead": facts.get("ahead"),
        "minutes": facts.get("minutes"),
        "until": facts.date_and_time("until"),
        "reason": facts.reason,
        "say": said.short,
    }


def _way(title: str, intent: str, **entities: str) -> Choice:
    return Choice(title, f"/{intent}{json.dumps(entities, ensure_ascii=False) if entities else ''}")


def _changes(number: str) -> tuple[Choice, ...]:
    return (
        _way("改约", "change_appointment", value=number),
        _way("取消预约", "cancel_appointment", value=number),
    )


def _book_again(facts: Facts) -> tuple[Choice, ...]:
    item = facts.get("item")
    return (_way("重新预约", "book_appointment", item=item),) if facts.item else ()


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _visit(facts: Facts) -> str:
    """When and where, and the code to show."""
    return _lines(
        _where(facts), f"签到码 {facts.code},到大厅报给导办台或在取号机上输入。" if facts.code else ""
    )


def _where(facts: Facts) -> str:
    return ",".join(part for part in (facts.when("starts"), facts.place) if part)


def _confirmed(facts: Facts, number: str) -> Said:
    text = _lines(
        f"预约好了:{facts.matter}", _visit(facts), "来不了请提前改约或取消,约了不来会影响以后预约。"
    )
    return Said(text, "预约成功", _changes(number))


def _changed(facts: Facts, number: str) -> Said:
    was = facts.date_and_time("was")
    because = f"是中心改的,原因:{facts.reason}。" if facts.reason else ""
    text = _lines(
        f"预约改好了:{facts.matter}", _visit(facts), f"原来的 {was} 已取消。" if was else "", because
    )
    return Said(text, "预约已改期", _changes(number))


def _cancelled(facts: Facts, number: str) -> Said:
    because = f"原因:{facts.reason}。" if facts.reason else ""
    text = _lines(f"您 {facts.date_and_time('starts')} 办{facts.matter}的预约已取消。", because)
    return Said(text, "预约已取消", _book_again(facts))


def _evening(facts: Facts, number: str) -> Said:
    text = _lines(f"提醒您,约好了办{facts.matter}:", _visit(facts), "来不了请改约或取消,把位子让给别人。")
    return Said(text, "明天有预约", _changes(number))


def _hour(facts: Facts, number: str) -> Said:
    minutes = facts.minutes_to("starts")
    soon = f"还有约 {minutes} 分钟。" if minutes else ""
    return Said(_lines(f"快到时间了:{facts.matter}", _visit(facts), soon), "预约时间快到了", _changes(number))


def _soon(facts: Facts, number: str) -> Said:
    ahead, minutes = facts.get("ahead"), facts.get("minutes")
    before = f"前面还有 {ahead} 位" if ahead and ahead != "0" else "下一个就是您" if ahead else ""
    wait = f"大约 {minutes} 分钟" if minutes else ""
    how = ",".join(part for part in (before, wait) if part)
    text = _lines(
        f"快到您了:{facts.get('number')} 号{facts.matter}",
        how + "。" if how else "",
        f"请到{facts.place}等候叫号。" if facts.place else "请回到大厅等候叫号。",
    )
    return Said(text, "快到您了,请到窗口等候", (_way("排到哪了", "ask_queue"),))


def _called(facts: Facts, number: str) -> Said:
    window = facts.window
    where = f"请到 {window}" if window else f"请到{facts.place}"
    head = "再叫您一次" if facts.get("state") == "recalled" else "轮到您了"
    text = _lines(f"{head}:{facts.get('number')} 号{facts.matter}", f"{where},叫了没到会过号。")
    return Said(text, f"{head},请到窗口")


def _passed(facts: Facts, number: str) -> Said:
    if facts.get("state") == "missed":
        gone = f"{facts.get('number')} 号{facts.matter}又过号了,不能再用。"
        text = _lines(gone, "还要办的话,请重新取一个号。")
        return Said(text, "号已过,要办请重新取号", (_way("重新取号", "take_ticket"),))
    behind = f",排在前面 {ahead} 位之后" if (ahead := facts.get("ahead")) and ahead != "0" else ""
    head = f"{facts.get('number')} 号过号了{facts.matter}。"
    text = _lines(head, f"人在大厅的话可以回到队里一次{behind},不用重新取号。")
    return Said(text, "过号了,可回到队里一次", (_way("回到队里", "take_ticket", do="rejoin", value=number),))


def _place_free(facts: Facts, number: str) -> Said:
    until = facts.when("until")
    text = _lines(
        f"您候补的有空位了:{facts.matter}",
        _where(facts),
        f"给您留到 {until},过时给后面的人。" if until else "",
    )
    ways = (
        _way("要这个空位", "book_appointment", do="accept", value=number),
        _way("不候补了", "book_appointment", do="unwait", value=number),
    )
    return Said(text, "候补有空位了", ways)


def _banned(facts: Facts, number: str) -> Said:
    until = facts.date_and_time("until")
    missed = facts.date_and_time("starts")
    how_long = f"{until} 以前不能再预约" if until else "暂时不能再预约"
    text = _lines(
        f"您约了 {missed} 办{facts.matter},没有来,也没有取消。" if missed else "",
        f"按预约规定,{how_long};现场取号照常可以办。",
        "有特殊原因可以申诉。",
    )
    return Said(text, "预约受限", (_way("申诉", "book_appointment", do="appeal"),))


def _unbanned(facts: Facts, number: str) -> Said:
    because = f"原因:{facts.reason}。" if facts.reason else ""
    return Said(_lines("预约限制解除了,您又可以预约。", because), "预约限制已解除")


def _day_closed(facts: Facts, number: str) -> Said:
    was = facts.date_and_time("was") or facts.date_and_time("starts")
    because = f"({facts.reason})" if facts.reason else ""
    head = f"抱歉,{was} {facts.place}不办理业务了{because}。"
    if facts.get("was") and facts.get("starts"):
        moved = f"您办{facts.matter}的预约给您改到了 {facts.when('starts')}。"
        return Said(_lines(head, moved, "不合适可以再改。"), "窗口停办,预约已改期", _changes(number))
    gone = f"您办{facts.matter}的预约只能取消,请另约时间,不算您爽约。"
    free = "、".join(facts.dates_and_times("alternatives"))
    near = f"最近的空位:{free}。" if free else ""
    return Said(_lines(head, gone, near), "窗口停办,预约已取消", _book_again(facts))


def _decided(facts: Facts, number: str) -> Said:
    because = f"理由:{facts.reason}。" if facts.reason else ""
    if facts.get("granted"):
        after = "" if facts.get("penalty") else "您又可以预约了。"
        return Said(_lines("您的申诉成立。", because, after), "申诉成立")
    until = facts.date_and_time("until")
    after = f"{until} 以后可以再预约。" if until else ""
    return Said(_lines("您的申诉没有成立。", because, after), "申诉未成立", (_way("找工作人员", "human"),))


_KINDS: dict[Kind, Callable[[Facts, str], Said]] = {
    Kind.BOOKING_CONFIRMED: _confirmed,
    Kind.BOOKING_CHANGED: _changed,
    Kind.BOOKING_CANCELLED: _cancelled,
    Kind.REMINDER_EVENING: _evening,
    Kind.REMINDER_HOUR: _hour,
    Kind.CALLING_SOON: _soon,
    Kind.CALLED: _called,
    Kind.PASSED: _passed,
    Kind.PLACE_FREE: _place_free,
    Kind.BANNED: _banned,
    Kind.UNBANNED: _unbanned,
    Kind.DAY_CLOSED: _day_closed,
    Kind.APPEAL_DECIDED: _decided,
}
