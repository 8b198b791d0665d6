"""One line of the guide, in words: the answer to one question about one item. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from actions import situations
from actions.aspects import Aspect
from actions.wording import fees, hours, limits, materials, places
from actions.wording.contacts import HOTLINE
from actions.wording.texts import sentence, shortened
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView

# Characters of a long field on the first screen; the rest is on the item's page.
LONG_FIELD = 220
SHORT_FIELD = 70

# Sentences that say how much is paid out, and how long a document is valid; and questions about it.
_MONEY = re.compile(
    r"(?:补贴|补助|标准|发放|报销|每[月人年孩户次]|领取|额度|贷款|比例|待遇|津贴)[^。;]*?(?:\d[\d,.]*\s*万?(?:元|%|倍)|百分之)"
)
_VALID = re.compile(
    r"有效期[^满内届。,;]{0,6}[\d一二三四五六十]|长期有效|有效[\d一二三四五六十]+\s*(?:年|个月)"
)
_ASKS_MONEY = re.compile(r"多少|标准|比例|额度|几成|领(?:多久|几个?月|几年)")
_ASKS_VALID = re.compile(r"有效|管几年|用几年|能用多久")
# What is handed over, and is not money paid out or a state (津贴按月发放, 备案成功).
_GIVEN = re.compile(r"[证书表明簿照本单卡牌号票件](?:\([^()]*\))?$")
_TAX = "税"
_CANNOT = ("不可", "不能", "不得", "不支持", "否", "须本人", "必须本人", "仅限本人")
_DEPTHS = {
    "I": "网上只能查指南,要到窗口办",
    "II": "可以先在网上预审(先看材料对不对),再到窗口办",
    "III": "可以网上申请",
    "IV": "全程网上办,不用来",
}


@dataclass(frozen=True)
class Told:
    """What an answer is made from: the item as it is under what is known, where it is done, and when."""

    item: Item
    view: CatalogueView
    now: datetime
    known: Mapping[str, str]
    text: str = ""

    @classmethod
    def about(
        cls, item: Item, view: CatalogueView, now: datetime, known: Mapping[str, str], text: str = ""
    ) -> Told:
        """Under the circumstances known; `text` is the question, for what only words can find."""
        return cls(situations.under(item, known), view, now, known, text)


def line(told: Told, aspect: Aspect) -> str:
    """The answer to one aspect as a sentence or a list, never empty: silence is said, too."""
    return _WRITERS[aspect](told)


def short(told: Told, aspect: Aspect) -> str:
    """The same in one line, for several answers in one message."""
    if aspect == "materials":
        return f"带:{materials.in_line(told.item, told.known)}"
    if aspect == "place":
        return f"在哪办:{places.in_line(told.item, told.view) or '目录里没有写'}"
    if aspect == "hours":
        said = hours.today_in_line(told.item, told.view, told.now, told.text)
        return said or "办理时间:目录里没有写"
    title = TITLES[aspect]
    brief = _BRIEF.get(aspect)
    if brief is not None and (said := brief(told.item)):
        return f"{title}:{said}"
    text = _WRITERS[aspect](told).replace("\n", " ")
    return f"{title}:{shortened(text, SHORT_FIELD)[0]}"


_BRIEF: dict[Aspect, Callable[[Item], str]] = {"fee": fees.in_line, "time_limit": limits.limit}

TITLES: dict[Aspect, str] = {
    "whole": "怎么办",
    "materials": "要带什么",
    "place": "在哪办",
    "hours": "几点开门",
    "conditions": "条件",
    "process": "流程",
    "time_limit": "多久",
    "fee": "收费",
    "online": "网上办",
    "proxy": "代办",
    "result": "结果",
    "booking": "预约",
    "amount": "多少",
    "validity": "有效期",
}


def _materials(told: Told) -> str:
    return materials.in_list(told.item, told.known)


def _conditions(told: Told) -> str:
    return sentence(shortened(told.item.conditions, LONG_FIELD)[0]) or "目录里没有写办理条件。"


def _process(told: Told) -> str:
    process = told.item.process
    if process.counter and process.online:
        counter = shortened(process.counter, LONG_FIELD)[0]
        return f"到窗口:\n{counter}\n网上:{sentence(shortened(process.online, LONG_FIELD // 2)[0])}"
    return shortened(process.counter or process.online, LONG_FIELD)[0] or "目录里没有写办理流程。"


def _time_limit(told: Told) -> str:
    return limits.limit_sentence(told.item)


def _fee(told: Told) -> str:
    of_tax = fees.is_tax(told.item)
    if not of_tax and (_TAX not in told.text or fees.is_charged(told.item)):
        return fees.fee_sentence(told.item)
    asked = next((entry.a for entry in told.item.faq if _TAX in entry.q), "")
    said = told.item.conditions if of_tax else asked
    return f"办手续不收费,税按规定缴。{sentence(shortened(said, LONG_FIELD)[0])}"


def _place(told: Told) -> str:
    text = places.in_list(told.item, told.view)
    text += f"\n电话:{told.item.phone}" if told.item.phone else ""
    if told.item.scope and told.item.scope not in text:
        text += f"\n{sentence(_scope(told.item.scope))}"
    return text


def _scope(scope: str) -> str:
    meanings = {
        "全国通办": "全国通办:外地户口也能在这里办,您在外地也能就近办",
        "省内通办": "省内通办:本省户口都能在这里办",
        "市内通办": "市内通办:本市户口都能在这里办",
        "区内通办": "区内通办:区里哪个点都能办",
    }
    return meanings.get(scope, f"通办范围:{scope}")


def _hours(told: Told) -> str:
    return hours.of_item(told.item, told.view, told.now, told.text)


def _online(told: Told) -> str:
    item = told.item
    depth = item.online_depth.upper().removesuffix("级").strip()
    parts = []
    if depth in _DEPTHS:
        parts.append(_DEPTHS[depth])
    elif "网上" in item.handling:
        parts.append("可以网上办")
    elif item.handling:
        parts.append("只能到窗口办")
    if item.visits is not None and depth != "IV":
        reason = f"({item.visit_reason})" if item.visit_reason else ""
        parts.append(f"要跑 {item.visits} 趟{reason}" if item.visits else "一趟都不用跑")
    if not parts:
        return "目录里没有写能不能网上办。"
    text = sentence(",".join(parts))
    if item.process.online and depth not in {"I", ""}:
        text += f"\n{sentence(shortened(item.process.online, LONG_FIELD)[0])}"
    return f"{text}\n网址:{item.online_url}" if item.online_url else text


def _proxy(told: Told) -> str:
    text = told.item.proxy.strip()
    if not text:
        return "目录里没有写能不能代办。"
    reason = re.sub(r"^(?:不可|不能|不支持|可以?|支持|能)?代办[:,。;、 ]*", "", text)
    if text.startswith(_CANNOT):
        return sentence(f"不能代办:{reason}") if reason and reason != text else sentence(text)
    if text.startswith(("可代办", "可以代办", "支持代办", "能代办")):
        return sentence(f"可以代办:{reason}") if reason else "可以代办。"
    return sentence(text)


def _result(told: Told) -> str:
    item = told.item
    name, given = item.result.name, _GIVEN.search(item.result.name) is not None
    parts = [f"办好给您{name}" if given else f"办好后:{name}"] if name else []
    if item.delivery:
        parts.append(f"可以寄到家{f'({item.delivery_note})' if item.delivery_note else ''}")
    elif item.delivery is False and (given or not name):
        parts.append("不能邮寄,要到窗口领" if item.result.type in {"证照", "批文"} else "不能邮寄")
    return sentence(",".join(parts)) or "目录里没有写办好后给什么、能不能邮寄。"


def _booking(told: Told) -> str:
    if told.item.bookable is None:
        return "目录里没有写能不能预约。"
    if not told.item.bookable:
        return "这件事不用预约,工作时间到窗口取号就能办。"
    quota = f",每天 {told.item.daily_quota} 个号" if told.item.daily_quota else ""
    if all(place.group is None for place in told.view.offered_at(told.item.code)):
        return f"可以预约{quota}:请打 {told.item.phone or HOTLINE} 约,或直接到窗口取号。"
    return f"可以预约{quota}。说个时间我就帮您约,例如:下周三上午;不约也能到窗口取号。"


def _amount(told: Told) -> str:
    if said := _said_somewhere(told, _ASKS_MONEY, _MONEY):
        return said
    return fees.fee_sentence(told.item) if fees.is_charged(told.item) else "目录里没有写具体数额。"


def _validity(told: Told) -> str:
    return _said_somewhere(told, _ASKS_VALID, _VALID) or "目录里没有写有效期。"


def _said_somewhere(told: Told, asks: re.Pattern[str], says: re.Pattern[str]) -> str:
    """What the item's common questions, notes or conditions say of it; "" where they don't."""
    item = told.item
    for entry in item.faq:
        if asks.search(entry.q) and re.search(r"\d|百分之|[一二三四五六十]", entry.a):
            return sentence(shortened(entry.a, LONG_FIELD)[0])
    notes = situations.notes(item, told.known)
    for field in (*notes, item.promised_limit_note, item.conditions):
        for said in re.split(r"(?<=[。;\n])", field):
            if says.search(said):
                return sentence(shortened(said, LONG_FIELD)[0])
    return ""


def _whole(told: Told) -> str:
    """The guide's few lines: what to bring; limit, fee, counter; today's hours."""
    item = told.item
    facts = (limits.limit(item), fees.in_line(item), places.in_line(item, told.view))
    lines = [f"带:{materials.in_line(item, told.known)}", " · ".join(fact for fact in facts if fact)]
    lines.append(hours.today_in_line(item, told.view, told.now, told.text))
    return "\n".join(filter(None, lines))


_WRITERS: dict[Aspect, Callable[[Told], str]] = {
    "whole": _whole,
    "materials": _materials,
    "conditions": _conditions,
    "process": _process,
    "time_limit": _time_limit,
    "fee": _fee,
    "place": _place,
    "hours": _hours,
    "online": _online,
    "proxy": _proxy,
    "result": _result,
    "booking": _booking,
    "amount": _amount,
    "validity": _validity,
}
