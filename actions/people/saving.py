"""Keeping what was said of people: the citizen's own at once, the other's once their consent is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.people import drafts
from actions.people.keeping import Keeping, Known
from actions.people.reading import Said
from actions.turn import Turn
from actions.wording import people as wording
from hall.people.errors import AlreadyKept, TooManyPeople
from hall.people.masks import masked_phone
from hall.people.service import Draft, MaskedPerson


@dataclass
class Saving:
    """One turn's work on the form's `state` (see `actions.people.filling`)."""

    turn: Turn
    keeping: Keeping
    state: dict[str, Any]

    def chosen(self, known: Known) -> MaskedPerson | None:
        """The entry chosen, or the only one that is called so."""
        if self.state.get("person") is not None:
            return known.person(int(self.state["person"]))
        called = self.state.get("called")
        same = [person for person in known.others if called and person.called == called]
        if len(same) != 1 or self.state.get("new") or self.state.get("other"):
            return None
        self.state["person"] = same[0].id
        return same[0]

    async def save_own(self, known: Known, said: Said) -> str:
        """Keep of the draft what can be kept already; what was kept, masked."""
        draft = self.state.get("own", {})
        if known.own is None and not draft.get("name"):
            return drafts.masked(draft, said)
        number = draft.get("id_number")
        settled = number or "own" in self.state.get("no_number", ()) or _settled(known.own)
        phone = draft.get("phone") if settled else None
        fresh = {"name", "id_number", "phone"} & draft.keys()
        try:
            saved = await self.keeping.save_own(Draft(draft.get("name"), number, phone))
        except AlreadyKept as error:
            draft.pop("id_number", None)
            kept = known.person(error.person_id)
            return wording.same_as_other(kept.called or kept.name if kept else "别人")
        later = draft.get("phone", "") if phone is None else ""
        self.state["own"] = {"phone": later} if later else {}
        return wording.kept(
            saved.name if "name" in fresh else "",
            saved.id_number if "id_number" in fresh else "",
            masked_phone(later) if later else saved.phone if "phone" in fresh else "",
        )

    async def other_said(self, known: Known, said: Said) -> str:
        """Of somebody kept, correct what was said; of somebody new it waits. What was said, masked."""
        draft = self.state.get("other", {})
        draft.pop("phone", None)  # it is the citizen who is called
        told = drafts.masked(draft, said)
        person = self.chosen(known) if draft else None
        if person is not None:
            saved = await self.save_other(person.id)
            told = saved if isinstance(saved, str) else told
            self.state.pop("other", None)
        return told

    async def save_other(self, person_id: int | None = None) -> MaskedPerson | str:
        """Keep what was said of the other, as somebody new or as a correction; else why not, in words."""
        draft = self.state.get("other", {})
        called = str(self.state.get("called") or "")
        try:
            return await self.keeping.save_other(
                Draft(draft.get("name"), draft.get("id_number"), None, called), person_id
            )
        except AlreadyKept as error:
            draft.pop("id_number", None)
            kept = (await self.keeping.known()).person(error.person_id)
            if kept is not None and not kept.own:
                return wording.same_as_other(kept.called or kept.name)
            return wording.same_as_own(kept.name if kept else "")
        except TooManyPeople as error:
            return wording.too_many(error.limit)


def joined(first: str, second: str) -> str:
    """Two parts of an answer, on lines of their own; either may be empty."""
    return "\n".join(part for part in (first, second) if part)


def _settled(own: MaskedPerson | None) -> bool:
    """Whether it is known if there is an ID number."""
    return own is not None and bool(own.id_number or own.phone)
