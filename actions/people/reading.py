"""What a message says of a person: name, ID number, phone, in any order and however they are set. Pure.

Numbers are taken as they were written, also wrong ones: what is wrong with them is told by their own rules
(`hall.people.id_numbers`, `hall.people.phones`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from actions.people.surnames import begins_with_family_name

Asked = Literal["name", "id_number", "phone", ""]

# Digits in groups, as people write them: 110101 19900101 1237, 138-0013-8000, +86 138….
_RUN = re.compile(r"\+?\d[\dXx×]*(?:[ \-_.]{1,2}\d[\dXx×]*|[ \-_.]{1,2}[Xx×](?![A-Za-z]))*")
_GAP = re.compile(r"[ \-_.]+")
_ID = re.compile(r"\d{17}[\dXx×]|\d{15}")
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}|0\d{9,11}|\+\d{8,15}")
_SHORTEST_ID = 13
_SHORTEST_PHONE = 9
_SHORTEST = 5
_LONGEST_NUMBER = 40

# 护照 E12345678, 港澳通行证 H12345678: valid papers, but no number that is read here.
_OTHER_PAPER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{7,9}(?!\d)")

_LABELS = re.compile(
    r"(?:公民|居民)?身份证?(?:件)?号码?|证件号码?|身份证|手机号码?|电话号码?|联系(?:方式|电话)|手机|电话|号码"
)
_TOLD = re.compile(r"(?:我?(?:的?名字|姓名)(?:应该)?(?:是|叫|改成|:)|姓名(?= )|我?叫)[: ]*")
_IS = re.compile(r"^(?:我(?:就)?是|本人|是)[::]?\s*")
_SPLIT = re.compile(r"[\s,。;、:/|()!.]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z.'’\-]*(?: [A-Za-z][A-Za-z.'’\-]*){1,5}")
_HAN = re.compile(r"[\u3400-\u9fff〇]{2,5}")
_DOTTED = re.compile(r"[\u3400-\u9fff]{1,12}(?:[·•.][\u3400-\u9fff]{1,12}){1,4}")
# Words of questions and of talk: 方便吗, 何时办, 时间, 费用 and 安全吗 begin with family names too.
_NO_NAME = re.compile(
    r"[吗呢吧么啥啊呀哪约您你我他她它?]|怎|什么|几[点号时天个]|多少|多久|为何|何时|何地|如何|能不|可不|行不|可[以否]|方[便法式]|"
    r"时[间候限段]|费用|收费|成[本功]|安[全排]|地[址点]|材料|停车|车位|取号|排队|人工|办[理事]|不办|查询|证明|户口|"
    r"全[部家]|常[见用]|应[该当]|相[同片]|连接|明[天白年]|关门|高峰|文件|金额|公[司交]|单[位独]|温馨|强[制烈]|向您|"
    r"商量|都[行可]|国庆|元旦|海关|巴士|古[时代]|原件|花[钱费]|解释|东西|支持|干嘛|家[里人属]|万一|成年|宁愿|查一|"
    r"包[括邮]|谢谢|许可|任[何意]|计划|高兴|关于|简单|于是|易懂|白天|左右|路上|修改|门口|初[一二三]|从[哪这那来]|"
    r"周[一二三四五六日天末](?:[上下早晚中]|$)|星期|礼拜|[上下中]午|[早晚]上|点半|号$|护照|驾[照驶]|社保|医保|执照|公积|"
    r"身份|居住|港澳|[写打填输]错|错了|不对|没[有带办拿]|还没|监护|家长|不[想用要给]"
)
_TALK = frozenset(
    [
        "不知道",
        "没有",
        "等一下",
        "等等",
        "好的",
        "好吧",
        "可以",
        "不行",
        "不要",
        "随便",
        "你好",
        "您好",
        "早上好",
        "继续",
        "知道",
        "收到",
        "谢谢",
        "忘了",
        "忘记",
        "不清楚",
        "不告诉",
        "保密",
        "匿名",
        "下一步",
        "上一步",
        "返回",
        "本人",
        "自己",
        "我自己",
        "我",
        "别人",
        "同意",
        "不同意",
        "确认",
        "是的",
        "对的",
        "不是",
        "不对",
        "哦",
        "嗯嗯",
        "哈哈",
        "在吗",
        "稍等",
        "为啥",
        "我妈",
        "我爸",
        "妈妈",
        "爸爸",
        "朋友",
        "孩子",
        "儿子",
        "女儿",
        "老公",
        "老婆",
        "同事",
        "公司",
    ]
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a message holds. `perhaps`: a word that may be a name; `other_paper`: a passport or the like."""

    name: str = ""
    perhaps: str = ""
    id_number: str = ""
    phone: str = ""
    other_paper: bool = False
    several: bool = False

    def __bool__(self) -> bool:
        return bool(self.name or self.perhaps or self.id_number or self.phone or self.other_paper)

    def __repr__(self) -> str:
        return "Said(…)"  # never the data: it would end up in a log


