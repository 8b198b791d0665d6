"""Dates by number: 2026-12-25, 12/25, 11月25号, 下个月3号, 25号, 月底, 明年."""

from __future__ import annotations

import re
from dataclasses import replace

from nlu.times import lunar
from nlu.times.numerals import DAY, MONTH, NUMERALS, ONES, YEAR, number
from nlu.times.occurrences import (
    Dates,
    Months,
    any_month,
    days_of,
    month_away,
    months_of,
    whole_year,
    yearly,
    years,
)
from nlu.times.picking import listed
from nlu.times.rules import Found, Rules
from nlu.times.seasons import part_of_year, quarter_away

DIGITS = "0123456789"
_TO = r"\s*(?:到|至|-|~)\s*"
_NEXT = r"\s*(?:[、,/]|和|跟|与|或者?)\s*"
_TIME_FOLLOWS = re.compile(
    r"[ ,]*(?:$|号|日|上午|下午|早|晚|中午|凌晨|傍晚|\(?(?:周|星期|礼拜)|\d{1,2}[点:]"
    r"|[一二两三四五六七八九十]+点|之?前|之?后|以前|以后|到|至|[~,。?!;])"
)
_DAYS_FOLLOW = re.compile(r"\s?[号日]")
_NOT_A_MEASURE = (
    r"(?![\d.%°/]|元|块|万|千|亿|百|米|平|公|斤|吨|升|倍|折|分(?!钟)|个|人|岁|小时|天|页|题|[a-z])"
)
_THINGS = (
    r"窗|楼|线|桌|厅|门|院|柜|台|机(?!动)|房(?!产|屋|管)|馆|店|库|车(?!管|辆|驾|船)|出口|口(?!岸)|文|令|公告|通知|码|航|电梯|停车"
    r"|路|弄|巷|室|病|选手|同学|宿舍|座|单元|地块|卡|工作人员|员|技师|医生|坑|排(?!队)|席|位|岗|摊|厂|仓|梯|包|球|屏|站|信"
)
_DAY_SIGN = rf"(?:\s?号(?!{_THINGS})|\s?日(?!以[上下]|元|报|本|游|常|均|薪|租|志|用|语|化|文|式|间|子|记))"
_NUMBERED_THING = re.compile(
    r"(?:第|数|率|值|价|比|窗口?|柜台|路|街|(?<!知)(?<!街)道|巷|弄|(?<![这那哪])里|村|胡同|叫到?|排到|[取拿抽领]的?到?|号[是为]|手上|门牌|座|栋|幢|[a-z#.·\d\-])\s?$"
)
_NO_MONTH = re.compile(rf"[{NUMERALS}]\s?月\s?$")
"""13月5号 is not the fifth of any month."""
_RANGE_OF_DATES = re.compile(r"(?:^|\D)\d{1,2}[./]\d{1,2}-$")
_MONTH_PARTS: dict[str, tuple[int, int | None]] = {
    "底": (25, None),
    "末": (25, None),
    "初": (1, 5),
    "中": (13, 17),
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, None),
    "中下旬": (11, None),
    "上半": (1, 15),
    "下半": (16, None),
}
_MONTH_PART = (
    r"中下旬|上旬|中旬|下旬|底(?![奖薪价线盘账])|末|初(?![一二三四五六七八九十])"
    r"|中(?=$|[的之前后,。吧、?]|左右)"
)
_DAYS = (
    rf"(?P<first>{DAY})(?:[号日]?{_TO}(?P<last>{DAY})"
    rf"|(?P<more>(?:[号日]?{_NEXT}{DAY}(?=[号日、,/和跟与或\s]))+))?"
)
_ONE_DAY = re.compile(DAY)
_BETWEEN = re.compile(r"(?:之间|中间)")
_IN_MONTH = re.compile(
    rf"\s*的?\s*(?:{_DAYS}{_DAY_SIGN}|(?P<part>{_MONTH_PART})"
    rf"|(?P<bare>{DAY})(?![\d.:点个时年月份天%元万千百]|[分小]))"
)
Year = tuple[int | None, int | None]
"""A year's number, or how many years away it is; neither: any year."""

