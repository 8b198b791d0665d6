"""Before hours change for citizens who are booked: who they are, and what becomes of them, is asked first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeVar

from aiohttp import web

from console.booking_words import person_of
from console.fields import number_in
from console.naming import group_name, hall_name, item_name, when
from console.visit import Visit
from hall.appointments.closures import Became, Closed, Decision
from hall.appointments.errors import BookingsAffected
from hall.appointments.service import Appointment
from hall.people.naming import masked_names

_T = TypeVar("_T")
_MOST_SHOWN: Final = 100
DECISION: Final = "decision"
SEEN: Final = "seen"


async def settled(visit: Visit, change: Callable[[Decision | None], Awaitable[_T]]) -> _T:
    """Make a change of hours; raises BookingsAffected until the form decides for all whom it affects.

    What was decided holds for the bookings that were shown: where others have come since, it is asked again.
    """
    try:
        return await change(None)
    except BookingsAffected as asked:
        decision = _decided(visit)
        seen = {number_in(number) for number in visit.form.get(SEEN, "").split(",")}
        if decision is None or not {one.id for one in asked.affected} <= seen:
            raise
    return await change(decision)


def _decided(visit: Visit) -> Decision | None:
    match visit.form.get(DECISION, ""):
        case "move":
            return "move"
        case "cancel":
            return "cancel"
        case _:
            return None


async def ask(
    visit: Visit,
    affected: Sequence[Appointment],
    *,
    action: str,
    back: str,
    heading: str,
    fields: Mapping[str, str],
) -> web.Response:
    """The page that asks: nothing has happened yet. `fields` are sent to `action` again with the decision."""
    view = visit.house.library.view
    async with visit.reading() as session:
        ids = [one.person_id for one in affected if one.person_id is not None]
        names = await masked_names(session, visit.house.vault, ids)
    rows = [
        (
            when(one.starts),
            f"{hall_name(view, one.hall)} {group_name(view, one.hall, one.group)}",
            item_name(view, one.item_code),
            person_of(one, names),
        )
        for one in sorted(affected, key=lambda one: one.starts)[:_MOST_SHOWN]
    ]
    return visit.page(
        "affected.html",
        409,
        heading=heading,
        number=len(affected),
        rows=rows,
        more=max(0, len(affected) - _MOST_SHOWN),
        action=action,
        back=back,
        fields=fields,
        seen=",".join(str(one.id) for one in affected),
        asked_before=bool(visit.form.get(SEEN)),
    )


def became_words(became: Became | Closed) -> str:
    """What became of the bookings, "" where nobody was booked."""
    moved, gone, without = len(became.moved), len(became.cancelled), len(became.without_place)
    parts = [
        f"改期 {moved} 个预约" if moved else "",
        f"取消 {gone} 个预约" if gone else "",
        f"{without} 个近期没有空号,只能取消" if without else "",
    ]
    said = ",".join(part for part in parts if part)
    return f"{said},都会告诉本人。" if said else ""