def read(text: str, asked: Asked = "", *, question: bool = False) -> Said:
    """What `text` (normalised) says of a person; `asked` is what was asked for last.

    `question`: the words are known to ask something, so that nothing in them is a name.
    """
    ids: list[str] = []
    phones: list[str] = []
    for piece in _numbers(text):
        kind = _kind(piece, asked)
        if kind == "id_number":
            ids.append(piece)
        elif kind == "phone":
            phones.append(piece)
    other_paper = _OTHER_PAPER.search(text) is not None and not ids
    words = _RUN.sub(" ", _OTHER_PAPER.sub(" ", text))
    name, perhaps = _name(words, asked, beside_number=bool(ids or phones), question=question)
    return Said(
        name,
        perhaps,
        ids[0] if ids else "",
        phones[0] if phones else "",
        other_paper=other_paper,
        several=len(set(ids)) > 1,
    )


def _numbers(text: str) -> Iterator[str]:
    for run in _RUN.finditer(_OTHER_PAPER.sub(" ", text)):
        yield from _pieces([part for part in _GAP.split(run.group()) if part])


def _pieces(groups: list[str]) -> list[str]:
    """Groups of digits joined to numbers: the longest known form first, what fits none stays together."""
    pieces: list[str] = []
    unknown = ""
    at = 0
    while at < len(groups):
        size = next(
            (n for n in range(len(groups) - at, 0, -1) if _known("".join(groups[at : at + n]))),
            0,
        )
        if size:
            pieces += [unknown] if unknown else []
            pieces.append("".join(groups[at : at + size]))
            unknown = ""
        else:
            unknown += groups[at]
        at += size or 1
    return [*pieces, unknown] if unknown else pieces


def _known(number: str) -> bool:
    return bool(_ID.fullmatch(number) or _PHONE.fullmatch(number))


def _kind(number: str, asked: Asked) -> Asked:
    digits = len(number)
    if digits > _LONGEST_NUMBER:
        return asked if asked != "name" else ""
    if _PHONE.fullmatch(number):
        return "phone"
    if _ID.fullmatch(number) or digits >= _SHORTEST_ID:
        return "id_number"
    if digits < _SHORTEST:
        return ""
    if asked in {"id_number", "phone"}:
        return asked
    return "phone" if digits >= _SHORTEST_PHONE else ""


def _name(words: str, asked: Asked, *, beside_number: bool, question: bool) -> tuple[str, str]:
    """The name, or a word that may be one."""
    if question:
        return "", ""
    words = _LABELS.sub(" ", words).strip()
    told = _TOLD.search(words)
    if told is not None:
        return _first(words[told.end() :]), ""
    if asked != "name" and not beside_number:
        return "", ""
    words = _IS.sub("", words)
    latin = _LATIN.fullmatch(words.strip(" ,.。"))
    if latin is not None:
        return latin.group(), ""
    parts = [part for part in _SPLIT.split(words) if part]
    for part in parts:
        if _DOTTED.fullmatch(part) or (_is_word(part) and begins_with_family_name(part)):
            return part, ""
    single = parts[0] if len(parts) == 1 and asked == "name" else ""
    return "", single if _is_word(single) and len(single) <= 4 else ""


def _first(words: str) -> str:
    """The name right behind 我叫."""
    latin = _LATIN.match(words)
    if latin is not None:
        return latin.group()
    part = next((part for part in re.split(r"[\s,。;、:/|()!]+", words) if part), "")
    return part if _DOTTED.fullmatch(part) or _is_word(part) else ""


def _is_word(part: str) -> bool:
    return bool(_HAN.fullmatch(part)) and part not in _TALK and not _NO_NAME.search(part)
