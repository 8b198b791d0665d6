"""What the account and the SMS provider have to send with, and sending by it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.choices import ChoiceSet
from bot.notices.facts import Facts
from bot.notices.faults import NoSuchWay
from bot.notices.templates import Template, Templates, filled
from bot.notices.wording import Said, template_values
from bot.replies import Utterance, render
from bot.sms.port import SmsSender
from bot.wechat.client import WeChatClient
from bot.wechat.errors import OutcomeUnknown, WeChatError
from hall.notices.channels import Channel, Equipped
from hall.notices.claiming import Claimed

Phone = Callable[[str], Awaitable[str]]
"""The phone of an account, "" for none; looked up only when an SMS is to be sent."""


async def _no_phone(_: str) -> str:
    return ""


@dataclass(frozen=True)
class Equipment:
    """The ways out, and the templates for each kind of notice. `custom`: customer-service messages may go."""

    wechat: WeChatClient
    custom: bool = True
    tappable: bool = True
    subscriptions: Templates = field(default_factory=dict)
    templates: Templates = field(default_factory=dict)
    sms: SmsSender | None = None
    sms_templates: Templates = field(default_factory=dict)
    phone: Phone = _no_phone

    def for_kind(self, claimed: Claimed) -> Equipped:
        """What there is for a notice of this kind."""
        subscription = self.subscriptions.get(claimed.kind)
        return Equipped(
            custom=self.custom,
            subscription=subscription.id if subscription else "",
            template=claimed.kind in self.templates,
            sms=self.sms is not None and claimed.kind in self.sms_templates,
        )

    async def send(self, channel: Channel, claimed: Claimed, said: Said, facts: Facts) -> Sent:
        """Send a notice by one channel. Raises WeChatError, SmsError, NoSuchWay."""
        if channel is Channel.CUSTOM:
            return await self._custom(claimed, said)
        values = template_values(facts, said)
        if channel is Channel.SUBSCRIBE:
            template = self.subscriptions[claimed.kind]
            await self.wechat.send_subscribe(claimed.openid, template.id, filled(template, values))
            return Sent()
        if channel is Channel.TEMPLATE:
            template = self.templates[claimed.kind]
            number = await self.wechat.send_template(
                claimed.openid, template.id, filled(template, values), client_msg_id=f"notice-{claimed.id}"
            )
            return Sent(number)
        template = self.sms_templates[claimed.kind]
        return await self._sms(claimed, template, filled(template, values))

    async def _custom(self, claimed: Claimed, said: Said) -> Sent:
        key = f"{random.getrandbits(24):06x}"  # tells lists of choices apart, no secret
        rendered = render([Utterance(said.text, said.ways)], key=key, tappable=self.tappable)
        for number, part in enumerate(rendered.parts):
            try:
                await self.wechat.send_text(claimed.openid, part)
            except WeChatError as error:
                if number == 0:
                    raise
                raise OutcomeUnknown(error.code, f"part {number + 1}: {error.message}") from None
        return Sent(choices=rendered.choices)

    async def _sms(self, claimed: Claimed, template: Template, values: dict[str, str]) -> Sent:
        if self.sms is None:
            raise NoSuchWay("no SMS provider")
        phone = await self.phone(claimed.openid)
        if not phone:
            raise NoSuchWay("no phone on file")
        return Sent(await self.sms.send(phone, template.id, values, reference=f"notice-{claimed.id}"))


@dataclass(frozen=True, slots=True)
class Sent:
    """What was taken: the platform's number for it, and the choices it offered."""

    message_id: str = ""
    choices: ChoiceSet | None = None
