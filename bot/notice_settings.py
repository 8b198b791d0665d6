"""What an operator sets for notices: WeChat's templates by kind of notice, and the SMS provider."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode

from bot.notices.templates import Template
from bot.sms.aliyun import ENDPOINT
from hall.notices.kinds import Kind

SIMULATOR_SMS_KEY = "simulator-sms-key"
SIMULATOR_SMS_SECRET = "simulator-sms-secret"  # noqa: S105 - the simulator's, refused in production
_SIMULATOR_SIGN = "安澜政务"

ByKind = Annotated[dict[Kind, Template], NoDecode]


class NoticeSettings(BaseSettings):
    """Templates are JSON, by kind of notice; see `bot.notices.templates`. None: the window alone."""

    wechat_templates: ByKind = {}
    wechat_subscriptions: ByKind = {}
    sms_provider: Literal["", "aliyun"] = ""
    sms_access_key_id: str = ""
    sms_access_key_secret: str = ""
    # The signature (签名) that the provider has approved, without 【】.
    sms_sign_name: str = ""
    sms_templates: ByKind = {}
    sms_endpoint: str = ENDPOINT

    @field_validator("wechat_templates", "wechat_subscriptions", "sms_templates", mode="before")
    @classmethod
    def _json_object(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise ValueError(f"not JSON: {error}") from None

    @model_validator(mode="after")
    def _whole_provider(self) -> Self:
        if self.sms_provider:
            for name in ("sms_access_key_id", "sms_access_key_secret", "sms_sign_name"):
                if not getattr(self, name):
                    raise ValueError(f"BANSHI_{name.upper()} is missing (BANSHI_SMS_PROVIDER is set)")
        return self

    def use_simulated_notices(self, simulator: str) -> None:
        """Fill in what is not set: templates and SMS provider of the simulator at this address."""
        self.wechat_templates = self.wechat_templates or simulated_templates()
        self.wechat_subscriptions = self.wechat_subscriptions or simulated_subscriptions()
        if not self.sms_provider:
            self.sms_provider = "aliyun"
            self.sms_access_key_id = SIMULATOR_SMS_KEY
            self.sms_access_key_secret = SIMULATOR_SMS_SECRET
            self.sms_sign_name = _SIMULATOR_SIGN
            self.sms_endpoint = f"{simulator}/sms"
            self.sms_templates = self.sms_templates or simulated_sms()

    def refuse_simulated_notices(self) -> None:
        """Raise ValueError where production would send by the simulator's account."""
        if self.sms_access_key_id == SIMULATOR_SMS_KEY or self.sms_access_key_secret == SIMULATOR_SMS_SECRET:
            raise ValueError(
                "BANSHI_SMS_ACCESS_KEY_ID, BANSHI_SMS_ACCESS_KEY_SECRET: these are the simulator's"
            )


_VISITS = (Kind.BOOKING_CONFIRMED, Kind.BOOKING_CHANGED, Kind.REMINDER_EVENING, Kind.REMINDER_HOUR)
_CALLS = (Kind.CALLING_SOON, Kind.CALLED, Kind.PASSED)
_NEWS = (Kind.DAY_CLOSED, Kind.PLACE_FREE, Kind.BOOKING_CANCELLED)


def simulated_templates() -> dict[Kind, Template]:
    """The simulator's template message, for appointments."""
    fields = {"thing1": "item", "time2": "starts", "thing3": "place", "character_string4": "code"}
    return {kind: Template(id="sim-template-appointment", fields=fields) for kind in _VISITS}


def simulated_subscriptions() -> dict[Kind, Template]:
    """The simulator's one-time subscription notice, for the queue."""
    fields = {"character_string1": "number", "thing2": "window", "number3": "ahead", "thing4": "say"}
    return {kind: Template(id="sim-subscribe-calling", fields=fields) for kind in _CALLS}


def simulated_sms() -> dict[Kind, Template]:
    """The templates of the simulated SMS provider."""
    visit = Template(
        id="SMS_SIM_VISIT", fields={"item": "item", "time": "starts", "place": "place", "code": "code"}
    )
    call = Template(id="SMS_SIM_CALL", fields={"number": "number", "say": "say"})
    news = Template(id="SMS_SIM_NEWS", fields={"say": "say", "item": "item"})
    by_template = ((visit, _VISITS), (call, _CALLS), (news, _NEWS))
    return {kind: template for template, kinds in by_template for kind in kinds}
