"""A small catalogue of siblings: enough aliases to learn from."""

from __future__ import annotations

from typing import Any


def _item(code: str, name: str, department: str, *aliases: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "department": department, "aliases": list(aliases), **more}


_POLICE, _MARKET, _SOCIAL, _FUND = "公安局", "市场监管局", "人社局", "公积金中心"

ROWS: list[dict[str, Any]] = [
    _item(
        "GA-1",
        "居民身份证到期换领",
        _POLICE,
        "身份证过期了",
        "身份证快到期要换新的",
        "二代证有效期满了",
        "换身份证",
    ),
    _item(
        "GA-2",
        "居民身份证丢失补领",
        _POLICE,
        "身份证丢了",
        "身份证被偷了补一张",
        "找不到身份证了",
        "身份证遗失补办",
    ),
    _item(
        "GA-3",
        "居民身份证首次申领",
        _POLICE,
        "给孩子办身份证",
        "第一次办身份证",
        "小孩身份证",
        "没办过身份证",
    ),
    _item(
        "GA-4",
        "出生登记",
        _POLICE,
        "新生儿上户口",
        "给宝宝落户",
        "孩子出生报户口",
        "娃上户口",
        topics=["户籍身份"],
    ),
    _item(
        "GA-5", "死亡注销户口", _POLICE, "老人去世销户口", "人走了户口怎么销", "父亲过世注销户口", "亡故销户"
    ),
    _item(
        "GA-6", "机动车驾驶证期满换证", _POLICE, "驾照到期换证", "驾照过期了", "六年到了换驾照", "驾驶证到期"
    ),
    _item(
        "GA-7", "机动车驾驶证遗失补证", _POLICE, "驾照丢了", "驾驶证弄丢补办", "驾驶本找不到了", "驾照遗失"
    ),
    _item(
        "SC-1", "食品经营许可证新办", _MARKET, "开饭店办证", "开奶茶店要什么证", "新开餐馆办许可", "开小吃店"
    ),
    _item(
        "SC-2",
        "食品经营许可证变更",
        _MARKET,
        "饭店换老板许可证改名",
        "食品证地址变了",
        "餐饮证改法人",
        "食品证变更",
    ),
    _item(
        "SC-3",
        "食品经营许可证延续",
        _MARKET,
        "食品证快到期续期",
        "餐饮许可证延期",
        "饭店许可证续办",
        "食品证五年到了",
    ),
    _item(
        "SC-4",
        "食品经营许可证注销",
        _MARKET,
        "饭店不开了",
        "餐馆关门许可证注销",
        "食品证不要了",
        "奶茶店倒闭销证",
    ),
    _item(
        "SC-5",
        "食品经营许可证补证",
        _MARKET,
        "食品证丢了",
        "餐饮许可证弄丢补办",
        "饭店的证找不到了",
        "食品证遗失",
    ),
    _item(
        "SC-6",
        "仅销售预包装食品备案",
        _MARKET,
        "卖零食要备案吗",
        "小超市食品备案",
        "卖包装好的饮料",
        "预包装备案",
    ),
    _item(
        "RS-1",
        "社会保障卡补领",
        _SOCIAL,
        "社保卡丢了",
        "补办社保卡",
        "社保卡遗失",
        "社保卡找不到了",
        materials=[{"name": "居民身份证"}],
    ),
    _item("RS-2", "企业职工养老金申领", _SOCIAL, "办退休", "退休金怎么领", "到年龄了办退休手续", "领养老金"),
    _item(
        "GJ-1",
        "租房提取住房公积金",
        _FUND,
        "租房取公积金",
        "公积金付房租",
        "房租提公积金",
        "没房子提取公积金",
    ),
    _item("GJ-2", "购房提取住房公积金", _FUND, "买房取公积金", "公积金付首付", "买了房提公积金", "购房提取"),
]

ALIASES = sum(len(row["aliases"]) for row in ROWS)
