"""Filling in for whom something is done: the step that was taken, then the next question, or whom it is for.

What is kept between turns stands in `state`, a part of the form:
`ask` the open question; `for` self or other; `kin` and `called`, what they are to the citizen; `person` an
entry that was chosen; `own` and `other`, what was said and cannot be kept yet (the other's consent comes
last); `no_number`, of whom there is none; `minor`; `comes`, the person comes themselves; `redo`.
"""

from __future__ import annotations

from dataclasses import dataclass

from actions import forms
from actions.people import drafts, questions, relations
from actions.people.keeping import Known
from actions.people.reading import Said
from actions.people.relations import For
from actions.people.saving import Saving, joined
from actions.people.steps import Step
from actions.turn import Reply
from actions.wording import people as wording
from hall.people.masks import masked_name
from hall.people.service import MaskedPerson

# Who is younger is acted for by a parent (民法典 art. 18: who lives on their own work from 16 on is of age).
OF_AGE = 16


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom something is for. `named`: as the bot says it, masked; `comes`: they come themselves."""

    person_id: int
    for_other: bool
    named: str
    comes: bool = False


class Filling(Saving):
    """One turn's work on the questions."""

    async def take(self, step: Step) -> Reply | Whose | None:
        """Take a step, and what follows from it."""
        match step.kind:
            case "why":
                return await self.next(wording.why(questions.privacy_url(self.turn)))
            case "consent":
                return await self._consented(step)
            case "for" | "kept_person" | "come":
                return await self._whom(step)
            case "said" | "sure" | "no_number" | "redo":
                return await self._told(step)
            case "proxy":
                return await self._proxy(yes=step.yes)

    async def next(self, said: str = "") -> Reply | Whose:
        """The next open question with `said` before it, or whom it is for."""
        known = await self.keeping.known()
        if not known.consent:
            again = self.state.get("ask") == "consent"
            self.state["ask"] = "consent"
            return questions.consent(self.turn, said, short=again)
        self._settle_whom()
        said = joined(said, self.state.pop("note", ""))
        missing = self._missing_own(known)
        if missing:
            return self._ask_own(missing, known, said)
        if self.state.get("for") == "other":
            return await self._other(known, said)
        assert known.own is not None  # noqa: S101 - nothing of it is missing
        self.state.pop("ask", None)
        return Whose(known.own.id, False, known.own.name)

    def _settle_whom(self) -> None:
        """What is done for a company or as a parent is done in the citizen's own name."""
        kin, item = self.state.get("kin"), questions.item_of(self.turn, self.state)
        if kin == "company":
            self.state["note"] = wording.company()
        elif kin == "child" and item is not None and relations.is_done_by_parents(item.name, item.proxy):
            self.state["note"] = wording.parents()
        else:
            return
        self._set_whom(For("self"))

    def _set_whom(self, whom: For | None) -> None:
        for name in ("kin", "called", "person", "other", "minor", "comes", "sure", "redo", "new", "unnamed"):
            self.state.pop(name, None)
        self.state["no_number"] = [each for each in self.state.get("no_number", ()) if each == "own"]
        self.state["for"] = "self" if whom is not None and whom.kin == "self" else "other"
        if whom is not None and whom.kin != "self":
            self.state.update(kin=whom.kin, called=whom.called, unnamed=not whom.called)

    # -- what is missing -------------------------------------------------------------------------

    def _missing_own(self, known: Known) -> str:
        redo = self.state.get("redo", "")
        if redo and self._subject(known) == "own":
            return str(redo)
        own = known.own
        if own is None:
            return "name"
        if _complete(own):
            return ""
        if not own.id_number and "own" not in self.state.get("no_number", ()):
            return "id_number"
        return "phone"

    def _missing_other(self) -> str:
        draft = self.state.get("other", {})
        if not draft.get("name"):
            return "name"
        has_number = draft.get("id_number") or "other" in self.state.get("no_number", ())
        return "" if has_number else "id_number"

    def _subject(self, known: Known) -> str:
        """Whose data is being asked for: the citizen's own comes first."""
        return "other" if _complete(known.own) and self.state.get("for") == "other" else "own"

    def _ask_own(self, field: str, known: Known, said: str) -> Reply:
        first = known.own is None and not self.state.get("own")
        self.state["ask"] = field
        if self.state.get("redo"):
            return questions.again(field, said)
        return questions.own(field, said, first=first, for_other=self.state.get("for") == "other")

    async def _other(self, known: Known, said: str) -> Reply | Whose:
        if not any(self.state.get(name) for name in ("person", "called", "unnamed")):
            self.state["ask"] = "whom"
            return questions.whom(Known() if self.state.get("new") else known, said)
        item = questions.item_of(self.turn, self.state)
        if questions.is_barred(item) and item is not None and not self.state.get("comes"):
            self.state["ask"] = "come"
            return questions.barred(self.state, item, said)
        person = self.chosen(known)
        if redo := self.state.get("redo"):
            self.state["ask"] = redo
            return questions.again(redo, said)
        if person is not None:
            return await self._person(person, said)
        if field := self._missing_other():
            self.state["ask"] = field
            return questions.other(field, self.state, said)
        self.state["ask"] = "proxy"
        return questions.proxy(self.state, masked_name(self.state["other"]["name"]), said)

    async def _person(self, person: MaskedPerson, said: str) -> Reply | Whose:
        self.state["called"] = person.called
        if not await self.keeping.may_act_for(person.id):
            self.state["ask"] = "proxy"
            return questions.proxy(self.state, person.name, said)
        self.state.pop("ask", None)
        named = f"{person.called}({person.name})" if person.called else person.name
        return Whose(person.id, True, named, comes=bool(self.state.get("comes")))

    # -- steps -----------------------------------------------------------------------------------

    async def _consented(self, step: Step) -> Reply | Whose | None:
        known = await self.keeping.known()
        if known.consent:
            return await self.next() if self.state.get("ask") else None
        if not step.yes:
            reply = questions.refused(self.turn, self.state)
            await forms.leave(self.turn)
            return reply
        await self.keeping.agree()
        self.state.pop("ask", None)
        return await self._said(step.said) if step.said else await self.next()

    async def _whom(self, step: Step) -> Reply | Whose:
        if step.kind == "come" and step.yes:
            self.state["comes"] = True
        elif step.kind == "kept_person":
            await self._choose(step.value)
        elif step.value != "again":
            self._set_whom(For("self") if step.kind == "come" else step.whom)
            if step.value == "new":
                self.state["new"] = True
        return await self.next()

    async def _choose(self, value: str) -> None:
        known = await self.keeping.known()
        person = known.person(int(value)) if value.isdecimal() else None
        if person is None or person.own:
            self._set_whom(For("self") if person is not None else None)
        else:
            self._set_whom(For("other", person.called))
            self.state["person"] = person.id

    async def _told(self, step: Step) -> Reply | Whose:
        said = step.said
        if step.kind == "no_number":
            await self._no_number()
        elif step.kind == "redo":
            self.state["redo"] = step.value
        elif step.kind == "sure":
            said = Said(name=str(self.state.pop("sure", "")) if step.yes else "")
            self.state["ask"] = "name"
        elif self.state.get("ask") == "whom":
            self.state.update(new=True, unnamed=True)
        self.state.pop("sure", None)
        return await self._said(said) if said or step.kind == "no_number" else await self.next()

    async def _no_number(self) -> None:
        subject = self._subject(await self.keeping.known())
        self.state["no_number"] = [*self.state.get("no_number", ()), subject]
        self.state.pop("redo", None)
        if subject == "other" and self.state.get("kin") == "child":
            self.state["minor"] = True

    async def _proxy(self, *, yes: bool) -> Reply | Whose:
        known = await self.keeping.known()
        if not yes:
            reply = questions.proxy_refused(self.state)
            called, kin = self.state.get("called", ""), self.state.get("kin", "other")
            self._set_whom(For(kin, called))
            self.state["ask"] = "whom"
            return reply
        person = self.chosen(known)
        if person is None:
            saved = await self.save_other()
            if isinstance(saved, str):
                return await self.next(saved)
            person = saved
        await self.keeping.record_proxy(person.id, guardian=bool(self.state.get("minor")))
        self.state["person"] = person.id
        self.state.pop("other", None)
        return await self.next()

    # -- what was said ---------------------------------------------------------------------------

    async def _said(self, said: Said) -> Reply | Whose:
        """Keep what was said of whoever is asked about; tell what is wrong with the rest."""
        known = await self.keeping.known()
        if not known.consent:
            return await self.next(wording.not_kept_yet())
        if said.several:
            return await self.next(wording.one_at_a_time())
        subject = self._subject(known)
        draft = self.state.setdefault(subject, {})
        found = drafts.read_into(draft, said, today=self.keeping.today)
        wrong = found.wrong
        if self.state.get("redo") in draft:
            self.state.pop("redo")
        if found.years is not None and subject == "other":
            self.state["minor"] = found.years < OF_AGE
        elif found.years is not None and found.years < OF_AGE:
            return await self._too_young(known)
        told = await (self.save_own(known, said) if subject == "own" else self.other_said(known, said))
        if wrong:
            told = joined(told, wrong)
        if said.perhaps and not said.name:
            self.state.update(ask="sure", sure=said.perhaps)
            return questions.sure(masked_name(said.perhaps), told)
        return await self.next(told)

    async def _too_young(self, known: Known) -> Reply | Whose:
        self.state["own"] = {}
        if _complete(known.own):
            return await self.next(wording.number_too_young())
        await self.keeping.forget_own()
        await forms.leave(self.turn)
        return Reply(wording.too_young(), (questions.HUMAN,))


def _complete(own: MaskedPerson | None) -> bool:
    # The phone is kept last, once it is settled whether there is an ID number.
    return own is not None and bool(own.phone)
