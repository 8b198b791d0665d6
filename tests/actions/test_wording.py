from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import situations
from actions.aspects import ASPECTS
from actions.wording import fees, guide, limits, materials
from actions.wording.days import Asked, asked_days
from actions.wording.lines import Told, line, short
from actions.wording.texts import listed, quoted, sentence, shortened
from hall.catalogue.schema import parse_item
from hall.catalogue.view import CatalogueView
from hall.wording.dates import dated, near_day, spans, week

NOW = datetime(2026, 12, 2, 10, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
MORNING, AFTERNOON = (time(9), time(12)), (time(13, 30), time(17))


def item_of(**fields: object) -> object:
    return parse_item({"code": "X-1", "name": "某事", **fields})


@pytest.mark.parametrize(
    ("fields", "brief", "full"),
    [
        ({}, "", "目录里没有写多久办好。"),
        ({"kind": "即办件"}, "当场办完", "当场办完(即办件:材料齐就当场办)。"),
        ({"kind": "即办件", "promised_limit": 1}, "当场办完", "当场办完(即办件:材料齐就当场办)。"),
        (
            {"kind": "承诺件", "promised_limit": 20, "legal_limit": 60, "legal_limit_unit": "自然日"},
            "20 个工作日",
            "20 个工作日(周末和节假日不算)办好(从受理那天算),法定最长 60 天。",
        ),
        ({"promised_limit": 3, "promised_limit_unit": "月"}, "3 个月", "3 个月办好(从受理那天算)。"),
        ({"promised_limit": 2, "promised_limit_unit": "小时"}, "2 小时", "2 小时办好(从受理那天算)。"),
        ({"legal_limit": 15}, "最长 15 个工作日", "最长 15 个工作日(周末和节假日不算)(法定时限)。"),
        (
            {"promised_limit": 20, "legal_limit": 20, "promised_limit_note": "不含评定"},
            "20 个工作日",
            "20 个工作日(周末和节假日不算)办好(从受理那天算);不含评定。",
        ),
    ],
)
def test_limits_are_said_with_their_unit(fields: dict[str, object], brief: str, full: str) -> None:
    item = item_of(**fields)
    assert limits.limit(item) == brief
    assert limits.limit_sentence(item) == full


@pytest.mark.parametrize(
    ("fields", "brief", "full"),
    [
        ({}, "", "目录里没有写收费,付钱前先问清楚。"),
        ({"fees": []}, "不收费", "不收费。"),
        ({"fees": [{"name": "工本费", "standard": "20 元/证"}]}, "工本费 20 元/证", "工本费:20 元/证。"),
        (
            {
                "fees": [
                    {"name": "甲", "standard": "1 元"},
                    {"name": "乙", "standard": "2 元", "waivable": "低保"},
                ]
            },
            "甲 1 元等",
            "甲:1 元。\n乙:2 元。减免:低保。",
        ),
    ],
)
def test_fees_known_to_be_none_and_unknown_fees_differ(
    fields: dict[str, object], brief: str, full: str
) -> None:
    item = item_of(**fields)
    assert fees.in_line(item) == brief
    assert fees.fee_sentence(item) == full


def test_a_material_that_depends_on_what_is_unknown_says_on_what(view: CatalogueView) -> None:
    item = view.items["GA-1"]
    assert "监护人身份证:原件、复印件 1 份(16 周岁以下孩子才要)" in materials.in_list(item, {})
    assert "监护人身份证" not in materials.in_list(situations.under(item, {"age": "adult"}), {"age": "adult"})
    assert materials.in_line(item, {"age": "minor"}) == "旧居民身份证、居民户口簿、监护人身份证"


def test_what_is_known_changes_limit_and_leaves_the_item_itself_alone(view: CatalogueView) -> None:
    item = view.items["GA-1"]
    assert situations.under(item, {"home": "away"}).promised_limit == 40
    assert situations.under(item, {"home": "local"}).promised_limit == 20
    assert item.promised_limit == 20


def test_circumstances_are_asked_only_for_what_they_change(view: CatalogueView) -> None:
    item = view.items["GA-1"]

    def asked(aspect: str, known: dict[str, str]) -> str | None:
        found = situations.open_circumstance(item, [aspect], known)  # type: ignore[list-item]
        return found.id if found else None

    assert asked("materials", {}) == "age"
    assert asked("time_limit", {}) == "home"
    assert asked("fee", {}) is None
    assert asked("materials", {"age": "adult"}) is None
    assert asked("materials", {"age": "*"}) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("小孩", "minor"),
        ("是孩子的", "minor"),
        ("大人吧", "adult"),
        ("16 周岁以上本人", "adult"),
        ("不知道", None),
    ],
)
def test_short_answers_pick_a_choice(view: CatalogueView, answer: str, expected: str | None) -> None:
    circumstance = view.items["GA-1"].circumstances[0]
    assert situations.picked(circumstance, answer) == expected


