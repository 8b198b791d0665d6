"""What is said while a visit is booked, changed or given back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from actions.wording import materials, places
from actions.wording.texts import shortened
from hall.appointments.rules import BookingRules
from hall.appointments.slots import FreeSlot
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place
from hall.centres.opening import SHANGHAI
from nlu.times.wording import say

GOING_ON = "接着说预约:"
GOING_ON_CHANGE = "接着说改约:"
_MOST_NAME = 24
_RUN = 3  # from so many slots in a row on they are said as a stretch
_FEW = 10  # from so few places on a day their number is worth a word
_MOST_DAYS = 6
WEEKDAYS = "一二三四五六日"


def when(starts: datetime, now: datetime) -> str:
    """A start with its weekday: 12月9日(周三)上午9:30."""
    here = starts.astimezone(SHANGHAI)
    if starts <= now and here.year == now.astimezone(SHANGHAI).year:
        # Read as what is to come, it would need its year.
        return f"{on(here.date())}{part(starts)}{clock(starts)}"
    return say(here, now.astimezone(SHANGHAI))


def on(day: date) -> str:
    """A day with its weekday: 12月9日(周三)."""
    return f"{day.month}月{day.day}日(周{WEEKDAYS[day.weekday()]})"


def clock(moment: datetime) -> str:
    """The time of day: 9:30, 1:30."""
    here = moment.astimezone(SHANGHAI)
    return f"{here.hour if here.hour <= 12 else here.hour - 12}:{here.minute:02}"


def part(moment: datetime) -> str:
    """上午 or 下午."""
    return "上午" if moment.astimezone(SHANGHAI).hour < 12 else "下午"


def clocks(starts: Sequence[datetime], step: timedelta) -> str:
    """Starts of one day in words: 上午 9:30、10:00、11:00;下午 1:30 到 4:30 每半小时都有."""
    said = []
    for named, group in groupby(starts, part):
        runs = _runs(list(group), step)
        said.append(f"{named} {'、'.join(_run(run, step) for run in runs)}")
    return ";".join(said)


def _runs(starts: Sequence[datetime], step: timedelta) -> list[list[datetime]]:
    runs: list[list[datetime]] = []
    for start in starts:
        if runs and start - runs[-1][-1] == step:
            runs[-1].append(start)
        else:
            runs.append([start])
    return runs


def _run(run: Sequence[datetime], step: timedelta) -> str:
    if len(run) <= _RUN:
        return "、".join(clock(start) for start in run)
    every = "半小时" if step == timedelta(minutes=30) else f"{int(step.total_seconds() // 60)} 分钟"
    return f"{clock(run[0])} 到 {clock(run[-1])} 每{every}都有"


def name(item: Item) -> str:
    """The item's name in brackets, short."""
    return f"【{shortened(item.name, _MOST_NAME)[0]}】"


def where(view: CatalogueView, item: Item, hall: str, group: str) -> str:
    """Hall, floor and counter of a booking; as far as the catalogue still knows them."""
    for place in view.offered_at(item.code):
        if place.hall.code == hall and (
            not group or (place.group is not None and place.group.group == group)
        ):
            return places.in_hall(place)
    known = view.hall(hall)
    return known.name if known is not None else ""


def where_of(view: CatalogueView, code: str, hall: str, group: str) -> str:
    """The same by the item's code, which may be gone from the catalogue."""
    item = view.get(code)
    if item is not None:
        return where(view, item, hall, group)
    known = view.hall(hall)
    return known.name if known is not None else ""


def name_of(view: CatalogueView, code: str) -> str:
    """The name of an item by its code, in brackets."""
    item = view.get(code)
    return name(item) if item is not None else "【已停办的事项】"


def ask_item(wanted: str = "") -> str:
    """Asked to book, but not what; the time that is `wanted` already is said back."""
    return f"好,{f'{wanted},' if wanted else ''}约哪件事?说事的名字就行,例如:约下周三上午办护照。"


