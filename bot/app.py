"""The composition root: opens everything in order, runs the roles side by side, closes everything in
reverse.
"""

from __future__ import annotations

import asyncio
import gc
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

from backend.central.client import CentralClient
from backend.central.supplies import HttpCentralSystem
from backend.core.clock import Clock, SystemClock
from backend.core.db.database import Database
from backend.core.keys.store import KeyStore
from backend.core.mail.mailer import Mailer
from backend.documents.links import Links
from backend.scp.source import ScpSource
from backend.supplies.central import CentralSystem, SqlCentralSystem
from backend.supplies.register import register_for
from bot.core import profile
from bot.core.central import client_for
from bot.core.feature import RunningFeature, check_names, follow_chat
from bot.core.http import HttpServer, health
from bot.core.intake import Poller, Store, Webhook, telegram
from bot.core.jobs.runner import JobRunner
from bot.core.leadership import LeaderElection, LeaderRun
from bot.core.mail import mailer_for
from bot.core.request import AiohttpRequest, seconds_of
from bot.core.roles import ALL, ProcessRole
from bot.core.scheduler import Scheduler
from bot.core.sealer import Sealer
from bot.core.sending.limits import Limits
from bot.core.sending.sender import Sender
from bot.core.settings import ScpOrigin, Settings
from bot.core.turns.at_once import TurnsAtOnce
from bot.core.turns.outage import Outage
from bot.core.turns.turn import Turns
from bot.core.turns.worker import Worker
from bot.product import running_features
from bot.scp.feature import source_for
from conversations.core.catalogue import Catalogue
from conversations.core.context import Retention, Services
from conversations.core.engine import Engine
from conversations.core.feature import Feature
from conversations.core.texts import texts
from conversations.product import FEATURES

log = structlog.get_logger(__name__)

RESTART_SECONDS = 1.0
START_PAUSES = (0.25, 0.5, 1.0, 2.0)  # seconds


@dataclass(frozen=True)
class Ports:
    """The outside world of the product; tests and the demo plug in their own."""

    clock: Clock = field(default_factory=SystemClock)
    central: Callable[[CentralSystem], CentralSystem] = lambda central: central
    scp: Callable[[Settings, CentralClient | None], ScpSource] = source_for
    mailer: Callable[[Settings], Mailer] = mailer_for
    features: Sequence[Feature] = FEATURES
    running: Sequence[RunningFeature] = ()
    """Features that run beside the product's own."""
    limits: bool = True


@dataclass(frozen=True)
class App:
    """A running bot."""

    bot: Bot
    database: Database
    http: HttpServer
    roles: Sequence[asyncio.Task[None]]


@dataclass(frozen=True)
class RoleRun:
    """A role as this process runs it, with its name in the log."""

    role: ProcessRole
    name: str
    run: Callable[[], Awaitable[None]]


def _led(
    role: ProcessRole, name: str, run: LeaderRun, database: Database, *, outlasts: bool = False
) -> RoleRun:
    """A role that one process at a time runs. `name` is that of its lease."""
    # Where the database is a file, who cannot write to it knows that nobody else can.
    election = LeaderElection(name, database, outlasts=outlasts and database.is_sqlite)
    return RoleRun(role, name, lambda: election.serve(run))