ANY_YEAR: Year = (None, None)
_YEAR = re.compile(
    rf"(?:(?P<number>{YEAR})年|(?P<short>\d\d)年(?=\s?{MONTH}\s?月|[底末初])|(?P<away>今年|本年|明年|来年|后年|去年|前年))"
)
_AGE = re.compile(rf"[^,。]{{0,3}}?(?:[{NUMERALS}几]+周?岁|多大)")
_YEAR_AS_TIME = re.compile(r"\s*(?:$|[,。?!;、)\-~到至起再去]|之?[前后内]|以[前后内]|开始|的?时候|办(?!法))")
"""What lets a year's number stand for a time; it mostly names a thing (2019年粤港澳…活动)."""
_OF = re.compile(r"的?\s*")
_YEARS_AWAY = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1, "前年": -2}
_NUMBERED_MONTH = re.compile(rf"(?P<month>元(?=月)|{MONTH})\s?月份?")
_NOT_A_MONTH = re.compile(r"[饼嫂子薪租均费卡票报球亮光季]")
_YEAR_PART = re.compile(r"年?(?P<part>[底末终初])(?![一二三四五六七八九十]|奖|薪|中)")
_LUNAR_DAY = rf"(?P<day>初(?:{ONES}|十)|三十|二十{ONES}?|廿{ONES}?|十{ONES}?)"
_LUNAR = (
    re.compile(rf"(?:农历|阴历|旧历)(?P<leap>闰)?(?P<month>正|冬|腊|{MONTH})月{_LUNAR_DAY}日?"),
    re.compile(rf"(?P<leap>闰)?(?P<month>正|冬|腊)月{_LUNAR_DAY}"),
    re.compile(
        rf"(?P<leap>闰)?(?P<month>{MONTH})月(?P<day>初[一二三四五六七八九十]|廿[一二三四五六七八九]?(?![一二三四五六七八九号日]))"
    ),
)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def year_at(text: str, position: int) -> Found[Year] | None:
    """今年, 明年, 2026年 or 26年 (before a month) at this place."""
    match = _YEAR.match(text, position)
    if match is None:
        return None
    if match["away"]:
        return Found((None, _YEARS_AWAY[match["away"]]), match.end())
    year = number(match["number"]) if match["number"] else 2000 + int(match["short"])
    return Found((year, None), match.end())


def after_year(text: str, position: int) -> int:
    """Where what is of the year begins: 明年的3月."""
    match = _OF.match(text, position)
    return match.end() if match else position


def in_year(year: Year, text: str, position: int) -> Found[Dates] | None:
    """A date within a year that may have been named: 11月25号, 腊月廿三, 底."""
    for pattern in _LUNAR:
        if match := pattern.match(text, position):
            return _lunar(year, match)
    if match := _NUMBERED_MONTH.match(text, position):
        month = 1 if match["month"] == "元" else number(match["month"])
        found = in_month(months_of(month, *year), text, match.end())
        return None if found.stop == match.end() and _NOT_A_MONTH.match(text, found.stop) else found
    if part := part_of_year(text, position, years(*year)):
        return part
    if match := _YEAR_PART.match(text, position):
        month = 1 if match["part"] == "初" else 12
        whole = days_of(months_of(month, *year), grain="month")
        return Found(replace(whole, closing=month == 12), match.end())
    return None


def in_month(months: Months, text: str, position: int) -> Found[Dates]:
    """Days of a month that has been named: 25号, 3到5号, 底; the whole month if nothing of it follows."""
    match = _IN_MONTH.match(text, position)
    if match is None:
        return Found(days_of(months, grain="month"), position)
    if match["part"]:
        return Found(_part(months, match["part"]), match.end())
    if match["bare"]:
        day = number(match["bare"])
        return Found(days_of(months, day, day), match.end())
    return Found(_run(months, match), match.end())


def _part(months: Months, name: str) -> Dates:
    return replace(days_of(months, *_MONTH_PARTS[name]), closing=name in "底末")


def _run(months: Months, match: re.Match[str]) -> Dates:
    first = number(match["first"])
    if match["more"] is None:
        return days_of(months, first, max(first, number(match["last"] or match["first"])))
    days = [first, *(number(day) for day in _ONE_DAY.findall(match["more"]))]
    in_a_row = "或" not in match["more"] and days == list(range(first, first + len(days)))
    if in_a_row or _BETWEEN.match(match.string, match.end()):
        return days_of(months, first, max(days))
    return listed([days_of(months, day, day) for day in days])


def _lunar(year: Year, match: re.Match[str]) -> Found[Dates]:
    month = _LUNAR_MONTHS.get(match["month"]) or number(match["month"])
    day, leap = number(match["day"].removeprefix("初")), match["leap"] is not None
    return Found(yearly(lambda y: lunar.solar(y, month, day, leap=leap), *year), match.end())


def _any_year(match: re.Match[str]) -> Found[Dates] | None:
    return in_year(ANY_YEAR, match.string, match.start())


def _first_month(match: re.Match[str]) -> Found[Dates] | None:
    """元月, but 500元月底."""
    sum_of_money = match.start() > 0 and match.string[match.start() - 1] in NUMERALS + "千万亿块美日欧"
    return None if sum_of_money else _any_year(match)


def _relative_quarter(match: re.Match[str]) -> Found[Dates]:
    return Found(quarter_away({"上": -1, "下": 1}.get(match["to"][0], 0) * len(match["to"])), match.end())


def _iso(match: re.Match[str]) -> Found[Dates]:
    year, month, day = (int(part) for part in match.group("y", "m", "d"))
    return Found(days_of(months_of(month, year), day, day), match.end())


