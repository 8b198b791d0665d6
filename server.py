"""The composition root: reads settings, wires the parts, serves HTTP. The only place that knows them all."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from aiohttp import web
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import h5, health
from bot.clock import Clock, running_from
from bot.conversations import Conversations
from bot.h5.login import Login
from bot.h5.own import OwnDesk
from bot.h5.privacy import CONVERSATION_DAYS
from bot.h5.reminders import SDK, Popups
from bot.h5.signing import Links
from bot.inbox import Inbox
from bot.knowledge import Knowledge, search_directory
from bot.live import Live
from bot.locks import Leases
from bot.models import ModelKeeper
from bot.notices.consequences import consequences
from bot.notices.desk import NoticesDesk
from bot.notices.dispatch import CONNECTIONS
from bot.notices.equipping import equipped
from bot.outbox import Outbox, SendText
from bot.preparing import make_directory
from bot.queue_upkeep import QueueUpkeep
from bot.redis_server import private_redis
from bot.retention import forgetting
from bot.settings import Settings
from bot.turn import Announce, Turn, TurnSettings, Visit
from bot.upkeep import Upkeep
from bot.wechat import callback
from bot.wechat.client import WeChatClient
from bot.wechat.crypto import Crypto
from bot.wechat.menu import DEFAULT_MENU
from console.app import create_app as create_console
from console.first_start import first_password
from console.house import House
from console.pages.codes import CODES, CodeMaker
from console.visit import HOUSE
from hall.db import create_engine
from hall.migrate import upgrade
from hall.people.service import Vault
from hall.sealing import Seal
from nlu.agent.understanding import Understanding

if TYPE_CHECKING:
    from actions.desk import Desk

log = structlog.get_logger(__name__)

# A retry of WeChat's and a slow turn both end within this.
SHUTDOWN_SECONDS = 10.0
# Bytes; a longer address than that is aiohttp's to refuse, in English and with a word in its log.
LONGEST_LINE = 65_536
SIMULATED_SDK = "/simulator/static/jweixin.js"


@dataclass(slots=True)
class Core:
    """What every command that talks or searches needs."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    seal: Seal
    vault: Vault
    links: Links
    conversations: Conversations
    knowledge: Knowledge


@contextlib.asynccontextmanager
async def opened_core(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Core]:
    """Database (its tables up to date) and catalogue, for as long as the context lasts."""
    make_directory(settings.data_dir)
    engine = create_engine(settings.database_url)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        await upgrade(engine)
        knowledge = Knowledge(engine, search_directory(settings.data_dir))
        await knowledge.refresh()
        seal = Seal(settings.secrets)
        conversations = Conversations(engine, seal)
        stack.push_async_callback(conversations.close)
        vault = Vault.of(settings.secrets)
        at = clock or running_from(settings.clock)
        links = Links(settings.secrets, settings.public_url)
        yield Core(settings, at, engine, seal, vault, links, conversations, knowledge)


async def load_understanding(settings: Settings) -> Understanding:
    """The active model with this product's actions. Raises NoModelError, ModelError."""
    keeper = model_keeper(settings)
    await keeper.refresh()
    return keeper.current()


def model_keeper(settings: Settings) -> ModelKeeper:
    """Holds the active model, with this product's actions."""

    async def load(path: Path) -> Understanding:
        from actions.registry import all_actions

        return await Understanding.load(path, actions=all_actions())

    return ModelKeeper(settings.model_dir, load)


def build_turn(
    core: Core,
    understanding: Callable[[], Understanding],
    sender: SendText,
    announce: Announce | None = None,
    notices: NoticesDesk | None = None,
    **how: Any,
) -> Turn:
    """The turn over an opened core."""
    return Turn(
        **({"announce": announce} if announce is not None else {}),
        notices=notices,
        engine=core.engine,
        conversations=core.conversations,
        outbox=Outbox(core.engine, sender, core.seal, core.clock),
        understanding=understanding,
        at_desk=desk_setter(core),
        clock=core.clock,
        settings=TurnSettings(
            session_idle=timedelta(minutes=core.settings.session_idle_minutes),
            **{"tappable": core.settings.wechat_tap_choices, "late_by_retry": False} | how,
        ),
    )


