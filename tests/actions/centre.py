"""A small centre for tests: five items of two departments, a hall and a street station."""

from __future__ import annotations

from typing import Any

from hall.catalogue.schema import parse_item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import parse_centre

_WEEK = {day: [["09:00", "12:00"], ["13:30", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}

CENTRE: dict[str, Any] = {
    "centres": [
        {"code": "anlan", "name": "安澜区政务服务中心", "parent": None},
        {"code": "east", "name": "东门街道便民服务中心", "parent": "anlan"},
    ],
    "halls": [
        {
            "code": "main",
            "centre": "anlan",
            "name": "区政务服务中心主厅",
            "address": "安澜大道 188 号",
            "transport": "地铁 2 号线市民中心站 B 口",
            "phone": "0000-1000",
            "latitude": 31.83,
            "longitude": 117.24,
            "hours": {**_WEEK, "sat": [["09:00", "12:00"]]},
            "hours_note": "周六上午只办户籍",
        },
        {
            "code": "street-east",
            "centre": "east",
            "name": "东门街道便民服务站",
            "address": "东门大街 72 号",
            "phone": "0000-2000",
            "latitude": 31.84,
            "longitude": 117.27,
            "hours": {**_WEEK},
        },
    ],
    "counters": [
        {"hall": "main", "group": "A", "name": "A 区 5–8 号窗口", "departments": ["公安局"], "floor": "一楼"},
        {
            "hall": "main",
            "group": "B",
            "name": "B 区 1–4 号窗口",
            "departments": ["市场监管局"],
            "floor": "二楼",
        },
    ],
    "special_days": [{"date": "2026-12-09", "open": False, "note": "系统升级"}],
    "topics": [
        {"name": "户籍身份", "aliases": ["户口", "身份证"]},
        {"name": "开办企业", "aliases": ["开店"]},
    ],
    "life_events": [
        {
            "code": "restaurant",
            "name": "开饭店",
            "aliases": ["开餐馆"],
            "items": [{"code": "SC-1", "note": "先办执照"}, {"code": "GONE", "note": ""}],
        },
        {"code": "empty", "name": "搬家", "items": []},
    ],
    "info": [
        {"id": "parking", "questions": ["停车方便吗", "车停哪里"], "answer": "地下一层 120 个车位。"},
        {"id": "wifi", "questions": ["有无线网吗", "无线密码是多少"], "answer": "有,连 AnLan-Free。"},
    ],
}

ITEMS: list[dict[str, Any]] = [
    {
        "code": "GA-1",
        "name": "居民身份证到期换领",
        "aliases": ["身份证到期了怎么换"],
        "department": "公安局",
        "topics": ["户籍身份"],
        "kind": "承诺件",
        "legal_limit": 60,
        "legal_limit_unit": "自然日",
        "promised_limit": 20,
        "conditions": "有效期满前后均可申请。须本人到场。",
        "process": {"counter": "1. 取号\n2. 采集指纹\n3. 领证", "online": "满足条件的可在 APP 申请"},
        "handling": ["窗口", "网上"],
        "visits": 1,
        "visit_reason": "采集指纹和照片",
        "online_depth": "III",
        "scope": "全国通办",
        "fees": [{"name": "工本费", "standard": "20 元/证", "waivable": "低保人员免收"}],
        "phone": "0000-1101",
        "complaint_phone": "0000-9999",
        "bookable": True,
        "daily_quota": 120,
        "delivery": True,
        "delivery_note": "到付",
        "result": {"type": "证照", "name": "居民身份证"},
        "proxy": "不可代办:须本人采集指纹",
        "effective": "2026-10-08",
        "faq": [{"q": "证件照要自己带吗?", "a": "不用,窗口现场免费拍。"}],
        "offered_at": [
            {"hall": "main", "counter": "A 区 5–8 号窗口"},
            {"hall": "street-east", "counter": "2 号窗口"},
        ],
        "related": ["GA-2"],
        "circumstances": [
            {
                "id": "age",
                "question": "给谁办?",
                "choices": [
                    {"id": "adult", "label": "16 周岁以上本人", "aliases": ["大人"]},
                    {"id": "minor", "label": "16 周岁以下孩子", "aliases": ["小孩", "孩子"]},
                ],
            },
            {
                "id": "home",
                "question": "户口在哪里?",
                "choices": [
                    {"id": "local", "label": "安澜区", "aliases": ["本地"]},
                    {"id": "away", "label": "外地", "aliases": ["外省"]},
                ],
            },
        ],
        "variants": [
            {
                "when": {"home": ["away"]},
                "promised_limit": 40,
                "promised_limit_unit": "工作日",
                "note": "时间长一些",
            }
        ],
        "materials": [
            {"name": "旧居民身份证", "originals": 1, "standard": "原件;领新证时交回"},
            {"name": "居民户口簿", "originals": 1, "exempt": "可免提交:系统能核对的"},
            {"name": "照片", "copies": 0, "originals": 2, "necessity": "容缺后补"},
            {"name": "监护人身份证", "originals": 1, "copies": 1, "when": {"age": ["minor"]}},
        ],
    },
    {
        "code": "GA-2",
        "name": "居民身份证丢失补领",
        "aliases": ["身份证丢了"],
        "department": "公安局",
        "topics": ["户籍身份"],
        "kind": "承诺件",
        "promised_limit": 20,
        "conditions": "身份证丢失或被盗。",
        "fees": [{"name": "工本费", "standard": "40 元/证"}],
        "bookable": False,
        "proxy": "可代办:委托书和双方身份证",
        "effective": "2026-09-01",
        "offered_at": [{"hall": "main", "counter": "A 区 5–8 号窗口"}],
        "materials": [{"name": "居民户口簿", "originals": 1}],
    },
    {
        "code": "SC-1",
        "name": "个体工商户设立登记",
        "aliases": ["办营业执照"],
        "department": "市场监管局",
        "topics": ["开办企业"],
        "kind": "即办件",
        "promised_limit": 1,
        "fees": [],
        "materials": [],
        "online_depth": "IV",
        "handling": ["网上"],
        "visits": 0,
        "effective": "2026-09-01",
    },
    {"code": "SC-2", "name": "营业执照补领", "department": "市场监管局", "topics": ["开办企业"]},
    {
        "code": "RS-1",
        "name": "失业保险金申领",
        "department": "人社局",
        "faq": [{"q": "每月领多少?", "a": "每月 1800 元,最长 24 个月。"}],
        "conditions": "非本人意愿中断就业。",
    },
]


def small_view() -> CatalogueView:
    return CatalogueView.of(map(parse_item, ITEMS), parse_centre(CENTRE), revision=7)
