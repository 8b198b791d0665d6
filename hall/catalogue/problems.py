"""What is wrong with a row, in sentences that a clerk can act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from rapidfuzz import process as closest

from hall.catalogue.columns import HEADERS, label_of


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong field: its path (``materials.0.name``, empty for the whole row) and why, in Chinese."""

    field: str
    message: str

    def __str__(self) -> str:
        return self.message


class ItemInvalid(Exception):  # noqa: N818 - reads as the verdict it is
    """A row that is no item; `problems` says why, field by field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("；".join(problem.message for problem in problems))
        self.problems = problems


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """The wrong fields of a row that pydantic refused. Values are not repeated unless a rule does so."""
    return tuple(_problem(detail) for detail in error.errors(include_url=False, include_input=False))


def _problem(detail: Mapping[str, Any]) -> Problem:
    path = tuple(step for step in detail["loc"] if step != "[key]")
    reason = _reason(detail)
    label = label_of(path)
    key = ".".join(str(step) for step in path)
    if not path:
        return Problem("", reason)
    named = label if label == key else f"{label}({key})"
    return Problem(key, f"{named}:{reason}")


def _reason(detail: Mapping[str, Any]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "refused":
        return str(context["reason"])
    if kind == "extra_forbidden":
        return _unknown(str(detail["loc"][-1]))
    if kind in _WORDS:
        return _WORDS[kind](context)
    return f"写法不对({detail['msg']})"


def _unknown(key: str) -> str:
    near = closest.extractOne(key, [field.split(".")[0] for field in HEADERS], score_cutoff=75)
    hint = f",是不是 {near[0]}" if near else ""
    return f"不认识这个字段{hint}(自用字段请以 x_ 开头)"


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "没有填写",
    "string_too_short": lambda _: "没有填写",
    "string_too_long": lambda context: f"太长,最多 {context['max_length']} 个字",
    "too_long": lambda context: f"太多,最多 {context['max_length']} 项",
    "too_short": lambda _: "至少要有一项",
    "string_pattern_mismatch": lambda _: "只能用字母、数字和 . _ -,以字母或数字开头",
    "greater_than_equal": lambda context: f"不能小于 {context['ge']}",
    "less_than_equal": lambda context: f"不能大于 {context['le']}",
    "literal_error": lambda context: f"应是 {context['expected']} 之一",
    "model_type": lambda _: "应是一个对象",
    "model_attributes_type": lambda _: "应是一个对象",
    "dict_type": lambda _: "应是一个对象",
    "tuple_type": lambda _: "应是列表",
}
