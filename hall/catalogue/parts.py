"""The parts of a service item: materials, fees, circumstances and what differs under them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hall.catalogue import values
from hall.catalogue.codes import Form, MaterialType, Necessity, OptionalUnit, ResultType, Source
from hall.catalogue.values import Count, Identifier, Line, Link, Name, OptionalCode, Text, Texts, When


class Entry(BaseModel):
    """A frozen object of a catalogue file; a key that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Entry):
    """A choice of a circumstance (情形选项); `aliases` are the words citizens use for it."""

    id: Identifier
    label: Name
    aliases: Texts = ()
    note: Text = ""


class Circumstance(Entry):
    """A question (情形) on whose answer materials, limits or fees depend."""

    id: Identifier
    question: Name
    choices: Annotated[tuple[Choice, ...], Field(min_length=1, max_length=30)]

    def choice(self, choice_id: str) -> Choice | None:
        """The choice with this id, or None."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


class Fee(Entry):
    """A fee (收费项目); `standard` is its amount in words, with the unit (20 元/证)."""

    name: Line = "收费"
    standard: Text = ""
    basis: Text = ""
    waivable: Text = ""


_FREE = re.compile(r"(免费|不收费|不收取|无|0元|0)。?")


def _fees(value: object) -> object:
    """A list of fees; what only says 不收费 is an empty list."""
    if isinstance(value, str) and _FREE.fullmatch(value.strip()):
        return ()
    listed = values.entries("standard")(value)
    assert isinstance(listed, tuple)  # noqa: S101 - what `entries` returns
    if all(_says_free(fee) for fee in listed):
        return ()
    return listed


def _says_free(fee: object) -> bool:
    if not isinstance(fee, Mapping):
        return False
    said = [str(fee.get(key) or "").strip() for key in ("name", "standard")]
    return any(said) and all(not words or _FREE.fullmatch(words) for words in said) and not fee.get("basis")


Fees = Annotated[tuple[Fee, ...], Field(max_length=50), BeforeValidator(_fees)]


class Material(Entry):
    """A material (申请材料). `originals` and `copies` are numbers of sheets, None when not said.

    `valid_days` is how old a document may be, in days. `when` names the circumstances under which the
    material is asked for: each of them must have one of the listed choices; empty means always.
    """

    name: Name
    code: OptionalCode = ""
    type: MaterialType = ""
    form: Form = ""
    originals: Count = None
    copies: Count = None
    page_format: Line = ""
    necessity: Necessity = "必要"
    source: Source = ""
    source_note: Text = ""
    exempt: Text = ""
    standard: Text = ""
    note: Text = ""
    basis: Text = ""
    blank_form: Link = ""
    sample: Link = ""
    valid_days: Count = None
    when: When = {}


class Variant(Entry):
    """What differs under `when`; None (and an empty text) leaves the item's own value as it is."""

    when: Annotated[When, Field(min_length=1)]
    kind: Line = ""
    legal_limit: Count = None
    legal_limit_unit: OptionalUnit = None
    legal_limit_note: Text = ""
    promised_limit: Count = None
    promised_limit_unit: OptionalUnit = None
    promised_limit_note: Text = ""
    fees: Fees | None = None
    conditions: Text = ""
    visits: Count = None
    place: Text = ""
    counter: Line = ""
    note: Text = ""


class Process(Entry):
    """The steps (办理流程), as text with a line per step."""

    counter: Text = ""
    online: Text = ""


class Result(Entry):
    """What the citizen gets (办理结果)."""

    type: ResultType = ""
    name: Line = ""
    sample: Link = ""


class FAQ(Entry):
    """A common question (常见问题) and its answer."""

    q: Annotated[Text, Field(min_length=1)]
    a: Annotated[Text, Field(min_length=1)]


class Offer(Entry):
    """Where the item is done: the code of a hall and the counter there."""

    hall: Identifier
    counter: Line = ""


Offers = Annotated[tuple[Offer, ...], Field(max_length=100), BeforeValidator(values.entries("hall"))]
FAQs = Annotated[tuple[FAQ, ...], Field(max_length=100), BeforeValidator(values.entries("q"))]
Circumstances = Annotated[
    tuple[Circumstance, ...], Field(max_length=20), BeforeValidator(values.entries("question"))
]
Variants = Annotated[tuple[Variant, ...], Field(max_length=50), BeforeValidator(values.entries("note"))]
Materials = Annotated[tuple[Material, ...], Field(max_length=200), BeforeValidator(values.entries("name"))]
