"""The appointments desk together with the people desk: acting for others, copies, erasing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from hall.appointments import service as desk
from hall.appointments.errors import NotBookable, NotOfferedThere
from hall.appointments.models import Appeal, Booking
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import parse_centre
from hall.db import Sessions
from hall.people import service as people
from hall.people.errors import ProxyConsentMissing
from hall.people.models import Citizen, Identity
from hall.people.service import Draft, Vault
from tests.hall.appointments.desk import CENTRE, NOW, at, booked, citizens, free, terms, wish
from tests.hall.appointments.test_visiting import SEAL, miss, when
from tests.hall.appointments.test_waiting import cancel, entries, wait
from tests.hall.people.test_service import ME, MOTHER

VAULT = Vault.of(["secret"])


async def family(hall: Sessions, openid: str = "o-family") -> tuple[int, int]:
    """A citizen with their own data and their mother's; the ids of the citizen and the mother."""
    async with hall.begin() as session:
        who = await people.register(session, openid, now=NOW)
        await people.give_consent(session, who, wording="1", now=NOW)
        await people.save_own(session, VAULT, who, ME, now=NOW)
        mother = await people.save_other(session, VAULT, who, MOTHER, now=NOW)
    return who, mother.id


async def test_an_appointment_for_somebody_else_names_both(hall: Sessions) -> None:
    who, mother = await family(hall)
    async with hall.begin() as session:
        with pytest.raises(ProxyConsentMissing):
            await people.party_of(session, who, mother)
        await people.record_proxy(session, VAULT, who, mother, means="stated", now=NOW)
        party = await people.party_of(session, who, mother)
        hers = await desk.book(session, party, wish(), key="a", terms=terms())
        mine = await desk.book(session, await people.party_of(session, who), wish(), key="b", terms=terms())
    assert (hers.citizen_id, hers.person_id, hers.for_other) == (who, mother, True)
    assert (mine.citizen_id, mine.for_other) == (who, False)
    assert mine.person_id not in {None, mother}


async def test_a_copy_names_the_bookings(hall: Sessions) -> None:
    who, _ = await family(hall)
    async with hall.begin() as session:
        await desk.book(session, await people.party_of(session, who), wish(), key="b", terms=terms())
        copy = await people.export(session, VAULT, who, now=NOW, parts={"appointments": desk.told_of})
    (told,) = copy["appointments"]
    assert (told["item"], told["state"], told["for_other"]) == ("GA-0101", "confirmed", False)
    assert told["starts"] == "2026-12-02T01:30:00+00:00"


async def test_erasing_gives_places_back_and_names_nobody(hall: Sessions) -> None:
    who, mother = await family(hall)
    async with hall.begin() as session:
        party = await people.party_of(session, who)
        await desk.book(session, party, wish(), key="a", terms=terms())
        await desk.hold(session, party, wish("10:00"), key="b", terms=terms())
        await desk.appeal(session, SEAL, who, "我没有爽约", now=NOW)
    async with hall.begin() as session:
        assert await people.erase(session, who, now=NOW, forget=[desk.forgetting(terms())])
    later = when("16:00", date(2026, 12, 1))
    assert (await free(hall, wish(), on=later), await free(hall, wish("10:00"), on=later)) == (2, 2)
    async with hall() as session:
        rows = (await session.scalars(select(Booking))).all()
        assert {row.state for row in rows} == {"cancelled"}
        assert {row.person_id for row in rows} == {row.identity_id for row in rows} == {None}
        assert await session.scalar(select(Appeal.text)) is None
        assert await session.scalar(select(func.count(Identity.id))) == 0
    assert mother


async def test_a_place_of_somebody_erased_goes_to_whoever_waits(hall: Sessions) -> None:
    who, _ = await family(hall)
    other, waiting = await citizens(hall, 2)
    async with hall.begin() as session:
        await desk.book(session, await people.party_of(session, who), wish(), key="a", terms=terms())
    await booked(hall, other)
    await wait(hall, waiting)
    async with hall.begin() as session:
        await people.erase(session, who, now=NOW, forget=[desk.forgetting(terms())])
    assert (await entries(hall, waiting))[0].state == "offered"


