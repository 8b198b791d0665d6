"""Times of day: 下午三点, 9:30, 差五分九点, 十点一刻, 上午, 傍晚, 八九点."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from nlu.times.numerals import FEW, HOUR, MINUTE, ONES, number
from nlu.times.rules import Found
from nlu.times.span import Grain

NOON = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: hours it lasts from and to, and which half of the clock its hours are of."""

    first: int
    beyond: int
    afternoon: bool = False
    night: bool = False
    """Its small hours are the next day's: 晚上一点."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the clock as it was named.

    `exact`: 24 hours are meant (15点, 09:30, 3pm), no half of the day is left to guess. `hours`: how long it
    lasts, where it is an hour or two (八九点).
    """

    hour: int
    minute: int = 0
    second: int = 0
    grain: Grain = "hour"
    exact: bool = False
    hours: int = 1

    @property
    def lasts(self) -> timedelta:
        """How long what was named takes: 九点 the hour, 九点半 the minute."""
        if self.grain == "hour" or self.hours > 1:
            return timedelta(hours=self.hours)
        return timedelta(seconds=1) if self.grain == "second" else timedelta(minutes=1)


_MORNING, _NOON = Part(8, 12), Part(11, 13)
_AFTERNOON, _EVENING = Part(12, 18, afternoon=True), Part(18, 24, afternoon=True, night=True)
_DONE = "(?:(?:结束)?(?:之后|以后|过后|后)|吃?完)"
_PARTS: dict[str, Part] = {
    "大清早|清早|清晨|一大早|大早上": Part(6, 9),
    rf"早上|早晨|早间|早晌|一早|上午|午前|上半天|早饭{_DONE}": _MORNING,
    "正中午|中午|正午|晌午|午间|午[休饭](?:时间|的?时候|期间)": _NOON,
    rf"下午|午后|下半天|后半晌|[午中](?:休|饭|午饭|午休){_DONE}": _AFTERNOON,
    "傍晚|黄昏": Part(17, 19, afternoon=True),
    rf"晚上|晚间|夜晚|夜间(?![施建作经营门急])|夜里|晚饭{_DONE}": _EVENING,
    "凌晨": Part(0, 6),
    "深夜|半夜|午夜|大半夜": Part(22, 24, afternoon=True, night=True),
}
_SHORT = {"早": _MORNING, "晨": _MORNING, "晚": _EVENING, "夜": _EVENING, "午": _NOON}
"""Parts of the day only beside a date or a clock: 明早, 早八点."""

_NAMED = re.compile("|".join(f"({names})" for names in _PARTS))
_BESIDE = re.compile(r"[早晨晚夜]")
_AS_IT_OPENS = re.compile(r"刚?(?:一|刚)(?:上班|开门|开始上班)|(?:上班|开门)(?=就|的?时候)")
_OF_PARTS = list(_PARTS.values())
_GREETING = re.compile(r"好(?!办|约|吗|不好|像)")

_HALVES = r"\s*(?P<half_day>am?|pm?|a\.m\.?|p\.m\.?)(?![a-z])"
_DIGITAL = re.compile(
    rf"(?P<hour>2[0-4]|[01]?\d)\s?:\s?(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])(?:{_HALVES})?(?:分|点)?"
)
_ENGLISH = re.compile(r"(?P<hour>1[0-2]|0?[1-9])\s?(?P<half_day>am|pm|a\.m\.?|p\.m\.?)(?![a-z])")
_DOTTED = re.compile(r"(?P<hour>2[0-3]|[01]?\d)\.(?P<minute>[0-5]\d)(?![\d.])")
_POINT = r"(?:点钟?|时(?![间候代常而不段差速刻装尚机期效限]))"
_COUNTABLE = r"(?![个位人元块名号天月日年周百千万条份只家一二三四五六七八九十])"
_SPOKEN = re.compile(
    rf"(?P<hour>{HOUR})(?:(?<=十)来)?\s?{_POINT}(?:(?P<half>半)|过?(?P<quarter>[一两二三123])刻钟?"
    rf"|过?(?P<minute>{MINUTE}|{FEW}(?=分))(?:分(?!之|钟内)(?:(?P<second>{MINUTE}|{FEW}(?=秒))秒?)?|{_COUNTABLE})"
    r"|(?P<sharp>整|正(?![常好在式确规]))|差(?P<less>[一二三四五六七八九十]{1,3}|\d{1,2})分|差(?P<less_quarter>一刻))?"
)
_TO_THE_HOUR = re.compile(
    rf"差(?:(?P<less>{MINUTE}|{FEW}|十)分钟?|(?P<quarter>一刻)钟?)(?:到)?(?P<hour>{HOUR})点钟?"
)
_ABOUT_TWO = re.compile(
    rf"(?:(?P<hour>两|{ONES})[、,]?(?P<next>{ONES}|十)|(?P<eleven>十一)[、,]?十?二)"
    r"点钟?(?![半零〇过整一二三四五六七八九十\d])"
)
_UNTIL_IT_CLOSES = re.compile(r"下班(?:(?<=[到至]下班)(?:时间|的?时候)?|(?=之?[前后]|以[前后]))")
_CLOSES = Clock(18, exact=True)
"""Which hour that is each hall knows; none is open later."""
_BEFORE_ANOTHER = re.compile(rf"(?P<hour>{HOUR})(?=\s*(?:到|至|-|~)\s*{HOUR}(?:点|时|:))")