@asynccontextmanager
async def running(
    settings: Settings, ports: Ports | None = None, roles: Collection[ProcessRole] = ALL
) -> AsyncIterator[App]:
    """Run these roles of the bot in this process until the block ends."""
    ports = ports or Ports()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(settings.database))
        register = register_for(database, settings.register_file)
        stack.push_async_callback(register.close)
        keys = KeyStore(settings.keys)
        vault, signing = keys.vault(), keys.signing()
        bot = _bot(settings)
        await _retry_start(lambda: stack.enter_async_context(bot))
        catalogue = Catalogue(ports.features)
        client = client_for(settings)
        if client is not None:
            await stack.enter_async_context(client)
        services = Services(
            database=database,
            central=ports.central(
                SqlCentralSystem(register) if client is None else HttpCentralSystem(client)
            ),
            speak=texts,
            sid_pattern=settings.sid_pattern,
            look_up_limits=settings.look_up_limits,
            declaration_version=settings.declaration_version,
            declaration_lasting=timedelta(hours=settings.declaration_hours),
            version=metadata.version("a486"),
            retention=Retention(
                dead_letters=settings.dead_letter_days,
                messages=settings.post_days,
                notices=settings.notice_days,
                requests=settings.bulk_days,
                registrations=settings.registration_days,
                programming=settings.programming_days,
                tickets=settings.ticket_days,
            ),
            scp_uploaded=settings.scp_source is ScpOrigin.UPLOADED,
            central_told=client is not None,
            gateway=settings.bridge_url,
            server_key=signing.public_key.public_bytes_raw(),
            working_hours=settings.working_hours,
            document_links=Links(signing, settings.public_url) if settings.public_url else None,
            send_bytes=settings.send_megabytes * 1024 * 1024,
            menu=catalogue.menu,
            commands=catalogue.command_items,
            optional_notices=catalogue.optional_notices,
        )
        features = (
            *running_features(
                settings=settings,
                database=database,
                clock=ports.clock,
                bot=bot,
                catalogue=catalogue,
                central=services.central,
                central_client=client,
                scp_source=ports.scp(settings, client),
                signing=signing,
                vault=vault,
                mailer=ports.mailer(settings),
                announcements=lambda: list(keys.announcements().values()),
                document_links=services.document_links,
            ),
            *ports.running,
        )
        check_names(features)
        chat_moved = follow_chat(features)
        outage = Outage(bot)
        turns = Turns(database, bot, Engine(catalogue), services, chat_moved)
        worker = Worker(
            database,
            ports.clock,
            outage,
            turns,
            workers=settings.workers,
            turn_seconds=settings.turn_seconds,
            lease_seconds=settings.lease_seconds,
        )
        jobs = JobRunner(database, ports.clock, bot, [kind for each in features for kind in each.job_kinds])
        sender = Sender(database, ports.clock, bot, Limits(enforced=ports.limits), vault, chat_moved)
        works = ProcessRole.WORKER in roles
        at_once = TurnsAtOnce(database, ports.clock, turns, sender) if works else None
        store = Store(database, ports.clock, bot.id, outage, at_once)
        scheduler = Scheduler(
            database, ports.clock, [check for each in features for check in each.due_checks]
        )
        table = [
            RoleRun(ProcessRole.WORKER, "worker", worker.run),
            RoleRun(ProcessRole.JOBS, "jobs", jobs.run),
            _led(ProcessRole.SENDER, "sender", sender.run, database),
            _led(ProcessRole.SCHEDULER, "scheduler", scheduler.run, database),
            _led(ProcessRole.SEALER, "sealer", Sealer(database, ports.clock, signing).run, database),
            *(_led(led.role, led.name, led.run, database) for each in features for led in each.led),
        ]
        facts = [fact for each in features for fact in each.facts]
        groups = [health(database, facts), *(group for each in features for group in each.routes)]
        secret = settings.webhook_secret.get_secret_value()
        if not settings.webhook_url:
            table.append(_led(ProcessRole.INTAKE, "poller", Poller(bot, store).run, database, outlasts=True))
        else:
            groups.append(telegram(Webhook(store, secret)))
        served = [group for group in groups if group.role is None or group.role in roles]
        http = await stack.enter_async_context(HttpServer(settings.listen_host, settings.listen_port, served))
        # What was made until here lasts: looked through at every full collection, it makes turns wait for it.
        gc.freeze()
        stack.callback(gc.unfreeze)
        if ProcessRole.INTAKE in roles:
            commands = catalogue.slash_commands
            await _retry_start(lambda: profile.introduce(bot, commands, settings.webhook_url, secret))
        tasks = [
            asyncio.create_task(_keep_running(each.name, each.run), name=f"role-{each.name}")
            for each in table
            if each.role in roles
        ]
        stack.push_async_callback(_stop, tasks)
        log.info("bot.started", bot=bot.id, username=bot.username, http_port=http.port, roles=sorted(roles))
        yield App(bot, database, http, tasks)
    log.info("bot.stopped")


def _bot(settings: Settings) -> Bot:
    request = AiohttpRequest()
    return Bot(
        settings.bot_token.get_secret_value(),
        base_url=f"{settings.bot_api}/bot",
        base_file_url=f"{settings.bot_api}/file/bot",
        request=request,
        get_updates_request=request,
    )


async def _retry_start(call: Callable[[], Awaitable[Any]]) -> None:
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


async def _keep_running(name: str, run: Callable[[], Awaitable[Any]]) -> None:
    """A role that fails is begun again: the others depend on it."""
    structlog.contextvars.bind_contextvars(role=name, run=secrets.token_hex(4))
    while True:
        try:
            await run()
        except Exception:
            log.exception("role.failed", role=name)
            await asyncio.sleep(RESTART_SECONDS)


async def _stop(roles: Sequence[asyncio.Task[None]]) -> None:
    for role in reversed(roles):
        role.cancel()
    await asyncio.gather(*roles, return_exceptions=True)