async def test_an_offer_of_somebody_erased_goes_to_the_next(hall: Sessions) -> None:
    who, _ = await family(hall)
    other, second, waiting = await citizens(hall, 3)
    first = await booked(hall, other)
    await booked(hall, second)
    async with hall.begin() as session:
        party = await people.party_of(session, who)
    await wait(hall, party)
    await wait(hall, waiting)
    await cancel(hall, first)
    async with hall.begin() as session:
        await people.erase(session, who, now=NOW, forget=[desk.forgetting(terms())])
    assert (await entries(hall, waiting))[0].state == "offered"


async def test_erasing_oneself_is_no_way_out_of_a_suspension(hall: Sessions) -> None:
    who, _ = await family(hall)
    async with hall.begin() as session:
        party = await people.party_of(session, who)
    await miss(hall, party)
    evening = when("17:00")
    async with hall.begin() as session:
        assert not await people.erase(session, who, now=evening.now, forget=[desk.forgetting(evening)])
    async with hall.begin() as session:
        back = await people.register(session, "o-family", now=evening.now)
        assert back == who
        assert not (await desk.standing_of(session, back, terms=evening)).clear
        await people.give_consent(session, back, wording="1", now=evening.now)
        await people.save_own(session, VAULT, back, ME, now=evening.now)
        another = await people.register(session, "o-second", now=evening.now)
        await people.give_consent(session, another, wording="1", now=evening.now)
        await people.save_own(session, VAULT, another, ME, now=evening.now)
        party = await people.party_of(session, another)
        found = await desk.standing_of(session, another, party.identity_id, terms=evening)
        assert found.kind == "suspended"


async def test_the_name_goes_when_the_suspension_ends(hall: Sessions) -> None:
    who, _ = await family(hall)
    async with hall.begin() as session:
        party = await people.party_of(session, who)
    await miss(hall, party)
    async with hall.begin() as session:
        await people.erase(session, who, now=NOW, forget=[desk.forgetting(when("17:00"))])
        for day, gone in ((date(2026, 12, 9), 0), (date(2026, 12, 10), 1)):
            asked = desk.restriction(when("08:00", day))
            assert await people.finish_erasures(session, restricted=asked) == gone
        row = await session.get_one(Citizen, who, populate_existing=True)
        assert row.openid is None


def view() -> CatalogueView:
    items = [
        {"code": "GA-0101", "name": "换证", "bookable": True, "daily_quota": 30, "version": 4,
         "offered_at": [{"hall": "main", "counter": "B 区 5 号窗口"},
                        {"hall": "branch", "counter": "F 区 1–10 号窗口"}]},
        {"code": "GA-0102", "name": "补证", "bookable": False},
        {"code": "GA-0103", "name": "首次办证", "bookable": True},
    ]  # fmt: skip
    return CatalogueView.of([Item.model_validate(item) for item in items], parse_centre(CENTRE))


def test_a_wish_is_made_from_the_catalogue() -> None:
    made = desk.wish_for(view(), "GA-0101", "branch", at("09:30"), places=2)
    assert (made.hall, made.group, made.item_version, made.quota, made.places) == ("branch", "F", 4, 30, 2)
    with pytest.raises(NotOfferedThere) as elsewhere:
        desk.wish_for(view(), "GA-0101", "street", at("09:30"))
    assert elsewhere.value.halls == ("main", "branch")
    for code in ("GA-0102", "GA-0103"):
        with pytest.raises(NotBookable):
            desk.bookable_places(view(), code)
    with pytest.raises(KeyError):
        desk.bookable_places(view(), "XX-1")


def test_a_draft_without_words_says_nothing() -> None:
    assert Draft() == Draft(None, None, None, None)
