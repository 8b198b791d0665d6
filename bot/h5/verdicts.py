"""What stands against a booking, in words and with ways on. Pure; times are said in Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.clock import SHANGHAI
from bot.h5.wanted import Wanted
from hall.appointments import errors
from hall.appointments.service import FreeSlot
from hall.people.errors import AlreadyKept, ProxyConsentMissing, TooManyPeople, UnknownPerson
from hall.wording import dates

BOOKINGS = "/h5/bookings"

# Everything that the desk may say no with.
REFUSALS = (
    errors.NotToBeHad,
    errors.Barred,
    errors.TooManyOpen,
    errors.TooManyWaiting,
    errors.TooManyPlaces,
    errors.AlreadyBooked,
    errors.UnknownBooking,
    errors.NotOpen,
    errors.TooLateToChange,
    errors.NoSuchCounter,
    errors.NotBookable,
    errors.NotOfferedThere,
    AlreadyKept,
    ProxyConsentMissing,
    TooManyPeople,
    UnknownPerson,
)


@dataclass(frozen=True, slots=True)
class Option:
    """A way on: a button with this address."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why not, and what instead: `times` are the nearest free ones, `ways` other ways on."""

    heading: str
    text: str
    times: tuple[Option, ...] = ()
    ways: tuple[Option, ...] = ()
    status: int = 409


def verdict(error: Exception, wanted: Wanted, step: str = "/confirm") -> Verdict:
    """The words for one of `REFUSALS`; `wanted` is what was asked for, `step` where a time is confirmed."""
    if isinstance(error, errors.NotToBeHad):
        return _not_to_be_had(error, wanted, step)
    if isinstance(error, errors.Barred):
        return _barred(error)
    if isinstance(error, errors.TooManyOpen):
        text = f"每人最多同时有 {error.limit} 个预约,您已有 {len(error.open)} 个。改期或取消一个,就能再约。"
        return Verdict("预约已满", text, ways=(Option("看我的预约", BOOKINGS),))
    if isinstance(error, errors.AlreadyBooked):
        when = moment(error.booking.starts)
        ways = (Option("看这个预约", f"{BOOKINGS}/{error.booking.id}"), _other_time(wanted))
        return Verdict("这个时间已有预约", f"同一个人在{when}已有一个预约,不能再约同一时间。", ways=ways)
    if isinstance(error, errors.TooManyWaiting):
        text = f"每人最多同时候补 {error.limit} 个,退掉一个才能再候补。"
        return Verdict("候补已满", text, ways=(Option("看我的候补", BOOKINGS), _other_time(wanted)))
    return _rest(error, wanted)


def moment(at: datetime) -> str:
    """12月2日(周三)9:30."""
    here = at.astimezone(SHANGHAI)
    return f"{dates.dated(here.date())}{dates.clock(here.time())}"


def options_of(slots: tuple[FreeSlot, ...], wanted: Wanted, step: str = "/confirm") -> tuple[Option, ...]:
    """Free times as buttons."""
    plain = wanted.with_(wait="")
    return tuple(
        Option(f"{moment(slot.starts)} 余 {slot.free}", plain.at(slot.starts).href(step)) for slot in slots
    )


def _not_to_be_had(error: errors.NotToBeHad, wanted: Wanted, step: str) -> Verdict:
    heading, text = _why_not(error, wanted)
    times = options_of(error.alternatives, wanted, step)
    ways = [_other_time(wanted)]
    if (
        isinstance(error, errors.SlotFull)
        and wanted.starts is not None
        and wanted.path.startswith("/h5/book/")
    ):
        wait = wanted.with_(wait="slot").href(step)
        ways.insert(0, Option(f"候补{moment(wanted.starts)}", wait))
    text += "最近有空的时间:" if times else "附近也没有空的时间了。"
    return Verdict(heading, text, times, tuple(ways))


