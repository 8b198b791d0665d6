"""Which times are named only to be ruled out: 不要周三, 明天没空, 除了周五都行."""

from __future__ import annotations

import re
from dataclasses import replace

from nlu.times.phrases import Phrase

_MAY_REFUSE = re.compile(r"[不没别除避绕甭算]|有[事课会]|开会|出差")
_BEFORE = re.compile(
    r"(?:(?<!要)不要|(?<!想)不想|(?<!用)不用|(?<!约)不约|(?<!选)不选|(?<![特个分类性级区识告差])别"
    r"|(?<![删解免清根])除[了去开]?|避开|绕开|甭)(?:再|给我|安排|放|排|约|选|挂|拖|等)?(?:在|到|是)?$"
)
_BEFORE_UNLESS_ASKED = re.compile(r"(?:(?<!是)不是|(?<!能)不能|(?<!可)不可以)(?:约|选)?(?:在|到|是)?$")
_BETWEEN = (
    r"(?:的?话|的|[那这]天|我们?|他|她|都|也|就|又|可能|恐怕|实在|真的?|是|肯定|应该|临时|突然|一整?天"
    r"|要?(?:上班|加班|值班|上课|开会|出差)|有[课会]|在外地)"
)
_CANNOT = (
    r"不(?:行|可以|方便|合适|得空|要(?![紧求脸])|能[去来]|[去来]了|考虑)|没有?(?:空|时间|工夫|功夫)"
    r"|[去来抽赶走]得?不(?:了|成|出|到|开|及)|起不来|除外|就?算了"
    r"|有[课会](?=$|[,。;])|(?:要?(?:开会|出差)|有事)(?=$|[,。;改换那就去来不没])"
)
_AFTER = re.compile(rf"{_BETWEEN}{{0,4}}(?:{_CANNOT})")
_ASKED = re.compile(r"(?:(?<!是)不是|(?<!能)不能|(?<!可)不可以)(?:约|选)?(?:在|到|是)?$")
_BUSY = "要?(?:上班|加班|值班|上课|开会|出差)|有(?:课|会|班)|在外地|起不来"
_AFTER = re.compile(
    r"(?:的?话|的|那天|这天|我|我们|他|她|都|也|就|又|可能|恐怕|实在|真的?|是|肯定|应该|一[整]?天"
    rf"|{_BUSY}){{0,4}}"
    r"(?:不(?:行|可以|方便|合适|得空|要(?![紧求脸])|能[去来]|[去来]了|考虑)|没(?:有)?(?:空|时间|工夫|功夫)"
    r"|[去来抽赶走][得]?不(?:了|成|出|到|开|及)|除外|就?算了|起不来|有[课会](?=$|[,。;])|要?(?:开会|出差)|有事(?=$|[,。;改换那就去来不没]))"
)
_ASKED = re.compile(r"[^,。!;?是改]{0,4}?(?:吗|么(?!样)|\?)")
_ASKED_AT_ONCE = re.compile(r"了?(?:吗|么(?!样)|吧?\?)")
_SAME_BREATH = re.compile(r"(?:[、/]|和|跟|与|或者?)?")


def with_refusals(phrases: list[Phrase], text: str) -> list[Phrase]:
    """The phrases of a folded text, those marked that it rules out.

    What is asked (上午不行吗) is not ruled out. A list is ruled out as a whole: 不要周三和周四.
    """
    if not phrases or _MAY_REFUSE.search(text) is None:
        return phrases
    marks = [_refused(phrase, text) for phrase in phrases]
    for place in range(1, len(phrases)):
        marks[place] |= marks[place - 1] and _listed(phrases, place, text)
    for place in range(len(phrases) - 1, 0, -1):
        marks[place - 1] |= marks[place] and _listed(phrases, place, text)
    return [replace(phrase, unwanted=mark) for phrase, mark in zip(phrases, marks, strict=True)]


def _listed(phrases: list[Phrase], place: int, text: str) -> bool:
    return _SAME_BREATH.fullmatch(text, phrases[place - 1].stop, phrases[place].begin) is not None


def _refused(phrase: Phrase, text: str) -> bool:
    before = text[max(0, phrase.begin - 6) : phrase.begin]
    if _BEFORE.search(before):
        return True
    if _BEFORE_UNLESS_ASKED.search(before) and _ASKED.match(text, phrase.stop) is None:
        return True
    said = _AFTER.match(text, phrase.stop)
    return said is not None and _ASKED_AT_ONCE.match(text, said.end()) is None
