"""Taking over into a booking what a sentence says: the item, the hall, the time, how many come."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from actions import answers, finding, whose
from actions.booking import steps
from actions.booking.draft import Draft, moment
from actions.booking.sentence import Said, Wanted, without_ruled_out
from actions.booking.times import INTENT
from actions.halls_named import named_halls
from actions.turn import Reply, Turn
from actions.wording import booking as wording
from actions.wording import booking_refused as refusing
from hall.appointments.slots import local_day
from hall.catalogue.schema import Item

# How unsure the search may be of the first item (0 to 1) for the choice to be offered without a doubt.
UNLIKELY = 0.2
_BARE_WEEKDAY = re.compile(r"(?<![这本下上个])(?:周|星期|礼拜)[一二三四五六日天]")


def find_item(turn: Turn, said: Said) -> Item | finding.Unsure | None:
    """The item that the sentence names or that was spoken of; those of which one may be meant."""
    found = finding.find(replace(turn, text=said.rest) if turn.text else turn)
    turn.memory.aspects = ()
    if isinstance(found, finding.Taken):
        return found.item
    return found if isinstance(found, finding.Unsure) else None


def which_item(turn: Turn, draft: Draft, found: finding.Unsure, note: str = "") -> Reply:
    """Offer the items of which one may be meant."""
    draft.keep(turn)
    likely = found.confidence >= UNLIKELY
    text = f"{note}{wording.which_item(steps.wanted(turn, draft), likely=likely)}"
    return answers.offer(turn, found.items, text, intent=INTENT)


def set_item(turn: Turn, draft: Draft, item: Item) -> None:
    """Book this item; of another one before, the hall may stay, its counters don't."""
    turn.memory.item, turn.memory.pending = item.code, None
    if draft.item != item.code:
        draft.item, draft.group = item.code, ""


def fill(turn: Turn, draft: Draft, said: Said) -> str:
    """Take over what the sentence says; what is to be said of it first."""
    if not turn.text:
        return ""
    if not draft.known:
        whose.hint(draft.whose, turn.text)
    if turn.halls:
        meant = named_halls(turn.desk.catalogue, without_ruled_out(turn.text)) or turn.halls
        draft.hall, draft.group = meant[0].code, ""
    note = ""
    if said.places:
        most = turn.desk.rules.max_places
        draft.places = min(said.places, most)
        note = f"{refusing.too_many_people(most)}\n" if said.places > most else ""
    return note + _want(turn, draft, said)


def _within(wanted: Wanted, spoken_of: tuple[datetime, datetime] | None, text: str) -> Wanted:
    """A bare weekday, in the week that was spoken of before (下周, then 周三下午)."""
    if spoken_of is None or not _BARE_WEEKDAY.search(text):
        return wanted
    first, before = spoken_of
    if before - first <= timedelta(days=1):
        return wanted
    week = timedelta(days=7)
    later = -((wanted.first - first) // week)
    moved = wanted.first + later * week
    if not first <= moved < before:
        return wanted
    return replace(wanted, first=moved, before=wanted.before + later * week, past=False)


def _want(turn: Turn, draft: Draft, said: Said) -> str:
    """Want the time that was said; what is to be said of it first."""
    wanted = said.wanted
    if said.unknown_year:
        return refusing.unknown_year(said.unknown_year) + "\n"
    if wanted is None:
        return ""
    wanted = _within(wanted, draft.window, turn.text)
    if wanted.past:
        draft.forget_time()
        return refusing.past(wanted.first, turn.desk.now, exact=wanted.exact) + "\n"
    chosen = draft.starts if draft.goal == "book" else ""
    draft.want(wanted.first, wanted.before)
    if wanted.exact:
        draft.starts = wanted.first.isoformat()
    elif chosen and wanted.whole_day:
        draft.at_clock_of(moment(chosen))  # another day, at the time that was chosen
    return refusing.doubtful(local_day(wanted.first)) if wanted.doubtful else ""
