"""By which channels a citizen can be reached now, in the order they are tried. Pure.

Customer-service messages cost nothing and carry ways to tap, but go only for a while after the citizen wrote
(WeChat: 48 hours and 5 messages after a message, a minute and 3 after a click, follow or scan); a
subscription notice needs the citizen's consent, one for each; a template message a template; an SMS a phone,
and money.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


class Channel(enum.StrEnum):
    """A way to reach a citizen; the order of the members is the order they are tried in."""

    CUSTOM = "custom"
    """WeChat's customer-service message (客服消息)."""
    SUBSCRIBE = "subscribe"
    """WeChat's subscription notice (订阅通知)."""
    TEMPLATE = "template"
    """WeChat's template message (模板消息)."""
    SMS = "sms"


WECHAT: Final = frozenset({Channel.CUSTOM, Channel.SUBSCRIBE, Channel.TEMPLATE})
WINDOW: Final = timedelta(hours=48)
# What is sent in the last minutes would arrive after the window closed.
MARGIN: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reachable:
    """What is known about reaching a citizen.

    `last_seen`: their last push; it opens the window at most, a click opens it for a minute only.
    `window_closed`, `unreachable`: when the platform last said so. `allowed`: templates of subscription
    notices that they still allow.
    """

    last_seen: datetime | None = None
    following: bool = True
    window_closed: datetime | None = None
    unreachable: datetime | None = None
    allowed: frozenset[str] = frozenset()

    @property
    def by_wechat(self) -> bool:
        """Whether anything of WeChat's reaches them, as far as is known."""
        return self.following and not self._since_last_seen(self.unreachable)

    def window_open(self, now: datetime) -> bool:
        """Whether a customer-service message may go."""
        if self.last_seen is None or now >= self.last_seen + WINDOW - MARGIN:
            return False
        return not self._since_last_seen(self.window_closed)

    def _since_last_seen(self, moment: datetime | None) -> bool:
        return moment is not None and (self.last_seen is None or moment >= self.last_seen)


@dataclass(frozen=True, slots=True)
class Equipped:
    """What the account has for one kind of notice; `subscription` is its template, "" for none."""

    custom: bool = True
    subscription: str = ""
    template: bool = False
    sms: bool = False


def open_now(
    reach: Reachable,
    equipped: Equipped,
    *,
    closed: Collection[Channel] = (),
    stopped: Collection[Channel] = (),
    now: datetime,
) -> tuple[Channel, ...]:
    """The channels to try, the first one first.

    `closed`: those that this notice has tried in vain; `stopped`: those that nobody can use at the moment.
    """
    there = {
        Channel.CUSTOM: equipped.custom and reach.by_wechat and reach.window_open(now),
        Channel.SUBSCRIBE: bool(equipped.subscription)
        and reach.by_wechat
        and equipped.subscription in reach.allowed,
        Channel.TEMPLATE: equipped.template and reach.by_wechat,
        Channel.SMS: equipped.sms,
    }
    return tuple(
        channel for channel in Channel if there[channel] and channel not in closed and channel not in stopped
    )
