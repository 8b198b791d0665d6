from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.h5.guide import guide, steps
from hall.catalogue.applicable import applicable, open_questions
from hall.catalogue.schema import parse_item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import parse_centre
from tests.bot.h5.centre import CENTRE, WEDNESDAY, demo_view, item, small_view


def page(query: dict[str, str] | None = None, now: datetime = WEDNESDAY, **changed: Any) -> dict[str, Any]:
    one = item(**changed)
    view = CatalogueView.of([one], parse_centre(CENTRE))
    return guide(view, one, query or {}, now)


def names(told: dict[str, Any]) -> dict[str, list[str]]:
    return {group.kind: [paper.name for paper in group.papers] for group in told["groups"]}


def fact(told: dict[str, Any], name: str) -> Any:
    return next(found for found in told["facts"] if found.name == name)


def test_a_circumstance_on_which_nothing_depends_is_not_asked() -> None:
    assert [question["text"] for question in page()["questions"]] == ["给谁办?", "户口在哪里?"]


def test_a_tap_keeps_what_was_chosen_before_and_a_second_tap_takes_it_back() -> None:
    told = page({"home": "away"})
    who, home = told["questions"]
    assert not who["answered"]
    assert home["answered"]
    address = urlsplit(who["choices"][1]["href"])
    assert (address.path, dict(parse_qsl(address.query))) == (
        "/h5/items/GA-1",
        {"who": "child", "home": "away"},
    )
    assert address.fragment == who["anchor"]
    back = next(choice for choice in home["choices"] if choice["chosen"])["href"]
    assert urlsplit(back).query == ""
    assert told["afresh"] == "/h5/items/GA-1"
    assert page()["afresh"] == ""


def test_unknown_circumstances_and_choices_are_passed_over() -> None:
    told = page({"home": "moon", "nothing": "x", "who": ""})
    assert told["chosen_words"] == ""
    assert told["facts"] == page()["facts"]
    assert "nothing" not in told["questions"][0]["choices"][0]["href"]


def test_what_was_chosen_changes_limit_fee_kind_and_note() -> None:
    away = page({"home": "away"})
    assert (fact(away, "多久办好").value, fact(away, "收费").value) == ("40 个工作日", "工本费 40 元/证")
    assert away["notes"] == ("外地户口时间长一些",)
    assert away["chosen_words"] == "外地"
    child = page({"who": "child"})
    assert fact(child, "多久办好").value == "当场办完"
    assert "即办件(材料齐就当场办)" in child["lead"]
    assert "承诺件" not in child["lead"]


def test_a_place_that_the_circumstances_name_stands_first() -> None:
    assert [spot.name for spot in page()["spots"]] == ["主厅", "东门站"]
    spots = page({"who": "child"})["spots"]
    assert [spot.name for spot in spots] == ["少儿办证点", "主厅", "东门站"]
    assert spots[0].today is None


def test_materials_stand_by_what_must_come_and_count_through() -> None:
    told = page()
    assert names(told) == {
        "must": ["旧身份证"],
        "exempt": ["户口簿"],
        "later": ["居住证"],
        "optional": ["申请表"],
        "depends": ["监护人身份证"],
    }
    assert [paper.number for group in told["groups"] for paper in group.papers] == [1, 2, 3, 4, 5]
    assert told["papers_count"] == "4 样,另有 1 样看情况"
    child = page({"who": "child"})
    assert names(child)["later"] == ["监护人身份证", "居住证"]
    assert child["papers_count"] == "5 样"
    assert "监护人身份证" not in str(names(page({"who": "self"})))


def test_an_open_material_names_its_circumstance_and_keeps_its_kind() -> None:
    paper = page()["groups"][-1].papers[0]
    assert paper.lines[0] == "“孩子”才要"
    assert paper.tags == ("可以后补",)
    later = page()["groups"][2].papers[0]
    assert later.tags == ("可免交",)


