"""What comes next in a booking: the one question whose answer is still missing, or the booking itself."""

from __future__ import annotations

from dataclasses import replace

from actions import answers, browse, finding, reminders, whose
from actions.booking import place, times
from actions.booking.draft import Draft, moment
from actions.booking.refusals import HUMAN, MINE, REFUSALS, barred_ways, refused, too_many_open
from actions.booking.times import INTENT
from actions.memory import Pending
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import bans, contacts
from actions.wording import booking as wording
from actions.wording import booking_refused as refusing
from hall.appointments.errors import NotBookable, StillFree
from hall.appointments.service import Appointment, bookable_places
from hall.catalogue.schema import Item
from hall.catalogue.view import Place

CHECK_IN_PAGE = "/h5/bookings/{}"


async def proceed(turn: Turn, draft: Draft, note: str = "") -> Reply:
    """Go on: ask what is missing, hold the place, ask whether it is right so. `note` is said first."""
    draft.keep(turn)
    reply = await _next(turn, draft)
    if turn.memory.form is not None:
        draft.keep(turn)
    return replace(reply, text=f"{note}{reply.text}") if note else reply


async def _next(turn: Turn, draft: Draft) -> Reply:
    item = turn.desk.catalogue.get(draft.item)
    if item is None:
        return ask_item(turn, draft)
    if draft.goal != "change" and (reply := await gate(turn, draft)) is not None:
        return reply
    if (reply := _at_a_place(turn, draft, item)) is not None:
        return reply
    try:
        return await _towards(turn, draft, item)
    except REFUSALS as error:
        reply = await refused(turn, draft, item, error)
        if turn.memory.form is None:
            await place.release(turn, draft)
        return reply


async def _towards(turn: Turn, draft: Draft, item: Item) -> Reply:
    if draft.goal == "wait":
        return await _towards_waiting(turn, draft, item)
    if not draft.starts:
        return await times.ask(turn, draft, item)
    if draft.goal == "change":
        if moment(draft.starts) == moment(draft.was) and not draft.moves_hall:
            draft.forget_time()
            same = await times.ask(turn, draft, item)
            return replace(same, text=f"{refusing.same_time(moment(draft.was), turn.desk.now)}\n{same.text}")
        await place.require_room(turn, draft)
        return ask_confirm(turn, draft, item)
    asked = await _ask_who(turn, draft)
    await place.secure(turn, draft)
    if asked is None:
        return ask_confirm(turn, draft, item)
    at = wording.where(turn.desk.catalogue, item, draft.hall, draft.group)
    starts = moment(draft.starts)
    kept = wording.kept(item, at, starts, draft.held_until, turn.desk.now, people=draft.places)
    return replace(asked, text=f"{kept}\n{asked.text}")


async def _towards_waiting(turn: Turn, draft: Draft, item: Item) -> Reply:
    if draft.window is None:
        return await times.ask(turn, draft, item)
    asked = await _ask_who(turn, draft)
    if asked is not None:
        return asked
    try:
        entry, before = await place.wait(turn, draft)
    except StillFree as error:
        draft.goal = "book"
        return await refused(turn, draft, item, error)
    turn.memory.form = None
    told = wording.stretch(entry.first, entry.last, turn.desk.now)
    text = wording.waiting(wording.name(item), told, before, turn.desk.rules.offer_minutes)
    return Reply(text, (MINE, Way.to("不等了", INTENT, do="unwait", value=str(entry.id))))


async def _ask_who(turn: Turn, draft: Draft) -> Reply | None:
    """The next question about whom it is for; None where that is known."""
    if draft.known:
        return None
    known = await whose.ask(turn, draft.whose)
    if isinstance(known, Reply):
        draft.asks = "who"
        return known
    for_whom(draft, known)
    return None


def for_whom(draft: Draft, known: whose.Whose) -> None:
    """Take over whom it is for."""
    draft.known, draft.person = True, known.person_id if known.for_other else 0
    draft.named, draft.for_other = known.named, known.for_other


# -- what is asked -----------------------------------------------------------------------------------


