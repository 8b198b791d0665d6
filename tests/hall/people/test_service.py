from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

import migrations.tables  # noqa: F401 - every mapped class
from hall.db import Sessions
from hall.people import service as people
from hall.people.errors import (
    AlreadyKept,
    ConsentMissing,
    ProxyConsentMissing,
    ReasonMissing,
    TooManyPeople,
    UnknownCitizen,
    UnknownPerson,
)
from hall.people.models import Access, AccessLogIsFinal, Citizen, Identity, Person
from hall.people.service import Draft, Vault
from hall.sealing import SealBrokenError
from tests.hall.people.test_id_numbers import number

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
VAULT = Vault.of(["first secret"])
MINE = number("34010419900307851")
HERS = number("34010419600307852")
ME = Draft(name="王小明", id_number=MINE, phone="138 0013 8000")
MOTHER = Draft(name="李秀兰", id_number=HERS, phone="13900139000", called="我妈")


async def citizen(sessions: Sessions, openid: str = "o-1", *, consent: bool = True) -> int:
    async with sessions.begin() as session:
        found = await people.register(session, openid, now=NOW)
        if consent:
            await people.give_consent(session, found, wording="2026-1", now=NOW)
        return found


async def both(sessions: Sessions, openid: str = "o-1") -> tuple[int, int, int]:
    """A citizen who keeps themselves and their mother."""
    who = await citizen(sessions, openid)
    async with sessions.begin() as session:
        own = await people.save_own(session, VAULT, who, ME, now=NOW)
        other = await people.save_other(session, VAULT, who, MOTHER, now=NOW)
    return who, own.id, other.id


async def test_a_citizen_is_registered_once_however_often_they_come(sessions: Sessions) -> None:
    found = await asyncio.gather(*(citizen(sessions, consent=False) for _ in range(8)))
    assert len(set(found)) == 1
    async with sessions() as session:
        assert await people.citizen_id_of(session, "o-1") == found[0]
        assert await people.openid_of(session, found[0]) == "o-1"
        assert await people.citizen_id_of(session, "o-2") is None
        with pytest.raises(UnknownCitizen):
            await people.openid_of(session, 99)


async def test_nothing_personal_is_kept_before_consent(sessions: Sessions) -> None:
    who = await citizen(sessions, consent=False)
    async with sessions.begin() as session:
        with pytest.raises(ConsentMissing):
            await people.save_own(session, VAULT, who, ME, now=NOW)
        with pytest.raises(ConsentMissing):
            await people.save_other(session, VAULT, who, MOTHER, now=NOW)
        assert await session.scalar(select(func.count(Person.id))) == 0
        await people.give_consent(session, who, wording="2026-1", now=NOW)
        await people.save_own(session, VAULT, who, ME, now=NOW)
        assert await people.withdraw_consent(session, who, now=NOW)
        assert not await people.withdraw_consent(session, who, now=NOW)
        with pytest.raises(ConsentMissing):
            await people.save_own(session, VAULT, who, ME, now=NOW)


async def test_people_are_shown_masked(sessions: Sessions) -> None:
    who, own, other = await both(sessions)
    async with sessions() as session:
        shown = await people.people_of(session, VAULT, who)
    assert [(person.id, person.own) for person in shown] == [(own, True), (other, False)]
    assert (shown[0].name, shown[0].phone, shown[0].called) == ("王*明", "138****8000", "")
    assert shown[0].id_number == MINE[:3] + "*" * 11 + MINE[-4:]
    assert shown[1].called == "我妈"


async def test_what_was_said_before_stays(sessions: Sessions) -> None:
    who, own, _ = await both(sessions)
    async with sessions.begin() as session:
        shown = await people.save_own(session, VAULT, who, Draft(phone="13900139001"), now=NOW)
        assert (shown.id, shown.name, shown.phone) == (own, "王*明", "139****9001")
        seen = await people.reveal(
            session, VAULT, own, fields=["name", "phone"], who="li", why="核对", now=NOW
        )
    assert (seen.name, seen.phone, seen.id_number) == ("王小明", "+8613900139001", "")


