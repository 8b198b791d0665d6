"""For load balancers and monitoring: /healthz (the process), /readyz (what it needs), /metrics."""

from __future__ import annotations

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from hall.db import reading

log = structlog.get_logger(__name__)


def routes(engine: AsyncEngine, redis: Redis) -> list[web.RouteDef]:
    """The three routes, for `Application.add_routes`."""

    async def ready(_: web.Request) -> web.Response:
        missing = [
            name
            for name, answers in (("database", await _database(engine)), ("redis", await _redis(redis)))
            if not answers
        ]
        return web.json_response({"ready": not missing, "missing": missing}, status=503 if missing else 200)

    return [web.get("/healthz", _alive), web.get("/readyz", ready), web.get("/metrics", _metrics)]


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _database(engine: AsyncEngine) -> bool:
    try:
        async with reading(engine).connect() as connection:
            await connection.execute(text("select 1"))
    except (SQLAlchemyError, OSError) as error:
        log.warning("database_away", reason=type(error).__name__)
        return False
    return True


async def _redis(redis: Redis) -> bool:
    try:
        await redis.ping()
    except (RedisError, OSError) as error:
        log.warning("redis_away", reason=type(error).__name__)
        return False
    return True