def test_a_material_that_hangs_on_two_names_only_the_open_one() -> None:
    both = [{"name": "委托书", "when": {"who": ["child"], "home": ["local", "away"]}}]
    told = page(materials=both)
    assert told["groups"][0].papers[0].lines == ("“孩子”并且“本区或外地”才要",)
    told = page({"home": "away"}, materials=both)
    assert told["groups"][0].papers[0].lines == ("“孩子”才要",)


def test_forms_are_linked_by_https_alone() -> None:
    form = page()["groups"][3].papers[0]
    assert (form.blank_form, form.sample) == ("https://example.gov.cn/form.pdf", "")
    assert "开出来不超过 30 天" in form.lines


@pytest.mark.parametrize(
    ("exempt", "line"),
    [
        ("可免提交:系统能查到的", "免交:系统能查到的"),
        ("免交，有电子证照的", "免交:有电子证照的"),
        ("电子证照可替代", "免交:电子证照可替代"),
        ("可免提交", "可免提交"),
    ],
)
def test_what_makes_a_material_free_is_told_in_one_form(exempt: str, line: str) -> None:
    told = page(materials=[{"name": "户口簿", "exempt": exempt}])
    assert told["groups"][0].kind == "exempt"
    assert told["groups"][0].papers[0].lines == (line,)


def test_numbers_of_sheets_and_form_in_everyday_words() -> None:
    papers = {paper.name: paper.amount for group in page()["groups"] for paper in group.papers}
    assert papers["旧身份证"] == "原件 · 纸质 · 政府部门发的"
    assert papers["户口簿"] == "复印件 2 份"
    told = page(materials=[{"name": "户口簿", "originals": 1, "standard": "原件"}])
    assert told["groups"][0].papers[0].lines == ()  # said once already
    assert papers["申请表"] == "纸质、电子都行"


def test_a_silent_catalogue_is_said_to_be_silent() -> None:
    view = small_view()
    told = guide(view, view.items["GA-2"], {}, WEDNESDAY)
    assert (fact(told, "多久办好").value, fact(told, "收费").value) == ("目录里没有写", "目录里没有写")
    assert told["groups"] == []
    assert told["materials_known"] is False
    assert told["version"] == ""
    assert told["remedy"] == ""
    shop = guide(view, view.items["SC-1"], {}, WEDNESDAY)
    assert shop["materials_known"] is True
    assert fact(shop, "收费").value == "不收费"
    assert fact(shop, "多久办好").value == "当场办完"


@pytest.mark.parametrize(
    ("changed", "value", "note"),
    [
        ({}, "20 个工作日", "从受理那天算,周末和节假日不算;法定最长 60 天"),
        ({"legal_limit": 20, "legal_limit_unit": "工作日"}, "20 个工作日", "从受理那天算,周末和节假日不算"),
        ({"promised_limit": None}, "最长 60 天", "法定时限"),
        ({"kind": "即办件", "promised_limit": 1}, "当场办完", "材料齐的话"),
        ({"kind": "即办件", "promised_limit": 3}, "3 个工作日", None),
        ({"promised_limit_note": "不含制证。"}, "20 个工作日", None),
        ({"promised_limit": None, "legal_limit": None}, "目录里没有写", ""),
    ],
)
def test_limits(changed: dict[str, Any], value: str, note: str | None) -> None:
    told = fact(page(variants=[], **changed), "多久办好")
    assert told.value == value
    if note is not None:
        assert told.note == note
    if "promised_limit_note" in changed:
        assert told.note.endswith(";不含制证")


@pytest.mark.parametrize(
    ("fees", "told"),
    [
        ([], "不收费"),
        ([{"name": "登记", "standard": "免费"}], "不收费"),
        (
            [{"name": "工本费", "standard": "5 元"}, {"name": "邮寄", "standard": "10 元"}],
            "工本费 5 元;邮寄 10 元",
        ),
        ([{"name": "工本费", "standard": "", "basis": "文"}], "工本费"),
    ],
)
def test_fees(fees: list[dict[str, str]], told: str) -> None:
    assert fact(page(variants=[], fees=fees), "收费").value == told


