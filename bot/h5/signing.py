"""Links to a citizen's own pages, and the session a browser gets for one: sealed, expiring, theirs alone.

Neither shows the openid: both are sealed with AES-256-GCM under the product's secret (`hall.sealing`), whose
tag is checked in constant time. A link opens the one page it was made for; a session all own pages.
"""

from __future__ import annotations

import hmac
import secrets as chance
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from hall.sealing import Seal, SealBrokenError

# The name of a link's token in its query.
TOKEN: Final = "t"  # noqa: S105 - a name
LINK_MINUTES: Final = 60
# A session ends so long after it was last used, and so long after its link was opened, whatever happens.
IDLE: Final = timedelta(minutes=60)
LONGEST: Final = timedelta(hours=6)
_LONGEST_TOKEN: Final = 600
_ID_BYTES: Final = 12
_MARK_BYTES: Final = 16


class LinkRefused(Exception):  # noqa: N818 - reads as the verdict it is
    """A link or session does not open."""


class Forged(LinkRefused):
    """Not made here, changed on its way, or made for another page."""


class Expired(LinkRefused):
    """Made here, and too old."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is at the pages in one browser. `id` tells this browser's visit from any other.

    `link`: the mark of the link it came by, until the browser came back with its cookie and made the link
    its own.
    """

    openid: str
    id: str
    began: datetime
    used: datetime
    link: str = ""

    def __repr__(self) -> str:
        return "Session(…)"  # never the openid: it would end up in a log


class Links:
    """Makes and opens links and sessions. `secrets`: the current secret first, then the one it replaced."""

    def __init__(self, secrets: Sequence[str], public_url: str) -> None:
        self._seal = Seal(secrets)
        self._form_key = hmac.digest(secrets[0].encode(), b"banshi h5 forms", "sha256")
        self._public_url = public_url.rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme and host by which citizens reach the pages."""
        parts = urlsplit(self._public_url)
        return f"{parts.scheme}://{parts.netloc}"

    def address(self, path: str) -> str:
        """The full address of a path (with its query) as citizens' browsers have it."""
        return f"{self._public_url}{path}"

    @property
    def secure(self) -> bool:
        """Whether citizens come by https alone."""
        return self._public_url.startswith("https://")

    def sign(self, path: str, openid: str, now: datetime, minutes: int = LINK_MINUTES) -> str:
        """The full address of a page (`/h5/bookings`, with a query if wanted) for this citizen."""
        parts = urlsplit(path)
        plain = _seconds(now + timedelta(minutes=minutes)) + openid.encode()
        token = _written(self._seal.seal(plain, owner=_page(parts.path)))
        query = [pair for pair in parse_qsl(parts.query) if pair[0] != TOKEN]
        return f"{self._public_url}{parts.path}?{urlencode([*query, (TOKEN, token)])}"

    def open(self, path: str, token: str, now: datetime) -> str:
        """The openid of the citizen whom the token in the query of `path` was made for.

        Raises Forged, Expired.
        """
        plain = self._opened(token, _page(path))
        if _moment(plain[:4]) <= now:
            raise Expired("the link ran out")
        return plain[4:].decode()

    def new_session(self, openid: str, now: datetime, *, token: str = "") -> Session:
        """A session for a browser that came with a good link, by its `token`, or by WeChat's word."""
        return Session(openid, chance.token_hex(_ID_BYTES), now, now, mark_of(token) if token else "")

    def write_session(self, session: Session) -> str:
        """The session as the value of a cookie."""
        plain = b"".join(
            (
                _seconds(session.began),
                _seconds(session.used),
                bytes.fromhex(session.id),
                bytes.fromhex(session.link) if session.link else bytes(_MARK_BYTES),
                session.openid.encode(),
            )
        )
        return _written(self._seal.seal(plain, owner="h5.session"))

    def read_session(self, cookie: str, now: datetime) -> Session:
        """The session in a cookie. Raises Forged, Expired."""
        plain = self._opened(cookie, "h5.session")
        began, used = _moment(plain[:4]), _moment(plain[4:8])
        if now >= used + IDLE or now >= began + LONGEST:
            raise Expired("the session ran out")
        ends = 8 + _ID_BYTES
        link, openid = plain[ends : ends + _MARK_BYTES], plain[ends + _MARK_BYTES :].decode()
        return Session(openid, plain[8:ends].hex(), began, used, link.hex() if any(link) else "")

    def form_token(self, session: Session) -> str:
        """What every form of this session carries, so that no other site can send one in its name."""
        return hmac.new(self._form_key, session.id.encode(), sha256).hexdigest()

    def form_is_ours(self, session: Session, token: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(self.form_token(session).encode(), token.encode())

    def seal_note(self, note: str, purpose: str) -> str:
        """A note to oneself that goes through a browser: `open_note` gives it back for the same purpose."""
        return _written(self._seal.seal(note.encode(), owner=f"h5.note:{purpose}"))

    def open_note(self, sealed: str, purpose: str) -> str:
        """What `seal_note` sealed. Raises Forged."""
        return self._opened(sealed, f"h5.note:{purpose}").decode()

    def _opened(self, token: str, owner: str) -> bytes:
        if not token or len(token) > _LONGEST_TOKEN:
            raise Forged("no token of ours")
        try:
            return self._seal.open(urlsafe_b64decode(token + "=" * (-len(token) % 4)), owner=owner)
        except (SealBrokenError, ValueError):
            raise Forged("no token of ours") from None


def mark_of(token: str) -> str:
    """What tells a link from any other, and does not open it."""
    return sha256(token.encode()).digest()[:_MARK_BYTES].hex()


def _page(path: str) -> str:
    return f"h5.link:{unquote(path).rstrip('/')}"


def _written(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def _seconds(moment: datetime) -> bytes:
    return struct.pack(">I", int(moment.timestamp()))


def _moment(packed: bytes) -> datetime:
    return datetime.fromtimestamp(struct.unpack(">I", packed)[0], UTC)
