from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from Crypto.Cipher import AES
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wechat.crypto import (
    AESKey,
    BadSignatureError,
    Crypto,
    PushRefusedError,
    StaleTimestampError,
    Stamp,
    UndecryptableError,
    sign,
)
from tests.bot.wechat import platform_side, vectors

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OTHER_KEY = "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut"


def at(timestamp: str | int) -> datetime:
    return datetime.fromtimestamp(int(timestamp), UTC)


@pytest.fixture
def official() -> Crypto:
    return Crypto(token=vectors.TOKEN, appid=vectors.APPID, aes_keys=[vectors.AES_KEY])


# --- the platform's own examples


def test_official_get_signature(official: Crypto) -> None:
    stamp = Stamp(vectors.GET_TIMESTAMP, vectors.GET_NONCE, vectors.GET_SIGNATURE)
    official.verify(stamp, now=at(vectors.GET_TIMESTAMP))


def test_official_plain_push_signature(official: Crypto) -> None:
    stamp = Stamp(vectors.PLAIN_TIMESTAMP, vectors.PLAIN_NONCE, vectors.PLAIN_SIGNATURE)
    official.verify(stamp, now=at(vectors.PLAIN_TIMESTAMP))


def test_official_safe_push_is_opened(official: Crypto) -> None:
    stamp = Stamp(vectors.SAFE_TIMESTAMP, vectors.SAFE_NONCE, vectors.SAFE_MSG_SIGNATURE)
    message, _ = official.open(stamp, vectors.SAFE_ENCRYPT, now=at(vectors.SAFE_TIMESTAMP))
    assert message.decode() == vectors.SAFE_MESSAGE
    assert json.loads(message)["Event"] == "debug_demo"


def test_official_reply_is_sealed_to_the_letter(official: Crypto) -> None:
    sealed = official.seal(
        vectors.REPLY_MESSAGE.encode(),
        AESKey(vectors.AES_KEY),
        nonce=vectors.REPLY_NONCE,
        now=at(vectors.REPLY_TIMESTAMP),
        random=vectors.REPLY_RANDOM.encode(),
    )
    assert sealed.encrypt == vectors.REPLY_ENCRYPT
    assert sealed.signature == vectors.REPLY_MSG_SIGNATURE
    assert (sealed.timestamp, sealed.nonce) == (vectors.REPLY_TIMESTAMP, vectors.REPLY_NONCE)


def test_the_second_implementation_passes_the_official_vectors_too() -> None:
    assert platform_side.decrypt(vectors.SAFE_ENCRYPT, vectors.AES_KEY) == (
        vectors.SAFE_MESSAGE,
        vectors.APPID,
    )
    made = platform_side.encrypt(
        vectors.REPLY_MESSAGE, vectors.AES_KEY, vectors.APPID, random=vectors.REPLY_RANDOM.encode()
    )
    assert made == vectors.REPLY_ENCRYPT


# --- both ways against the second implementation


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=400))
def test_what_one_implementation_encrypts_the_other_reads(message: str) -> None:
    key = AESKey(KEY)
    theirs = platform_side.encrypt(message, KEY, vectors.APPID)
    assert key.decrypt(theirs, vectors.APPID.encode()).decode() == message
    ours = key.encrypt(message.encode(), vectors.APPID.encode())
    assert platform_side.decrypt(ours, KEY) == (message, vectors.APPID)


@pytest.mark.parametrize("length", range(32))
def test_every_remainder_of_the_block_is_padded_and_read(length: int) -> None:
    message = "x" * length
    ours = AESKey(KEY).encrypt(message.encode(), b"wx")
    assert len(base64.b64decode(ours)) % 32 == 0
    assert platform_side.decrypt(ours, KEY) == (message, "wx")
    assert AESKey(KEY).decrypt(ours, b"wx") == message.encode()


def test_two_replies_of_the_same_text_differ() -> None:
    key = AESKey(KEY)
    assert key.encrypt(b"same", b"wx") != key.encrypt(b"same", b"wx")


# --- refusals


def stamped(crypto_token: str, timestamp: str, nonce: str, *parts: str) -> Stamp:
    return Stamp(timestamp, nonce, platform_side.signature(crypto_token, timestamp, nonce, *parts))


@pytest.mark.parametrize("signature", ["", "0" * 40, "f" * 39, "é" * 40, "A" * 40, "０" * 40])
def test_wrong_signature_is_refused(official: Crypto, signature: str) -> None:
    with pytest.raises(BadSignatureError):
        official.verify(Stamp(vectors.GET_TIMESTAMP, vectors.GET_NONCE, signature), now=at(1714036504))


def test_signature_with_another_token_is_refused(official: Crypto) -> None:
    stamp = stamped("BBBBB", "1714036504", "1")
    with pytest.raises(BadSignatureError):
        official.verify(stamp, now=at(1714036504))


@pytest.mark.parametrize(
    "timestamp", ["", "171403650", "17140365040", "１７１４０３６５０４", "-171403650", "1714036e04"]
)
def test_malformed_timestamp_is_refused_though_signed(official: Crypto, timestamp: str) -> None:
    with pytest.raises(BadSignatureError):
        official.verify(stamped(vectors.TOKEN, timestamp, "1"), now=at(1714036504))


