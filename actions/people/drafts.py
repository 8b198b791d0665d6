"""What was said and cannot be kept yet: read by the desk's own rules, shown masked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.people.reading import Said
from actions.wording import people as wording
from hall.people import id_numbers, phones
from hall.people.entries import read_name
from hall.people.errors import NameWrong
from hall.people.id_numbers import IdNumberWrong
from hall.people.masks import masked_id_number, masked_name, masked_phone
from hall.people.phones import PhoneWrong


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with what was said, in words; the age in years by the ID number, where one was read."""

    wrong: str = ""
    years: int | None = None


def read_into(draft: dict[str, Any], said: Said, *, today: date) -> Found:
    """Put the valid values into a draft; what is wrong with the others is told."""
    wrong: list[str] = []
    years: int | None = None
    if said.name:
        try:
            draft["name"] = read_name(said.name)
        except NameWrong:
            wrong.append(wording.name_wrong())
    if said.id_number:
        try:
            number = id_numbers.parse(said.id_number, today=today)
        except IdNumberWrong as error:
            wrong.append(wording.id_wrong(error.reason))
        else:
            draft["id_number"] = number.number
            years = age(number.born, today)
    if said.phone:
        try:
            draft["phone"] = phones.parse(said.phone)
        except PhoneWrong as error:
            wrong.append(wording.phone_wrong(error.reason))
    if said.other_paper:
        wrong.append(wording.other_paper())
    return Found("\n".join(wrong), years)


def masked(draft: dict[str, Any], said: Said) -> str:
    """What of `said` stands in the draft, masked; "" for nothing."""
    return wording.kept(
        masked_name(draft.get("name", "")) if said.name else "",
        masked_id_number(draft.get("id_number", "")) if said.id_number else "",
        masked_phone(draft.get("phone", "")) if said.phone else "",
    )


def age(born: date, today: date) -> int:
    """Full years (周岁)."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
