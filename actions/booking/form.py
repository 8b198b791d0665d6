"""The booking form: what the citizen says to it, in any order, several things at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions import answers, finding, forms, whose
from actions.booking import place, steps, times
from actions.booking.draft import KIND, Draft, moment
from actions.booking.sentence import Said, read_sentence, without_ruled_out
from actions.booking.times import INTENT
from actions.halls_named import named_halls
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
        "out_of_scope",
    }
)
# Beside a time, a number of people and the like so few characters ask nothing of their own.
_LITTLE = 3
_WHOSE = "whose."


class BookingForm:
    """Books a visit, waits for a place, or moves an appointment."""

    async def take(self, turn: Turn) -> Reply | None:
        """What follows from the turn; None for a question in between."""
        draft = Draft.of(turn)
        if draft is None:
            return None
        if draft.linked and (reply := await _made_on_page(turn, draft)) is not None:
            return reply
        if not turn.text:
            return await _chosen(turn, draft)
        return await _heard(turn, draft)

    async def again(self, turn: Turn) -> Reply:
        """The open question once more."""
        draft = Draft.of(turn)
        if draft is None:
            raise LookupError("no booking is being made")
        reply = await _again(turn, draft)
        if turn.memory.form is not None:
            draft.keep(turn)
        return reply

    def leave(self, turn: Turn) -> str:
        """Nothing was booked or changed."""
        draft = Draft.of(turn)
        was = wording.when(moment(draft.was), turn.desk.now) if draft is not None and draft.was else ""
        return wording.left(draft.goal if draft is not None else "book", was, held=bool(draft and draft.hold))

    async def let_go(self, turn: Turn) -> None:
        """Give the place back that is held."""
        draft = Draft.of(turn)
        if draft is not None:
            await place.release(turn, draft)


_form = BookingForm()
forms.register(KIND, _form, let_go=_form.let_go)


async def begin(turn: Turn, item: Item | None = None) -> Reply:
    """Begin a booking with all that the sentence says; goes on with the one that is being made."""
    draft = Draft.of(turn)
    if draft is None or draft.goal == "change":
        draft = Draft.new(turn)
        await forms.start(turn, draft.to_form())
    said = read_sentence(turn.text, turn.desk.now, draft.day)
    if item is None and not draft.item:
        found = _find(turn, said)
        if isinstance(found, Reply):
            _fill(turn, draft, said)
            draft.keep(turn)
            return found
        item = found
    if item is not None:
        _set_item(turn, draft, item)
    note = _fill(turn, draft, said)
    return await steps.proceed(turn, draft, note)


def _find(turn: Turn, said: Said) -> Item | Reply | None:
    """The item that the sentence names or that was spoken of; which one, where several may be meant."""
    found = finding.find(replace(turn, text=said.rest) if turn.text else turn)
    turn.memory.aspects = ()
    match found:
        case finding.Taken(item=item):
            return item
        case finding.Unsure(items=items):
            return answers.offer(turn, items, wording.which_item(), intent=INTENT)
    return None


def _set_item(turn: Turn, draft: Draft, item: Item) -> None:
    """Book this item; of another one before, the hall may stay, its counters don't."""
    turn.memory.item, turn.memory.pending = item.code, None
    if draft.item != item.code:
        draft.item, draft.group = item.code, ""


def _fill(turn: Turn, draft: Draft, said: Said) -> str:
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
        note = f"{wording.too_many_people(most)}\n" if said.places > most else ""
    return note + _want(turn, draft, said)


def _want(turn: Turn, draft: Draft, said: Said) -> str:
    """Want the time that was said; what is to be said of it first."""
    wanted = said.wanted
    if said.unknown_year:
        return wording.unknown_year(said.unknown_year) + "\n"
    if wanted is None:
        return ""
    if wanted.past:
        draft.forget_time()
        return wording.past(wanted.first, turn.desk.now, exact=wanted.exact) + "\n"
    draft.want(wanted.first, wanted.before)
    if wanted.exact:
        draft.starts = wanted.first.isoformat()
    return wording.doubtful(local_day(wanted.first)) if wanted.doubtful else ""


# -- a way that was chosen ---------------------------------------------------------------------------


async def _chosen(turn: Turn, draft: Draft) -> Reply | None:
    do, value = turn.given("do"), turn.given("value")
    if do.startswith(_WHOSE):
        return await _who(turn, draft)
    if turn.intent != INTENT:
        return None
    if not do and (item := turn.desk.catalogue.get(turn.given("item"))) is not None:
        _set_item(turn, draft, item)
        return await steps.proceed(turn, draft)
    return await _do(turn, draft, do, value)


async def _do(turn: Turn, draft: Draft, do: str, value: str) -> Reply | None:
    match do:
        case "yes":
            return await _agreed(turn, draft, value)
        case "other_time":
            return await _other_time(turn, draft)
        case "other_hall":
            return _other_hall(turn, draft)
        case "wait":
            return await _wait(turn, draft, value)
        case "hall" | "day" | "time" | "":
            known = _take_over(draft, do, value)
            return await steps.proceed(turn, draft) if known else await _again_now(turn, draft)
    return None


def _take_over(draft: Draft, do: str, value: str) -> bool:
    """Take over a value that was chosen; whether there was one."""
    try:
        if do == "hall":
            draft.hall, draft.group = value, ""
        elif do == "day":
            draft.want_day(date.fromisoformat(value))
        elif do == "time":
            draft.starts = moment(value).isoformat()
    except ValueError:
        return False
    return bool(do)


