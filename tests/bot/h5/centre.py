"""A centre for the pages: an item that has everything, one that has nothing, one that is hostile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot import h5
from bot.knowledge import search_rows
from hall.catalogue.files import read_folder
from hall.catalogue.schema import Item, parse_item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import parse_centre
from nlu.search import Index

ROOT = Path(__file__).parents[3]
# A Wednesday morning in the opening hours.
WEDNESDAY = datetime(2026, 12, 2, 10, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
_WEEK = {day: [["09:00", "12:00"], ["13:30", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}

CENTRE: dict[str, Any] = {
    "centres": [{"code": "anlan", "name": "安澜区政务服务中心", "parent": None}],
    "halls": [
        {
            "code": "main",
            "centre": "anlan",
            "name": "主厅",
            "address": "安澜大道 188 号",
            "transport": "地铁 2 号线",
            "parking": "120 个车位",
            "phone": "0000-88012300",
            "hours": {**_WEEK, "sat": [["09:00", "12:00"]]},
            "hours_note": "周六上午只办户籍",
        },
        {"code": "east", "centre": "anlan", "name": "东门站", "hours": {}},
    ],
    "counters": [
        {"hall": "main", "group": "A", "name": "A 区 5 号窗口", "departments": ["公安局"], "floor": "一楼"},
        {
            "hall": "main",
            "group": "B",
            "name": "B 区 1 号窗口",
            "departments": ["市场监管局"],
            "floor": "二楼",
            "hours": {"mon": [["09:00", "12:00"]]},
        },
    ],
    "special_days": [{"date": "2026-12-09", "open": False, "note": "系统升级"}],
    "topics": [
        {"name": "户籍身份", "aliases": ["户口", "身份证"]},
        {"name": "开办企业/个体户", "aliases": ["开店"]},
    ],
    "life_events": [
        {
            "code": "restaurant",
            "name": "开饭店",
            "aliases": ["开餐馆"],
            "items": [{"code": "SC-1", "note": "先办执照"}, {"code": "GONE"}],
        },
        {"code": "moving", "name": "搬家", "items": []},
    ],
    "info": [{"id": "parking", "questions": ["停车方便吗"], "answer": "地下一层 120 个车位。"}],
}

ID_CARD: dict[str, Any] = {
    "code": "GA-1",
    "name": "居民身份证换领",
    "aliases": ["身份证到期了怎么换", "换身份证", "身份证过期了"],
    "department": "公安局",
    "audience": ["自然人"],
    "topics": ["户籍身份"],
    "kind": "承诺件",
    "legal_limit": 60,
    "legal_limit_unit": "自然日",
    "promised_limit": 20,
    "conditions": "到期前三个月可以换",
    "process": {"counter": "1. 取号\n2. 照相\n3. 签字", "online": "在 APP 申请"},
    "handling": ["窗口", "网上"],
    "online_url": "https://example.gov.cn/apply?a=1&b=2",
    "visits": 1,
    "visit_reason": "采集指纹",
    "scope": "全国通办",
    "fees": [{"name": "工本费", "standard": "20 元/证", "waivable": "低保免收"}],
    "phone": "0000-88012110",
    "complaint_phone": "12345",
    "bookable": True,
    "daily_quota": 120,
    "delivery": True,
    "result": {"name": "居民身份证", "sample": "https://example.gov.cn/id.png"},
    "basis": ["《居民身份证法》第十一条"],
    "faq": [{"q": "提前多久可以换?", "a": "三个月。"}],
    "review": "区政府",
    "litigation": "区法院",
    "proxy": "不可代办",
    "version": 3,
    "effective": "2026-10-08",
    "offered_at": [{"hall": "main", "counter": "A 区 5 号窗口"}, {"hall": "east", "counter": "2 号窗口"}],
    "related": ["GA-2"],
    "circumstances": [
        {
            "id": "who",
            "question": "给谁办?",
            "choices": [
                {"id": "self", "label": "本人"},
                {"id": "child", "label": "孩子", "note": "16 岁以下"},
            ],
        },
        {
            "id": "home",
            "question": "户口在哪里?",
            "choices": [{"id": "local", "label": "本区"}, {"id": "away", "label": "外地"}],
        },
        {"id": "idle", "question": "什么也不影响?", "choices": [{"id": "a", "label": "甲"}]},
    ],
    "variants": [
        {
            "when": {"home": ["away"]},
            "promised_limit": 40,
            "kind": "承诺件",
            "note": "外地户口时间长一些",
            "fees": [{"name": "工本费", "standard": "40 元/证"}],
        },
        {"when": {"who": ["child"]}, "kind": "即办件", "promised_limit": 0, "place": "少儿办证点"},
    ],
    "materials": [
        {"name": "旧身份证", "form": "纸质", "originals": 1, "source": "政府部门核发"},
        {"name": "监护人身份证", "originals": 1, "when": {"who": ["child"]}, "necessity": "容缺后补"},
        {"name": "户口簿", "exempt": "可免提交:系统能核对的", "copies": 2},
        {
            "name": "申请表",
            "form": "均可",
            "blank_form": "https://example.gov.cn/form.pdf",
            "sample": "http://example.gov.cn/sample.pdf",
            "necessity": "非必要",
            "valid_days": 30,
        },
        {"name": "居住证", "necessity": "容缺后补", "exempt": "可免提交:电子证照"},
    ],
}
BARE: dict[str, Any] = {
    "code": "GA-2",
    "name": "身份证丢失补领",
    "aliases": ["身份证丢了"],
    "department": "公安局",
}
SHOP: dict[str, Any] = {
    "code": "SC-1",
    "name": "营业执照办理",
    "aliases": ["办营业执照", "办执照"],
    "department": "市场监管局",
    "topics": ["开办企业/个体户"],
    "kind": "即办件",
    "fees": [{"name": "登记", "standard": "免费"}],
    "materials": [],
}
HOSTILE: dict[str, Any] = {
    "code": "XX-1",
    "name": '<script>alert("名")</script>' + "长" * 200,
    "department": "<b>部门</b>/../x",
    "topics": ["<i>主题</i>"],
    "conditions": "</p><script>alert(1)</script>\n{{ 7*7 }}",
    "online_url": "http://example.com/",
    "phone": '"><img src=x onerror=alert(1)> 0000-88012110',
    "result": {"name": "A" * 300, "sample": "//example.com/x.png"},
    "circumstances": [
        {
            "id": '"><script>',
            "question": "<script>?",
            "choices": [{"id": "a&b=c#d", "label": "<u>甲</u>"}, {"id": "乙", "label": "乙"}],
        }
    ],
    "variants": [{"when": {'"><script>': ["a&b=c#d"]}, "note": "<script>note</script>"}],
    "materials": [
        {"name": "<script>材料</script>", "blank_form": "ftp://example.com/f", "sample": "https:///nohost"}
    ],
    "faq": [{"q": "<script>q</script>", "a": "<script>a</script>"}],
}


def item(**changed: Any) -> Item:
    """The item that has everything, with changes."""
    return parse_item({**ID_CARD, **changed})


@cache
def small_view() -> CatalogueView:
    return CatalogueView.of(map(parse_item, (ID_CARD, BARE, SHOP, HOSTILE)), parse_centre(CENTRE), revision=1)


@cache
def demo_view() -> CatalogueView:
    """The demo centre that is delivered."""
    centre, rows = read_folder(ROOT / "data" / "catalogue")
    return CatalogueView.of([parse_item(row.data) for row in rows], centre, revision=1)


@dataclass
class Shelf:
    """A library over a view, its search without learning."""

    view: CatalogueView
    index: Index

    @classmethod
    def of(cls, view: CatalogueView) -> Shelf:
        return cls(view, Index.build(search_rows(view), train=False))


def site(view: CatalogueView, now: datetime = WEDNESDAY, index: Any = None) -> web.Application:
    """The pages over a view as the product mounts them; `index` in place of the view's own."""
    app = web.Application()
    shelf = Shelf(view, index) if index else Shelf.of(view)
    app.add_subapp("/h5/", h5.create_app(shelf, lambda: now))
    return app
