"""access_token, in its two isolated kinds (the platform's documentation, "access_token")."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.errors import ApiError

LIFE = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
FORCE_PAUSE = timedelta(seconds=30)


@dataclass(slots=True)
class Token:
    """One token; `dead` ones are refused though their time is not over."""

    value: str
    kind: str
    expires: datetime
    dead: bool = False


class Tokens:
    """Issues and checks tokens of one account."""

    def __init__(self) -> None:
        self._known: dict[str, Token] = {}
        self._plain: Token | None = None
        self._stable: Token | None = None
        self._forced: datetime | None = None
        self._ticket: Token | None = None

    def plain(self, now: datetime) -> Token:
        """Issue by /cgi-bin/token: a new one each time, the one before it lives 5 more minutes."""
        if self._plain:
            self._plain.expires = min(self._plain.expires, now + OVERLAP)
        self._plain = self._issue("token", now)
        return self._plain

    def stable(self, now: datetime) -> Token:
        """Issue by stable_token: the same one until 5 minutes before its end, be it dead or not."""
        if self._stable is None or now >= self._stable.expires - OVERLAP:
            self._stable = self._issue("stable_token", now)
        return self._stable

    def jsapi_ticket(self, now: datetime) -> Token:
        """Issue by ticket/getticket: the same one until its end."""
        if self._ticket is None or now >= self._ticket.expires:
            self._ticket = Token(f"sM4AOVdW{secrets.token_urlsafe(58)}", "jsapi_ticket", now + LIFE)
        return self._ticket

    def may_force(self, now: datetime) -> bool:
        """Tell whether 30 seconds passed since the last forced refresh; sooner it refreshes nothing."""
        return self._forced is None or now - self._forced >= FORCE_PAUSE

    def force(self, now: datetime) -> Token:
        """Issue a new stable token; the one before it is dead at once."""
        if self._stable:
            self._stable.dead = True
        self._forced = now
        self._stable = self._issue("stable_token", now)
        return self._stable

    def kill(self) -> int:
        """Make every token so far be refused with 40001, as after a leak or a foreign refresh.

        A normal stable_token call goes on handing out the same dead token. Gives the number killed.
        """
        alive = [token for token in self._known.values() if not token.dead]
        for token in alive:
            token.dead = True
        return len(alive)

    def check(self, value: str, now: datetime) -> None:
        """Raise ApiError 41001, 40001 or 42001 unless the token is good now."""
        if not value:
            raise ApiError(41001)
        token = self._known.get(value)
        if token is None or token.dead:
            raise ApiError(40001)
        if now >= token.expires:
            raise ApiError(42001)

    def shift(self, by: timedelta) -> None:
        """Move everything into the past, as if that time had gone by."""
        for token in self._known.values():
            token.expires -= by
        if self._forced:
            self._forced -= by
        if self._ticket:
            self._ticket.expires -= by

    def current(self) -> list[Token]:
        """List the tokens an account would use now, newest of each kind."""
        return [token for token in (self._stable, self._plain) if token]

    def _issue(self, kind: str, now: datetime) -> Token:
        for value in [v for v, t in self._known.items() if now - t.expires > LIFE]:
            del self._known[value]
        token = Token(f"99_{secrets.token_urlsafe(96)}", kind, now + LIFE)
        self._known[token.value] = token
        return token