def ask_item(turn: Turn, draft: Draft, *, again: bool = False) -> Reply:
    """Which item."""
    draft.asks = "item"
    if (offered := _offered(turn)) and not again:
        return answers.offer(turn, offered, wording.which_item(wanted(turn, draft)), intent=INTENT)
    if offered:
        return answers.offer(turn, offered, f"{wording.GOING_ON}{wording.which_item('')}", intent=INTENT)
    turn.memory.pending = Pending("item", desk=INTENT)
    text = f"{wording.GOING_ON}{wording.ask_item_again()}" if again else wording.ask_item(wanted(turn, draft))
    return Reply(text, browse.topic_ways())


def _offered(turn: Turn) -> tuple[Item, ...]:
    """The items that were just offered to be booked, where one of them is still awaited."""
    pending = turn.memory.pending
    awaited = pending is not None and pending.kind == "item" and pending.desk == INTENT
    return finding.known_items(turn, turn.memory.candidates[: MOST_WAYS - 1]) if awaited else ()


def wanted(turn: Turn, draft: Draft) -> str:
    """The time that is wanted, in words; "" where none is."""
    if draft.starts:
        return wording.when(moment(draft.starts), turn.desk.now)
    return wording.stretch(*draft.window, turn.desk.now) if draft.window is not None else ""


def _at_a_place(turn: Turn, draft: Draft, item: Item) -> Reply | None:
    """Settle the hall and its counters; the question which, or why it can't be booked."""
    view = turn.desk.catalogue
    try:
        offered = _halls(bookable_places(view, item.code))
    except NotBookable:
        turn.memory.form = None
        if item.bookable is False:
            return Reply(refusing.not_bookable(item), _instead(item))
        return Reply(refusing.not_booked_here(item, contacts.phone(view, item)), _instead(item))
    if len(offered) == 1:
        draft.hall = next(iter(offered))
    chosen = offered.get(draft.hall)
    if chosen is None:
        asked = view.hall(draft.hall)
        draft.hall = draft.group = ""
        return ask_hall(turn, draft, item, wording.not_there(asked.name, item) if asked else "")
    if draft.goal != "change" or draft.group not in _groups(view.offered_at(item.code), draft.hall):
        assert chosen.group is not None  # noqa: S101 - `bookable_places` gives no others
        draft.group = chosen.group.group
    return None


def ask_hall(turn: Turn, draft: Draft, item: Item, before: str = "", *, again: bool = False) -> Reply:
    """In which hall."""
    draft.asks = "hall"
    offered = list(_halls(bookable_places(turn.desk.catalogue, item.code)).values())
    ways = [
        Way.to(place.hall.name, INTENT, do="hall", value=place.hall.code)
        for place in offered[: MOST_WAYS - 1]
    ]
    text = (
        wording.ask_hall_again(item)
        if again
        else f"{before}{wording.ask_hall(item, offered, wanted(turn, draft))}"
    )
    return Reply(text, (*ways, Way.to("先不约了", "stop")))


def ask_confirm(turn: Turn, draft: Draft, item: Item, *, again: bool = False) -> Reply:
    """Whether it is right so."""
    draft.asks = "confirm"
    now, starts = turn.desk.now, moment(draft.starts)
    if draft.goal == "change":
        text = wording.confirm_change(moment(draft.was), starts, item, now)
        text = f"{wording.GOING_ON_CHANGE}{text}" if again else text
        ways: tuple[Way, ...] = (
            Way.to("确认改", INTENT, do="yes", value=draft.starts),
            Way.to("换个时间", INTENT, do="other_time"),
            Way.to("不改了", "stop"),
        )
        return Reply(text, ways)
    told = _summary(turn, draft, item)
    text = wording.confirm_again(told) if again else wording.confirm(told, draft.held_until, now)
    other = times.leaving(turn, draft, item)[:-1]
    ways = (Way.to("确认", INTENT, do="yes", value=draft.starts), Way.to("换个时间", INTENT, do="other_time"))
    return Reply(text, (*ways, *other, whose.change_way(), Way.to("先不约了", "stop")))


