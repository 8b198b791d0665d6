"""What a turn means to the questions about people: the step it takes, or None where it is no answer. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from actions import finding
from actions.people import reading, relations
from actions.people.reading import Said
from actions.people.relations import For
from actions.turn import Turn, Way

Kind = Literal["consent", "why", "for", "kept_person", "said", "sure", "no_number", "proxy", "come", "redo"]

_PREFIX = "whose."
_NOT = re.compile(
    r"不(?:同意|愿意?|行|要|可以|授权|记|用|是|对|想)|拒绝|没有?(?:问|说|同意|答应)|还没|"
    r"^没有?[,。. ]*$|^不[,。. ]*$|^否"
)
_YES = re.compile(
    r"^(?:嗯+[,. ]?)?(?:我?[妈爸]+|我|他们?|她|对方|本人|那)?(?:都|已经?|也|是|肯定)?"
    r"(?:同意|愿意|授权|好|可以|行|是|对|没错|没问题|确认|ok|yes|嗯|当然|知道)",
    re.I,
)
_I_AM = re.compile(r"^我就?是.")
_GUARDIAN = re.compile(r"监护|爸|妈|父|母|家长")
_ASKS = re.compile(r"[吗呢?]|怎|什么|哪|多少|多久|几[点时天]|会不会|能不能|为啥")
_WHY = re.compile(
    r"(?:为什么|为啥|凭什么|干嘛|干什么|做什么|有什么用|有啥用|怎么还?要).{0,8}(?:身份|证号|手机|电话|姓名|名字|信息|实名)"
    r"|(?:身份|证号|手机|电话|姓名|名字|信息|实名).{0,8}(?:为什么|为啥|干嘛|干什么|做什么|有什么用|有啥用|安全|泄[露漏])"
    r"|泄[露漏]|会不会卖|安全吗|靠谱吗|保密吗|谁能看|隐私|^为什么[要?]*$|^为啥[要?]*$|干嘛用"
)
_WORD = r"(?P<{}>名字|姓名|身份证号?码?|证件号?码?|手机号?码?|电话号?码?)"
_WRONG = r"(?:[写打填输发说]错|错了|不对|有误|改|换|重新)"
_CORRECTS = re.compile(
    rf"{_WORD.format('a')}.{{0,4}}{_WRONG}(?:一下|成|为|了|过)*|{_WRONG}(?:一下|了|我的|他的|她的)*{_WORD.format('b')}"
)
_OF_WORD = (("名", "name"), ("证", "id_number"), ("手机", "phone"), ("电话", "phone"))
_NO_NUMBER = re.compile(r"护照|通行证|回乡证|台胞证|没有?(?:办)?(?:身份证|号码)|还没(?:有|上户口|办)")
_NO_CARD = re.compile(r"没有?(?:办)?(?:身份证|号码)|还没(?:上户口|办身份证)")
_ANOTHER = re.compile(
    r"^(?:换(?:个|一个)?人|(?:给|替|帮)(?:别人|他人)(?:办|约)?的?|不是(?:给)?我(?:自己|本人)?(?:办|约)?的?)$"
)
# A longer text is a question of its own and no answer of yes or no.
_LONGEST_ANSWER = 14
# From so sure on (0 to 1) what may be a name is an item's.
_ITEM_FROM = 0.8
_HAS_NUMBER = re.compile(r"\d{5,}")


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done: the kind, with what belongs to it."""

    kind: Kind
    yes: bool = False
    value: str = ""
    whom: For | None = None
    said: Said = field(default_factory=Said)

    def __repr__(self) -> str:
        return f"Step({self.kind})"


def way(title: str, step: str, value: str = "") -> Way:
    """A way on that `read` reads as a step."""
    return Way.to(title, "my_data", do=f"{_PREFIX}{step}", value=value)


def read(turn: Turn, state: dict[str, Any]) -> Step | None:
    """The step that the turn takes where `state["ask"]` was asked last."""
    do = turn.given("do")
    if do.startswith(_PREFIX):
        return _chosen(do.removeprefix(_PREFIX), turn.given("value"))
    if not turn.text:
        return None
    return _general(turn.text, state) or _answer(turn, state)


def _chosen(step: str, value: str) -> Step | None:
    match step:
        case "for":
            return Step("for", value=value, whom=For("self") if value == "self" else None)
        case "person":
            return Step("kept_person", value=value)
        case "redo" if value in {"name", "id_number", "phone"}:
            return Step("redo", value=value)
        case "consent" | "why" | "sure" | "no_number" | "proxy" | "come":
            return Step(step, yes=value == "yes")
    return None


def _general(text: str, state: dict[str, Any]) -> Step | None:
    """Steps that are taken whatever was asked."""
    if _WHY.search(text) and state.get("ask"):
        return Step("why")
    corrected = _CORRECTS.search(text)
    if corrected is not None and not _ASKS.search(text):
        word = corrected["a"] or corrected["b"]
        which = next(name for sign, name in _OF_WORD if sign in word)
        rest = text[corrected.end() :].lstrip(" ,。:是应该叫为成")
        return Step("redo", value=which, said=reading.read(rest, which))  # type: ignore[arg-type]
    if _ANOTHER.match(text.strip(" 。,")):
        return Step("for")
    return None


def _answer(turn: Turn, state: dict[str, Any]) -> Step | None:
    ask, text = state.get("ask", ""), turn.text
    match ask:
        case "consent":
            return _consent(turn)
        case "sure":
            said = reading.read(text, "name")
            return Step("said", said=said) if said.name else _yes_or_no(turn, ask) or _for(text)
        case "proxy" | "come":
            return _yes_or_no(turn, ask) or _for(text)
        case "whom":
            whom = relations.as_answer(text)
            said = reading.read(text, "name") if whom is None else Said()
            return Step("for", whom=whom) if whom else Step("said", said=said) if said.name else None
        case "name" | "id_number" | "phone":
            return _datum(turn, ask)
    return _for(text)


def _for(text: str) -> Step | None:
    whom = relations.in_sentence(text)
    return Step("for", whom=whom) if whom is not None and not _ASKS.search(text) else None


def _consent(turn: Turn) -> Step | None:
    said = reading.read(turn.text, "")
    if said:
        agreed = "同意" in turn.text and not _NOT.search(turn.text)
        return Step("consent", yes=True, said=said) if agreed else Step("said", said=said)
    return _yes_or_no(turn, "consent")


def _yes_or_no(turn: Turn, ask: Kind) -> Step | None:
    text = turn.text.strip(" 。,.!")
    if len(text) > _LONGEST_ANSWER or _ASKS.search(text):
        return None
    if _NOT.search(text):
        return Step(ask, yes=False)
    if _I_AM.match(text):
        return Step(ask, yes=True) if _GUARDIAN.search(text) else None
    if _YES.match(text):
        return Step(ask, yes=True)
    return Step(ask, yes=turn.intent == "affirm") if turn.sure and turn.intent in {"affirm", "deny"} else None


def _datum(turn: Turn, ask: Any) -> Step | None:
    text = turn.text
    numbered = _HAS_NUMBER.search(text) is not None
    said = reading.read(
        text, ask, question=not numbered and (bool(turn.mentions) or _ASKS.search(text) is not None)
    )
    if said and not numbered and not said.other_paper and finding.beyond_doubt(turn, _ITEM_FROM) is not None:
        return None  # 高龄津贴 begins with a family name, too
    if said:
        return Step("said", said=said)
    none = _NO_NUMBER if ask == "id_number" else _NO_CARD if ask == "name" else None
    if none is not None and none.search(text) and not _ASKS.search(text):
        return Step("no_number")
    return _for(text)
