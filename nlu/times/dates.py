"""Dates as they are said: 明天, 下周三, 25号, 国庆后第一个工作日, 这个月最后一个周五."""

from __future__ import annotations

import re

from nlu.times import holidays
from nlu.times.month_days import ANY_YEAR, add_to, after_year, year_at
from nlu.times.numerals import NUMERALS, WEEKDAY, number, weekday
from nlu.times.occurrences import (
    Dates,
    Matches,
    any_of,
    days_away,
    holiday_period,
    week,
    worked_day,
    yearly,
)
from nlu.times.occurrences import weekday as weekdays
from nlu.times.picking import (
    any_day,
    day_of_holiday,
    first_days,
    listed,
    next_to,
    nth_from,
    nth_in,
    nth_week,
    on_weekday,
    same_day,
    week_of,
    worked_days_of,
)
from nlu.times.rules import Build, Found, Rules
from nlu.times.workdays import is_worked

_WEEK = r"(?:周|星期|礼拜)"
_TO_WEEK = r"(?P<to>上{1,3}|再?下{1,3}|这|本|当|今)(?:一)?个?"
_COUNTED = tuple("个定非" + NUMERALS)
_DAYS_AWAY = {
    "大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3, "大大后": 4,
}  # fmt: skip
_PART_OF_DAY_FOLLOWS = r"(?=早|晚|晨|夜|上午|下午|中午|午后|傍晚|凌晨)"
_WHAT = rf"(?P<what>工作日|上班日|天|{_WEEK}(?P<weekday>{WEEKDAY}))"

_NTH = re.compile(
    rf"(?:里|内|中)?的?(?:第(?P<n>[一二三四五六七八九十]|\d{{1,2}})|(?P<last>最后一?|倒数第一)|首|头一?)个?的?{_WHAT}"
)
_NTH_AFTER = re.compile(
    r"(?:之后|以后|过后|结束后|后面?)的?(?:上班的?)?(?:(?:第(?P<n>[一二三四五六七八九十]|\d{1,2})|首|头一?|下?一)个?(?P<what>工作日|上班日|天)"
    rf"|(?:(?:第(?P<nth>[一二三四五])|首|头一?|下?一)个)?{_WEEK}(?P<weekday>{WEEKDAY}))(?:上班)?"
)
_LAST_BEFORE = re.compile(rf"(?:之前|以前|前)的?最后一?个?{_WHAT}")
_NEXT_TO = re.compile(r"(?:的)?(?:(?P<before>前一天|头一天|前一日|前夕)|后一天|第二天|次日|后一日)")
_DAYS_OFF = re.compile(r"(?:放假期间|假期期间|期间|小?长假|假期|放假|假日|黄金周)")
_SOME_OF = re.compile(r"(?:里|内)?的?(?P<side>前|头|最后|后)(?P<n>[一两二三四五六]|\d)天")
_NTH_WEEK = re.compile(
    rf"(?:里|内)?的?(?:第(?P<n>[一二三四五1-5])|最后一|末)个?{_WEEK}(?!{WEEKDAY}|末|[1-7])"
)
_WORKED_OF = re.compile(r"(?:里|内)?的?(?:随便|任意)?(?:哪个|找个|某个)?(?:工作日|上班日)")
_WEEK_OF = re.compile(rf"(?:那|这|所在的?|当)(?:一)?个?{_WEEK}(?!{WEEKDAY}|末)")
_MORE_WEEKDAYS = re.compile(
    rf"(?:(?:[、,/]|或者?|和|跟|与)(?:{WEEKDAY}|[1-7](?!\d))|{WEEKDAY})+"
    r"(?=$|[\s,。?!;、)的都也全可行吧呢吗有或还能来去办想要我约哪随任均各]|[上下中]午|早|晚|傍晚|凌晨)"
)
_SIGN = re.compile(rf"{WEEKDAY}|[1-7]")
_NEW_YEAR_MAY_FOLLOW = re.compile(r"(?:^|[\s,。?!;:、在想要就等约到办去来是能会我们您咱得赶争尽])$")
_TODAY = re.compile(r"的?今[天日]")
_DAY_OF_HOLIDAY = re.compile(r"(?:节|假期|长假)?的?第(?P<n>[一二三四五六七]|[1-7])天")
_SAME_DAY = re.compile(r"(?:当天|那一?天|当日)")

