"""Whether a time can still be had, at a glance: by reading alone, before anybody stands in line for it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.admission import admit_places, admit_time
from hall.appointments.availability import Quota, nearest_of, slots_near
from hall.appointments.counters import counter_place
from hall.appointments.errors import QuotaFull, SlotFull
from hall.appointments.occupancy import quota_taken
from hall.appointments.rules import Terms
from hall.appointments.slots import FreeSlot, local_day
from hall.appointments.views import Wish


async def require_room(session: AsyncSession, wish: Wish, *, terms: Terms) -> None:
    """Raise what `book` would raise of a time that is not to be had, alternatives with it; hold nothing.

    For a session that only reads, before the transaction that books: whoever comes too late hears so without
    keeping the others waiting. What is free here may be gone a moment later; `book` looks again.

    Raises SlotFull, QuotaFull, DayClosed, DayUnknown, NotASlot, SlotPast, TooFarAhead, TooManyPlaces,
    NoSuchCounter.
    """
    admit_places(wish.places, terms.rules)
    place = await counter_place(session, wish.hall, wish.group, rules=terms.rules)
    wanted: FreeSlot | None = None

    def enough(slots: list[FreeSlot]) -> bool:
        nonlocal wanted
        wanted = next((slot for slot in slots if slot.starts == wish.starts), None)
        if wanted is None or wanted.free >= wish.places:
            return True
        return sum(slot.free >= wish.places for slot in slots) >= terms.rules.alternatives

    slots = await slots_near(session, place, wish.starts, terms=terms, enough=enough, quota=Quota.of(wish))
    if wanted is None:
        await admit_time(session, place, wish, terms=terms)
        return
    if wanted.free >= wish.places:
        return
    others = nearest_of(slots, wish.starts, n=terms.rules.alternatives, places=wish.places)
    if wish.quota is not None:
        day = local_day(wish.starts)
        taken = await quota_taken(session, wish.item_code, [day], now=terms.now)
        if taken[day] + wish.places > wish.quota:
            raise QuotaFull(day, wish.quota, others)
    raise SlotFull("full", others)