def ask_item_again() -> str:
    """The same after a question in between."""
    return "您想约哪件事?"


def ask_hall_again(item: Item) -> str:
    """The same after a question in between."""
    return f"{GOING_ON}{name(item)}您去哪一处?"


def kept(item: Item, at: str, starts: datetime, until: str, now: datetime, *, people: int) -> str:
    """The place is held while the rest is asked."""
    count = f",{people} 人" if people > 1 else ""
    return f"{when(starts, now)}先给您留着(到 {clock_of(until)})。\n约{name(item)},{at}{count}。"


def waiting(named: str, told: str, before: int, minutes: int) -> str:
    """On the waitlist now."""
    place = f"前面还有 {before} 位" if before else "您排第一位"
    answer = f"有空位我会发消息给您,请在 {minutes} 分钟内回复,过时让给下一位。"
    return f"候补登记好了:{told}{named},{place}。\n{answer}"


def noted() -> str:
    """Something was taken over; what is still open follows."""
    return "好,记下了。\n"


def which_item(wanted: str, *, likely: bool = True) -> str:
    """Several items may be meant, or not `likely` any; the time that is `wanted` already is said back."""
    asked = (
        "您要约的是哪一件?" if likely else "目录里没有正好叫这个名字的事。是下面哪一件吗?都不是就换个说法。"
    )
    return f"{f'好,{wanted}。' if wanted else ''}{asked}"


def instead(item: Item) -> str:
    """Another item is taken than before."""
    return f"好,改约{name(item)}。"


def ask_hall(item: Item, offered: Sequence[Place], wanted: str) -> str:
    """Where, where several halls do it; the time that is `wanted` already is said back."""
    lines = [f"{f'{wanted},' if wanted else ''}{name(item)}有 {len(offered)} 处能约,您去哪一处?"]
    lines += [f"· {places.full(place)}" for place in offered[:4]]
    return "\n".join(lines)


def not_there(asked: str, item: Item) -> str:
    """A hall was named that does not do the item."""
    return f"{asked}不办{name(item)}。"


def ask_when(what: str, link: str) -> str:
    """Any time is possible: the nearest free ones follow as ways."""
    return f"{what}\n您想哪天来?直接说,例如:下周三上午。{_tap(link)}\n最近的空位:"


def ask_slot(what: str, day: date, starts: Sequence[datetime], step: timedelta, link: str) -> str:
    """Which half-hour of a day; `what` and where is named first."""
    return f"{what}\n{on(day)}{clocks(starts, step)},您要哪个?{_tap(link)}"


def what(item: Item, at: str, *, changes: bool = False) -> str:
    """What is being booked, and where."""
    return f"{'改约' if changes else '约'}{name(item)},{at}。"


def still(day: date, starts: Sequence[datetime], step: timedelta) -> str:
    """The same after a question in between."""
    return f"{GOING_ON}{on(day)}还有{clocks(starts, step)},您要哪个?"


def ask_day(what: str, days: Sequence[tuple[date, int]], link: str) -> str:
    """Which day of several; each with how many places are free."""
    return f"{what}\n有空位的日子:{_days(days)}。您哪天来?{_tap(link)}"


def which_day(days: Sequence[tuple[date, int]]) -> str:
    """The same after a question in between."""
    return f"{GOING_ON}{_days(days)}有空位,您哪天来?"


def _days(days: Sequence[tuple[date, int]]) -> str:
    return "、".join(
        f"{on(day)}{f'只剩 {free} 个' if free < _FEW else ''}" for day, free in days[:_MOST_DAYS]
    )


def _tap(link: str) -> str:
    return f'\n<a href="{link}">在页面上选时间</a>' if link else ""


