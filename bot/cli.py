"""`a486`: run the bot, load its registers, look after keys, members, audit and dead letters."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from telegram.error import TelegramError

from backend.core.db.errors import DatabaseUnavailable
from backend.core.db.migrate import migrate
from backend.core.keys.errors import KeysError
from bot import app as application
from bot.audit import cli as audit
from bot.bridges import cli as bridges
from bot.bulk import cli as bulk
from bot.central import cli as central
from bot.contracts import cli as contracts
from bot.core import logs
from bot.core.cli import console, fail, load_settings, store_settings, why_not
from bot.core.roles import ALL, ProcessRole
from bot.core.roles import why_not as roles_why_not
from bot.core.settings import CentralKind, ScpOrigin
from bot.core.watchdog import watching
from bot.devices import cli as devices
from bot.documents import cli as documents
from bot.identity import members, staff
from bot.operations import health, inbox, keys, mail
from bot.supplies import cli as supplies
from bot.tickets import cli as tickets
from bot.tickets import figures_cli as ticket_figures

cli = typer.Typer(
    name="a486",
    help="A Telegram bot for the A486 service: POD look-up, association, SCP files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
cli.add_typer(supplies.cli, name="supplies")
cli.add_typer(devices.cli, name="devices")
cli.add_typer(bulk.cli, name="bulk")
cli.add_typer(bridges.cli, name="bridges")
cli.add_typer(central.cli, name="central")
cli.add_typer(tickets.cli, name="tree")
cli.add_typer(ticket_figures.cli, name="tickets")
cli.add_typer(contracts.cli, name="contracts")
cli.add_typer(documents.cli, name="documents")
cli.add_typer(members.cli, name="members")
cli.add_typer(staff.cli, name="staff")
cli.add_typer(keys.cli, name="keys")
cli.add_typer(audit.cli, name="audit")
cli.add_typer(inbox.cli, name="inbox")
cli.command("health")(health.health)
cli.command("check-mail")(mail.check_mail)


@cli.command()
def serve(
    role: Annotated[
        list[ProcessRole] | None,
        typer.Option(help="What this process does; all of it where none is given. On PostgreSQL only."),
    ] = None,
) -> None:
    """Run the bot until it is stopped."""
    settings = load_settings()
    roles = frozenset(role or ALL)
    if trouble := roles_why_not(roles, settings.database):
        fail(trouble)
    logs.configure(settings.log_format, settings.log_level)

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        async with AsyncExitStack() as stack:
            try:
                await migrate(settings.database)
                await stack.enter_async_context(watching(settings.stuck_seconds))
                await stack.enter_async_context(application.running(settings, roles=roles))
            except (KeysError, DatabaseUnavailable, TelegramError, OSError) as error:
                fail(why_not(error, settings))
            await stop.wait()

    asyncio.run(run())


@cli.command()
def migrations() -> None:
    """Bring the database up to this version's schema (serve does it by itself)."""
    settings = store_settings()
    try:
        asyncio.run(migrate(settings.database))
    except DatabaseUnavailable as error:
        fail(why_not(error, settings))
    console.print("The database is up to date.")


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="The port of the page; 0 takes any free one.")] = 8480,
    folder: Annotated[
        Path, typer.Option(help="Where the demo keeps its data; made anew at each start.")
    ] = Path("var/demo"),
    verbose: Annotated[bool, typer.Option(help="Show the whole log.")] = False,
    fault: Annotated[
        list[str] | None,
        typer.Option(help="What goes wrong: KIND:OF:CHANCE:SECONDS, e.g. lost:sendMessage:0.1"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Makes the chances of the faults repeatable.")] = 0,
    scp: Annotated[
        ScpOrigin | None,
        typer.Option(help="Where SCP files come from; generated, or the central system over HTTP."),
    ] = None,
    central: Annotated[
        CentralKind, typer.Option(help="The register on this machine, or a stub over HTTP.")
    ] = CentralKind.LOCAL,
) -> None:
    """Run everything on this machine: the bot, a local Bot API and a page that is a phone."""
    try:
        from sandbox import bot_api
        from sandbox import demo as local_demo
        from sandbox.errors import UserError
        from sandbox.faults import Fault
    except ModuleNotFoundError as error:  # a server may be installed without the sandbox
        fail(f"the demo is not installed here ({error.name} is missing)")
    try:
        faults = [Fault.parse(text) for text in fault or ()]
        bot_api.check(faults)
    except UserError as error:
        fail(error.sentence)
    if scp is None:
        scp = ScpOrigin.CENTRAL if central is CentralKind.HTTP else ScpOrigin.GENERATED
    if scp is ScpOrigin.CENTRAL and central is CentralKind.LOCAL:
        fail("--scp central needs --central http")
    logs.configure("console", "info" if verbose else "warning")
    asyncio.run(local_demo.run(Console(), folder, port, faults, seed, scp, central))


@cli.command()
def version() -> None:
    """Print the version."""
    from importlib import metadata

    console.print(metadata.version("a486"))


def main() -> None:
    """The entry point."""
    os.umask(0o077)  # the database holds personal data: what is made here is its user's alone
    cli()
