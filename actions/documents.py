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
_MISSING_BEFORE = re.compile(
    r"(?:没有?|缺少?|差|少|忘了?|丢了?|未)(?:了|带|拿|准备)?(?:个|张|份|本|一张|一份|一样)?$"
)
_MISSING_AFTER = re.compile(r"^(?:原件)?(?:没带|没有|没办|没拿|丢了|不见了|忘了|忘带|缺|找不到|还没|没了)")
_AT_HAND = re.compile(r"有|带|没|缺|差|只|拿|备|齐|够")
_AROUND = re.compile(
    r"没|有|带|缺|差|只|拿|准备|齐|够|原件|复印件|材料|资料|手上|手头|东西|这些|[就行可以看帮我吗了不]"
)


def named(text: str) -> list[tuple[re.Pattern[str], bool]]:
    """The documents that a text names, as a pattern on names of materials, and whether each is at hand."""
    hidden, found = text, []
    for said, written in _SAID:
        for match in said.finditer(hidden):
            before, after = text[: match.start()], text[match.end() :]
            there = not (_MISSING_BEFORE.search(before) or _MISSING_AFTER.search(after))
            found.append((written, there))
            hidden = f"{hidden[: match.start()]}{chr(0) * len(match.group())}{hidden[match.end() :]}"
    return found


def only_lists(text: str) -> bool:
    """Whether a text says which documents are at hand or missing (我有身份证没有照片) and nothing else."""
    if not named(text) or not _AT_HAND.search(text):
        return False
    for said, _ in _SAID:
        text = said.sub("", text)
    return len(re.sub(r"[\W_]+", "", _AROUND.sub("", text))) <= 1