def test_booking_visits_and_online() -> None:
    assert fact(page(), "预约").note == "每天 120 个号"
    assert fact(page(bookable=False), "预约").value == "不用预约"
    assert not [found for found in page(bookable=None)["facts"] if found.name == "预约"]
    assert fact(page(visits=0), "要跑几趟").value == "不用跑"
    assert fact(page(), "网上办理").href == "https://example.gov.cn/apply?a=1&b=2"
    plain = fact(page(online_url="省政务 APP"), "网上办理")
    assert (plain.value, plain.href) == ("省政务 APP", "")


def test_the_remedy_names_only_whom_the_catalogue_names() -> None:
    assert page()["remedy"] == "对办理结果不服,可以向区政府申请行政复议,也可以向区法院提起行政诉讼。"
    assert page(review="")["remedy"] == "对办理结果不服,可以向区法院提起行政诉讼。"
    assert page(litigation="")["remedy"] == "对办理结果不服,可以向区政府申请行政复议。"


def test_version_by_its_day_or_else_by_its_number() -> None:
    assert page()["version"] == "2026-10-08 版"
    assert page(effective=None)["version"] == "第 3 版"


def test_the_summary_is_a_sentence_for_a_shared_card() -> None:
    assert page()["summary"] == (
        "带:旧身份证、户口簿、申请表、居住证。多久办好:20 个工作日;收费:工本费 20 元/证"
    )


def test_only_a_process_numbered_throughout_becomes_steps() -> None:
    assert steps("1. 取号\n2、照相\n\n3) 签字") == ("取号", "照相", "签字")
    assert steps("一、取号\n二、照相") == ("取号", "照相")
    assert steps("1. 只有一步") == ()
    assert steps("先取号\n2. 照相") == ()
    assert steps("2026 年起\n3.5 元") == ()


def test_every_page_of_the_demo_centre_agrees_with_the_catalogue() -> None:
    """Whatever is tapped: all materials that apply and may apply, none else; each open question is asked."""
    view = demo_view()
    pages = 0
    for one in view.items.values():
        choices = [[(c.id, choice.id) for choice in c.choices] + [None] for c in one.circumstances]
        for combination in product(*choices):
            chosen = dict(filter(None, combination))
            told = guide(view, one, chosen, WEDNESDAY)
            found = applicable(one, chosen)
            sure = [p.name for g in told["groups"] if g.kind != "depends" for p in g.papers]
            open_ = [p.name for g in told["groups"] if g.kind == "depends" for p in g.papers]
            assert sorted(sure) == sorted(material.name for material in found.materials)
            assert open_ == [material.name for material in found.possible]
            asked = {q["text"] for q in told["questions"] if not q["answered"]}
            assert asked == {circumstance.question for circumstance in open_questions(one, chosen)}
            assert all(
                paper.lines[0].endswith("才要")
                for g in told["groups"]
                for paper in g.papers
                if g.kind == "depends"
            )
            pages += 1
    assert pages > 800


def test_an_item_without_a_place_is_found_by_its_department_or_not_at_all() -> None:
    view = small_view()
    spots = guide(view, view.items["GA-2"], {}, WEDNESDAY)["spots"]
    assert [(spot.name, spot.counter) for spot in spots] == [("主厅", "一楼 A 区 5 号窗口")]
    alone = parse_item({"code": "Z-1", "name": "没有地点", "place": "殡仪馆", "counter": "业务窗口"})
    spots = guide(CatalogueView.of([alone]), alone, {}, WEDNESDAY)["spots"]
    assert [(spot.name, spot.counter) for spot in spots] == [("殡仪馆", "业务窗口")]
    nowhere = parse_item({"code": "Z-1", "name": "没有地点"})
    assert guide(CatalogueView.of([nowhere]), nowhere, {}, WEDNESDAY)["spots"] == []
