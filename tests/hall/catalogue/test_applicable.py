from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hall.catalogue.applicable import applicable, needed_question, open_questions, valid_choices
from hall.catalogue.schema import Item, parse_item

REASON = {
    "id": "reason",
    "question": "您是哪种情况?",
    "choices": [
        {"id": "expired", "label": "到期"},
        {"id": "lost", "label": "丢失"},
        {"id": "damaged", "label": "损坏"},
    ],
}
AGE = {
    "id": "age",
    "question": "满 16 岁了吗?",
    "choices": [{"id": "adult", "label": "满了"}, {"id": "minor", "label": "没满"}],
}


def item(**fields: Any) -> Item:
    return parse_item({"code": "GA-0101", "name": "居民身份证", "circumstances": [REASON, AGE], **fields})


def names(found: Any) -> list[str]:
    return [material.name for material in found]


CARD = item(
    promised_limit=20,
    legal_limit=60,
    fees=[{"name": "工本费", "standard": "20 元/证"}],
    materials=[
        {"name": "户口簿"},
        {"name": "旧身份证", "when": {"reason": ["expired", "damaged"]}},
        {"name": "监护人身份证", "when": {"age": ["minor"]}},
        {"name": "挂失申报表", "when": {"reason": ["lost"], "age": ["adult"]}},
    ],
    variants=[
        {
            "when": {"reason": ["lost"]},
            "fees": [{"name": "工本费", "standard": "40 元/证"}],
            "note": "同时挂失",
        },
        {"when": {"reason": ["damaged"]}, "fees": [{"name": "工本费", "standard": "40 元/证"}]},
    ],
)


def test_nothing_chosen_what_is_certain_and_what_is_possible() -> None:
    found = applicable(CARD, {})
    assert names(found.materials) == ["户口簿"]
    assert names(found.possible) == ["旧身份证", "监护人身份证", "挂失申报表"]
    assert found.fees[0].standard == "20 元/证"


def test_a_choice_settles_materials_and_fee() -> None:
    found = applicable(CARD, {"reason": "lost"})
    assert names(found.materials) == ["户口簿"]
    assert names(found.possible) == ["监护人身份证", "挂失申报表"]
    assert found.fees[0].standard == "40 元/证"
    assert found.notes == ("同时挂失",)


def test_a_contradicted_condition_is_out_whatever_else_is_open() -> None:
    assert "挂失申报表" not in names(applicable(CARD, {"reason": "expired"}).possible)
    assert "挂失申报表" not in names(applicable(CARD, {"age": "minor"}).possible)


def test_questions_are_asked_in_order_and_only_while_needed() -> None:
    first = needed_question(CARD, {}, "materials")
    assert first is not None
    assert first.id == "reason"
    second = needed_question(CARD, {"reason": "lost"}, "materials")
    assert second is not None
    assert second.id == "age"
    assert needed_question(CARD, {"reason": "lost", "age": "adult"}, "materials") is None


def test_the_limit_depends_on_nothing_here_so_nothing_is_asked() -> None:
    assert needed_question(CARD, {}, "limit") is None
    assert needed_question(CARD, {}, "place") is None


def test_the_fee_asks_for_the_reason_and_never_for_the_age() -> None:
    assert [found.id for found in open_questions(CARD, {}, "fee")] == ["reason"]
    assert open_questions(CARD, {"reason": "expired"}, "fee") == ()


def test_choices_with_the_same_answer_ask_nothing() -> None:
    same = item(
        materials=[
            {"name": "户口簿", "when": {"reason": ["expired", "lost"]}},
            {"name": "户口簿", "when": {"reason": ["damaged"]}},
        ],
        variants=[{"when": {"reason": ["lost"]}, "promised_limit": 20}],
        promised_limit=20,
    )
    assert needed_question(same, {}) is None


def test_a_condition_that_lists_every_choice_asks_nothing() -> None:
    assert needed_question(item(materials=[{"name": "a", "when": {"age": ["adult", "minor"]}}]), {}) is None


def test_a_question_that_no_longer_matters_is_not_asked() -> None:
    nested = item(materials=[{"name": "挂失申报表", "when": {"reason": ["lost"], "age": ["adult"]}}])
    assert [found.id for found in open_questions(nested, {"reason": "expired"}, "materials")] == []
    assert [found.id for found in open_questions(nested, {"age": "minor"}, "materials")] == []


def test_choices_of_another_item_are_passed_over() -> None:
    assert valid_choices(CARD, {"reason": "stolen", "house": "new", "age": "adult"}) == {"age": "adult"}
    assert applicable(CARD, {"reason": "stolen"}).chosen == {}


def test_a_condition_on_an_undefined_circumstance_stays_possible() -> None:
    broken = item(materials=[{"name": "批文", "when": {"nobody": ["knows"]}}])
    assert names(applicable(broken, {}).possible) == ["批文"]
    assert needed_question(broken, {}) is None


def test_variants_lay_over_one_another_the_last_wins() -> None:
    layered = item(
        promised_limit=20,
        visits=1,
        variants=[
            {
                "when": {"reason": ["lost"]},
                "promised_limit": 10,
                "promised_limit_unit": "自然日",
                "visits": 0,
            },
            {"when": {"age": ["minor"]}, "promised_limit": 5},
        ],
    )
    found = applicable(layered, {"reason": "lost", "age": "minor"})
    assert (found.promised.amount, found.promised.unit, found.visits) == (5, "工作日", 0)
    assert applicable(layered, {"reason": "lost"}).promised.unit == "自然日"


def test_a_variant_may_make_it_free() -> None:
    free = item(fees=[{"standard": "20 元"}], variants=[{"when": {"age": ["minor"]}, "fees": []}])
    assert applicable(free, {"age": "minor"}).fees == ()
    assert applicable(free, {"age": "minor"}).fees_known
    question = needed_question(free, {}, "fee")
    assert question is not None
    assert question.id == "age"


conditions = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.lists(st.sampled_from(["1", "2"]), min_size=1, max_size=2, unique=True),
)


@given(
    st.lists(st.tuples(st.sampled_from(["甲", "乙", "丙"]), conditions), max_size=5),
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from(["1", "2"])),
)
def test_when_nothing_is_asked_the_answer_is_the_same_whatever_is_chosen(
    materials: list[tuple[str, dict[str, list[str]]]], chosen: dict[str, str]
) -> None:
    questions = [
        {
            "id": name,
            "question": f"{name}?",
            "choices": [{"id": "1", "label": "一"}, {"id": "2", "label": "二"}],
        }
        for name in "abc"
    ]
    made = parse_item(
        {
            "code": "X",
            "name": "x",
            "circumstances": questions,
            "materials": [{"name": name, "when": when} for name, when in materials],
        }
    )
    asked = {found.id for found in open_questions(made, chosen, "materials")}
    unasked = [name for name in "abc" if name not in chosen]
    answers = {
        tuple(names(applicable(made, {**chosen, **dict(zip(unasked, picks, strict=True))}).materials))
        for picks in _picks(len(unasked))
    }
    assert bool(asked) == (len(answers) > 1)


def _picks(count: int) -> list[tuple[str, ...]]:
    picks: list[tuple[str, ...]] = [()]
    for _ in range(count):
        picks = [(*done, choice) for done in picks for choice in ("1", "2")]
    return picks