def _summary(turn: Turn, draft: Draft, item: Item) -> str:
    at = wording.where(turn.desk.catalogue, item, draft.hall, draft.group)
    starts = moment(draft.starts)
    return wording.summary(item, at, starts, turn.desk.now, people=draft.places, named=draft.named)


def _halls(offered: tuple[Place, ...]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for place_ in offered:
        found.setdefault(place_.hall.code, place_)
    return found


def _groups(offered: tuple[Place, ...], hall: str) -> set[str]:
    return {each.group.group for each in offered if each.hall.code == hall and each.group is not None}


def _instead(item: Item) -> tuple[Way, ...]:
    return (
        Way.to("在哪办", "ask_place", item=item.code),
        Way.to("要带什么", "ask_materials", item=item.code),
        Way.to("现在人多吗", "ask_queue", item=item.code),
        HUMAN,
    )


async def gate(turn: Turn, draft: Draft) -> Reply | None:
    """At the beginning: what stands against booking at all, before anything is asked in vain."""
    if draft.gated:
        return None
    draft.gated = True
    rules, now = turn.desk.rules, turn.desk.now
    standing = await place.standing(turn)
    if not standing.clear:
        turn.memory.form = None
        return Reply(bans.barred(standing, rules, now), barred_ways())
    opened = await place.open_bookings(turn)
    if len(opened) >= rules.max_open and draft.goal == "book":
        draft.gated, draft.asks = False, "open"
        return too_many_open(turn, rules.max_open, opened)
    return None


# -- done --------------------------------------------------------------------------------------------


async def confirm(turn: Turn, draft: Draft) -> Reply:
    """The citizen agreed: book it, or move the appointment."""
    item = turn.desk.catalogue.get(draft.item)
    if item is None or not draft.starts or (draft.goal == "book" and not draft.hold):
        return await proceed(turn, draft)
    try:
        if draft.goal == "change":
            return _changed(turn, await place.move(turn, draft))
        if not draft.known:
            return await proceed(turn, draft)
        reply = _booked(turn, draft, item, await place.make_final(turn, draft))
        return await reminders.offered(turn, reply, reminders.OF_A_VISIT)
    except REFUSALS as error:
        draft.hold = 0
        reply = await refused(turn, draft, item, error)
        if turn.memory.form is not None:
            draft.keep(turn)
        return reply


def _booked(turn: Turn, draft: Draft, item: Item, done: Appointment) -> Reply:
    turn.memory.form = None
    draft.starts, draft.places = done.starts.isoformat(), done.places
    told, known = _summary(turn, draft, item), turn.memory.known(item.code)
    text = wording.booked(told, done.code, item, turn.desk.rules, known, check_in_link(turn, done))
    return Reply(text, own_ways(done, item))


def _changed(turn: Turn, done: Appointment) -> Reply:
    turn.memory.form = None
    return Reply(wording.changed(told(turn, done), done.code), own_ways(done))


def told(turn: Turn, booking: Appointment) -> str:
    """An appointment in two lines."""
    view = turn.desk.catalogue
    at = wording.where_of(view, booking.item_code, booking.hall, booking.group)
    people = f",{booking.places} 人" if booking.places > 1 else ""
    named = wording.name_of(view, booking.item_code)
    return f"{wording.when(booking.starts, turn.desk.now)}\n{named}{at}{people}"


def own_ways(booking: Appointment, item: Item | None = None) -> tuple[Way, ...]:
    """Ways on from an appointment."""
    materials = (Way.to("要带什么", "ask_materials", item=item.code),) if item is not None else ()
    return (
        *materials,
        Way.to("改时间", "change_appointment", value=str(booking.id)),
        Way.to("取消预约", "cancel_appointment", value=str(booking.id)),
        MINE,
    )


def check_in_link(turn: Turn, booking: Appointment) -> str:
    """The page that shows the code; "" where there is none."""
    return (turn.desk.link(CHECK_IN_PAGE.format(booking.id)) or "") if turn.desk.link is not None else ""