def desk_setter(core: Core) -> Callable[[Visit], AbstractContextManager[Desk]]:
    """How a turn sets the desk at which its actions stand."""
    from actions.desk import Desk, Heard, standing_at

    rules, queue_rules = core.settings.booking_rules, core.settings.queue_rules
    subscriptions = {kind: template.id for kind, template in core.settings.wechat_subscriptions.items()}

    def at_desk(visit: Visit) -> AbstractContextManager[Desk]:
        return standing_at(
            Desk(
                now=visit.now,
                citizen=visit.openid,
                catalogue=core.knowledge.view,
                search=core.knowledge.index,
                public_url=core.settings.public_url,
                session=visit.transaction.session,
                read=visit.transaction.read,
                position=visit.position,
                heard=Heard(visit.text),
                push=visit.push,
                rules=rules,
                queue_rules=queue_rules,
                ticket_metres=core.settings.queue_ticket_metres,
                vault=core.vault,
                link=lambda path: core.links.sign(path, visit.openid, visit.now),
                subscriptions=subscriptions,
                changed=visit.transaction.changed.add,
                forget=visit.transaction.forget,
            )
        )

    return at_desk


@contextlib.asynccontextmanager
async def opened_redis(settings: Settings) -> AsyncIterator[Redis]:
    """The Redis the settings name, or a private one. Raises RedisStartError."""
    async with AsyncExitStack() as stack:
        url = settings.redis_url or await stack.enter_async_context(
            private_redis(settings.data_dir / "redis")
        )
        redis = Redis.from_url(url, max_connections=64)
        stack.push_async_callback(redis.aclose)
        yield redis


@contextlib.asynccontextmanager
async def application(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[web.Application]:
    """The whole product as one aiohttp application, running for as long as the context lasts.

    Tests hand in a `clock` of their own.
    """
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(opened_core(settings, clock=clock))
        redis = await stack.enter_async_context(opened_redis(settings))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        client = _client(settings, http, redis)
        models = model_keeper(settings)
        await models.refresh()
        live = Live(redis)
        await stack.enter_async_context(live.running())
        # Connections of their own: a backlog of notices must not keep late answers waiting for one.
        sending = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
        )
        notices = notices_desk(core, _client(settings, sending, redis), sending)
        turn = build_turn(
            core, models.current, client, live.announce, notices, late_by_retry=settings.late_by_retry
        )
        inbox = Inbox(
            Leases(redis),
            turn,
            late_by_retry=settings.late_by_retry,
            messages_per_minute=settings.messages_per_minute,
        )
        await stack.enter_async_context(core.knowledge.kept_fresh())
        await stack.enter_async_context(models.kept_fresh())
        await stack.enter_async_context(turn.outbox.sweeping())
        await stack.enter_async_context(notices.running(lambda: live.listening("notices")))
        await stack.enter_async_context(forgetting(core.engine, core.clock, settings.conversation_days))
        upkeep = Upkeep(core.engine, core.clock, settings.booking_rules, live.announce)
        await stack.enter_async_context(upkeep.running())
        queues = QueueUpkeep(core.engine, core.clock, settings.queue_rules, live.announce)
        await stack.enter_async_context(queues.running())
        stack.push_async_callback(inbox.drain)
        app = web.Application()
        app[CONVERSATION_DAYS] = settings.conversation_days
        app.add_routes(callback.routes(callback.Callback(_crypto(settings), inbox, running_from(None))))
        app.add_routes(health.routes(core.engine, redis))
        own = own_pages(core, redis, client, live)
        app.add_subapp("/h5/", h5.create_app(core.knowledge, core.clock, own))
        app[HOUSE], app[CODES] = console_house(core, redis, live), code_maker(client)
        app.add_subapp("/console/", create_console(app[HOUSE]))
        if settings.simulator:
            app.add_subapp("/simulator/", _simulator(settings))
        yield app


def notices_desk(core: Core, client: WeChatClient, http: aiohttp.ClientSession) -> NoticesDesk:
    """The notices desk over an opened core."""
    return NoticesDesk(
        core.engine,
        core.conversations,
        equipped(core.settings, client, http, core.engine, core.vault, core.clock),
        lambda: core.knowledge.view,
        core.clock,
        undeliverable=consequences(core.settings.booking_rules),
    )


