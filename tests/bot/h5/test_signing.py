from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.h5.signing import IDLE, LONGEST, Expired, Forged, Links

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
CITIZEN = "oTestCitizen0000000000000001"
LINKS = Links(["a secret", "an older one"], "https://hall.example.gov.cn/")


def token_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["t"][0]


def test_a_link_opens_its_page_for_its_citizen_and_does_not_name_them() -> None:
    url = LINKS.sign("/h5/book/GA-1?form=abc&hall=main", CITIZEN, NOW)
    parts = urlsplit(url)
    assert url.startswith("https://hall.example.gov.cn/h5/book/GA-1?form=abc&hall=main&t=")
    assert CITIZEN not in url
    assert LINKS.open(parts.path, token_of(url), NOW + timedelta(minutes=59)) == CITIZEN
    assert token_of(url) != token_of(LINKS.sign("/h5/book/GA-1", CITIZEN, NOW))


def test_a_path_may_come_quoted_or_not() -> None:
    token = token_of(LINKS.sign("/h5/book/%E5%8F%B7%2F1", CITIZEN, NOW))
    assert LINKS.open("/h5/book/号/1", token, NOW) == CITIZEN


def test_a_link_runs_out_when_it_was_said_to() -> None:
    token = token_of(LINKS.sign("/h5/bookings", CITIZEN, NOW, minutes=5))
    assert LINKS.open("/h5/bookings", token, NOW + timedelta(minutes=4, seconds=59)) == CITIZEN
    with pytest.raises(Expired):
        LINKS.open("/h5/bookings", token, NOW + timedelta(minutes=5))


def test_whatever_was_changed_is_forged() -> None:
    token = token_of(LINKS.sign("/h5/bookings", CITIZEN, NOW))
    for place in range(0, len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(Forged):
            LINKS.open("/h5/bookings", token[:place] + other + token[place + 1 :], NOW)


@pytest.mark.parametrize("token", ["", "x", "====", "é", "A" * 5000, "a b", "\0", "AAAA" * 30])
def test_what_was_never_ours_is_forged(token: str) -> None:
    with pytest.raises(Forged):
        LINKS.open("/h5/bookings", token, NOW)
    with pytest.raises(Forged):
        LINKS.read_session(token, NOW)


def test_a_link_opens_no_other_page_and_is_no_session() -> None:
    token = token_of(LINKS.sign("/h5/bookings", CITIZEN, NOW))
    with pytest.raises(Forged):
        LINKS.open("/h5/my-data", token, NOW)
    with pytest.raises(Forged):
        LINKS.read_session(token, NOW)
    cookie = LINKS.write_session(LINKS.new_session(CITIZEN, NOW))
    with pytest.raises(Forged):
        LINKS.open("/h5/bookings", cookie, NOW)


def test_after_a_change_of_the_secret_old_links_open_until_it_is_dropped() -> None:
    old = token_of(Links(["an older one"], "https://x").sign("/h5/bookings", CITIZEN, NOW))
    assert LINKS.open("/h5/bookings", old, NOW) == CITIZEN
    with pytest.raises(Forged):
        Links(["a secret"], "https://x").open("/h5/bookings", old, NOW)


def test_a_session_ends_when_it_lies_idle_and_at_the_latest_after_hours() -> None:
    began = LINKS.new_session(CITIZEN, NOW)
    cookie = LINKS.write_session(began)
    assert LINKS.read_session(cookie, NOW + IDLE - timedelta(seconds=1)) == began
    with pytest.raises(Expired):
        LINKS.read_session(cookie, NOW + IDLE)
    used = type(began)(began.openid, began.id, began.began, NOW + LONGEST - timedelta(minutes=1))
    with pytest.raises(Expired):
        LINKS.read_session(LINKS.write_session(used), NOW + LONGEST)
    assert CITIZEN not in cookie
    assert CITIZEN not in repr(began)


def test_a_form_is_bound_to_its_session() -> None:
    one, two = LINKS.new_session(CITIZEN, NOW), LINKS.new_session(CITIZEN, NOW)
    assert LINKS.form_is_ours(one, LINKS.form_token(one))
    assert not LINKS.form_is_ours(two, LINKS.form_token(one))
    assert not LINKS.form_is_ours(one, "")
    assert not LINKS.form_is_ours(one, "é")


def test_a_note_opens_for_its_purpose_alone() -> None:
    note = LINKS.seal_note("/h5/bookings", "login")
    assert LINKS.open_note(note, "login") == "/h5/bookings"
    with pytest.raises(Forged):
        LINKS.open_note(note, "other")
