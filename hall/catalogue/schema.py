"""A service item (事项) and its parts, as files and the API carry them.

After the national exchange tables (GB/T 39554.1-2020, GB/T 39046-2020). Only `code` and `name` are
required. Values are read leniently (see `values`); an unknown key is refused unless it starts with
``x_``, which is kept in `extra`. All models are frozen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from hall.catalogue.codes import ItemType, Kind, Level, LimitUnit, Unit
from hall.catalogue.parts import (
    FAQ,
    Choice,
    Circumstance,
    Circumstances,
    Entry,
    FAQs,
    Fee,
    Fees,
    Material,
    Materials,
    Offer,
    Offers,
    Process,
    Result,
    Variant,
    Variants,
)
from hall.catalogue.problems import ItemInvalid, Problem, problems_of
from hall.catalogue.values import (
    Code,
    Count,
    Day,
    Flag,
    Line,
    Link,
    Name,
    OptionalCode,
    OwnFields,
    Text,
    Texts,
)

__all__ = [
    "FAQ",
    "Choice",
    "Circumstance",
    "Fee",
    "Item",
    "ItemInvalid",
    "Material",
    "Offer",
    "Problem",
    "Process",
    "Result",
    "Unit",
    "Variant",
    "content_digest",
    "document",
    "parse_item",
]


class Item(Entry):
    """A service item. `aliases` are what citizens call it; `version` and `effective` are the desk's.

    `legal_limit` and `promised_limit` count in their units; None means the catalogue is silent.
    `bookable` and `delivery` are None when unknown. Empty `fees` or `materials` mean "none" only where
    `fees_known` or `materials_known` says so, else the catalogue is silent about them.
    """

    code: Code
    name: Name
    centre: OptionalCode = ""
    catalog_code: OptionalCode = ""
    task_code: OptionalCode = ""
    aliases: Texts = ()
    department: Line = ""
    department_code: OptionalCode = ""
    entrusted: Line = ""
    type: ItemType = ""
    level: Level = ""
    audience: Texts = ()
    topics: Texts = ()
    kind: Kind = ""
    legal_limit: Count = None
    legal_limit_unit: LimitUnit = "工作日"
    legal_limit_note: Text = ""
    promised_limit: Count = None
    promised_limit_unit: LimitUnit = "工作日"
    promised_limit_note: Text = ""
    conditions: Text = ""
    process: Process = Process()
    handling: Texts = ()
    visits: Count = None
    visit_reason: Text = ""
    online_depth: Line = ""
    online_url: Link = ""
    scope: Text = ""
    fees: Fees = ()
    place: Text = ""
    hours: Text = ""
    counter: Line = ""
    phone: Text = ""
    complaint_phone: Text = ""
    bookable: Flag = None
    daily_quota: Count = None
    delivery: Flag = None
    delivery_note: Text = ""
    result: Result = Result()
    basis: Texts = ()
    faq: FAQs = ()
    intermediary: Text = ""
    review: Line = ""
    litigation: Line = ""
    proxy: Text = ""
    version: Annotated[Count, Field(ge=1)] = None
    effective: Day = None
    offered_at: Offers = ()
    related: Texts = ()
    circumstances: Circumstances = ()
    variants: Variants = ()
    materials: Materials = ()
    extra: OwnFields = Field(default_factory=dict)

    @property
    def fees_known(self) -> bool:
        """Whether the catalogue says anything about fees: known and empty means 不收费."""
        return "fees" in self.model_fields_set

    @property
    def materials_known(self) -> bool:
        """Whether the catalogue says anything about materials: known and empty means none is asked for."""
        return "materials" in self.model_fields_set

    def circumstance(self, circumstance_id: str) -> Circumstance | None:
        """The circumstance with this id, or None."""
        return next((found for found in self.circumstances if found.id == circumstance_id), None)

    @model_validator(mode="before")
    @classmethod
    def _read_what_is_clear(cls, data: object) -> object:
        if not isinstance(data, Mapping):
            return data
        row = {str(key): value for key, value in data.items() if not str(key).startswith("x_")}
        _forget_unsaid(row)
        extra = {str(key): value for key, value in data.items() if str(key).startswith("x_")}
        if extra:
            row["extra"] = {**(row.get("extra") or {}), **extra}
        for key, part in (("process", "counter"), ("result", "name")):
            if isinstance(row.get(key), str):
                row[key] = {part: row[key]}
        for key in ("legal_limit", "promised_limit"):
            _split_limit(row, key)
        return row


# Lists for which "said to be empty" and "not said" differ.
_SAID = ("fees", "materials")
_LIMIT = re.compile(r"(\d+)\s*个?(工作日|自然日|日历日|小时|月|年)")


def _forget_unsaid(row: dict[str, Any]) -> None:
    for key in _SAID:
        if key in row and (row[key] is None or (isinstance(row[key], str) and not row[key].strip())):
            del row[key]


def _split_limit(row: dict[str, Any], key: str) -> None:
    """20 个工作日 in one field is a limit and its unit."""
    if isinstance(row.get(key), str) and (found := _LIMIT.fullmatch(row[key].strip())):
        row[key] = found.group(1)
        row[f"{key}_unit"] = row.get(f"{key}_unit") or found.group(2)


def parse_item(row: object) -> Item:
    """The item that `row` describes; raise ItemInvalid with a Chinese sentence for every wrong field."""
    try:
        return Item.model_validate(row)
    except ValidationError as error:
        raise ItemInvalid(problems_of(error)) from None


def document(item: Item) -> dict[str, Any]:
    """The item as its JSON object: what is not said is left out, `extra` stands beside the fields."""
    written = item.model_dump(mode="json", exclude_defaults=True, exclude={"extra"})
    for key in _SAID:
        if key in item.model_fields_set:
            written.setdefault(key, [])
    return written | item.extra


def content_digest(item: Item) -> str:
    """A digest of what the item says, apart from its version and the day from which it is effective."""
    content = {key: value for key, value in document(item).items() if key not in {"version", "effective"}}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()
