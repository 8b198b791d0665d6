"""The documents that citizens name, by their words and by the catalogue's. Pure."""

from __future__ import annotations

import re

# What citizens say, and what the names of materials say.
_DOCUMENTS: tuple[tuple[str, str], ...] = (
    ("户口本|户口簿|户口", "户口簿"),
    ("身份证", "身份证"),
    ("照片|相片|寸照|合照", "照片|合照"),
    ("房产证|房本|不动产证|不动产权证", "不动产权证|房产证|房屋权属"),
    ("结婚证", "结婚证"),
    ("离婚证", "离婚证"),
    ("出生证明|出生证|出生医学证明", "出生医学证明"),
    ("营业执照|执照", "营业执照"),
    ("驾驶证|驾照", "驾驶证"),
    ("行驶证", "行驶证"),
    ("居住证", "居住证"),
    ("社保卡", "社会保障卡|社保卡"),
    ("租房合同|租赁合同|租约", "租赁|租房"),
    ("购房合同|买房合同", "购房合同|买卖合同"),
    ("委托书|授权书", "委托书|授权"),
    ("申请表|表格", "申请表|登记表|申请书"),
    ("公章|印章", "公章|印章"),
    ("体检报告|体检表|体检", "体检|身体条件"),
    ("护照", "护照"),
    ("发票", "发票"),
    ("合同", "合同"),
    ("诊断证明|病历|诊断", "诊断|病历"),
)
_SAID = tuple((re.compile(said), re.compile(written)) for said, written in _DOCUMENTS)
# Documents that are brought along and never asked for by themselves.
_MERE_PAPERS = re.compile(
    r"照片|相片|寸照|合照|体检(?:报告|表)?|(?:租房|租赁|购房|买房|买卖|劳动)?合同|委托书|授权书|申请表|表格|诊断证明|病历"
    r"|原件|复印件"
)
_CLAUSE = re.compile(r"[\s,。、;!?.]*(?:但是?|不过|就是|可是)|[\s,。;!?.]+")
# The verb that says of the documents near it that they are missing, or at hand.
_VERB = re.compile(
    r"(?P<missing>还?没(?:有|带|拿|办|准备)?|缺少?|差|少|忘(?:了|记)?带?|丢了?|不见了?|找不到|未带)"
    r"|(?P<there>有|带|拿|准备|备|办好|齐)"
)
_AT_HAND = re.compile(r"有|带|没|缺|差|只|拿|备|齐|够")
_AROUND = re.compile(
    r"没|有|带|缺|差|只|拿|准备|齐|够|原件|复印件|材料|资料|手上|手头|东西|这些|[就行可以看帮我吗了不]"
)


def named(text: str) -> list[tuple[re.Pattern[str], bool]]:
    """The documents that a text names, as a pattern on names of materials, and whether each is at hand."""
    return [found for clause in _CLAUSE.split(text) for found in _in_clause(clause)]


def said(text: str) -> list[tuple[str, re.Pattern[str]]]:
    """The documents that a text names, in its own words, each with a pattern on names of materials."""
    found = []
    for word, written in _SAID:
        for match in word.finditer(text):
            found.append((match.start(), match.group(), written))
            text = f"{text[: match.start()]}{chr(0) * len(match.group())}{text[match.end() :]}"
    return [(word, written) for _, word, written in sorted(found, key=lambda each: each[0])]


def without_any(text: str) -> str:
    """The text without any document that citizens name, and without what is said of having it."""
    for word, _ in _SAID:
        text = word.sub(" ", text)
    return _AROUND.sub(" ", text)


def without_mere_papers(text: str) -> str:
    """The text without documents that no counter issues: a question about one stays with its item."""
    return _MERE_PAPERS.sub("", text)


def _in_clause(clause: str) -> list[tuple[re.Pattern[str], bool]]:
    """Where the first verb stands before the documents (有身份证没有照片), each goes with the one before it,
    else (身份证和照片都没带) with the one after it; without a verb it is at hand.
    """
    documents, rest = _documents(clause)
    verbs = [(verb.start(), verb["missing"] is None) for verb in _VERB.finditer(rest)]
    if not documents or not verbs:
        return [(written, True) for _, written in documents]
    if verbs[0][0] < documents[0][0]:
        return [(written, [there for at, there in verbs if at < place][-1]) for place, written in documents]
    after = [(written, [there for at, there in verbs if at > place][:1]) for place, written in documents]
    return [(written, there[0] if there else True) for written, there in after]


def _documents(clause: str) -> tuple[list[tuple[int, re.Pattern[str]]], str]:
    """The documents by their place, and the clause with their words blanked."""
    found = []
    for said, written in _SAID:
        for match in said.finditer(clause):
            found.append((match.start(), written))
            clause = f"{clause[: match.start()]}{chr(0) * len(match.group())}{clause[match.end() :]}"
    return sorted(found, key=lambda each: each[0]), clause


def only_lists(text: str) -> bool:
    """Whether a text says which documents are at hand or missing (我有身份证没有照片) and nothing else."""
    if not named(text) or not _AT_HAND.search(text):
        return False
    for said, _ in _SAID:
        text = said.sub("", text)
    return len(re.sub(r"[\W_]+", "", _AROUND.sub("", text))) <= 1