async def test_the_same_number_is_one_entry(sessions: Sessions) -> None:
    who, own, other = await both(sessions)
    async with sessions.begin() as session:
        again = await people.save_other(session, VAULT, who, MOTHER, now=NOW)
        assert again.id == other
        with pytest.raises(AlreadyKept) as kept:
            await people.save_other(session, VAULT, who, Draft(name="某人", id_number=MINE), now=NOW)
        assert kept.value.person_id == own
        with pytest.raises(AlreadyKept):
            await people.save_own(session, VAULT, who, Draft(id_number=HERS), now=NOW)
        corrected = await people.save_other(
            session, VAULT, who, Draft(name="李秀蓝"), now=NOW, person_id=other
        )
        assert (corrected.id, corrected.called) == (other, "我妈")


async def test_duplicates_are_found_across_citizens_and_secrets(sessions: Sessions) -> None:
    who, own, _ = await both(sessions)
    second = await citizen(sessions, "o-2")
    rotated = Vault.of(["second secret", "first secret"])
    async with sessions.begin() as session:
        await people.save_own(session, rotated, second, ME, now=NOW)
        found = await people.find_same(session, rotated, " " + MINE.lower())
        assert [(same.citizen_id, same.own) for same in found] == [(who, True), (second, True)]
        assert found[0].person_id == own
        assert await session.scalar(select(func.count(Identity.id))) == 2
        assert await people.find_same(session, VAULT, number("34010419900307899")) == ()


async def test_one_may_keep_twenty(sessions: Sessions) -> None:
    who = await citizen(sessions)
    async with sessions.begin() as session:
        for _ in range(20):
            await people.save_other(session, VAULT, who, Draft(name="某人"), now=NOW)
        with pytest.raises(TooManyPeople) as many:
            await people.save_other(session, VAULT, who, Draft(name="某人"), now=NOW)
    assert many.value.limit == 20


async def test_another_citizens_people_are_out_of_reach(sessions: Sessions) -> None:
    _, own, _ = await both(sessions)
    other = await citizen(sessions, "o-2")
    async with sessions.begin() as session:
        for attempt in (
            people.remove(session, other, own),
            people.save_other(session, VAULT, other, MOTHER, now=NOW, person_id=own),
            people.party_of(session, other, own),
            people.record_proxy(session, VAULT, other, own, means="stated", now=NOW),
        ):
            with pytest.raises(UnknownPerson):
                await attempt


async def test_acting_for_somebody_needs_their_consent(sessions: Sessions) -> None:
    who, own, mother = await both(sessions)
    async with sessions.begin() as session:
        mine = await people.party_of(session, who)
        assert (mine.citizen_id, mine.person_id, mine.for_other) == (who, own, False)
        assert mine == await people.party_of(session, who, own)
        with pytest.raises(ProxyConsentMissing) as missing:
            await people.party_of(session, who, mother)
        assert missing.value.person_id == mother
        await people.record_proxy(
            session, VAULT, who, mother, means="stated", evidence="我妈腿脚不便", now=NOW
        )
        hers = await people.party_of(session, who, mother)
        assert (hers.person_id, hers.for_other, hers.identity_id) == (mother, True, mine.identity_id)
        assert await people.withdraw_proxy(session, who, mother, now=NOW)
        assert not await people.may_act_for(session, who, mother)


async def test_who_saw_what_and_why_is_kept(sessions: Sessions) -> None:
    who, own, _ = await both(sessions)
    async with sessions.begin() as session:
        seen = await people.reveal(
            session, VAULT, own, fields=["id_number"], who="窗口 li", why=f"核对 {MINE}", now=NOW
        )
        assert (seen.id_number, seen.name) == (MINE, "")
        with pytest.raises(ReasonMissing):
            await people.reveal(session, VAULT, own, fields=["name"], who="li", why=" ", now=NOW)
        with pytest.raises(UnknownPerson):
            await people.reveal(session, VAULT, 99, fields=["name"], who="li", why="看看", now=NOW)
    async with sessions() as session:
        (line,) = await people.accesses(session, who)
    assert (line.who, line.person_id, line.fields, line.at) == ("窗口 li", own, ("id_number",), NOW)
    assert line.why == "核对 〔号码〕"