def console_house(core: Core, redis: Redis, live: Live) -> House:
    """What the console is given."""
    return House(
        engine=core.engine,
        redis=redis,
        live=live,
        library=core.knowledge,
        clock=core.clock,
        secrets=core.settings.secrets,
        public_url=core.settings.public_url,
        vault=core.vault,
        behind_proxy=core.settings.behind_proxy,
        booking_rules=core.settings.booking_rules,
        queue_rules=core.settings.queue_rules,
    )


def code_maker(client: WeChatClient) -> CodeMaker:
    """How the console has codes made that hang in a hall for good."""

    async def make(scene: str) -> str:
        return (await client.create_qr(scene, None)).url

    return CodeMaker(make)


def own_pages(core: Core, redis: Redis, client: WeChatClient, live: Live) -> OwnDesk:
    """Where a citizen's own pages stand."""
    settings, login = core.settings, None
    if settings.wechat_page_login == "wechat":
        login = Login(
            core.links,
            appid=settings.wechat_appid,
            base=settings.wechat_login_base,
            user_of=client.oauth_user,
        )
    popups = Popups(
        settings.wechat_appid,
        client.jsapi_ticket,
        settings.wechat_subscriptions,
        script=SIMULATED_SDK if settings.simulator else SDK,
        sms=bool(settings.sms_provider and settings.sms_templates),
    )
    return OwnDesk(
        core.engine, core.vault, core.links, redis, settings.booking_rules, login, live.announce, popups
    )


def _crypto(settings: Settings) -> Crypto:
    keys = [settings.wechat_aes_key, settings.wechat_aes_key_previous]
    return Crypto(
        token=settings.wechat_token,
        appid=settings.wechat_appid,
        aes_keys=[key for key in keys if key] if settings.wechat_mode != "plain" else [],
    )


def _simulator(settings: Settings) -> web.Application:
    from simulator.app import create_app
    from simulator.settings import SimulatorSettings

    here = f"http://127.0.0.1:{settings.port}"
    return create_app(
        SimulatorSettings(
            callback_url=f"{here}/wechat",
            appid=settings.wechat_appid,
            secret=settings.wechat_secret,
            token=settings.wechat_token,
            aes_key=settings.wechat_aes_key,
            mode=settings.wechat_mode,
            base_url=f"{here}/simulator",
        )
    )


async def serve(settings: Settings, *, reuse_port: bool, started: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; running turns are let end.

    `started` is told the password of the first admin, where one was made now, else "".
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with application(settings) as app:
        # What was loaded stays: the collector need not walk it again and again.
        gc.collect()
        gc.freeze()
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, max_line_size=LONGEST_LINE
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.host, settings.port, reuse_port=reuse_port or None).start()
            if settings.simulator:
                # The simulated account starts without a menu, as a new one does; a developer expects ours.
                await push_menu(settings, DEFAULT_MENU)
            house = app[HOUSE]
            started(await first_password(house.engine, house.passwords, house.clock))
            await stop.wait()
        finally:
            await runner.cleanup()


async def ask(settings: Settings, text: str, user: str) -> dict[str, Any]:
    """One message as if it came from WeChat: the answer's parts, the choices behind it."""
    from bot.asking import Printer, asked

    async with opened_core(settings) as core:
        understanding = await load_understanding(settings)
        printer = Printer()
        turn = build_turn(core, lambda: understanding, printer, tappable=False)
        return await asked(turn, printer, text, user)


async def push_menu(settings: Settings, file: Path) -> None:
    """Send the menu in `file` to WeChat. Raises MenuError, WeChatError."""
    from bot.wechat.menu import load_menu, push_menu

    async with AsyncExitStack() as stack:
        # The token is fetched anew: a private Redis of the running desk is not to be started twice.
        url = settings.redis_url or await stack.enter_async_context(private_redis())
        redis = Redis.from_url(url)
        stack.push_async_callback(redis.aclose)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        menu = load_menu(file, public_url=settings.public_url)
        await push_menu(_client(settings, http, redis), menu)


def _client(settings: Settings, http: aiohttp.ClientSession, redis: Redis) -> WeChatClient:
    return WeChatClient(
        http,
        redis,
        base=settings.wechat_api_base,
        appid=settings.wechat_appid,
        secret=settings.wechat_secret,
    )


def main() -> None:
    """The command line `banshi`; `python server.py` alone serves."""
    from bot.cli import build

    build(sys.modules[__name__])(prog_name="banshi")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.argv.append("serve")
    main()
