"""What a sentence says about a visit: when, for how many, yes or no, and what may name an item. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hall.centres.opening import SHANGHAI
from nlu.times import Span, Unknown, read

_HOUR = timedelta(hours=1)
# From this hour on a bare clock is read, where the day is known: 三点 is in the afternoon.
_OFFICE_OPENS = 7
# An open end by date (12月1日起) reaches so far.
_LONGEST = timedelta(days=31)

_NOT_AFTER = re.compile(
    r"^(?:的?(?:那天|时候|那个|时间))?[,]?(?:我)?(?:不行|不去|不要|不想|没空|没时间|没法|不方便|去不了|来不了|赶不上|有事|要上班|不合适|太[早晚急赶])"
)
_NOT_BEFORE = re.compile(r"(?:不要|不是|别|除了|不想|非)$")
_CHANGES = re.compile(r"改|换|挪|推|延|调|提前|移")
_PEOPLE = re.compile(
    r"(?:一共|总共|共|就|只|我们|咱们|还是|改成|换成|变成|改为)*(?P<number>[一两二三四五六七八九十]|\d{1,2})\s*(?:个|口)?人(?!民|社|才|工|员|身|口|力|防|流)"
    r"|(?P<two>(?:我们|咱们|我|咱|他们|她们)俩|俩人|两口子|夫妻俩|夫妻双方)"
    r"|(?P<one>(?:就|只有?)?我自己一?个?人?(?:去|来)|只有?我自己|单独去)"
)
_DIGITS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_BOOKING = re.compile(
    r"(?:我|俺)?(?:想要?|要|需要|打算|准备|可以|能不能|能|帮忙|麻烦)*(?:你|您|请)?(?:再|重新|先)?"
    r"(?:帮我?|给我?|替我?)?(?:在?网上)?(?:预约|约|挂|预订|订|排)(?:一?下|[一二两]?个|上|到|好|成)?(?:的)?(?:号|名额|时间|位)?"
    r"(?:了|吧|呗|不|吗)?(?:去|来)?(?:办理|办)?"
)
_LEADS = re.compile(
    r"(?:帮|替|给|为|代)(?:我|俺)?(?:爸爸?|妈妈?|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|老公|老婆|丈夫|妻子|爱人|老伴|"
    r"哥哥?|姐姐?|弟弟?|妹妹?|朋友|同事|亲戚|邻居|家人|岳父|岳母|公公|婆婆|叔叔|阿姨|舅舅|姑姑)"
)
_FRAME = re.compile(r"^(?:我|俺)?(?:想|要|就|还是)*(?:去|来)?(?:办理|办)?|(?:这件事|的事|那件事)$")
_EDGE = re.compile(r"^[\s,。、;:!?吧呢啊哦的]+|[\s,。、;:!?吧呢啊哦]+$")
# 约一下周三 is no 下周三.
_A_BIT = re.compile(r"(?<=[约看改换问查弄办挂订排])一下(?=下*(?:周|星期|礼拜|个))")
_ANYTIME = re.compile(
    r"(?:越(?:快|早)越好|尽快|最(?:快|早|近)的?|随便|都行|都可以|都好|哪天都|什么时候都|看着办|你定|您定|无所谓)"
)
_SOONEST = re.compile(r"越(?:快|早)越好|尽快|最(?:快|早|近)")
_EARLIER = re.compile(r"(?:早|提前)(?:一?点|一?些)|再早|更早|早些")
_LATER = re.compile(r"晚(?:一?点|一?些)|再晚|更晚|往后")
_SAME_CLOCK = re.compile(
    r"(?:同一?个?|同样的?|原来的?|还是(?:那个|原来的?)|一样的?)(?:那个)?(?:时间|时候|点|钟点|时段)"
)
_RULED_OUT = re.compile(
    r"(?:不(?:想|要)?(?:去|在|是|要|到)|别去|除了|从)[^,。;换改]*[,。;]?|把(?=.*[换改])[^换改]*"
)
_OTHER_TIME = re.compile(
    r"(?:换|改|挑|选|要|看|另)(?:一?个|一?下|一)?(?:别的?|其他的?|另外的?)?(?:时间|时段|日子|日期|天|号)(?!码)|(?:别的?|其他|另外的?)(?:一?个)?(?:时间|时段|日子|天)"
)
_OTHER_HALL = re.compile(
    r"(?:换|改|挑|选|去)(?:一?个|到)?(?:别的?|其他的?|另外的?)?(?:大厅|厅|地方|地点|站点?|网点)|(?:别的?|其他|另外的?)(?:一?个)?(?:大厅|厅|地方|站点?|网点)"
)
_QUIT = re.compile(
    r"(?:不用了(?:[,。 ]*谢谢)?|不要了|不需要了|没事了|不(?:想|要)?(?:预?约|办|弄|改)了|先不(?:预?约|办)了?"
    r"|不用(?:预?约)了|别(?:预?约)了|取消(?:这个|这次)?(?:预约)?)"
)
_YES = re.compile(
    r"(?:嗯+|恩|是的?|对的?|好的?|行|可以|成|ok|yes|没错|没问题|确[认定]|同意|就这(?:样|个|么)|约吧?|约上?吧?|就约这个|要得|中|改吧|要|麻烦了|提交)+"
    r"(?:[,。 ]*(?:吧|啊|呀|了|的|谢谢|就这样|约吧|可以|没问题|呢|嘞|哈|确认|预约|麻烦了?))*",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:不|不是|不对|不行|不要|不用|不用了|不好|先不|先不要|不确认|不可以|等等|等一下|错了|不约|不改|不取消)+(?:吧|了|啊|的)?"
)
_INSTEAD = re.compile(
    r"^(?:哎|诶|啊|哦|等等|等下)?[, ]*(?:(?:不|别)(?:是|要|办|约)?(?P<not>.{1,10}?)[,。 ]*"
    r"(?:而是|是要?|是办|换成?|改成?|要办?|我要办?|办|约|改办)(?P<a>.{2,20})"
    r"|.{0,6}(?:换成|改成|改办|换办|改约|改为|换为)(?P<b>.{2,20}))$"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wanted time: from `first` to before `before` (aware, Asia/Shanghai).

    `exact`: a moment was named, not a stretch. `past`: it is over. `doubtful`: the weekday named is not that
    date's. `dated`: a day was named. `whole_day`: nothing but a day.
    """

    first: datetime
    before: datetime
    exact: bool = False
    past: bool = False
    doubtful: bool = False
    dated: bool = True
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says about a visit. `rest`: what may name an item; `instead`: the item wanted instead.

    `for_whom`: somebody is named for whom it is. `shift`: -1 for an earlier time than the one spoken of, 1
    for a later one.
    `named` are all times it names that are meant, in order: 把周三的换到周五 names two.
    """

    text: str
    wanted: Wanted | None = None
    named: tuple[Wanted, ...] = ()
    unknown_year: int | None = None
    places: int | None = None
    rest: str = ""
    instead: str = ""
    anytime: bool = False
    soonest: bool = False
    shift: int = 0
    same_clock: bool = False
    other_time: bool = False
    other_hall: bool = False
    quits: bool = False
    for_whom: bool = False
    yes: bool = False
    no: bool = False

    @property
    def tells(self) -> bool:
        """Whether it says anything about when, where or for how many."""
        return bool(
            self.wanted
            or self.unknown_year
            or self.places
            or self.anytime
            or self.shift
            or self.same_clock
            or self.other_time
            or self.other_hall
        )


def read_sentence(text: str, now: datetime, day: date | None = None) -> Said:
    """Read a sentence at `now`; `day` is the one spoken of, which a bare clock belongs to."""
    here = now.astimezone(SHANGHAI)
    text = _A_BIT.sub("  ", text)
    reading = read(text, here)
    live = _live(reading.spans, text)
    spans = [_on_day(span, text, day, here) if day and not span.dated else span for span in live]
    named = tuple(_wanted(span, here) for span in spans)
    places, counted = _people(text)
    words = text.strip()
    instead = _INSTEAD.match(_without(words, reading.spans, reading.unknown))
    return Said(
        words,
        wanted=_meant(named, text),
        named=named,
        unknown_year=reading.unknown[0].year if reading.unknown and not named else None,
        places=places,
        rest=_rest(text, reading.spans, reading.unknown, counted),
        instead=_trimmed((instead["a"] or instead["b"]) if instead and not places else ""),
        anytime=_ANYTIME.search(words) is not None,
        soonest=_SOONEST.search(words) is not None,
        shift=0 if named else bool(_LATER.search(words)) - bool(_EARLIER.search(words)),
        same_clock=_SAME_CLOCK.search(words) is not None,
        other_time=not named and (bool(reading.spans) or _OTHER_TIME.search(words) is not None),
        other_hall=_OTHER_HALL.search(words) is not None,
        for_whom=_LEADS.search(text) is not None,
        quits=_QUIT.fullmatch(_EDGE.sub("", words)) is not None,
        yes=_YES.fullmatch(_EDGE.sub("", words)) is not None,
        no=_NO.fullmatch(_EDGE.sub("", words)) is not None,
    )


def without_ruled_out(text: str) -> str:
    """The text without what it rules out: 换主厅 of 不去西湖站了,换主厅."""
    return _RULED_OUT.sub(" ", text)


def _live(spans: Sequence[Span], text: str) -> list[Span]:
    """The times that are not ruled out (周三不行,周四吧)."""
    return [
        span
        for span in spans
        if not _NOT_AFTER.match(text[span.stop :]) and not _NOT_BEFORE.search(text[: span.begin])
    ]


def _on_day(span: Span, text: str, day: date, now: datetime) -> Span:
    """A bare clock or part of the day, on the day spoken of."""
    morning = datetime(day.year, day.month, day.day, _OFFICE_OPENS, tzinfo=SHANGHAI)
    again = next((found for found in read(text, morning).spans if found.begin == span.begin), span)
    # What has passed by now on that day is meant of the next one.
    return span if again.end is not None and again.end.astimezone(SHANGHAI) <= now else again


def _wanted(span: Span, now: datetime) -> Wanted:
    first, before = span.window(_LONGEST)
    long = before - first
    exact = span.end is not None and (
        (span.grain == "minute" and long <= timedelta(minutes=1)) or (span.grain == "hour" and long == _HOUR)
    )
    past = span.past or before <= now
    if not past and not exact:
        first = max(first, now)
    whole_day = span.grain == "day" and long == timedelta(days=1)
    return Wanted(first, before, exact, past, span.doubtful, span.dated, whole_day)


def _meant(named: tuple[Wanted, ...], text: str) -> Wanted | None:
    """The time wanted: the last one where something is moved (把周三的换到周五), else the first."""
    if not named:
        return None
    return named[-1] if _CHANGES.search(text) else named[0]


def _people(text: str) -> tuple[int | None, str]:
    """For how many people, and the words that say so."""
    found = _PEOPLE.search(text)
    if found is None:
        return None, ""
    if found["number"]:
        word = found["number"]
        return _DIGITS.get(word) or int(word), found.group()
    return (2 if found["two"] else 1), found.group()


def _without(text: str, spans: Sequence[Span], unknown: Sequence[Unknown]) -> str:
    """The text without the times in it."""
    named = [(span.begin, span.stop) for span in spans] + [(year.begin, year.stop) for year in unknown]
    for begin, stop in sorted(named, reverse=True):
        text = f"{text[:begin]} {text[stop:]}"
    return text


def _rest(text: str, spans: Sequence[Span], unknown: Sequence[Unknown], counted: str) -> str:
    left = _without(text, spans, unknown)
    left = left.replace(counted, " ") if counted else left
    left = _BOOKING.sub(" ", _LEADS.sub(" ", left))
    return _trimmed(_ANYTIME.sub(" ", _SAME_CLOCK.sub(" ", left)))


def _trimmed(text: str) -> str:
    return _EDGE.sub("", _FRAME.sub("", _EDGE.sub("", " ".join(text.split()))))
