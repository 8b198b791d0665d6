"""The coded values of the national tables (GB/T 39554.1-2020), read by number, by name or by a synonym."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from hall.catalogue import values

_TYPES = {
    "1": "行政许可",
    "5": "行政给付",
    "7": "行政确认",
    "8": "行政奖励",
    "9": "行政裁决",
    "20": "其他行政权力",
    "21": "公共服务",
}
_LEVELS = {"2": "省级", "3": "市级", "4": "县级", "5": "镇街级", "6": "村居级"}
_KINDS = {"1": "即办件", "2": "承诺件", "即办": "即办件", "承诺": "承诺件"}
_MATERIAL_TYPES = {"1": "证件证书证明", "2": "申请表格文书", "3": "其他"}
_FORMS = {
    "1": "纸质",
    "2": "电子化",
    "3": "均可",
    "电子": "电子化",
    "纸质或电子化": "均可",
    "纸质/电子化": "均可",
}
_NECESSITIES = {
    "1": "必要",
    "2": "非必要",
    "3": "容缺后补",
    "必需": "必要",
    "可容缺": "容缺后补",
    "容缺": "容缺后补",
}
_SOURCES = {"10": "申请人自备", "20": "政府部门核发", "99": "其他"}
_RESULT_TYPES = {"10": "证照", "20": "批文", "30": "其他"}
_UNITS = {
    "工作日": "工作日",
    "个工作日": "工作日",
    "自然日": "自然日",
    "个自然日": "自然日",
    "日历日": "自然日",
    "小时": "小时",
    "个小时": "小时",
    "月": "月",
    "个月": "月",
    "年": "年",
}

Unit = Literal["工作日", "自然日", "小时", "月", "年"]
LimitUnit = Annotated[Unit, BeforeValidator(lambda value: values.coded(_UNITS, only=True)(value) or "工作日")]
OptionalUnit = Annotated[
    Unit | None, BeforeValidator(lambda value: values.coded(_UNITS, only=True)(value) or None)
]
Necessity = Annotated[
    Literal["必要", "非必要", "容缺后补"],
    BeforeValidator(lambda value: values.coded(_NECESSITIES, only=True)(value) or "必要"),
]
Form = Annotated[Literal["", "纸质", "电子化", "均可"], BeforeValidator(values.coded(_FORMS, only=True))]


ItemType = Annotated[str, Field(max_length=values.MAX_LINE), BeforeValidator(values.coded(_TYPES))]
Level = Annotated[str, Field(max_length=values.MAX_LINE), BeforeValidator(values.coded(_LEVELS))]
Kind = Annotated[str, Field(max_length=values.MAX_LINE), BeforeValidator(values.coded(_KINDS))]
MaterialType = Annotated[
    str, Field(max_length=values.MAX_LINE), BeforeValidator(values.coded(_MATERIAL_TYPES))
]
Source = Annotated[str, Field(max_length=values.MAX_LINE), BeforeValidator(values.coded(_SOURCES))]
ResultType = Annotated[str, Field(max_length=values.MAX_LINE), BeforeValidator(values.coded(_RESULT_TYPES))]