@pytest.mark.parametrize("code", ["GA-1", "GA-2", "SC-1", "SC-2", "RS-1"])
@pytest.mark.parametrize("aspect", sorted(ASPECTS))
def test_every_aspect_of_every_item_has_an_answer_that_fits_a_screen(
    view: CatalogueView, code: str, aspect: str
) -> None:
    told = Told.about(view.items[code], view, NOW, {})
    for said in (line(told, aspect), short(told, aspect)):  # type: ignore[arg-type]
        assert said.strip()
        assert len(said) <= 600
        assert "None" not in said
        assert "!" not in said
    whole = guide.answer(told, [aspect])  # type: ignore[list-item]
    assert whole.startswith(f"【{view.items[code].name}】")


def test_a_silent_catalogue_invents_nothing(view: CatalogueView) -> None:
    told = Told.about(view.items["RS-1"], view, NOW, {})
    for aspect in (
        "materials",
        "process",
        "time_limit",
        "fee",
        "place",
        "hours",
        "online",
        "proxy",
        "result",
    ):
        assert "目录里没有写" in line(told, aspect), aspect


def test_long_fields_are_cut_at_a_sentence() -> None:
    text, cut = shortened("第一句话。第二句话。第三句话很长很长很长", 12)
    assert (text, cut) == ("第一句话。第二句话。", True)
    assert shortened("短", 12) == ("短", False)


@given(st.text(max_size=80), st.integers(min_value=2, max_value=60))
def test_a_shortened_text_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(shortened(text, most)[0]) <= most


@given(st.text(max_size=200))
def test_quoted_words_carry_no_markup_and_are_short(text: str) -> None:
    said = quoted(text)
    assert not set(said) & set("<>{}[]`\n\x00")
    assert len(said) <= 20


def test_days_and_times_are_said_as_people_say_them() -> None:
    assert dated(date(2026, 12, 2)) == "12月2日(周三)"
    assert near_day(date(2026, 12, 3), date(2026, 12, 2)) == "明天(周四)"
    assert near_day(date(2026, 12, 9), date(2026, 12, 2)) == "12月9日(周三)"
    assert spans([MORNING, AFTERNOON]) == "9:00–12:00、13:30–17:00"
    days = [[MORNING, AFTERNOON]] * 5 + [[MORNING], []]
    assert week(days) == "周一至周五 9:00–12:00、13:30–17:00;周六 9:00–12:00;周日休息"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周末", [date(2026, 12, 5), date(2026, 12, 6)]),
        ("明天和后天", [date(2026, 12, 3), date(2026, 12, 4)]),
        ("大后天", [date(2026, 12, 5)]),
        ("周三", [date(2026, 12, 2)]),
        ("下周一", [date(2026, 12, 7)]),
        ("下周末", [date(2026, 12, 12), date(2026, 12, 13)]),
        ("1月4日", [date(2027, 1, 4)]),
        ("2月30日", Asked.NOTHING),
        ("国庆", "国庆节"),
        ("十一点开吗", Asked.NOTHING),
        ("十一放假吗", "国庆节"),
        ("中午", Asked.NOON),
        ("几点开门", Asked.NOTHING),
    ],
)
def test_days_asked_for(text: str, expected: object) -> None:
    assert asked_days(text, date(2026, 12, 2)) == expected


def test_lists_are_counted_and_sentences_end() -> None:
    assert listed(["甲", "乙", "丙"], most=2) == "甲、乙等 3 样"
    assert sentence("好") == "好。"
    assert sentence("好吗?") == "好吗?"
    assert sentence("") == ""
