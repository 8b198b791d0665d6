"""What the console's pages are given by the composition root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.live import Live
from hall.appointments.service import BookingRules
from hall.catalogue.view import CatalogueView
from hall.people.service import Vault
from hall.queue.service import QueueRules
from hall.staff.service import LockoutRules, Passwords


class Library(Protocol):
    """Where the current catalogue is."""

    @property
    def view(self) -> CatalogueView:
        """The snapshot of now."""


@dataclass(frozen=True)
class House:
    """The product around the console. `secrets`: the current one first, then the one it replaced."""

    engine: AsyncEngine
    redis: Redis
    live: Live
    library: Library
    clock: Clock
    secrets: Sequence[str]
    public_url: str
    vault: Vault
    # Behind a proxy the address of who asks is the last one in X-Forwarded-For.
    behind_proxy: bool = False
    booking_rules: BookingRules = field(default_factory=BookingRules)
    queue_rules: QueueRules = field(default_factory=QueueRules)
    passwords: Passwords = field(default_factory=Passwords)
    lockout: LockoutRules = field(default_factory=LockoutRules)

    @property
    def secure(self) -> bool:
        """Whether the console is reached by https, and its cookies may go no other way."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def centre_name(self) -> str:
        """The name at the head of the pages."""
        roots = [centre for centre in self.library.view.centres.values() if centre.parent is None]
        return roots[0].name if roots else "政务服务中心"