def summary(item: Item, at: str, starts: datetime, now: datetime, *, people: int, named: str) -> str:
    """The booking in two lines: when and what, where and for whom."""
    of = f",给 {named} 办" if named else ""
    count = f",{people} 人" if people > 1 else ""
    return f"{when(starts, now)}\n{name(item)}{at}{count}{of}"


def confirm(told: str, until: str, now: datetime) -> str:
    """The last question before it is booked; `until`: when the place is given back."""
    keeps = f"位子给您留到 {clock_of(until)},回复“确认”就约好。" if until else "回复“确认”就约好。"
    return f"请核对:{told}\n{keeps}"


def clock_of(moment: str) -> str:
    """The time of day of an ISO moment, in 24 hours."""
    return f"{datetime.fromisoformat(moment).astimezone(SHANGHAI):%H:%M}"


def confirm_again(told: str) -> str:
    """The same after a question in between."""
    return f"{GOING_ON}{told.replace(chr(10), ' ')}。回复“确认”就约好。"


def confirm_change(was: datetime, starts: datetime, item: Item, now: datetime) -> str:
    """The last question before an appointment is moved."""
    return f"{name(item)}从 {when(was, now)}\n改到 {when(starts, now)},改吗?改了,原来的号就让给别人。"


def booked(told: str, code: str, item: Item, rules: BookingRules, known: Mapping[str, str], link: str) -> str:
    """It is booked: the code, when to come, what to bring."""
    lines = [
        f"约好了:{told}",
        f"签到码 {code},提前 {rules.check_in_early_minutes} 分钟起可以到大厅签到。"
        + (f'<a href="{link}">打开签到码</a>' if link else ""),
    ]
    if item.materials:
        lines.append(f"带:{shortened(materials.in_line(item, known), 80)[0]}")
    lines.append(missing(rules))
    return "\n".join(lines)


def missing(rules: BookingRules) -> str:
    """What a missed appointment leads to."""
    return f"来不了请提前取消;没取消又没来,{rules.suspension_days} 天内约不了号。"


def changed(told: str, code: str) -> str:
    """It was moved."""
    return f"改好了:{told}\n签到码还是 {code}。"


def booked_on_page(told: str, code: str) -> str:
    """It was booked on the page meanwhile."""
    return f"您在页面上约好了:{told}\n签到码 {code}。"


def left(goal: str, was: str, *, held: bool = False) -> str:
    """The form was left."""
    if goal == "change":
        return f"好,不改了,还是 {was},原来的号留着。"
    if goal == "wait":
        return "好,不候补了,什么都没有登记。"
    return f"好,这次不约了,没有约成。{'给您留的位子退回去了。' if held else ''}"


def nearest(item: Item) -> str:
    """Before the alternatives; what they are for is named."""
    return f"{name(item)}最近还有:"


def stretch(first: datetime, before: datetime, now: datetime, *, exact: bool = False) -> str:
    """A wanted time in words: a start, a day or part of one, or from one day to another."""
    here, end = first.astimezone(SHANGHAI), (before - timedelta(seconds=1)).astimezone(SHANGHAI)
    if exact:
        return when(first, now)
    if here.date() != end.date():
        return f"{on(here.date())}到 {on(end.date())}"
    if end.hour < 12:
        return f"{on(here.date())}上午"
    return f"{on(here.date())}{'下午' if here.hour >= 12 else ''}"


def slot_title(slot: FreeSlot | datetime, now: datetime, *, day: date | None = None) -> str:
    """A free time as a way on; the clock alone on a day that is spoken of."""
    starts = slot if isinstance(slot, datetime) else slot.starts
    same = day is not None and starts.astimezone(SHANGHAI).date() == day
    return f"{part(starts)}{clock(starts)}" if same else when(starts, now)


def on_short(starts: datetime) -> str:
    """A start in a way on: 12月9日上午9:30."""
    here = starts.astimezone(SHANGHAI)
    return f"{here.month}月{here.day}日{part(starts)}{clock(starts)}"