_TALKING_POINTS = re.compile(
    r"(?:小|大)?(?:几(?!分)|建议|意见|要求|问题|说明|疑问|疑惑|疑虑|想法|注意|原因|理由|内容|希望|困惑|共识|东西|材料|体会|诉求|声明|好处|水|式)"
    rf"|{ONES}(?![分个位人口号日月点刻])|\d(?!\d|[分个位人口号日月点刻])"
)
_A_LITTLE = re.compile(r"[儿点都也没不的就用钱事心意小问]")
_ORDINAL = re.compile(r"(?:[第几这那哪]|以下|如下|下面|百分之|分之|\d\.)$")
_SOMEWHAT = re.compile(
    r"[有早晚快慢多少大小高低好差近远久长短宜贵难易些了细轻重强弱严亮新老厚薄软硬冷热急松紧清楚白]$"
)
_LEADS_TO_A_CLOCK = re.compile(r"[约在就到从是下或和以,。;:、 ]$|(?<!给)我$")
_GOES_ON_AS_A_CLOCK = re.compile(r"左右|前后|之?前|之?后|以[前后]|到|至|-|~|多|来钟|开始")
_A_LITTLE_LATER = re.compile(r"[早晚]一?点(?:儿|点)?(?![半钟整零〇过一二三四五]|\d)")
_SOME_POINTS = re.compile(r"(?:有|提|说|讲|问)$")
_SENTENCE_GOES_ON = re.compile(r"$|[,:;。!?、 ]|要|想|需|我")
FIRST = "0123456789零〇一二两三四五六七八九十廿差早晨晚夜午上中正下傍黄凌深半大清晌后"


def part_at(text: str, position: int, *, beside: bool) -> Found[Part] | None:
    """The part of the day at this place; `beside` a date the short forms are known too."""
    if match := _NAMED.match(text, position):
        if match.lastindex is None or _GREETING.match(text, match.end()):
            return None
        return Found(_OF_PARTS[match.lastindex - 1], match.end())
    if _a_little(text, position) and text[max(0, position - 1) : position] not in tuple("昨今明"):
        return None
    if beside and (match := _AS_IT_OPENS.match(text, position)):
        return Found(_MORNING, match.end())
    if (match := _BESIDE.match(text, position)) and (beside or clock_at(text, match.end())):
        return Found(_SHORT[match.group()], match.end())
    return None


def _a_little(text: str, position: int) -> bool:
    """Is this 早一点, 晚一点, and no o'clock?"""
    return _A_LITTLE_LATER.match(text, position) is not None


def clock_at(text: str, position: int, *, after_part: bool = False) -> Found[Clock] | None:
    """The time on the clock at this place."""
    if match := _DIGITAL.match(text, position):
        return Found(_digital(match), match.end())
    if (match := _SPOKEN.match(text, position)) and (clock := _spoken(match)):
        return Found(clock, match.end())
    if match := _TO_THE_HOUR.match(text, position):
        return Found(_to_the_hour(number(match["hour"]), _less(match["less"], match["quarter"])), match.end())
    if match := _BEFORE_ANOTHER.match(text, position):
        return Found(_plain(match["hour"]), match.end())
    if match := _ENGLISH.match(text, position):
        return Found(Clock(_half_day(int(match["hour"]), match["half_day"]), exact=True), match.end())
    if (match := _ABOUT_TWO.match(text, position)) and (hours := _about_two(match)):
        return Found(hours, match.end())
    if match := _UNTIL_IT_CLOSES.match(text, position):
        return Found(_CLOSES, match.end())
    if after_part and (match := _DOTTED.match(text, position)):
        return Found(Clock(int(match["hour"]), int(match["minute"]), grain="minute"), match.end())
    return None


