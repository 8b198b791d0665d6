"""The form for a person: what was typed, what is wrong with it, and keeping it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from hall.centres.opening import SHANGHAI
from hall.people import id_numbers, phones
from hall.people import service as people
from hall.people.entries import read_name
from hall.people.errors import NameWrong
from hall.people.id_numbers import IdNumberWrong
from hall.people.phones import PhoneWrong
from hall.people.service import Draft, Vault
from hall.wording.consent import CONSENT_WORDING

_LONGEST: Final = 100

_NAME: Final = "姓名要和证件上一样,2 个字以上,不写数字和符号。"
_PHONES: Final = {"empty": "请写手机号,变动时通知您。"}
_PHONE: Final = "手机号不对,请再核对,例如 13800138000。"
_NOT_AGREED: Final = "同意了我们才能保存,请勾选;不同意可以到现场办。"
_NOT_AGREED_BY_OTHER: Final = "对方同意了才能代办,请先问过再勾选。"
_NUMBERS: Final = {
    "empty": "请写身份证号。",
    "old": "这是 15 位的老号码,请写 18 位的。",
    "length": "身份证号是 18 位,请数一数。",
    "characters": "身份证号只有数字,最后一位可以是 X。",
    "place": "开头几位不对,请对着证件再看一遍。",
    "birth": "中间的出生日期不对,请对着证件再看一遍。",
    "future": "中间的出生日期还没到,请对着证件再看一遍。",
    "too_old": "中间的出生年份不对,请对着证件再看一遍。",
    "checksum": "有一位写错了,请对着证件再看一遍。",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it came, shown again with what is wrong. Never logged."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    called: str = ""
    agreed: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "Typed(…)"  # never the data: it would end up in a log


def read_typed(form: Mapping[str, object], now: datetime, *, other: bool) -> Typed:
    """The form as it was sent, with what is wrong by field. `other`: of somebody the citizen acts for."""
    name, number, phone, called = (
        str(form.get(key, "")).strip()[:_LONGEST] for key in ("name", "id_number", "phone", "called")
    )
    agreed = form.get("agreed") == "yes"
    errors: dict[str, str] = {}
    try:
        read_name(name)
    except NameWrong:
        errors["name"] = _NAME
    try:
        id_numbers.parse(number, today=now.astimezone(SHANGHAI).date())
    except IdNumberWrong as wrong:
        errors["id_number"] = _NUMBERS[wrong.reason]
    if phone or not other:
        try:
            phones.parse(phone)
        except PhoneWrong as wrong:
            errors["phone"] = _PHONES.get(wrong.reason, _PHONE)
    if not agreed:
        errors["agreed"] = (
            "对方同意了才能代办,请先问过再勾选。"
            if other
            else "同意了我们才能保存,请勾选;不同意可以到现场办。"
        )
    return Typed(name, number, phone, called, agreed, errors)


async def keep(
    session: AsyncSession, vault: Vault, citizen_id: int, typed: Typed, *, other: bool, now: datetime
) -> int:
    """Keep the person of a form without errors, with the consent it says; the person's id.

    Raises AlreadyKept, TooManyPeople, ConsentMissing, UnknownCitizen.
    """
    draft = Draft(typed.name, typed.id_number, typed.phone or None, typed.called or None)
    if not other:
        await people.give_consent(session, citizen_id, wording=CONSENT_WORDING, now=now)
        return (await people.save_own(session, vault, citizen_id, draft, now=now)).id
    person = await people.save_other(session, vault, citizen_id, draft, now=now)
    await people.record_proxy(
        session, vault, citizen_id, person.id, means="stated", now=now, evidence="在预约页面上勾选“已同意”"
    )
    return person.id
