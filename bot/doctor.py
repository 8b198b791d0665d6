"""`banshi doctor`: one line for each thing that has to be right before citizens write."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI, running_from
from bot.notices.describing import described
from bot.preparing import ROOT
from bot.redis_server import RedisStartError, private_redis
from bot.resealing import sealed_under
from bot.settings import DEVELOPMENT_SECRET, Settings
from bot.wechat.client import WeChatClient
from bot.wechat.errors import WeChatError
from hall.calendar.service import unknown_years
from hall.catalogue.view import load_view
from hall.centres.opening import calendar_covers
from hall.db import create_engine, reading
from hall.notices.models import HELD
from hall.notices.service import alarms, counts
from hall.sealing import Seal
from nlu.training.models import active
from nlu.training.project import Project

# WeChat's pushes carry their time, and ones too far off are refused (see bot.wechat.crypto).
MOST_SECONDS_OFF = 60
_HTTP_SECONDS = 5
# From this month on next year's calendar should be there: the State Council publishes it in November.
_CALENDAR_MONTH = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what there is to say."""

    name: str
    well: bool
    words: str

    def __str__(self) -> str:
        return f"{'正常' if self.well else '有问题'}  {self.name}:{self.words}"


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything; one finding each, whatever is broken."""
    looks: list[Callable[[Settings], Awaitable[Finding]]] = [
        _settings,
        _database,
        _secrets,
        _redis,
        _model,
        _calendar,
        _wechat,
        _notices,
        _clock,
    ]
    return [await look(settings) for look in looks]


async def _settings(settings: Settings) -> Finding:
    told = f"{settings.mode} 模式,公网地址 {settings.public_url}"
    if settings.mode == "development" and settings.secret_key == DEVELOPMENT_SECRET:
        told += ",密钥是开发用的(生产模式不接受)"
    return Finding("设置", True, told)


async def _database(settings: Settings) -> Finding:
    kind = "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"
    engine = create_engine(settings.database_url)
    try:
        async with AsyncSession(reading(engine)) as session:
            view = await load_view(session)
    except (SQLAlchemyError, OSError) as error:
        return Finding("数据库", False, f"{kind} 连不上或没有建表({_first_line(error)});运行 banshi prepare")
    finally:
        await engine.dispose()
    if not view.items:
        return Finding("数据库", False, f"{kind} 里没有事项;运行 banshi catalogue import 或 banshi prepare")
    return Finding("数据库", True, f"{kind},{len(view.items)} 个事项,{len(view.halls)} 个大厅")


async def _secrets(settings: Settings) -> Finding:
    engine = create_engine(settings.database_url)
    try:
        found = await sealed_under(engine, Seal(settings.secrets))
    except (SQLAlchemyError, OSError) as error:
        return Finding("密钥", False, f"数据库读不了({_first_line(error)}),看不到数据封在哪个密钥下")
    finally:
        await engine.dispose()
    if found.unknown:
        return Finding(
            "密钥",
            False,
            f"有 {found.unknown} 条数据封在别的密钥下,打不开;把原来的密钥放进 BANSHI_SECRET_KEY_PREVIOUS",
        )
    if found.previous:
        return Finding(
            "密钥",
            True,
            f"有 {found.previous} 条数据还封在旧密钥下,旧密钥不能去掉;运行 banshi reseal 换到新密钥下",
        )
    if settings.secret_key_previous:
        return Finding("密钥", True, "数据都封在现在的密钥下;BANSHI_SECRET_KEY_PREVIOUS 可以去掉了")
    return Finding("密钥", True, f"数据({found.current} 条)都封在现在的密钥下")


async def _redis(settings: Settings) -> Finding:
    try:
        async with _some_redis(settings) as redis:
            version = (await redis.info("server"))["redis_version"]
    except (RedisError, RedisStartError, OSError) as error:
        return Finding("Redis", False, f"连不上({_first_line(error)});看 BANSHI_REDIS_URL")
    return Finding("Redis", True, f"{version}({'外部' if settings.redis_url else '自带'})")


@contextlib.asynccontextmanager
async def _some_redis(settings: Settings) -> AsyncIterator[Redis]:
    async with contextlib.AsyncExitStack() as stack:
        url = settings.redis_url or await stack.enter_async_context(private_redis())
        redis = Redis.from_url(url)
        stack.push_async_callback(redis.aclose)
        yield redis


async def _model(settings: Settings) -> Finding:
    model = await asyncio.to_thread(active, settings.model_dir)
    if model is None:
        return Finding("模型", False, "还没有模型;运行 banshi train")
    try:
        fits = await asyncio.to_thread(Project.at(ROOT).fingerprint) == model.fingerprint
    except FileNotFoundError as error:
        return Finding("模型", False, f"训练数据不全:缺 {error}")
    trained = f"{model.trained_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 训练"
    return Finding("模型", True, f"{model.name},{trained}" + ("" if fits else ",之后训练数据改过,可以再训练"))


async def _calendar(settings: Settings) -> Finding:
    today = running_from(settings.clock)().astimezone(SHANGHAI)
    years = [today.year] + ([today.year + 1] if today.month >= _CALENDAR_MONTH else [])
    unknown = await _unknown_years(settings, years)
    if unknown:
        named = "、".join(map(str, unknown))
        return Finding(
            "日历",
            False,
            f"{named} 年的放假和调休还不知道,那些日子不能预约;国务院公布后写成文件,"
            f"运行 banshi calendar import 文件 --year {unknown[0]}",
        )
    return Finding("日历", True, f"{'、'.join(map(str, years))} 年的放假和调休已知")


async def _unknown_years(settings: Settings, years: list[int]) -> tuple[int, ...]:
    engine = create_engine(settings.database_url)
    try:
        async with AsyncSession(reading(engine)) as session:
            return await unknown_years(session, years)
    except (SQLAlchemyError, OSError):  # told of by the finding on the database
        return tuple(year for year in years if not calendar_covers(year))
    finally:
        await engine.dispose()


async def _wechat(settings: Settings) -> Finding:
    if settings.simulator:
        return Finding("微信", True, "用模拟器,不连真实公众号")
    try:
        async with (
            aiohttp.ClientSession() as http,
            _some_redis(settings) as redis,
        ):
            client = WeChatClient(
                http,
                redis,
                base=settings.wechat_api_base,
                appid=settings.wechat_appid,
                secret=settings.wechat_secret,
            )
            addresses = await client.callback_ips()
    except (WeChatError, RedisError, RedisStartError, OSError) as error:
        return Finding("微信", False, f"凭据或白名单不对({_first_line(error)})")
    return Finding(
        "微信", True, f"公众号 {settings.wechat_appid} 的凭据可用,推送来自 {len(addresses)} 个地址"
    )


async def _notices(settings: Settings) -> Finding:
    engine = create_engine(settings.database_url)
    try:
        async with AsyncSession(reading(engine)) as session:
            standing, waiting = await alarms(session), await counts(session)
    except (SQLAlchemyError, OSError) as error:
        return Finding("通知", False, f"数据库读不了({_first_line(error)}),看不到通知发得怎样")
    finally:
        await engine.dispose()
    if standing:
        told = ";".join(described(alarm) for alarm in standing)
        return Finding("通知", False, f"有 {len(standing)} 件要人处理:{told}")
    held = sum(waiting.get(state, 0) for state in HELD)
    ways = ["客服消息"] if not settings.late_by_retry else []
    ways += ["订阅通知"] if settings.wechat_subscriptions else []
    ways += ["模板消息"] if settings.wechat_templates else []
    ways += ["短信"] if settings.sms_provider else []
    by = "、".join(ways) or "没有发送渠道,等市民下次发消息时说"
    return Finding("通知", True, f"渠道:{by};等市民下次发消息的 {held} 条")


async def _clock(settings: Settings) -> Finding:
    if settings.clock is not None:
        return Finding("时钟", True, f"按 BANSHI_CLOCK 从 {settings.clock:%Y-%m-%d %H:%M} 走起(仅开发)")
    if settings.simulator:
        return Finding("时钟", True, f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}(北京时间)")
    off = await _seconds_off(settings.wechat_api_base)
    if off is None:
        return Finding("时钟", False, "连不上微信,没法对时;请用 NTP 校时")
    if off > MOST_SECONDS_OFF:
        return Finding("时钟", False, f"和微信差 {off:.0f} 秒;请用 NTP 校时")
    return Finding("时钟", True, f"和微信相差不到 {off + 1:.0f} 秒")


async def _seconds_off(base: str) -> float | None:
    timeout = aiohttp.ClientTimeout(total=_HTTP_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(base) as response:
            there = parsedate_to_datetime(response.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return None
    return abs((datetime.now(UTC) - there).total_seconds())


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