_RULES: Rules[Dates] = Rules()


def date_at(text: str, position: int) -> Found[Dates] | None:
    """The date that begins at this place of a folded text, with all that narrows it, if one does."""
    found = _RULES.at(text, position)
    return None if found is None else narrowed(found, text)


def narrowed(found: Found[Dates], text: str) -> Found[Dates]:
    """A date with what follows it and narrows it: 后第一个工作日, 最后一个周五, 那一周, 前一天."""
    for _ in range(3):
        closer = _narrowed(found, text)
        if closer is None:
            break
        found = closer
    return found


def _narrowed(found: Found[Dates], text: str) -> Found[Dates] | None:
    dates, stop = found
    if match := _NTH_AFTER.match(text, stop):
        return Found(
            nth_from(dates, _matching(match), number(match["n"] or match["nth"] or "1")), match.end()
        )
    if match := _LAST_BEFORE.match(text, stop):
        return Found(nth_from(dates, _matching(match), -1), match.end())
    if (dates.grain != "day" or dates.closing) and (match := _NTH.match(text, stop)):
        place = -1 if match["last"] else number(match["n"] or "1")
        return Found(nth_in(dates, _matching(match), place), match.end())
    if dates.grain in ("week", "month") and (part := _part_of(found, text)):
        return part
    if match := _WEEK_OF.match(text, stop):
        return Found(week_of(dates), match.end())
    if dates.grain == "day" and (match := _NEXT_TO.match(text, stop)):
        return Found(next_to(dates, -1 if match["before"] else 1), match.end())
    if dates.days_off is not None and (match := _DAYS_OFF.match(text, stop)):
        return Found(holiday_period(dates), match.end())
    return _day_of(found, text)


def _day_of(found: Found[Dates], text: str) -> Found[Dates] | None:
    """下周的今天, 春节第三天, 冬至那天."""
    dates, stop = found
    if dates.grain in ("week", "month", "year") and (match := _TODAY.match(text, stop)):
        return Found(same_day(dates), match.end())
    if dates.days_off is not None and (match := _DAY_OF_HOLIDAY.match(text, stop)):
        return Found(day_of_holiday(dates, number(match["n"])), match.end())
    match = _SAME_DAY.match(text, stop)
    return match and Found(dates, match.end())


def _part_of(found: Found[Dates], text: str) -> Found[Dates] | None:
    """下周前三天, 下周工作日."""
    dates, stop = found
    if match := _SOME_OF.match(text, stop):
        last = match["side"] in ("后", "最后")
        return Found(first_days(dates, number(match["n"]), last=last), match.end())
    if dates.grain == "month" and (match := _NTH_WEEK.match(text, stop)):
        return Found(nth_week(dates, number(match["n"]) if match["n"] else -1), match.end())
    match = _WORKED_OF.match(text, stop)
    return match and Found(worked_days_of(dates), match.end())


def _matching(match: re.Match[str]) -> Matches:
    if match["weekday"]:
        return on_weekday(weekday(match["weekday"]))
    return any_day if match["what"] == "天" else is_worked


def _weeks(to: str | None) -> int | None:
    return None if to is None else {"上": -1, "下": 1, "再": 1}.get(to[0], 0) * len(to)


def _weekday(match: re.Match[str]) -> Found[Dates]:
    first, weeks = weekday(match["first"]), _weeks(match["to"])
    if match["last"]:
        return Found(weekdays(first, weekday(match["last"]), weeks), match.end())
    if more := _MORE_WEEKDAYS.match(match.string, match.end()):
        days = [first, *(weekday(sign) for sign in _SIGN.findall(more[0]))]
        if days == sorted(set(days)):
            return Found(_weekdays_listed(days, weeks, apart=len(more[0]) >= len(days)), more.end())
    return Found(weekdays(first, None, weeks), match.end())


def _weekdays_listed(days: list[int], weeks: int | None, *, apart: bool) -> Dates:
    """周三四 is both days in one; 周一三五 and 周三或四 are several."""
    if not apart and days[-1] - days[0] == len(days) - 1:
        return weekdays(days[0], days[-1], weeks)
    return listed([weekdays(day, None, weeks) for day in days])


def _weekend(match: re.Match[str]) -> Found[Dates]:
    return Found(weekdays(5, 6, _weeks(match["to"])), match.end())


