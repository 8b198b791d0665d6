"""The fields of an item by their national names, for headers of tables and for sentences to clerks."""

from __future__ import annotations

# Field -> the national name that exports write; after it the other headers that imports accept.
HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("办理项编码", "事项编码", "编码"),
    "name": ("事项名称", "办理项名称", "名称"),
    "centre": ("政务服务中心", "所属中心"),
    "catalog_code": ("基本编码",),
    "task_code": ("实施编码",),
    "aliases": ("别名", "俗称", "常用说法"),
    "department": ("实施主体", "部门", "实施部门"),
    "department_code": ("实施主体编码",),
    "entrusted": ("委托部门",),
    "type": ("事项类型",),
    "level": ("行使层级",),
    "audience": ("服务对象",),
    "topics": ("主题分类", "主题"),
    "kind": ("办件类型",),
    "legal_limit": ("法定办结时限", "法定时限"),
    "legal_limit_unit": ("法定办结时限单位",),
    "legal_limit_note": ("法定办结时限说明",),
    "promised_limit": ("承诺办结时限", "承诺时限"),
    "promised_limit_unit": ("承诺办结时限单位",),
    "promised_limit_note": ("承诺办结时限说明",),
    "conditions": ("受理条件",),
    "process.counter": ("窗口办理流程", "办理流程"),
    "process.online": ("网上办理流程",),
    "handling": ("办理形式",),
    "visits": ("到办事现场次数", "到现场次数"),
    "visit_reason": ("必须现场办理原因",),
    "online_depth": ("网办深度",),
    "online_url": ("在线办理地址",),
    "scope": ("通办范围",),
    "fees": ("收费", "是否收费"),
    "place": ("办理地点",),
    "hours": ("办理时间",),
    "counter": ("办理窗口", "窗口"),
    "phone": ("咨询电话", "咨询方式"),
    "complaint_phone": ("监督投诉电话", "监督投诉方式"),
    "bookable": ("是否支持预约", "是否支持预约办理"),
    "daily_quota": ("每天可预约量",),
    "delivery": ("是否支持物流快递", "物流快递"),
    "delivery_note": ("物流快递说明", "送达"),
    "result.type": ("办理结果类型",),
    "result.name": ("办理结果名称", "办理结果"),
    "result.sample": ("办理结果样本",),
    "basis": ("设定依据",),
    "faq": ("常见问题",),
    "intermediary": ("中介服务",),
    "review": ("行政复议部门",),
    "litigation": ("行政诉讼部门",),
    "proxy": ("帮办代办", "代办"),
    "version": ("版本",),
    "effective": ("生效日期",),
    "offered_at": ("办理大厅", "可办大厅"),
    "related": ("相关事项",),
    "circumstances": ("情形",),
    "variants": ("情形差异",),
    "materials": ("申请材料", "材料"),
}

# What stands inside an object, for the same sentences.
_PARTS = {
    "process": "办理流程",
    "result": "办理结果",
    "choices": "选项",
    "question": "问题",
    "label": "选项名称",
    "id": "标识",
    "when": "情形",
    "standard": "标准",
    "originals": "原件份数",
    "copies": "复印件份数",
    "form": "提交形式",
    "necessity": "必要性",
    "source": "来源渠道",
    "valid_days": "有效期(天)",
    "hall": "大厅",
    "q": "问",
    "a": "答",
    "note": "说明",
    "centres": "中心",
    "halls": "大厅",
    "counters": "窗口",
    "special_days": "特殊日期",
    "life_events": "一件事",
    "info": "大厅问答",
    "date": "日期",
    "open": "是否开放",
    "group": "分区",
    "answer": "回答",
    "mon": "周一",
    "tue": "周二",
    "wed": "周三",
    "thu": "周四",
    "fri": "周五",
    "sat": "周六",
    "sun": "周日",
}

_BY_HEADER = {header: key for key, headers in HEADERS.items() for header in (*headers, key)}


def field_of(header: str) -> str | None:
    """The field that a table's header names, in Chinese or by its key; None when nobody knows it."""
    words = header.replace("\ufeff", "").strip().strip("*").strip()
    if words.startswith("x_"):
        return words
    return _BY_HEADER.get(words) or _BY_HEADER.get(words.split("(")[0].split("(")[0].strip())


def label_of(path: tuple[int | str, ...]) -> str:
    """What a clerk calls the place of a value: ("materials", 0, "name") is 申请材料第1项名称."""
    words = []
    for step in path:
        if isinstance(step, int):
            words.append(f"第{step + 1}项")
        elif (len(words) == 0 or step not in _PARTS) and step in HEADERS:
            words.append("名称" if words and step == "name" else HEADERS[step][0])
        else:
            words.append(_PARTS.get(step, step))
    return "".join(words)
