"""Pushes in a citizen's name: what the chat shows before, meanwhile and after."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Literal

from simulator import payloads
from simulator.answers import TRANSFER, Reply
from simulator.citizens import ChatMessage, Citizen
from simulator.delivery import Delivery
from simulator.platform import Platform
from simulator.wire import Fields

TROUBLE = "该公众号暂时无法提供服务,请稍后再试"
DESK_SILENCE = timedelta(minutes=30)
Pushing = Coroutine[Any, Any, Delivery]


class ActError(ValueError):
    """What a phone would not let the citizen do, in Chinese for the page."""


class Pushes:
    """Shows a citizen's doing in the chat, pushes it, and shows the answer."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def known(self, openid: str) -> Citizen:
        """Give a citizen; raise ActError if there is none."""
        citizen = self._platform.citizens.get(openid)
        if citizen is None:
            raise ActError("没有这位市民")
        return citizen

    def following(self, openid: str) -> Citizen:
        """Give a citizen who follows; raise ActError otherwise."""
        citizen = self.known(openid)
        if not citizen.following:
            raise ActError("还没有关注公众号")
        return citizen

    def note(self, citizen: Citizen, text: str) -> None:
        """Put a grey line of the platform's own into the chat."""
        self._platform.post(citizen, "note", "note", text)

    def message(
        self,
        openid: str,
        kind: str,
        text: str,
        content: Fields,
        *,
        data: dict[str, Any] | None = None,
        action: bool = False,
        before: Pushing | None = None,
    ) -> Pushing:
        """Push a message; `before` is a menu button's event that goes first."""
        citizen = self.following(openid)
        platform = self._platform
        message = platform.post(citizen, "citizen", kind, text, data=data or {}, status="sending")
        now = platform.now()
        citizen.window.open("action" if action else "message", now)
        fields = payloads.message(platform.settings.account, openid, now, kind, **content)
        if self._at_desk(citizen):
            message.status = "desk"
            platform.show(message)
            if before is not None:
                platform.background(before)
            return _not_pushed(fields)
        return self._push(citizen, fields, message=message, shown=True, before=before)

    def event(self, citizen: Citizen, name: str, *, shown: bool = False, **content: Any) -> Pushing:
        """Push an event; `shown` says whether its answer appears in the chat."""
        account = self._platform.settings.account
        fields = payloads.event(account, citizen.openid, self._platform.now(), name, **content)
        return self._push(citizen, fields, shown=shown)

    def subscription(
        self, citizen: Citizen, name: Literal["Popup", "Change", "Sent"], entries: list[Fields]
    ) -> Pushing:
        """Push a subscribe_msg_*_event."""
        content = payloads.subscription(name, entries, self._platform.settings.data_format)
        return self.event(citizen, f"subscribe_msg_{name.lower()}_event", **content)

    async def _push(
        self,
        citizen: Citizen,
        fields: Fields,
        *,
        shown: bool,
        message: ChatMessage | None = None,
        before: Pushing | None = None,
    ) -> Delivery:
        """Deliver; `shown` says whether the citizen sees the answer, or that there was none to be had."""
        if before is not None:
            await before
        citizen.pending += shown
        self._platform.touch(citizen)
        try:
            delivery = await self._platform.push(fields)
        finally:
            citizen.pending -= shown
        if message:
            message.status = "failed" if delivery.outcome == "trouble" else "delivered"
            self._platform.show(message)
        if shown and delivery.reply:
            self._receive(citizen, delivery.reply, delivery.milliseconds)
        elif shown and delivery.outcome == "trouble":
            self.note(citizen, TROUBLE)
        self._platform.touch(citizen)
        return delivery

    def _receive(self, citizen: Citizen, reply: Reply, milliseconds: int) -> None:
        data: dict[str, Any] = {"encrypted": reply.encrypted}
        if reply.kind == TRANSFER:
            self._hand_to_desk(citizen, reply.kf_account)
            return
        if reply.article:
            article = reply.article
            data |= {"description": article.description, "picture": article.picture, "url": article.url}
        if reply.media_id:
            data["media_id"] = reply.media_id
        text = reply.article.title if reply.article else reply.text
        self._platform.post(citizen, "passive", reply.kind, text, data=data, milliseconds=milliseconds)

    def _hand_to_desk(self, citizen: Citizen, wanted: str) -> None:
        platform = self._platform
        online = next((a.account for a in platform.agents if a.online), "")
        # a named agent captures the citizen even when offline
        agent = wanted or online
        if not agent:
            self.note(citizen, "没有在线客服,转人工没有成功")
            return
        citizen.desk, citizen.desk_until = agent, platform.now() + DESK_SILENCE
        self.note(citizen, f"已转给客服 {agent},消息不再推送给服务器")
        fields = payloads.event(
            platform.settings.account,
            citizen.openid,
            platform.now(),
            "kf_create_session",
            KfAccount=agent,
        )
        platform.background(self._push(citizen, fields, shown=False))

    def _at_desk(self, citizen: Citizen) -> bool:
        if citizen.desk and citizen.desk_until and self._platform.now() >= citizen.desk_until:
            self._platform.background(self.end_desk(citizen.openid))
        return citizen.desk is not None

    def desk_says(self, openid: str, text: str) -> None:
        """Let the person at the service desk write to the citizen."""
        citizen = self.known(openid)
        if citizen.desk is None:
            raise ActError("没有进行中的人工会话")
        citizen.desk_until = self._platform.now() + DESK_SILENCE
        self._platform.post(citizen, "desk", "text", text)

    def end_desk(self, openid: str) -> Pushing:
        """End the session with a person: messages are pushed again."""
        citizen = self.known(openid)
        if citizen.desk is None:
            raise ActError("没有进行中的人工会话")
        agent, citizen.desk, citizen.desk_until = citizen.desk, None, None
        self.note(citizen, "人工会话已结束")
        self._platform.touch(citizen)
        return self.event(citizen, "kf_close_session", KfAccount=agent, CloseType="KF")


async def _not_pushed(fields: Fields) -> Delivery:
    return Delivery(fields, outcome="desk")
