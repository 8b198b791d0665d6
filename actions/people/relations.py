"""For whom: what citizens call the people they act for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kin = Literal["self", "parent", "child", "spouse", "grand", "sibling", "other", "company"]

# What is said by what is kept: the word that the bot says after 您.
_CALLED: dict[Kin, dict[str, str]] = {
    "parent": {
        "妈妈": "妈妈|老妈|母亲|妈咪|我妈|俺妈|咱妈|妈",
        "爸爸": "爸爸|老爸|父亲|我爸|俺爸|咱爸|爸",
        "婆婆": "婆婆",
        "公公": "公公",
        "岳母": "岳母|丈母娘",
        "岳父": "岳父|老丈人",
    },
    "child": {
        "儿子": "儿子",
        "女儿": "女儿|闺女|姑娘",
        "孩子": "孩子|小孩|宝宝|小朋友|娃娃|娃|新生儿|婴儿",
    },
    "spouse": {"爱人": "爱人|对象|配偶", "老公": "老公|丈夫|先生", "老婆": "老婆|妻子|媳妇|太太"},
    "grand": {
        "爷爷": "爷爷",
        "奶奶": "奶奶",
        "外公": "外公|姥爷|外祖父",
        "外婆": "外婆|姥姥|外祖母",
        "孙子": "孙子|外孙",
        "孙女": "孙女|外孙女",
    },
    "sibling": {
        "哥哥": "哥哥|我哥",
        "姐姐": "姐姐|我姐",
        "弟弟": "弟弟|我弟",
        "妹妹": "妹妹|我妹",
    },
    "other": {
        "朋友": "朋友|闺蜜|哥们",
        "同事": "同事|员工|下属",
        "邻居": "邻居",
        "亲戚": "亲戚|舅舅|叔叔|阿姨|姑姑|姨妈|伯伯|侄子|侄女|外甥女|外甥|表哥|表姐|表弟|表妹",
        "老人": "老人家|老人",
        "家人": "家人|家里人|家属",
        "": "别人|他人|其他人|另一个人",
    },
    "company": {"公司": "公司|单位|企业|厂里|店里|我的店|合作社|个体户"},
}
_WORDS = {
    word: (kin, called)
    for kin, names in _CALLED.items()
    for called, words in names.items()
    for word in words.split("|")
}
_ANY = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_MINE = r"(?:我们|咱们|我|咱|俺|他|她)?(?:家)?(?:的|那个|一个)?"
_FOR = re.compile(rf"(?:给|帮|替|代替?|为|帮着|替着){_MINE}(?P<who>{_ANY})")
_THEIRS = re.compile(rf"(?:我|咱|俺)(?:家)?(?:的)?(?P<who>{_ANY})(?=要|想|办|约|去|的|来|本人|$)")
_BARE = re.compile(rf"(?:是|就是|给|帮|替|为)?{_MINE}(?P<who>{_ANY})(?:的|办|约|办的|用)?[。,. ]*")
_SELF = re.compile(
    r"(?:给|帮|为|是|就)*(?:我自己|我本人|自己|本人)(?:的|办|约|来|去|用)*|(?:给|为)我(?:办|约|的)?|我(?:办|约|的)?"
)
_OWN = re.compile(r"我自己(?:办|约|去|要|的|来)|给(?:我自己|自己|我本人)|(?:我)?本人(?:办|约|自己)")
# 给孩子上户口 is what a parent does in their own name: items made for it say so.
_PARENTS_DO = re.compile(r"家长|监护人|父母|本人或监护人")
_OF_CHILDREN = re.compile(r"新生儿|婴儿|出生|儿童|未成年|学龄|入学|入园|入托|生育")
# 须本人 and the like at the beginning of what the catalogue says of 代办.
_BARRED = ("不可", "不能", "不得", "不支持", "否", "须本人", "必须本人", "仅限本人", "本人到场", "一般须本人")


@dataclass(frozen=True, slots=True)
class For:
    """For whom something is to be done, and what the bot calls them; "" where that was not said."""

    kin: Kin
    called: str = ""


def in_sentence(text: str) -> For | None:
    """For whom, as a longer sentence says it (给我妈约个护照); None where it says nothing of that."""
    found = _FOR.search(text) or _THEIRS.search(text)
    if found is not None:
        kin, called = _WORDS[found["who"]]
        return For(kin, called)
    return For("self") if _OWN.search(text) else None


def as_answer(text: str) -> For | None:
    """For whom, as the answer to the question (我妈, 朋友, 自己)."""
    words = text.strip(" 。,.!")
    bare = _BARE.fullmatch(words)
    if bare is not None:
        kin, called = _WORDS[bare["who"]]
        return For(kin, called)
    return For("self") if _SELF.fullmatch(words) else in_sentence(words)


def is_done_by_parents(name: str, proxy: str) -> bool:
    """Whether an item concerns a child and is done by the parents in their own name."""
    return bool(_PARENTS_DO.match(proxy.strip()) or _OF_CHILDREN.search(name))


def bars_proxy(proxy: str) -> bool:
    """Whether what the catalogue says of 代办 asks for the person themselves, at least as a rule."""
    return proxy.strip().startswith(_BARRED)
