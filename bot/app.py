"""The composition root: opens everything in order, runs the roles side by side, closes everything in
reverse.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import metadata
from typing import Any

import structlog
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter

from backend.clock import Clock, SystemClock
from backend.db.database import Database
from backend.keys.store import KeyStore
from backend.scp.source import GeneratedScpSource, ScpSource
from backend.supplies.central import CentralSystem, SqlCentralSystem
from backend.supplies.register import register_for
from bot import profile
from bot.elections import Duty, Office
from bot.feature import RunningFeature, check_names, follow_chat
from bot.features.languages import languages_feature
from bot.features.machinery import machinery
from bot.features.notices import notices_feature
from bot.features.scp import scp_feature
from bot.features.supplies import supplies_feature
from bot.http import HttpServer, health, telegram
from bot.intake import Poller, Store, Webhook
from bot.job_runner import JobRunner
from bot.limits import Limits
from bot.outage import Outage
from bot.request import AiohttpRequest, seconds_of
from bot.roles import ALL, Role
from bot.scheduler import Scheduler
from bot.sealer import Sealer
from bot.sender import Sender
from bot.settings import Settings
from bot.texts import texts
from bot.worker import Worker
from conversations.catalogue import Catalogue
from conversations.context import Services
from conversations.engine import Engine
from conversations.feature import Feature
from conversations.product import FEATURES

log = structlog.get_logger(__name__)

RESTART_SECONDS = 1.0
START_PAUSES = (0.25, 0.5, 1.0, 2.0)  # seconds


@dataclass(frozen=True)
class Ports:
    """What the product is connected to; tests and the demo choose otherwise."""

    clock: Clock = field(default_factory=SystemClock)
    central: Callable[[CentralSystem], CentralSystem] = lambda central: central
    scp: Callable[[], ScpSource] = GeneratedScpSource
    features: Sequence[Feature] = FEATURES
    running: Sequence[RunningFeature] = ()
    """What runs beside the product's own."""
    limits: bool = True


@dataclass(frozen=True)
class App:
    """A running bot."""

    bot: Bot
    database: Database
    http: HttpServer
    roles: Sequence[asyncio.Task[None]]


@asynccontextmanager
async def running(
    settings: Settings, ports: Ports | None = None, roles: Collection[Role] = ALL
) -> AsyncIterator[App]:
    """Run these roles of the bot in this process until the block ends."""
    ports = ports or Ports()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(settings.database))
        register = register_for(database, settings.register_file)
        stack.push_async_callback(register.close)
        keys = KeyStore(settings.keys)
        vault, signing = keys.vault(), keys.signing()
        request = AiohttpRequest()
        bot = Bot(
            settings.bot_token.get_secret_value(),
            base_url=f"{settings.bot_api}/bot",
            base_file_url=f"{settings.bot_api}/file/bot",
            request=request,
            get_updates_request=request,
        )
        await _insist(lambda: stack.enter_async_context(bot))
        services = Services(
            database=database,
            central=ports.central(SqlCentralSystem(register)),
            speak=texts,
            sid_pattern=settings.sid_pattern,
            declaration_version=settings.declaration_version,
            declaration_lasting=timedelta(hours=settings.declaration_hours),
            version=metadata.version("a486"),
        )
        catalogue = Catalogue(ports.features)
        features = [
            *machinery(timedelta(days=settings.dead_letter_days)),
            notices_feature(bot.id, catalogue.notices),
            languages_feature(bot),
            supplies_feature(services.central),
            scp_feature(database, ports.clock, ports.scp(), signing, vault),
            *ports.running,
        ]
        check_names(features)
        chat_moved = follow_chat(features)
        outage = Outage(bot)
        worker = Worker(
            database,
            ports.clock,
            bot,
            outage,
            Engine(catalogue),
            services,
            chat_moved,
            workers=settings.workers,
            turn_seconds=settings.turn_seconds,
            lease_seconds=settings.lease_seconds,
        )
        kinds = [kind for each in features for kind in each.job_kinds]
        job_runner = JobRunner(database, ports.clock, bot, kinds)
        sender = Sender(database, ports.clock, bot, Limits(enforced=ports.limits), vault, chat_moved)
        # Where other processes may want the work too, the bell shares it out.
        write = worker.write if database.is_sqlite else database.write
        store = Store(write, ports.clock, bot.id, outage)
        secret = settings.webhook_secret.get_secret_value()
        groups = [health(database), *(group for each in features for group in each.routes)]
        if settings.webhook_url and Role.INTAKE in roles:
            groups.append(telegram(Webhook(store, secret)))
        http = await stack.enter_async_context(HttpServer(settings.listen_host, settings.listen_port, groups))
        checks = [check for each in features for check in each.due_checks]
        scheduler = Scheduler(database, ports.clock, checks)
        sealer = Sealer(database, ports.clock, signing)
        duties: dict[Role, tuple[str, Callable[[], Awaitable[None]]]] = {
            Role.WORKER: ("worker", worker.run),
            Role.ERRANDS: ("errands", job_runner.run),
            Role.SENDER: ("sender", _elected("sender", database, sender.run)),
            Role.SCHEDULER: (
                "scheduler",
                _elected("scheduler", database, scheduler.run),
            ),
            Role.SEALER: ("sealer", _elected("sealer", database, sealer.run)),
        }
        if not settings.webhook_url:
            poller = Poller(bot, store)
            duties[Role.INTAKE] = ("poller", _elected("poller", database, poller.run, outlasts=True))
        if Role.INTAKE in roles:
            await _insist(lambda: profile.introduce(bot, settings.webhook_url, secret))
        tasks = [
            asyncio.create_task(_keep_running(*duty), name=f"role-{duty[0]}")
            for role, duty in duties.items()
            if role in roles
        ]
        stack.push_async_callback(_stop, tasks)
        log.info("bot.started", bot=bot.id, username=bot.username, http_port=http.port, roles=sorted(roles))
        yield App(bot, database, http, tasks)
    log.info("bot.stopped")


async def _insist(call: Callable[[], Awaitable[Any]]) -> None:
    """A start waits for Telegram a little, since a moment without it is nobody's mistake; a wrong address or
    token is somebody's, and is said soon.
    """
    for seconds in START_PAUSES:
        try:
            await call()
            return
        except InvalidToken:
            raise
        except RetryAfter as error:
            log.warning("start.put_off", error=str(error))
            await asyncio.sleep(seconds_of(error))
        except NetworkError as error:
            log.warning("start.put_off", error=str(error))
            await asyncio.sleep(seconds)
    await call()


def _elected(
    name: str, database: Database, duty: Duty, *, outlasts: bool = False
) -> Callable[[], Awaitable[None]]:
    # Where the database is a file, who cannot write to it knows that nobody else can.
    return lambda: Office(name, database, outlasts=outlasts and database.is_sqlite).serve(duty)


async def _keep_running(name: str, duty: Callable[[], Awaitable[Any]]) -> None:
    """A role that fails is begun again: the others depend on it."""
    structlog.contextvars.bind_contextvars(role=name, run=secrets.token_hex(3))
    while True:
        try:
            await duty()
        except Exception:
            log.exception("role.failed", role=name)
            await asyncio.sleep(RESTART_SECONDS)


async def _stop(roles: Sequence[asyncio.Task[None]]) -> None:
    for role in reversed(roles):
        role.cancel()
    await asyncio.gather(*roles, return_exceptions=True)
