"""The demo: the whole product on this machine, made-up people and supplies, a phone in the browser."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import Connection

from backend.associations import service as associations
from backend.associations.values import AssociationRequest, Configuration
from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.core.keys.store import KeyStore
from backend.devices.importer import import_devices
from backend.devices.values import DeviceType
from backend.identity import service as identity
from backend.identity.permissions import Role, StaffRole
from backend.identity.values import Actor
from backend.staff_group import service as staff_group
from backend.supplies.central import CentralSystemWithFaults, SqlCentralSystem
from backend.supplies.importer import import_register
from backend.supplies.pod import Pod
from backend.supplies.register import register_for
from backend.supplies.values import SupplyFound
from backend.tickets import digest
from bot import app as application
from bot.app import Ports
from bot.core.settings import CentralKind, ScpOrigin, Settings, load
from sandbox import showcase
from sandbox.bench import bench_nids, free_port, gateway_settings, pair, running_bench
from sandbox.central import StubCentral
from sandbox.faults import Fault
from sandbox.history import History
from sandbox.mailbox import HOST as MAIL_HOST
from sandbox.mailbox import Mailbox
from sandbox.samples import FOLDER, publish_samples, write_samples
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User


@dataclass(frozen=True)
class Persona:
    """Somebody who uses the demo: their place with an integrator, or among the staff, or none yet."""

    name: str
    note: str
    language: str = "it"
    integrator: str = ""
    role: Role = Role.CONFIGURATOR
    staff: StaffRole | None = None


PERSONAS = (
    Persona("Configuratore", "Configuratore di Impianti Demo", integrator=showcase.OURS),
    Persona("Collega", "Altro configuratore di Impianti Demo", integrator=showcase.OURS),
    Persona("Installer", "Configuratore di Elettro Demo, in inglese", "en", showcase.OTHERS),
    Persona("Referente", "Referente di Impianti Demo", integrator=showcase.OURS, role=Role.REFERENT),
    Persona(
        "Tecnico",
        "Tecnico di Impianti Demo, con un portatile",
        integrator=showcase.OURS,
        role=Role.TECHNICIAN,
    ),
    Persona("Commerciale", "Personale: contratti e abilitazioni", staff=StaffRole.COMMERCIAL),
    Persona("Assistenza", "Personale: assistenza", staff=StaffRole.SUPPORT),
    Persona("Auditor", "Personale: controllo del registro", staff=StaffRole.AUDITOR),
    Persona("Amministratore", "Personale: amministrazione", staff=StaffRole.ADMINISTRATOR),
    Persona("Visitatore", "Non è ancora registrato"),
)


STAFF_GROUP = "Assistenza A486"
"""The forum in which the staff answers tickets."""
MARK = ".a486-demo"
"""Stands in a folder that a demo made, and that the next one may therefore delete."""


class NotOurs(Exception):
    """The folder holds something that no demo put there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty and was not made by a demo: choose another --folder")


@dataclass(frozen=True)
class RunningDemo:
    """A running demo."""

    api: LocalBotApi
    app: application.App
    people: tuple[User, ...]
    settings: Settings


def ports(*, limits: bool = True, central: CentralKind = CentralKind.LOCAL) -> Ports:
    """The ports of the demo's bot: the register, with faults that a healthy one cannot show; a central system
    over HTTP has its own.
    """
    if central is CentralKind.HTTP:
        return Ports(limits=limits)
    return Ports(central=lambda inner: CentralSystemWithFaults(inner, showcase.faults()), limits=limits)


@asynccontextmanager
async def stage(
    *, port: int = 0, limits: bool = True, history: History | None = None
) -> AsyncIterator[tuple[LocalBotApi, Bot, tuple[User, ...]]]:
    """A local Bot API with the demo's bot, people and cheat sheet; the bot does not run yet."""
    api = LocalBotApi(limits=limits, history=history)
    await api.start(port=port)
    try:
        bot = api.add_bot("A486", "a486_demo_bot")
        people = tuple(
            api.add_user(each.name, language_code=each.language, note=each.note) for each in PERSONAS
        )
        api.notes = list(showcase.notes())
        yield api, bot, people
    finally:
        await api.stop()


