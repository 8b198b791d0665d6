from __future__ import annotations

from tests.simulator.conftest import SECRET, Caller, Clock

ACCOUNT = {"grant_type": "client_credential", "appid": "wxba5fad812f8e6fb9", "secret": SECRET}


async def works(api: Caller, token: str) -> int:
    return int((await api.get("cgi-bin/getcallbackip", access_token=token)).get("errcode", 0))


async def test_stable_token_stays_the_same_until_five_minutes_before_its_end(
    api: Caller, clock: Clock
) -> None:
    first = await api.stable()
    assert first["expires_in"] == 7200
    clock.pass_by(minutes=114)
    again = await api.stable()
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 360)
    clock.pass_by(minutes=1)
    renewed = await api.stable()
    assert renewed["access_token"] != first["access_token"]
    assert await works(api, first["access_token"]) == 0
    clock.pass_by(minutes=5)
    assert await works(api, first["access_token"]) == 42001
    assert await works(api, renewed["access_token"]) == 0


async def test_force_refresh_kills_the_old_token_and_waits_30_seconds(api: Caller, clock: Clock) -> None:
    first = (await api.stable())["access_token"]
    second = (await api.stable(force=True))["access_token"]
    assert await works(api, first) == 40001
    clock.pass_by(seconds=29)
    assert (await api.stable(force=True))["access_token"] == second
    clock.pass_by(seconds=1)
    assert (await api.stable(force=True))["access_token"] != second


async def test_force_refresh_is_allowed_20_times_a_day(api: Caller, clock: Clock) -> None:
    for _ in range(20):
        assert "access_token" in await api.stable(force=True)
        clock.pass_by(seconds=31)
    assert (await api.stable(force=True))["errcode"] == 45009
    clock.pass_by(days=1)
    assert "access_token" in await api.stable(force=True)


async def test_plain_token_invalidates_the_one_before_after_five_minutes_and_leaves_stable_alone(
    api: Caller, clock: Clock
) -> None:
    stable = (await api.stable())["access_token"]
    first = (await api.get("cgi-bin/token", **ACCOUNT))["access_token"]
    second = (await api.get("cgi-bin/token", **ACCOUNT))["access_token"]
    assert first != second
    assert await works(api, first) == 0
    clock.pass_by(minutes=5)
    assert await works(api, first) == 42001
    assert await works(api, second) == 0
    assert await works(api, stable) == 0


async def test_plain_token_has_2000_calls_a_day(api: Caller, clock: Clock) -> None:
    api.simulator.platform.quotas.limits["token"] = 2
    answers = [await api.get("cgi-bin/token", **ACCOUNT) for _ in range(3)]
    assert [a.get("errcode", 0) for a in answers] == [0, 0, 45009]


async def test_a_dead_token_is_handed_out_again_until_forced(api: Caller) -> None:
    token = api.token
    assert api.simulator.platform.tokens.kill() == 1
    assert await works(api, token) == 40001
    assert (await api.stable())["access_token"] == token
    assert (await api.stable(force=True))["access_token"] != token
    assert await works(api, api.token) == 0


async def test_wrong_credentials_are_told_apart(api: Caller) -> None:
    async def code(**change: str) -> int:
        return int((await api.get("cgi-bin/token", **{**ACCOUNT, **change}))["errcode"])

    assert await code(appid="wx1") == 40013
    assert await code(secret="no") == 40125
    assert await code(grant_type="no") == 40002
    assert await code(appid="") == 41002
    assert await code(secret="") == 41004


async def test_calls_without_or_with_an_unknown_token_are_refused(api: Caller) -> None:
    assert await works(api, "") == 41001
    assert await works(api, "made up") == 40001


async def test_wrong_method_and_unknown_path(api: Caller) -> None:
    assert (await api.get("cgi-bin/message/custom/send"))["errcode"] == 43002
    assert (await api.post("cgi-bin/getcallbackip", {}))["errcode"] == 43001
    assert (await api.get("cgi-bin/no/such"))["errcode"] == 40066


async def test_pages_are_signed_with_one_ticket_for_two_hours(api: Caller, clock: Clock) -> None:
    first = await api.get("cgi-bin/ticket/getticket", type="jsapi")
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    clock.pass_by(minutes=60)
    again = await api.get("cgi-bin/ticket/getticket", type="jsapi")
    assert (again["ticket"], again["expires_in"]) == (first["ticket"], 3600)
    clock.pass_by(minutes=60)
    await api.stable()
    assert (await api.get("cgi-bin/ticket/getticket", type="jsapi"))["ticket"] != first["ticket"]
    assert (await api.get("cgi-bin/ticket/getticket", type="card"))["errcode"] == 40035
    assert (await api.get("cgi-bin/ticket/getticket", type="jsapi", access_token="x"))["errcode"] == 40001
