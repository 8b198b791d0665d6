from __future__ import annotations

import pytest

from hall.sealing import Seal, SealBrokenError


def test_what_is_sealed_opens_for_its_owner_only() -> None:
    seal = Seal(["one"])
    sealed = seal.seal("身份证".encode(), owner="row 1")
    assert seal.open(sealed, owner="row 1").decode() == "身份证"
    with pytest.raises(SealBrokenError):
        seal.open(sealed, owner="row 2")


def test_a_new_key_reads_what_the_previous_one_sealed() -> None:
    old = Seal(["old"]).seal(b"x", owner="o")
    assert Seal(["new", "old"]).open(old, owner="o") == b"x"
    with pytest.raises(SealBrokenError):
        Seal(["new"]).open(old, owner="o")


@pytest.mark.parametrize("broken", [b"", b"1234", b"12345678901234567890"])
def test_a_damaged_value_is_refused(broken: bytes) -> None:
    with pytest.raises(SealBrokenError):
        Seal(["one"]).open(broken, owner="o")


def test_a_changed_value_is_refused() -> None:
    seal = Seal(["one"])
    sealed = bytearray(seal.seal(b"secret", owner="o"))
    sealed[-1] ^= 1
    with pytest.raises(SealBrokenError):
        seal.open(bytes(sealed), owner="o")
