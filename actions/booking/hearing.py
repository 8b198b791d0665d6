"""What is said to a booking in the citizen's own words: answers, changes of mind, questions in between."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import finding, forms, whose
from actions.booking import own, steps, times
from actions.booking.asked import again_now, who
from actions.booking.choosing import other_hall, other_time
from actions.booking.draft import Draft, moment
from actions.booking.filling import fill, find_item, set_item, which_item
from actions.booking.sentence import Said, read_sentence
from actions.booking.times import INTENT
from actions.turn import Reply, Turn
from actions.wording import booking as wording
from hall.appointments.slots import local_day
from hall.catalogue.schema import Item

# Intents of what is said to the form itself; words of another intent are a question in between.
_OURS = frozenset(
    {
        INTENT,
        "change_appointment",
        "affirm",
        "deny",
        "stop",
        "nlu_fallback",
        "greet",
        "thanks",
    }
)
# Beside a time, a number of people and the like so few characters ask nothing of their own.
_LITTLE = 3
_NUMBER = re.compile(r"\d{5,}")
# 不是我自己,给我爸: says for whom, and nothing of what.
_NOBODY_ELSE = re.compile(r"不是|我?自己|本人|我|[,。 的办约去]")
# Where an appointment is to be cancelled first: words about one of those there are.
_CANCELS = re.compile(r"取消|退|撤|删|不要")
_OWN = re.compile(rf"{_CANCELS.pattern}|改|换|推|挪")


async def heard(turn: Turn, draft: Draft) -> Reply | None:
    """What follows from the citizen's words; None where they are no answer to the booking."""
    said = read_sentence(turn.text, turn.desk.now, draft.day)
    if said.quits:
        return Reply(await forms.leave(turn))
    if draft.asks == "who" and not _about_the_visit(turn, draft, said):
        reply = await who(turn, draft)
        if reply is not None:
            return reply
    if _asks_something(turn, said) or _about_others(turn, draft, said):
        return None
    if draft.asks == "open" and _OWN.search(turn.text):
        return await (own.cancel(turn) if _CANCELS.search(turn.text) else own.change(turn))
    if (reply := await _answered(turn, draft, said)) is not None:
        return reply
    return await _taken_over(turn, draft, said)


async def _taken_over(turn: Turn, draft: Draft, said: Said) -> Reply | None:
    """Take over what is said, and go on."""
    if (item := _another_item(turn, draft, said)) is not None:
        if isinstance(item, finding.Unsure):
            return which_item(turn, draft, item, fill(turn, draft, said))
        before = draft.item
        set_item(turn, draft, item)
        note = f"{wording.instead(item)}\n" if before and (draft.starts or draft.first) else ""
        return await steps.proceed(turn, draft, note + fill(turn, draft, said))
    if said.tells or _names_hall(turn, draft):
        filled = fill(turn, draft, said)
        if said.wanted is not None and said.wanted.past:
            return await _past(turn, draft, filled)
        return await steps.proceed(turn, draft, filled)
    return await _for_whom(turn, draft) if draft.asks != "who" else None


async def _for_whom(turn: Turn, draft: Draft) -> Reply | None:
    """For whom it is, said on the way: kept until it is asked; another person where it was settled."""
    if draft.known or draft.hold:
        return await who(turn, draft)
    known = dict(draft.whose)
    whose.hint(draft.whose, turn.text)
    return await steps.proceed(turn, draft, wording.noted()) if draft.whose != known else None


def _about_others(turn: Turn, draft: Draft, said: Said) -> bool:
    """Whether the words are about the appointments there are, and not about the one being made."""
    if not turn.sure or said.tells or said.instead or draft.asks == "open":
        return False
    if turn.intent in {"cancel_appointment", "my_appointments"}:
        return True
    return turn.intent == "change_appointment" and draft.asks in {"item", "hall"} and draft.goal == "book"


