"""What an operator sets for notices: WeChat's templates by kind of notice, and the SMS provider."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode

from bot.notices.templates import Template
from bot.sms.aliyun import ENDPOINT
from hall.notices.kinds import Kind

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