async def test_the_log_cannot_be_rewritten(sessions: Sessions) -> None:
    _, own, _ = await both(sessions)
    async with sessions.begin() as session:
        await people.reveal(session, VAULT, own, fields=["name"], who="li", why="核对", now=NOW)
    async with sessions() as session:
        line = (await session.scalars(select(Access))).one()
        line.who = "somebody else"
        with pytest.raises(AccessLogIsFinal):
            await session.flush()
    for statement in (update(Access).values(who="x"), delete(Access)):
        async with sessions() as session:
            with pytest.raises(DBAPIError, match="append-only"):
                await session.execute(statement)


async def test_sealed_values_do_not_open_elsewhere(sessions: Sessions) -> None:
    who, own, mother = await both(sessions)
    async with sessions.begin() as session:
        rows = {row.id: row for row in await session.scalars(select(Person))}
        rows[own].name = rows[mother].name
        await session.flush()
        with pytest.raises(SealBrokenError):
            await people.people_of(session, VAULT, who)


async def test_a_new_key_takes_over(sessions: Sessions) -> None:
    who, own, mother = await both(sessions)
    async with sessions.begin() as session:
        await people.record_proxy(session, VAULT, who, mother, means="document", evidence="委托书", now=NOW)
    rotated = Vault.of(["second secret", "first secret"])
    done = people.Resealed(0, 0)
    portions = []
    while True:
        async with sessions.begin() as session:
            done = await people.reseal(session, rotated, after=done.last, limit=1)
        portions.append(done.rows)
        if not done.rows:
            break
    assert portions == [1, 1, 0]
    alone = Vault.of(["second secret"])
    async with sessions.begin() as session:
        copy = await people.export(session, alone, who, now=NOW)
        assert [entry["id_number"] for entry in copy["people"]] == [MINE, HERS]
        assert copy["proxies"][0]["evidence"] == "委托书"
        assert [same.person_id for same in await people.find_same(session, alone, MINE)] == [own]
        with pytest.raises(SealBrokenError):
            await people.people_of(session, VAULT, who)


async def test_digests_of_two_replicas_are_joined(sessions: Sessions) -> None:
    # One replica has the new secret already, the other only the old one: the number is digested twice.
    await both(sessions)
    second = await citizen(sessions, "o-2")
    async with sessions.begin() as session:
        await people.save_own(session, Vault.of(["second secret"]), second, ME, now=NOW)
        assert await session.scalar(select(func.count(Identity.id))) == 3
    rotated = Vault.of(["second secret", "first secret"])
    async with sessions.begin() as session:
        await people.reseal(session, rotated)
        alone = Vault.of(["second secret"])
        assert len(await people.find_same(session, alone, MINE)) == 2


async def test_a_copy_tells_everything_and_is_logged(sessions: Sessions) -> None:
    who, _, _ = await both(sessions)

    async def bookings(_session: AsyncSession, citizen_id: int) -> list[int]:
        return [citizen_id]

    async with sessions.begin() as session:
        copy = await people.export(session, VAULT, who, now=NOW, parts={"appointments": bookings})
    assert copy["account"] == "o-1"
    assert copy["people"][0] == {
        "own": True,
        "name": "王小明",
        "id_number": MINE,
        "phone": "+8613800138000",
        "called": "",
    }
    assert copy["consents"][0]["wording"] == "2026-1"
    assert copy["appointments"] == [who]
    assert copy["accesses"][0]["what"] == "export"


