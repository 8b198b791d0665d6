"""What the platform answers, taken out of its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.wechat.errors import WeChatError, error_for


@dataclass(frozen=True, slots=True)
class OnlineAgent:
    """A person who is signed in to WeChat's own service desk."""

    account: str
    """What `TransferReply` names, like li@anlan."""
    accepted: int
    """Conversations this person is in."""


@dataclass(frozen=True, slots=True)
class SceneCode:
    """A QR code whose scanning tells us its scene."""

    ticket: str
    url: str
    """What the code says; draw it, or fetch WeChat's picture by the ticket."""


@dataclass(frozen=True, slots=True)
class OAuthUser:
    """Who opened a page of ours inside WeChat."""

    openid: str
    snapshot: bool
    """A virtual account of WeChat's snapshot mode, no person: may read, and nothing else."""


def raise_for_code(answer: Mapping[str, Any]) -> None:
    """Raise the error that the answer's errcode stands for, if it has one."""
    code = answer.get("errcode", 0)
    if code != 0:
        raise error_for(code if isinstance(code, int) else 0, str(answer.get("errmsg", "")))


def required(answer: Mapping[str, Any], name: str) -> str:
    """The text that the answer must carry under `name`. Raises WeChatError where it does not."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise WeChatError(0, f"no {name} in the platform's answer")
    return value