def _why_not(error: errors.NotToBeHad, wanted: Wanted) -> tuple[str, str]:
    when = moment(wanted.starts) if wanted.starts is not None else "这个时间"
    match error:
        case errors.SlotFull():
            return "刚刚约满了", f"{when}的号刚被约走。"
        case errors.QuotaFull():
            return "当天约满了", f"{dates.dated(error.day)}这件事只办 {error.quota} 个,已经约满。"
        case errors.DayClosed():
            why = f"({error.hours.reason})" if error.hours.reason else ""
            return "这天不开", f"{dates.dated(error.hours.day)}不开{why}。"
        case errors.DayUnknown():
            return "这天还不能约", f"{error.day.year} 年的放假安排还没公布,公布后才能约。"
        case errors.NotASlot():
            spans = dates.spans(error.hours.spans)
            return "没有这个时间", f"{dates.dated(error.hours.day)}开 {spans},没有从这个时间开始的号。"
        case errors.SlotPast():
            return "时间已过", f"{when}已经过了,或者快到了来不及约。"
        case errors.TooFarAhead():
            return "还没开放", f"现在只能约到{dates.dated(error.last)}。"
        case errors.OfferGone():
            return "候补的号没保住", "给您留的号过了时间,已经让给下一位。"
        case errors.StillFree():
            return "还有号", "这段时间还有号,不用候补。"
        case _:
            return "这个号没有了", f"{when}的号没有约上。"


def _barred(error: errors.Barred) -> Verdict:
    standing = error.standing
    chat = "觉得不对,回公众号发“申诉”,会有人核实。"
    if standing.until is None:
        missed = len(standing.counted)
        text = f"您有 {missed} 次约了没来,预约已停用,要工作人员核实后恢复。现场取号照常能办。{chat}"
        return Verdict("暂时不能预约", text, status=403)
    since = moment(standing.counted[0]) if standing.counted else "上次"
    text = f"{since}约了没来,{moment(standing.until)}以后可以再约。现场取号照常能办。{chat}"
    return Verdict("暂时不能预约", text, status=403)


def _rest(error: Exception, wanted: Wanted) -> Verdict:
    mine = Option("看我的预约", BOOKINGS)
    back = Option("回去选", wanted.with_(who="").href("/confirm"))
    match error:
        case errors.TooManyPlaces():
            return Verdict("人数不对", f"一个预约最多 {error.limit} 个人。", ways=(_other_time(wanted),))
        case errors.UnknownBooking():
            return Verdict("没有这个预约", "可能已经删了,或者不是您的。", ways=(mine,), status=404)
        case errors.NotOpen():
            return Verdict("不能再改了", "这个预约已经取消、办过或者过了时间。", ways=(mine,))
        case errors.TooLateToChange():
            return Verdict("来不及改了", f"{moment(error.starts)}已经开始,不能改也不能取消。", ways=(mine,))
        case AlreadyKept():
            text = "这个身份证号已经存在您的名单里,直接选那一位就行。"
            return Verdict("已经有这个人", text, ways=(back,))
        case TooManyPeople():
            text = f"名单里最多存 {error.limit} 个人。要删掉谁,回公众号发“我的资料”。"
            return Verdict("名单满了", text, ways=(back,))
        case UnknownPerson() | ProxyConsentMissing():
            text = "名单里没有这个人,或者还没有记下对方同意您代办。"
            return Verdict("再选一次", text, ways=(back,))
        case errors.NotBookable():
            return Verdict("不用预约", "这件事不用预约,直接去现场取号就能办。", status=404)
        case _:  # NotOfferedThere, NoSuchCounter
            again = Option("换个大厅", wanted.with_(hall="", starts=None, day=None).href())
            return Verdict("这里不办", "这个大厅现在不办这件事。", ways=(again,), status=404)


def _other_time(wanted: Wanted) -> Option:
    day = wanted.starts.date() if wanted.starts is not None else wanted.day
    return Option("看日历选别的时间", wanted.with_(starts=None, day=day, wait="").href(anchor="times"))