@pytest.mark.parametrize("nonce", ["", "x" * 65, "a b", "<xml>", "]]>", "一"])
def test_malformed_nonce_is_refused_though_signed(official: Crypto, nonce: str) -> None:
    with pytest.raises(BadSignatureError):
        official.verify(stamped(vectors.TOKEN, "1714036504", nonce), now=at(1714036504))


@pytest.mark.parametrize("off", [timedelta(seconds=601), timedelta(seconds=-601), timedelta(days=400)])
def test_timestamp_too_far_off_is_refused(official: Crypto, off: timedelta) -> None:
    stamp = stamped(vectors.TOKEN, "1714036504", "1")
    with pytest.raises(StaleTimestampError):
        official.verify(stamp, now=at(1714036504) + off)


@pytest.mark.parametrize("off", [timedelta(seconds=600), timedelta(seconds=-600)])
def test_timestamp_at_the_edge_is_taken(official: Crypto, off: timedelta) -> None:
    official.verify(stamped(vectors.TOKEN, "1714036504", "1"), now=at(1714036504) + off)


def opening(crypto: Crypto, ciphertext: str) -> tuple[bytes, AESKey]:
    return crypto.open(stamped("t", "1714036504", "1", ciphertext), ciphertext, now=at(1714036504))


def test_another_accounts_message_is_refused() -> None:
    crypto = Crypto(token="t", appid="wxmine", aes_keys=[KEY])
    for stranger in ("wxother", "", "wxmine2", "xwxmine"):
        with pytest.raises(UndecryptableError):
            opening(crypto, platform_side.encrypt("hi", KEY, stranger))


def test_message_with_a_lying_length_is_refused() -> None:
    secret = base64.b64decode(KEY + "=")
    for length in (0, 1, 3, 2**31, 2**32 - 1):
        full = b"r" * 16 + length.to_bytes(4, "big") + b"hi" + b"wxmine"
        padding = 32 - len(full) % 32
        full += bytes([padding]) * padding
        ciphertext = base64.b64encode(AES.new(secret, AES.MODE_CBC, secret[:16]).encrypt(full)).decode()
        with pytest.raises(UndecryptableError):
            opening(Crypto(token="t", appid="wxmine", aes_keys=[KEY]), ciphertext)


@pytest.mark.parametrize("tail", [b"\x00", b"\x21", b"\xff", b"\x01\x02", b"\x03\x03\x02\x03"])
def test_wrong_padding_is_refused(tail: bytes) -> None:
    secret = base64.b64decode(KEY + "=")
    full = b"r" * 16 + (2).to_bytes(4, "big") + b"hi" + b"wxmine"
    full = full.ljust(32 - len(tail), b"\x07") + tail
    ciphertext = base64.b64encode(AES.new(secret, AES.MODE_CBC, secret[:16]).encrypt(full)).decode()
    with pytest.raises(UndecryptableError):
        opening(Crypto(token="t", appid="wxmine", aes_keys=[KEY]), ciphertext)


@settings(deadline=None)
@given(
    st.one_of(st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode()), st.text(max_size=60))
)
def test_arbitrary_ciphertext_is_refused_and_nothing_else(ciphertext: str) -> None:
    crypto = Crypto(token="t", appid="wxmine", aes_keys=[KEY])
    with pytest.raises(PushRefusedError):
        opening(crypto, "".join(c for c in ciphertext if not 0xD800 <= ord(c) < 0xE000))


# --- rotation


def test_previous_key_still_opens_and_answers_with_itself() -> None:
    crypto = Crypto(token="t", appid="wxmine", aes_keys=[KEY, OTHER_KEY])
    for used, unused in ((KEY, OTHER_KEY), (OTHER_KEY, KEY)):
        message, key = opening(crypto, platform_side.encrypt("你好", used, "wxmine"))
        assert message.decode() == "你好"
        sealed = crypto.seal(b"answer", key, nonce="1", now=at(1714036504))
        assert platform_side.decrypt(sealed.encrypt, used) == ("answer", "wxmine")
        assert AESKey(unused)  # and the other one can't read it
        with pytest.raises(UndecryptableError):
            AESKey(unused).decrypt(sealed.encrypt, b"wxmine")


def test_key_that_was_dropped_opens_nothing() -> None:
    crypto = Crypto(token="t", appid="wxmine", aes_keys=[KEY, ""])
    with pytest.raises(UndecryptableError):
        opening(crypto, platform_side.encrypt("你好", OTHER_KEY, "wxmine"))


@pytest.mark.parametrize("key", ["", "short", "A" * 42, "A" * 44, "é" * 43, "A" * 42 + "!"])
def test_malformed_key_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(ValueError):
        AESKey(key)


def test_sign_sorts_its_parts() -> None:
    assert sign("b", "a", "c") == sign("c", "b", "a") == platform_side.signature("a", "b", "c")
