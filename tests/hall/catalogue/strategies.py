"""Items as hypothesis makes them: every field, awkward texts included."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

# What a spreadsheet or a parser could stumble over stands beside ordinary words.
_AWKWARD = [
    "=1+1",
    "'=x",
    "@cmd",
    "-1",
    "+86",
    "a;b",
    "甲；乙",
    "一\n二",
    '"引号"',
    "[方括号]",
    "{",
    "a,b",
    "'",
    "''=",
    "〔〕",
    "1",
]
words = st.one_of(
    st.sampled_from(_AWKWARD),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool),
)
lines = words.map(lambda text: " ".join(text.split())).filter(bool)
counts = st.integers(0, 1000)
identifiers = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


lists = st.lists(words, min_size=1, max_size=4, unique=True)
when = st.dictionaries(
    identifiers, st.lists(identifiers, min_size=1, max_size=3, unique=True), min_size=1, max_size=2
)
fee = st.fixed_dictionaries(
    {"name": st.just("工本费"), "standard": words}, optional={"basis": words, "waivable": words}
)
material = st.fixed_dictionaries(
    {"name": lines.filter(lambda name: name not in {"无", "/", "-", "—", "无。"})},
    optional={
        "form": st.sampled_from(["纸质", "电子化", "均可"]),
        "originals": counts,
        "copies": counts,
        "necessity": st.sampled_from(["非必要", "容缺后补"]),
        "standard": words,
        "note": words,
        "valid_days": counts,
        "when": when,
    },
)
circumstance = st.fixed_dictionaries(
    {
        "id": identifiers,
        "question": lines,
        "choices": st.lists(
            st.fixed_dictionaries({"id": identifiers, "label": lines}, optional={"aliases": lists}),
            min_size=1,
            max_size=3,
        ),
    }
)
variant = st.fixed_dictionaries(
    {"when": when},
    optional={"promised_limit": counts, "fees": st.lists(fee, min_size=1, max_size=2), "note": words},
)

items = st.fixed_dictionaries(
    {"code": st.from_regex(r"[A-Z]{2}-[0-9]{4}", fullmatch=True), "name": lines},
    optional={
        "aliases": lists,
        "department": lines,
        "type": st.sampled_from(["行政许可", "公共服务"]),
        "audience": lists,
        "topics": lists,
        "kind": st.sampled_from(["即办件", "承诺件"]),
        "legal_limit": counts,
        "legal_limit_unit": st.sampled_from(["自然日", "月"]),
        "promised_limit": counts,
        "conditions": words,
        "process": st.fixed_dictionaries({"counter": words}, optional={"online": words}),
        "visits": counts,
        "online_url": st.just("https://example.gov.cn/a?b=1,2"),
        "fees": st.lists(fee, max_size=2),
        "phone": words,
        "bookable": st.booleans(),
        "delivery": st.booleans(),
        "result": st.fixed_dictionaries({"name": lines}),
        "basis": lists,
        "faq": st.lists(st.fixed_dictionaries({"q": words, "a": words}), min_size=1, max_size=2),
        "version": st.integers(1, 50),
        "effective": st.dates().filter(lambda day: day.year >= 1000).map(str),
        "offered_at": st.lists(
            st.fixed_dictionaries({"hall": identifiers}, optional={"counter": lines}), min_size=1, max_size=2
        ),
        "related": st.lists(identifiers, min_size=1, max_size=2, unique=True),
        "circumstances": st.lists(circumstance, min_size=1, max_size=2),
        "variants": st.lists(variant, min_size=1, max_size=2),
        "materials": st.lists(material, max_size=3),
        "x_note": st.one_of(
            words, st.integers(), st.booleans(), st.lists(words, max_size=2), st.none(), st.just(" ")
        ),
    },
)
catalogues = st.lists(items, max_size=4, unique_by=lambda item: item["code"])
