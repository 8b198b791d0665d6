"""Templates of the account and of the SMS provider: which one a kind of notice has, what its fields hold.

An operator names them in the settings as JSON, by kind of notice:
``{"reminder_evening": {"id": "…", "fields": {"thing1": "item", "time2": "starts"}}}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from hall.notices.kinds import Kind

VALUES: Final = (
    "item",
    "starts",
    "place",
    "hall",
    "code",
    "number",
    "window",
    "ahead",
    "minutes",
    "until",
    "reason",
    "say",
)
"""What a field can hold; `say` is the notice in a few words."""


class Template(BaseModel):
    """A template: its id at the platform, and for each of its fields the value it holds.

    A field's value is one of `VALUES`, or text after `=` as it stands (``=请提前10分钟到``). `lasting`: a
    long-term subscription template (长期订阅), which one consent allows for good.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=100)]
    fields: dict[str, Annotated[str, Field(pattern=rf"^(?:{'|'.join(VALUES)}|=.+)$")]] = {}
    lasting: bool = False


Templates = Mapping[Kind, Template]

# The platform's limits by a field's type, in characters.
_LONGEST: Final = {
    "thing": 20,
    "const": 20,
    "character_string": 32,
    "number": 32,
    "letter": 32,
    "time": 32,
    "date": 32,
    "phone_number": 17,
    "name": 10,
    "phrase": 5,
}
_FIELD = re.compile(r"([a-z_]+?)_?\d*$")
_DIGITS = re.compile(r"\d+")
_NOTHING: Final = "—"


def filled(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """The template's fields with their values, each as its type takes it; an empty one would be refused."""
    return {field: _fitted(field, _value(said, values)) for field, said in template.fields.items()}


def _value(said: str, values: Mapping[str, str]) -> str:
    return said.removeprefix("=") if said.startswith("=") else values.get(said, "")


def _fitted(field: str, value: str) -> str:
    found = _FIELD.match(field)
    kind = found[1] if found else ""
    text = " ".join(value.split())
    if kind == "number":
        digits = _DIGITS.search(text)
        return digits[0][:32] if digits else "0"
    if kind == "character_string":
        text = "".join(character for character in text if " " <= character <= "~")
    if not text:
        return "0" if kind in ("character_string", "number") else _NOTHING
    longest = _LONGEST.get(kind, 200)
    return text if len(text) <= longest else text[: longest - 1] + "…"