def counts_points(text: str, begin: int, clock: Found[Clock]) -> bool:
    """Is what reads as a clock no time: 一点都不, 有两点建议, 第三点, 一时半会?"""
    said, before = text[begin : clock.stop], text[max(0, begin - 3) : begin]
    if said == "一时半":
        return True
    if said.endswith("时"):
        return not said[0].isdigit()
    if not said.endswith("点"):
        return False
    if _TALKING_POINTS.match(text, clock.stop) or _ORDINAL.search(before):
        return True
    if said in ("一点", "1点") and (_A_LITTLE.match(text, clock.stop) or _SOMEWHAT.search(before)):
        return True
    if said == "一点" and before and not _LEADS_TO_A_CLOCK.search(before):
        return _GOES_ON_AS_A_CLOCK.match(text, clock.stop) is None
    return bool(_SOME_POINTS.search(before) and _SENTENCE_GOES_ON.match(text, clock.stop))


def _plain(hour: str) -> Clock:
    value = number(hour)
    return Clock(value, exact=value > NOON or value == 0)


def _about_two(match: re.Match[str]) -> Clock | None:
    if match["eleven"]:
        return Clock(11, grain="minute", hours=2)
    hour = number(match["hour"])
    return Clock(hour, grain="minute", hours=2) if number(match["next"]) - hour == 1 else None


def _half_day(hour: int, half_day: str) -> int:
    return hour % NOON + (NOON if half_day[0] == "p" else 0)


def _digital(match: re.Match[str]) -> Clock:
    hour, minute = int(match["hour"]), int(match["minute"])
    second, grain = int(match["second"] or 0), "second" if match["second"] else "minute"
    if match["half_day"] and 1 <= hour <= NOON:
        return Clock(_half_day(hour, match["half_day"]), minute, second, grain, exact=True)  # type: ignore[arg-type]
    written_in_full = len(match["hour"]) == 2 and hour < 10
    return Clock(hour, minute, second, grain, exact=hour > NOON or hour == 0 or written_in_full)  # type: ignore[arg-type]


def _spoken(match: re.Match[str]) -> Clock | None:
    clock = _plain(match["hour"])
    if match["less"] or match["less_quarter"]:
        return _to_the_hour(clock.hour, _less(match["less"], match["less_quarter"]))
    minute = _minute(match)
    if minute is None:
        return clock if clock.hour <= 24 else None
    if clock.hour > 23 or minute > 59:
        return None
    second = number(match["second"]) if match["second"] else 0
    return Clock(clock.hour, minute, second, "second" if match["second"] else "minute", clock.exact)


def _minute(match: re.Match[str]) -> int | None:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 15 * number(match["quarter"])
    if match["minute"]:
        return number(match["minute"])
    return 0 if match["sharp"] else None


def _less(minutes: str | None, quarter: str | None) -> int:
    return 15 if quarter else number(minutes or "0")


def _to_the_hour(hour: int, minutes: int) -> Clock:
    earlier = (hour * 60 - minutes) % (24 * 60)
    return Clock(earlier // 60, earlier % 60, grain="minute", exact=hour > NOON)


def on_the_day(clock: Clock, part: Part | None) -> tuple[int, int]:
    """The hour from 0 to 23 that is meant, and how many days later it is (今晚一点 is tomorrow's).

    Without a part of the day, one to six o'clock are the afternoon's: nobody comes to a counter at three in
    the night.
    """
    hour = clock.hour
    if hour == 24:
        return 0, 1
    if clock.exact and hour >= NOON:
        return hour, 0
    if part is None:
        return (hour, 0) if clock.exact or not 1 <= hour <= 6 else (hour + NOON, 0)
    if part.night and (hour % NOON) < 5:
        return hour % NOON, 1
    if part.afternoon and hour < NOON:
        return hour + NOON, 0
    if part is _NOON and 1 <= hour <= 3:
        return hour + NOON, 0
    return (0 if part.beyond == 6 and hour == NOON else hour), 0
