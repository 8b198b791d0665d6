"""The equipment that the settings ask for."""

from __future__ import annotations

from functools import partial

import aiohttp
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.clock import Clock, running_from
from bot.notices.equipment import Equipment
from bot.notices.lookups import phone_of
from bot.settings import Settings
from bot.sms.aliyun import AliyunSms
from bot.sms.port import SmsSender
from bot.wechat.client import WeChatClient
from hall.db import writing
from hall.people.service import Vault


def equipped(
    settings: Settings,
    client: WeChatClient,
    http: aiohttp.ClientSession,
    engine: AsyncEngine,
    vault: Vault,
    clock: Clock,
) -> Equipment:
    """Channels and templates as set."""
    return Equipment(
        client,
        custom=not settings.late_by_retry,
        tappable=settings.wechat_tap_choices,
        subscriptions=settings.wechat_subscriptions,
        templates=settings.wechat_templates,
        sms=_sms(settings, http),
        sms_templates=settings.sms_templates,
        phone=partial(_phone, engine, vault, clock),
    )


def _sms(settings: Settings, http: aiohttp.ClientSession) -> SmsSender | None:
    if not settings.sms_provider:
        return None
    return AliyunSms(
        http,
        running_from(None),  # a request is dated by the real time
        key_id=settings.sms_access_key_id,
        key_secret=settings.sms_access_key_secret,
        sign_name=settings.sms_sign_name,
        endpoint=settings.sms_endpoint,
    )


async def _phone(engine: AsyncEngine, vault: Vault, clock: Clock, openid: str) -> str:
    async with (
        writing(engine) as connection,
        AsyncSession(bind=connection, expire_on_commit=False) as session,
    ):
        phone = await phone_of(session, vault, openid, now=clock())
        await connection.commit()
    return phone