def _half_week(match: re.Match[str]) -> Found[Dates]:
    """The week's middle is between Wednesday and Thursday."""
    first, last = (0, 2) if match["half"] in "上前" else (3, 6)
    return Found(weekdays(first, last, _weeks(match["to"])), match.end())


def _week(match: re.Match[str]) -> Found[Dates]:
    return Found(week(_weeks(match["to"]) or 0), match.end())


def _days(length: int) -> Build[Dates]:
    return lambda match: Found(days_away(_DAYS_AWAY[match["day"]], length), match.end())


def _worked(match: re.Match[str]) -> Found[Dates] | None:
    if match["next"]:
        return Found(nth_from(days_away(0), is_worked, 1), match.end())
    counted = match["first"] is None and match.string[max(0, match.start() - 1) : match.start()] in _COUNTED
    return None if counted else Found(worked_day(), match.end())


def _holiday(match: re.Match[str]) -> Found[Dates] | None:
    text, position, year = match.string, match.start(), ANY_YEAR
    if found := year_at(text, position):
        year, position = found.meaning, after_year(text, found.stop)
    if (named := holidays.NAME.match(text, position)) is None:
        return None
    find, public = holidays.named(named)
    return Found(yearly(find, *year, public=public), named.end())


def _new_year(match: re.Match[str]) -> Found[Dates] | None:
    """年前, 年后: of the lunar new year; no 几年前, 去年前."""
    if _NEW_YEAR_MAY_FOLLOW.search(match.string[max(0, match.start() - 1) : match.start()]) is None:
        return None
    return Found(yearly(holidays.new_year, None, None, public=True), match.end())


def _next_holiday(match: re.Match[str]) -> Found[Dates]:
    return Found(any_of(list(holidays.PUBLIC.values())), match.end())


_RULES.add(holidays.FIRST + "今本明来后去前12二", "", _holiday)
_RULES.add("节", r"节(?=之?后|以后|过后|之?前|以前)(?!前天|后天)", _next_holiday)
_RULES.add("年", r"年(?=之?前(?![天台年])|以前|之?后(?![天台年])|以后)", _new_year)
_RULES.add("明", r"(?P<day>明)后两?天", _days(2))
_RULES.add("今", r"(?P<day>今)明两?天", _days(2))
_RULES.add("今", r"(?P<day>今)明后三?天", _days(3))
_RULES.add("这", r"这两天()", lambda match: Found(days_away(0, 2), match.end()))
_RULES.add("大后前昨今明", r"(?P<day>大?大?后|大?前|昨|今|明)(?:天|日|儿个?)(?![气性]|头条)", _days(1))
_RULES.add("昨今明", rf"(?P<day>昨|今|明){_PART_OF_DAY_FOLLOWS}", _days(1))
_RULES.add(
    "上下再这本当今周星礼双",
    rf"(?:{_TO_WEEK})?(?:{_WEEK}末|双休日|{_WEEK}六[、和跟与,]?(?:{_WEEK})[日天])",
    _weekend,
)
_RULES.add(
    "上下再这本当今周星礼",
    rf"(?:{_TO_WEEK}(?:{_WEEK}的?(?={_WEEK}))?)?{_WEEK}(?P<first>{WEEKDAY}|[1-7](?![\d:点.时个号月天]))(?!次|回|趟|遍|个)"
    rf"(?:(?:到|至|-|~)\s?(?:{_WEEK})?(?P<last>{WEEKDAY}|[1-7](?![\d:点.号]))(?![点十时:号月个楼层室人位年分一二三四五六七八九])(?!天气))?",
    _weekday,
)
_RULES.add(
    "上下前后这本",
    rf"(?:(?P<to>上{{1,3}}|下{{1,3}}|这|本)个?{_WEEK}的?)?(?P<half>[上下前后])半个?{_WEEK}",
    _half_week,
)
_RULES.add("上下再这本当", rf"{_TO_WEEK}{_WEEK}(?!{WEEKDAY}|末|期|年|岁|边|围)", _week)
_RULES.add(
    "下最第首工",
    r"(?:(?P<next>下一个?|下个)|(?P<first>最近的?一?个?|第一个|最早的?一?个?|首个))?(?:的)?(?:工作日|上班日)",
    _worked,
)
add_to(_RULES)
FIRST = _RULES.first()
"""Characters that a date may begin with."""
