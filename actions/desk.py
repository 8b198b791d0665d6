"""What an action stands at: the clock, the catalogue, the search, and the turn's own transaction.

The turn sets it (`standing_at`); under `rasa run actions`, where nobody does, it is built once from the
environment (see `actions.own_desk`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from hall.appointments.rules import BookingRules
from hall.catalogue.view import CatalogueView
from hall.notices.kinds import Kind
from hall.people.blind import Vault
from hall.queue.rules import QueueRules
from nlu.search.index import Decision


class NoDeskError(RuntimeError):
    """An action ran where no turn had set a desk."""


class Searcher(Protocol):
    """The part of `nlu.search.Index` that actions need."""

    def decide(self, text: str, *, context_code: str | None = None, most: int = 5) -> Decision:
        """Whether to answer, to offer a choice or to say that nothing is near.

        `context_code` is the item spoken of before: weak evidence, where the text leaves a tie.
        """


@dataclass(frozen=True)
class Heard:
    """What the citizen sent, as it came and normalised. Empty for a choice that the bot itself offered."""

    text: str = ""
    original: str = ""


def _no_reading() -> AbstractAsyncContextManager[AsyncSession]:
    raise NoDeskError("this desk has no database")


def _unheard(_: str) -> None:
    """Nobody waits for what changed."""


def _unforgotten() -> None:
    """No conversation is kept beside this desk."""


@dataclass(frozen=True)
class Desk:
    """Everything an action may use. `now` is aware; `session` gives a session of the turn's transaction.

    `session` is for changes: on SQLite it holds the write lock until the turn ends. `read` gives a session
    that only reads what is committed. `push` is the identity of the push that is being answered, the same
    however often WeChat repeats it. `changed` names what this turn changed for those who watch it live
    (`queue:main`, `notices`); they are told once the turn is committed. `link` gives the full address of a
    page of the citizen's own: signed, bound to them, good for a while. `subscriptions` are the account's
    templates of subscription notices, by kind of notice; none: citizens are not asked for any. `forget` has
    the whole conversation forgotten with this turn's commit.
    """

    now: datetime
    citizen: str
    catalogue: CatalogueView
    search: Searcher
    public_url: str
    session: Callable[[], AbstractAsyncContextManager[AsyncSession]]
    read: Callable[[], AbstractAsyncContextManager[AsyncSession]] = _no_reading
    heard: Heard = Heard()
    position: tuple[float, float] | None = None  # latitude, longitude the citizen sent, in degrees (GCJ-02)
    push: str = ""
    rules: BookingRules = field(default_factory=BookingRules)
    queue_rules: QueueRules = field(default_factory=QueueRules)
    ticket_metres: float = 500.0  # numbers are given in chat to who is so near to the hall
    vault: Vault | None = None
    link: Callable[[str], str] | None = None
    subscriptions: Mapping[Kind, str] = field(default_factory=dict)
    changed: Callable[[str], None] = _unheard
    forget: Callable[[], None] = _unforgotten


_standing_at: ContextVar[Desk] = ContextVar("desk")


@contextmanager
def standing_at(desk: Desk) -> Iterator[Desk]:
    """Set the desk for the actions of one turn."""
    token = _standing_at.set(desk)
    try:
        yield desk
    finally:
        _standing_at.reset(token)


def current() -> Desk:
    """The desk of the turn that is being taken. Raises NoDeskError outside of one."""
    try:
        return _standing_at.get()
    except LookupError:
        raise NoDeskError("no turn has set a desk") from None
