"""The booking form: a visit is booked, waited for or moved, in any order, several things at once."""

from __future__ import annotations

from actions import finding, forms
from actions.booking import place, steps
from actions.booking.asked import again
from actions.booking.choosing import chosen
from actions.booking.draft import KIND, Draft, moment
from actions.booking.filling import fill, find_item, set_item, which_item
from actions.booking.hearing import heard
from actions.booking.sentence import read_sentence
from actions.turn import Reply, Turn
from actions.wording import booking as wording
from hall.catalogue.schema import Item


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
            return await chosen(turn, draft)
        return await heard(turn, draft)

    async def again(self, turn: Turn) -> Reply:
        """The open question once more."""
        draft = Draft.of(turn)
        if draft is None:
            raise LookupError("no booking is being made")
        reply = await again(turn, draft)
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
        found = find_item(turn, said)
        if isinstance(found, finding.Unsure):
            return which_item(turn, draft, found, fill(turn, draft, said))
        item = found
    if item is not None:
        set_item(turn, draft, item)
    note = fill(turn, draft, said)
    return await steps.proceed(turn, draft, note)


async def _made_on_page(turn: Turn, draft: Draft) -> Reply | None:
    """The booking was made on the page meanwhile: say so instead of asking on."""
    done = await place.made_on_page(turn, draft)
    if done is None:
        return None
    await place.release(turn, draft)
    turn.memory.form = None
    text = wording.booked_on_page(steps.told(turn, done), done.code)
    return Reply(text, steps.own_ways(done))
