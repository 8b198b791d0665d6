"""Whatever is typed or imported, the search answers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.search import Index
from tests.nlu.search.catalogue import ROWS

INDEX = Index.build(ROWS, train=False)
LETTERS = "身份证丢了补办食品许可变更注销公积金提取退休社保卡的吗怎么" + "a1 ,。？\u200b身份證😀\ud800"
CODES = {row["code"] for row in ROWS}


@given(st.one_of(st.text(max_size=60), st.text(alphabet=LETTERS, max_size=60)), st.integers(-1, 40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_answered(text: str, top: int) -> None:
    hits = INDEX.search(text, top)
    assert len(hits) <= max(0, top)
    assert {hit.code for hit in hits} <= CODES
    decision = INDEX.decide(text, context_code="GA-1")
    assert 0 <= decision.confidence <= 1
    assert (decision.kind == "none") == (not decision.hits)
    assert len(decision.hits) <= 5


@given(
    st.lists(
        st.fixed_dictionaries(
            {"name": st.text(min_size=1, max_size=12).filter(str.strip)},
            optional={
                "aliases": st.lists(st.text(max_size=8), max_size=3),
                "department": st.text(max_size=6),
                "topics": st.lists(st.text(max_size=4), max_size=2),
                "materials": st.lists(st.fixed_dictionaries({"name": st.text(max_size=6)}), max_size=2),
            },
        ),
        max_size=6,
    ),
    st.text(max_size=12),
)
@settings(max_examples=150, deadline=None)
def test_any_catalogue_is_built(rows: list[dict[str, object]], text: str) -> None:
    index = Index.build([{"code": str(number), **row} for number, row in enumerate(rows)])
    index.decide(text)
    for number, row in enumerate(rows):
        hits = index.search(str(row["name"]), 50)
        named = index.entries[number].name
        assert not hits or any(hit.code == str(number) for hit in hits), named


def test_a_text_of_any_length_is_answered() -> None:
    assert INDEX.search("身份证" * 100_000, 1)[0].code.startswith("GA-")
