from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from hall.staff.errors import PasswordWeak, Weakness
from hall.staff.passwords import Passwords, check_password, generate


@pytest.mark.parametrize(
    "password", ["Window-5-am", "九层之台起于垒土Aa1", "correct horse battery", "xQ7#pl0vTz"]
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str) -> None:
    check_password(password, login="li.na")


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("Ab1#efghi", Weakness.SHORT),
        ("", Weakness.SHORT),
        ("Ab1#" * 40, Weakness.LONG),
        ("quietriver", Weakness.PLAIN),
        ("quietriver7", Weakness.PLAIN),
        ("Password123456", Weakness.COMMON),
        ("aaaaaaaaaaA1#", Weakness.COMMON),
        ("12121212121212121212", Weakness.COMMON),
        ("Xx9#LI.NA-Xx9#", Weakness.LIKE_LOGIN),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, weakness: Weakness) -> None:
    with pytest.raises(PasswordWeak) as refused:
        check_password(password, login="li.na")
    assert refused.value.weakness is weakness


def test_generated_passwords_are_taken_and_differ() -> None:
    made = {generate() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_password(password, login="admin")


async def test_only_the_password_itself_verifies(passwords: Passwords) -> None:
    kept = await passwords.hash("Window-5-am")
    assert kept.startswith("$argon2id$")
    assert await passwords.verify(kept, "Window-5-am")
    assert not await passwords.verify(kept, "Window-5-aM")
    assert not await passwords.verify(kept, "x" * 100_000)
    assert not await passwords.verify("no hash", "Window-5-am")
    assert not await passwords.verify(None, "Window-5-am")
    assert await passwords.verify(await passwords.hash("e\u0301clair-5-am"), "éclair-5-am")


async def test_a_hash_of_older_parameters_is_outdated(passwords: Passwords) -> None:
    kept = await passwords.hash("Window-5-am")
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert stronger.outdated(kept)
    assert not passwords.outdated(kept)
