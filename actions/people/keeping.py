"""What is kept of people for the citizen of a turn: where the conversation meets the people desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk, NoDeskError
from hall.centres.opening import SHANGHAI
from hall.people import service as people
from hall.people.blind import Vault
from hall.people.service import Draft, MaskedPerson
from hall.wording.consent import CONSENT_WORDING


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the citizen: consent, their own entry, and the people they keep."""

    consent: bool = False
    own: MaskedPerson | None = None
    others: tuple[MaskedPerson, ...] = ()

    def person(self, person_id: int) -> MaskedPerson | None:
        """One of the people kept, the citizen too."""
        each = (*self.others, *((self.own,) if self.own else ()))
        return next((person for person in each if person.id == person_id), None)


@dataclass(frozen=True, slots=True)
class Keeping:
    """The people desk for one citizen, in one session."""

    session: AsyncSession
    vault: Vault
    desk: Desk

    @classmethod
    def at(cls, desk: Desk, session: AsyncSession) -> Keeping:
        """For the citizen of a turn. Raises NoDeskError where the desk keeps no personal data."""
        return cls(session, vault_of(desk), desk)

    @property
    def today(self) -> date:
        """The local date."""
        return self.desk.now.astimezone(SHANGHAI).date()

    async def known(self) -> Known:
        """What is known; nothing is shown of who has not consented."""
        citizen_id = await people.citizen_id_of(self.session, self.desk.citizen)
        if citizen_id is None or not await people.has_consent(self.session, citizen_id):
            return Known()
        kept = await people.people_of(self.session, self.vault, citizen_id)
        own = next((person for person in kept if person.own), None)
        return Known(True, own, tuple(person for person in kept if not person.own))

    async def citizen_id(self) -> int:
        """The citizen, registered at the first need."""
        return await people.register(self.session, self.desk.citizen, now=self.desk.now)

    async def agree(self) -> None:
        """Record the consent, with the wording that was shown."""
        citizen_id = await self.citizen_id()
        await people.give_consent(self.session, citizen_id, wording=CONSENT_WORDING, now=self.desk.now)

    async def save_own(self, draft: Draft) -> MaskedPerson:
        """Keep what the citizen said of themselves. Raises as `people.save_own`."""
        citizen_id = await self.citizen_id()
        return await people.save_own(self.session, self.vault, citizen_id, draft, now=self.desk.now)

    async def save_other(self, draft: Draft, person_id: int | None = None) -> MaskedPerson:
        """Keep somebody they act for. Raises as `people.save_other`."""
        citizen_id = await self.citizen_id()
        return await people.save_other(
            self.session, self.vault, citizen_id, draft, now=self.desk.now, person_id=person_id
        )

    async def may_act_for(self, person_id: int) -> bool:
        """Whether the person's consent is recorded."""
        citizen_id = await people.citizen_id_of(self.session, self.desk.citizen)
        return citizen_id is not None and await people.may_act_for(self.session, citizen_id, person_id)

    async def record_proxy(self, person_id: int, *, guardian: bool) -> None:
        """Record the consent of whom it concerns, as the citizen stated it in the conversation."""
        said = "在对话里确认:是监护人" if guardian else "在对话里确认:对方知道并同意代办和记下信息"
        await people.record_proxy(
            self.session,
            self.vault,
            await self.citizen_id(),
            person_id,
            means="guardian" if guardian else "stated",
            now=self.desk.now,
            evidence=f"{said};{CONSENT_WORDING}",
        )

    async def forget_own(self) -> None:
        """Take back what was just kept of the citizen, with the consent."""
        citizen_id = await self.citizen_id()
        for person in await people.people_of(self.session, self.vault, citizen_id):
            if person.own:
                await people.remove(self.session, citizen_id, person.id)
        await people.withdraw_consent(self.session, citizen_id, now=self.desk.now)


def vault_of(desk: Desk) -> Vault:
    """What seals personal data at this desk. Raises NoDeskError where there is none."""
    if desk.vault is None:
        raise NoDeskError("this desk keeps no personal data: BANSHI_SECRET_KEY is not set")
    return desk.vault