async def test_erasing_leaves_the_log_and_nothing_else(sessions: Sessions) -> None:
    who, own, _ = await both(sessions)
    forgotten: list[int] = []

    async def forget(_session: AsyncSession, citizen_id: int) -> bool:
        forgotten.append(citizen_id)
        return False

    async with sessions.begin() as session:
        await people.reveal(session, VAULT, own, fields=["name"], who="li", why="核对", now=NOW)
        assert await people.erase(session, who, now=NOW, forget=[forget])
    async with sessions.begin() as session:
        assert forgotten == [who]
        assert await session.scalar(select(func.count(Person.id))) == 0
        assert await session.scalar(select(func.count(Identity.id))) == 0
        assert [line.action for line in await people.accesses(session, who)] == ["reveal", "erase"]
        assert await people.citizen_id_of(session, "o-1") is None
        with pytest.raises(UnknownCitizen):
            await people.erase(session, who, now=NOW)
        with pytest.raises(UnknownCitizen):
            await people.export(session, VAULT, who, now=NOW)
        again = await people.register(session, "o-1", now=NOW)
        assert again != who
        assert not await people.has_consent(session, again)


async def test_another_citizens_entry_of_the_same_person_survives(sessions: Sessions) -> None:
    who, _, _ = await both(sessions)
    second = await citizen(sessions, "o-2")
    async with sessions.begin() as session:
        await people.save_other(session, VAULT, second, MOTHER, now=NOW)
        await people.erase(session, who, now=NOW)
        (same,) = await people.find_same(session, VAULT, HERS)
        assert same.citizen_id == second


async def test_a_restriction_keeps_the_account_until_it_ends(sessions: Sessions) -> None:
    who, _, _ = await both(sessions)
    running = True

    async def restricted(_session: AsyncSession, _citizen: int) -> bool:
        return running

    async with sessions.begin() as session:
        assert not await people.erase(session, who, now=NOW, forget=[restricted])
        assert await session.scalar(select(func.count(Person.id))) == 0
        assert await session.scalar(select(func.count(Identity.id))) == 1
        assert await people.finish_erasures(session, restricted=restricted) == 0
        assert await people.citizen_id_of(session, "o-1") is None
    running = False
    async with sessions.begin() as session:
        assert await people.finish_erasures(session, restricted=restricted) == 1
        row = await session.get(Citizen, who, populate_existing=True)
        assert row is not None
        assert row.openid is None


async def test_whoever_comes_back_under_a_restriction_is_the_same(sessions: Sessions) -> None:
    who, _, _ = await both(sessions)

    async def restricted(_session: AsyncSession, _citizen: int) -> bool:
        return True

    async with sessions.begin() as session:
        await people.erase(session, who, now=NOW, forget=[restricted])
        assert await people.register(session, "o-1", now=NOW + timedelta(days=1)) == who
        assert not await people.has_consent(session, who)


async def test_the_database_shows_no_personal_data(engine: AsyncEngine, sessions: Sessions) -> None:
    who, _, mother = await both(sessions)
    async with sessions.begin() as session:
        await people.record_proxy(session, VAULT, who, mother, means="stated", evidence="李秀兰同意", now=NOW)
    stored = await raw(engine)
    assert b"o-1" in stored  # what is looked for would be found
    for secret in ("王小明", "李秀兰", MINE, HERS, "13800138000", "13900139000", "我妈"):
        assert secret.encode() not in stored
        assert secret.encode("utf-16-le") not in stored
    async with sessions.begin() as session:
        await people.erase(session, who, now=NOW)
    stored = await raw(engine)
    assert b"o-1" not in stored


async def raw(engine: AsyncEngine) -> bytes:
    """The bytes of the database: the files of SQLite, a dump of all rows of PostgreSQL."""
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            driver = await connection.get_raw_connection()
            assert driver.driver_connection is not None
            await driver.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path = Path(urlsplit(engine.url.render_as_string()).path.removeprefix("/").join(("/", "")))
        return b"".join(part.read_bytes() for part in path.parent.glob(path.name + "*"))
    dump = []
    async with engine.connect() as connection:
        names = await connection.scalars(text("select tablename from pg_tables where schemaname = 'public'"))
        for name in names.all():
            rows = await connection.execute(text(f"select t::text from {name} t"))
            dump += [str(row[0]) for row in rows]
    return "\n".join(dump).encode()