def _asks_something(turn: Turn, said: Said) -> bool:
    """Whether the words are a question of their own, and no answer to the form."""
    aspects = {mention.aspect for mention in turn.mentions} - {"booking"}
    if said.wanted is not None and aspects <= {"hours"} and not _asks_hours(turn.text):
        aspects = set()
    if aspects:
        return True
    return turn.sure and turn.intent not in _OURS and len(said.rest) > _LITTLE and not said.instead


def _asks_hours(text: str) -> bool:
    return any(word in text for word in ("上班", "开门", "开不开", "关门", "下班", "营业", "几点"))


async def _answered(turn: Turn, draft: Draft, said: Said) -> Reply | None:
    """Answers to what was asked that name nothing: yes, no, any time, another time or hall."""
    if draft.asks == "confirm" and said.yes:
        return await steps.confirm(turn, draft)
    if draft.asks == "item" and said.yes:
        return await again_now(turn, draft)
    if draft.asks in {"confirm", "time"} and said.no:
        return await other_time(turn, draft)
    if said.other_hall and not turn.halls:
        return other_hall(turn, draft)
    if said.other_time:
        return await other_time(turn, draft)
    if draft.asks == "time" and (said.anytime or (said.yes and len(draft.offered) == 1)):
        return await _first_free(turn, draft, soonest=said.soonest)
    if said.same_clock and draft.was:
        note = fill(turn, draft, said)
        draft.at_clock_of(moment(draft.was))
        return await steps.proceed(turn, draft, note)
    if said.shift and (draft.starts or draft.offered):
        return await _shifted(turn, draft, said.shift)
    return None


async def _first_free(turn: Turn, draft: Draft, *, soonest: bool) -> Reply:
    """The first of the times that were named; the soonest of all where no time was wanted before."""
    item = turn.desk.catalogue.get(draft.item)
    if soonest and draft.window is None and item is not None and draft.group:
        found = await times.nearest(turn, draft, item, turn.desk.now)
        draft.offered = [slot.starts.isoformat() for slot in found]
    if draft.offered:
        draft.starts = draft.offered[0]
    return await steps.proceed(turn, draft)


async def _shifted(turn: Turn, draft: Draft, shift: int) -> Reply:
    """An earlier or a later time of the same day."""
    named = moment(draft.starts or draft.offered[0 if shift < 0 else -1])
    day = local_day(named)
    draft.want_day(day)
    first, before = moment(draft.first), moment(draft.before)
    after = named + turn.desk.rules.slot
    draft.want(*((max(first, turn.desk.now), named) if shift < 0 else (after, before)))
    return await steps.proceed(turn, draft)


def _names_hall(turn: Turn, draft: Draft) -> bool:
    return bool(turn.halls) and (draft.asks == "hall" or any(word in turn.text for word in "去换改到在约"))


def _another_item(turn: Turn, draft: Draft, said: Said) -> Item | finding.Unsure | None:
    """The item that is meant instead (不是护照是身份证), or the one that was asked for."""
    words = said.instead or (said.rest if turn.intent == INTENT or draft.asks == "item" else "")
    if not words or draft.goal == "change" or (said.for_whom and _NOBODY_ELSE.sub("", words) == ""):
        return None
    meant = replace(turn, text=words)
    if draft.asks == "item":
        return find_item(turn, said)
    item = finding.beyond_doubt(meant)
    if item is not None:
        return item if item.code != draft.item else None
    if said.instead and finding.likely(meant):
        found = finding.find(meant)
        return found if isinstance(found, finding.Unsure) else None
    return None


def _about_the_visit(turn: Turn, draft: Draft, said: Said) -> bool:
    """Whether the words are about what, where and when, and no answer about a person."""
    if said.other_hall or said.other_time or (said.wanted is not None and not _NUMBER.search(turn.text)):
        return True
    if _names_hall(turn, draft):
        return True
    return bool(said.instead) and isinstance(_another_item(turn, draft, said), Item)


async def _past(turn: Turn, draft: Draft, note: str) -> Reply:
    item = turn.desk.catalogue.get(draft.item)
    if item is None or not draft.hall:
        return await steps.proceed(turn, draft, note)
    reply = await times.others(turn, draft, item, note.strip(), turn.desk.now)
    draft.keep(turn)
    return reply