def settings_for(
    api: LocalBotApi, bot: Bot, folder: Path, database_url: str = "", **others: object
) -> Settings:
    """The settings of the demo's bot; `others` are settings by name."""
    return load(
        bot_token=SecretStr(bot.token),
        bot_api=api.base_url,
        data=folder,
        database_url=database_url,
        **{"listen_port": 0, **others},
    )


def mail_settings(mailbox: Mailbox) -> dict[str, object]:
    """The settings by which the bot's e-mail comes to this mailbox, whatever the environment says."""
    return {
        "smtp_host": MAIL_HOST,
        "smtp_port": mailbox.port,
        "smtp_security": "none",
        "smtp_user": "",
        "smtp_password": "",
        "mail_from": "A486 Demo <a486@demo.example>",
    }


@asynccontextmanager
async def central_settings(central: CentralKind) -> AsyncIterator[dict[str, object]]:
    """The settings by which the bot asks the register on this machine, or a stub of the central system that
    runs until the block ends, whatever the environment says.
    """
    if central is CentralKind.LOCAL:
        yield {"central": central, "central_url": "", "central_token": ""}
        return
    async with StubCentral(showcase.as_supplies(), faults=showcase.faults(), looks=1) as stub:
        yield {"central": central, "central_url": stub.url, "central_token": stub.token}


@asynccontextmanager
async def running_demo(
    folder: Path,
    port: int = 0,
    faults: Sequence[Fault] = (),
    seed: int = 0,
    *,
    limits: bool = True,
    scp: ScpOrigin = ScpOrigin.GENERATED,
    central: CentralKind = CentralKind.LOCAL,
) -> AsyncIterator[RunningDemo]:
    """Run the demo with its data in `folder`, which is made anew, with these faults, and within Telegram's
    limits or without. `scp`: where its SCP files come from. `central`: whether a stub of the central system
    is asked, over HTTP.
    """
    async with AsyncExitStack() as stack:
        # First, so that a demo that runs is not disturbed.
        api, bot, people = await stack.enter_async_context(stage(port=port, limits=limits))
        await asyncio.to_thread(_make_anew, folder)
        mailbox = await stack.enter_async_context(Mailbox())
        api.show_mail(mailbox)
        gateway = gateway_settings(free_port())
        port_of_files = free_port()
        elsewhere = await stack.enter_async_context(central_settings(central))
        settings = settings_for(
            api,
            bot,
            folder,
            "",
            **mail_settings(mailbox),
            **gateway,
            **elsewhere,
            scp_source=scp,
            listen_port=port_of_files,
            public_url=f"http://127.0.0.1:{port_of_files}",
        )
        await prepare(settings, [person.id for person in people])
        await publish_samples(settings.database, write_samples(folder))
        await _found_staff_group(api, bot, people, settings)
        app = await stack.enter_async_context(
            application.running(settings, ports(limits=limits, central=central))
        )
        technician = next(
            user.id for user, persona in zip(people, PERSONAS, strict=True) if persona.role is Role.TECHNICIAN
        )
        server_key = KeyStore(settings.keys).signing().public_key.public_bytes_raw()
        laptop = await pair(app.database, technician, server_key, settings.bridge_url, folder / "laptop")
        await stack.enter_async_context(running_bench(laptop, bench_nids()))
        api.faults.switch(faults, seed)
        yield RunningDemo(api, app, people, settings)


async def _found_staff_group(api: LocalBotApi, bot: Bot, people: Sequence[User], settings: Settings) -> None:
    """A forum of the staff who answer tickets, an administrator's, as the staff group."""
    roles = (StaffRole.ADMINISTRATOR, StaffRole.SUPPORT, StaffRole.COMMERCIAL)
    by_role = {persona.staff: user for user, persona in zip(people, PERSONAS, strict=True)}
    members = [by_role[role] for role in roles]
    group = api.add_group(STAFF_GROUP, bot, members, is_forum=True)

    def choose(connection: Connection) -> None:
        administrator = identity.actor_of(connection, members[0].id)
        if administrator is None:
            raise RuntimeError("the demo has no administrator")
        staff_group.choose(connection, administrator, bot.id, group.id, datetime.now(UTC))

    async with Database(settings.database) as database:
        await database.write(choose)


