"""Templates of notices: what their fields may hold, and a set to begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simulator.errors import ApiError

# template: 模板消息. once: 一次性订阅通知, one consent one message. longterm: 长期订阅通知.
TemplateKind = Literal["template", "once", "longterm"]


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account: its fields by key (thing1, time2, ...) with the label shown."""

    id: str
    title: str
    kind: TemplateKind
    fields: tuple[tuple[str, str], ...]


# Field type -> what its value must match; the platform's table of subscription-message parameters.
_RULES: dict[str, re.Pattern[str]] = {
    "thing": re.compile(r".{1,20}", re.DOTALL),
    "number": re.compile(r"(?=[\d.]{1,32}$)-?\d+(\.\d+)?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "character_string": re.compile(r"[\x20-\x7e]{1,32}"),
    "time": re.compile(r"(?=.*\d).{1,32}"),
    "date": re.compile(r"(?=.*\d).{1,32}"),
    "amount": re.compile(r"[¥¥$€£]?\d{1,10}(\.\d+)?元?"),
    "phone_number": re.compile(r"[\d+\-() ]{1,17}"),
    "car_number": re.compile(r"\w{1,8}"),
    "name": re.compile(r"(?=[\x20-\x7e]{1,20}$|.{1,10}$).+"),
    "phrase": re.compile(r"[一-鿿]{1,5}"),
    "const": re.compile(r".{1,20}"),
}
_KEY = re.compile(r"([a-z_]+?)_?\d+$")


def check_data(template: Template, data: Any) -> dict[str, str]:
    """Give the values by key; raise ApiError 47003 for a missing, empty or ill-fitting field."""
    if not isinstance(data, Mapping):
        raise ApiError(47003, "data is not an object")
    values: dict[str, str] = {}
    for key, _label in template.fields:
        entry = data.get(key)
        value = entry.get("value") if isinstance(entry, Mapping) else None
        if not isinstance(value, str | int | float) or str(value).strip() == "":
            raise ApiError(47003, f"data.{key}.value is empty")
        match = _KEY.match(key)
        rule = _RULES.get(match.group(1)) if match else None
        if rule and not rule.fullmatch(str(value)):
            raise ApiError(47003, f"data.{key}.value invalid")
        values[key] = str(value)
    return values


DEFAULT_TEMPLATES: tuple[Template, ...] = (
    Template(
        "sim-template-appointment",
        "预约成功通知",
        "template",
        (
            ("thing1", "办理事项"),
            ("time2", "预约时间"),
            ("thing3", "办理地点"),
            ("character_string4", "预约号"),
        ),
    ),
    Template(
        "sim-template-progress",
        "办件进度通知",
        "template",
        (
            ("thing1", "办理事项"),
            ("character_string2", "办件编号"),
            ("phrase3", "当前状态"),
            ("time4", "更新时间"),
        ),
    ),
    Template(
        "sim-subscribe-calling",
        "叫号提醒",
        "once",
        (
            ("character_string1", "排队号"),
            ("thing2", "办理窗口"),
            ("number3", "前面人数"),
            ("thing4", "温馨提示"),
        ),
    ),
    Template(
        "sim-subscribe-result",
        "办理结果通知",
        "longterm",
        (
            ("thing1", "办理事项"),
            ("phrase2", "办理结果"),
            ("time3", "办结时间"),
            ("thing4", "领取方式"),
        ),
    ),
)