def _slashed(match: re.Match[str]) -> Found[Dates] | None:
    """12/25, 12.25, 12-25: a date when the day has two digits or a time follows; 3.5 alone is a number."""
    text, month, day = match.string, int(match["m"]), int(match["d"])
    alone = match.start() == 0 and match.end() == len(text)
    followed = (
        _TIME_FOLLOWS.match(text, match.end()) is not None or text[match.end() : match.end() + 1] == "-"
    )
    sure = match["sign"] != "-" and len(match["d"]) == 2
    days = match["sign"] == "-" and _DAYS_FOLLOW.match(text, match.end()) is not None  # 3-5号
    if days or not (alone or followed or sure) or _numbers_a_thing(match):
        return None
    return Found(days_of(months_of(month), day, day), match.end())


def _numbers_a_thing(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 6) : match.start()]
    return _NUMBERED_THING.search(before) is not None and _RANGE_OF_DATES.search(before) is None


def _bare_days(match: re.Match[str]) -> Found[Dates] | None:
    no_month = _NO_MONTH.search(match.string[max(0, match.start() - 3) : match.start()])
    return None if no_month or _numbers_a_thing(match) else Found(_run(any_month, match), match.end())


def _relative_month(match: re.Match[str]) -> Found[Dates]:
    away = {"上": -1, "下": 1}.get(match["to"][0], 0) * len(match["to"])
    return in_month(month_away(away), match.string, match.end())


def _part_of_any_month(match: re.Match[str]) -> Found[Dates]:
    return Found(_part(any_month, match["part"]), match.end())


def _rest(match: re.Match[str]) -> Found[Dates] | None:
    """年内, 月内 (not 两年内, 本年内)."""
    if match.start() and match.string[match.start() - 1] in NUMERALS + "个半几多今本当去明每后前整":
        return None
    whole = whole_year(None, 0) if match["unit"] == "年" else days_of(month_away(0), grain="month")
    return Found(whole, match.end())


def _new_year_day(match: re.Match[str]) -> Found[Dates]:
    day = number(match["d"])
    return Found(yearly(lambda year: lunar.solar(year, 1, day), None, None), match.end())


def _with_year(match: re.Match[str]) -> Found[Dates] | None:
    found = year_at(match.string, match.start())
    if found is None:
        return None
    if _AGE.match(match.string, found.stop):
        return None
    inside = in_year(found.meaning, match.string, after_year(match.string, found.stop))
    if inside is None and match["number"] and _YEAR_AS_TIME.match(match.string, found.stop) is None:
        return None
    return inside or Found(whole_year(*found.meaning), match.end())


def add_to(rules: Rules[Dates]) -> None:
    """The rules of dates by number."""
    rules.add(
        "12",
        r"(?P<y>[12]\d{3})\s?(?P<sign>[-/.])\s?(?P<m>1[0-2]|0?[1-9])\s?(?P=sign)\s?(?P<d>3[01]|[12]\d|0?[1-9])(?:日|号)?(?!\d)",
        _iso,
    )
    rules.add("2", r"(?P<y>20\d\d)(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12]\d|0[1-9])(?![\dx])", _iso)
    rules.add(
        DIGITS,
        rf"(?P<m>1[0-2]|0?[1-9])(?P<sign>[-/.])(?P<d>3[01]|[12]\d|0?[1-9]){_NOT_A_MEASURE}(?!-(?!{MONTH}(?P=sign)\d))",
        _slashed,
    )
    rules.add(DIGITS + "一二今本明来后去前", _YEAR.pattern, _with_year)
    rules.add(NUMERALS + "农阴旧正冬腊闰", r"", _any_year)
    rules.add("元", r"元月(?![饼子薪])", _first_month)
    rules.add("第上下春夏秋冬", r"第.季度|[上下]半年|[春夏秋冬]天", _any_year)
    rules.add("上下这本当", r"(?P<to>上{1,2}|下{1,2}|这|本|当)(?:一)?个?季度", _relative_quarter)
    rules.add("年", r"年(?=[底末终初])(?!初[一二三四五六七八九十])", _any_year)
    rules.add("大年", r"大?年初(?P<d>[一二三四五六七八九十])", _new_year_day)
    rules.add("上下这本当", r"(?P<to>上{1,3}|下{1,3}|这|本|当)(?:一)?个?月(?!饼)", _relative_month)
    rules.add("月", rf"月(?P<part>{_MONTH_PART})", _part_of_any_month)
    rules.add("年月", r"(?P<unit>[年月])(?=之?内)", _rest)
    rules.add("上下", r"(?P<part>[上下]半)个?月", _part_of_any_month)
    rules.add("上中下", r"(?P<part>[上中下]旬)", _part_of_any_month)
    rules.add(NUMERALS, rf"{_DAYS}{_DAY_SIGN}", _bare_days)