def _make_anew(folder: Path) -> None:
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).exists():
            raise NotOurs(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


async def prepare(settings: Settings, people: Sequence[int]) -> None:
    """Load the registers, let the people (Telegram ids) in, and associate what the cheat sheet calls
    associated.
    """
    KeyStore(settings.keys).init()
    await migrate(settings.database)
    supplies_file, devices_file = showcase.write_files(settings.data)
    showcase.write_bulk_example(settings.data)
    async with Database(settings.database) as database:
        await import_register(supplies_file, database=database, register_path=settings.register_file)
        members = await database.write(lambda connection: _let_in(connection, people))
        # The day has begun: nobody is told of it later.
        await database.write(
            lambda connection: digest.begin_day(connection, datetime.now(UTC), settings.working_hours)
        )
        await import_devices(devices_file, database=database, sid_pattern=settings.sid_pattern)
        register = register_for(database, settings.register_file)
        try:
            central = SqlCentralSystem(register)
            for case in showcase.cases():
                if case.associated_by is not None:
                    await _associate(database, central, members[case.associated_by], case)
        finally:
            await register.close()


def _let_in(connection: Connection, people: Sequence[int]) -> dict[str, Actor]:
    at = datetime.now(UTC)
    for code, name in showcase.INTEGRATORS.items():
        identity.add_integrator(connection, code=code, business_name=name, at=at)
    members = {}
    for number, persona in zip(people, PERSONAS, strict=True):
        if persona.integrator:
            member = identity.add_member(
                connection,
                telegram_user_id=number,
                display_name=persona.name,
                integrator_code=persona.integrator,
                role=persona.role,
                enabled=True,
                at=at,
            )
            if persona.role is Role.CONFIGURATOR:
                members[persona.integrator] = member
        if persona.staff is not None:
            identity.add_staff(
                connection,
                telegram_user_id=number,
                display_name=persona.name,
                role=persona.staff,
                at=at,
            )
    return members


async def _associate(
    database: Database, central: SqlCentralSystem, member: Actor, case: showcase.Case
) -> None:
    pod = Pod(case.pod, case.pod)
    facts = await central.look_up(pod)
    if not isinstance(facts, SupplyFound):
        raise RuntimeError(f"the register lacks {pod.masked}")
    number = 1 if case.associated_by == showcase.OURS else 501
    request = AssociationRequest(
        pod=pod,
        sid=showcase.sid("MOME", number),
        nid=None,
        device_type=DeviceType.MOME,
        configuration=Configuration.STANDARD,
    )

    def work(connection: Connection) -> Any:
        return associations.create(connection, member, request, facts, datetime.now(UTC))

    await database.write(work)


def _central_command(demo: RunningDemo) -> str:
    """The command that says what the stub, which lasts as long as the demo, is still to be told."""
    settings = demo.settings
    return (
        f"A486_DATA={settings.data} A486_CENTRAL=http A486_CENTRAL_URL={settings.central_url}"
        f" A486_CENTRAL_TOKEN={settings.central_token.get_secret_value()} {sys.argv[0]} central reconcile"
    )


async def run(
    console: Console,
    folder: Path,
    port: int,
    faults: Sequence[Fault] = (),
    seed: int = 0,
    scp: ScpOrigin = ScpOrigin.GENERATED,
    central: CentralKind = CentralKind.LOCAL,
) -> None:
    """Run the demo until it is stopped."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with running_demo(folder, port, faults, seed, scp=scp, central=central) as demo:
            console.print()
            console.print("  [bold]A486[/bold] is ready. Open this in a browser:")
            console.print(f"  [bold cyan]{demo.api.base_url}/[/bold cyan]")
            console.print()
            look = f"A486_DATA={folder} {sys.argv[0]} audit search"
            console.print(f"  A file to send to the bot: {folder / 'massiva.csv'}", soft_wrap=True)
            console.print(f"  What it recorded: {look}", soft_wrap=True)
            sync = f"A486_DATA={folder} {sys.argv[0]} documents sync {folder / FOLDER}"
            console.print(f"  Its documents, once changed: {sync}", soft_wrap=True)
            if central is CentralKind.HTTP:
                console.print(f"  What the central system is told: {_central_command(demo)}", soft_wrap=True)
            console.print("  Stop with Ctrl+C.")
            console.print()
            await stop.wait()
    except NotOurs as error:
        console.print(str(error), style="red", markup=False)
    except OSError as error:
        console.print(f"The page cannot be served on port {port}: {error.strerror}. Choose another: --port 0")