async def _agreed(turn: Turn, draft: Draft, value: str) -> Reply:
    """确认; of a time that was changed since it was asked, the question is asked again."""
    if value and value != draft.starts:
        return await _again_now(turn, draft)
    return await steps.confirm(turn, draft)


async def _other_time(turn: Turn, draft: Draft) -> Reply:
    """Another time: the other free ones of the day after which none is wanted, then any."""
    draft.forget_time()
    return await steps.proceed(turn, draft)


def _other_hall(turn: Turn, draft: Draft) -> Reply:
    item = turn.desk.catalogue.get(draft.item)
    if item is None:
        return steps.ask_item(turn, draft)
    draft.starts = ""
    reply = steps.ask_hall(turn, draft, item)
    draft.keep(turn)
    return reply


async def _wait(turn: Turn, draft: Draft, value: str) -> Reply:
    first, _, before = value.partition("/")
    try:
        draft.want(moment(first), moment(before))
    except ValueError:
        return await _again_now(turn, draft)
    await place.release(turn, draft)
    draft.goal = "wait"
    return await steps.proceed(turn, draft)


# -- what was said -----------------------------------------------------------------------------------


async def _heard(turn: Turn, draft: Draft) -> Reply | None:
    said = read_sentence(turn.text, turn.desk.now, draft.day)
    if said.quits:
        return Reply(await forms.leave(turn))
    if draft.asks == "who" and (reply := await _who(turn, draft)) is not None:
        return reply
    if _asks_something(turn, said):
        return None
    if (reply := await _answered(turn, draft, said)) is not None:
        return reply
    if (item := _another_item(turn, draft, said)) is not None:
        if isinstance(item, Reply):
            return item
        _set_item(turn, draft, item)
        note = f"{wording.instead(item)}\n" if draft.starts or draft.first else ""
        return await steps.proceed(turn, draft, note + _fill(turn, draft, said))
    if said.tells or _names_hall(turn, draft):
        filled = _fill(turn, draft, said)
        if said.wanted is not None and said.wanted.past:
            return await _past(turn, draft, filled)
        return await steps.proceed(turn, draft, filled)
    return await _who(turn, draft) if draft.asks != "who" else None


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
    if draft.asks in {"confirm", "time"} and said.no:
        return await _other_time(turn, draft)
    if said.other_hall and not turn.halls:
        return _other_hall(turn, draft)
    if said.other_time:
        return await _other_time(turn, draft)
    if draft.asks == "time" and (said.anytime or (said.yes and len(draft.offered) == 1)):
        return await _first_free(turn, draft, soonest=said.soonest)
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


def _another_item(turn: Turn, draft: Draft, said: Said) -> Item | Reply | None:
    """The item that is meant instead (不是护照是身份证), or the one that was asked for."""
    words = said.instead or (said.rest if turn.intent == INTENT or draft.asks == "item" else "")
    if not words:
        return None
    meant = replace(turn, text=words)
    if draft.asks == "item":
        return _find(turn, said)
    item = finding.beyond_doubt(meant)
    if item is not None:
        return item if item.code != draft.item else None
    if said.instead and finding.likely(meant):
        found = finding.find(meant)
        if isinstance(found, finding.Unsure):
            return answers.offer(turn, found.items, wording.which_item(), intent=INTENT)
    return None


async def _past(turn: Turn, draft: Draft, note: str) -> Reply:
    item = turn.desk.catalogue.get(draft.item)
    if item is None or not draft.hall:
        return await steps.proceed(turn, draft, note)
    reply = await times.others(turn, draft, item, note.strip(), turn.desk.now)
    draft.keep(turn)
    return reply


async def _who(turn: Turn, draft: Draft) -> Reply | None:
    """The answer to whom it is for."""
    taken = await whose.take(turn, draft.whose)
    if taken is None or turn.memory.form is None:
        return taken if isinstance(taken, Reply) else None
    if isinstance(taken, Reply):
        draft.asks, draft.known = "who", False
        draft.keep(turn)
        return taken
    steps.for_whom(draft, taken)
    return await steps.proceed(turn, draft)


# -- once more ---------------------------------------------------------------------------------------


async def _again(turn: Turn, draft: Draft) -> Reply:
    item = turn.desk.catalogue.get(draft.item)
    if item is None or draft.asks == "item":
        return steps.ask_item(turn, draft, again=True)
    match draft.asks:
        case "hall":
            return steps.ask_hall(turn, draft, item, again=True)
        case "who":
            asked = await whose.again(turn, draft.whose)
            if isinstance(asked, Reply):
                return asked
            steps.for_whom(draft, asked)
            return await steps.proceed(turn, draft)
        case "confirm" if draft.starts:
            return steps.ask_confirm(turn, draft, item, again=True)
    return await times.ask(turn, draft, item, again=True)


async def _again_now(turn: Turn, draft: Draft) -> Reply:
    reply = await _again(turn, draft)
    draft.keep(turn)
    return reply


async def _made_on_page(turn: Turn, draft: Draft) -> Reply | None:
    """The booking was made on the page meanwhile: say so instead of asking on."""
    done = await place.made_on_page(turn, draft)
    if done is None:
        return None
    await place.release(turn, draft)
    turn.memory.form = None
    text = wording.booked_on_page(steps.told(turn, done), done.code)
    return Reply(text, steps.own_ways(done))
