"""`a486 keys`: the keys that encrypt at rest and sign."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.table import Table

from backend.core.keys.errors import KeysError
from backend.core.keys.store import KeyStore
from bot.core.cli import console, fail, store_settings

cli = typer.Typer(
    help="The keys that encrypt at rest and sign SCP files and the audit.", no_args_is_help=True
)


def _store() -> KeyStore:
    return KeyStore(store_settings().keys)


@cli.command("init")
def init() -> None:
    """Make the first keys."""
    try:
        _store().init()
    except KeysError as error:
        fail(str(error))
    console.print(f"Keys made in {store_settings().keys}. Back them up apart from the database.")


@cli.command("list")
def list_keys() -> None:
    """Show which keys there are; never the keys."""
    try:
        keys = _store().list()
    except KeysError as error:
        fail(str(error))
    table = Table("Signing key", "Signs", "Announced by the one before")
    for key in keys.signing:
        table.add_row(key.key_id, "yes" if key.signs else "", "yes" if key.announced else "")
    console.print(table)
    console.print(f"{keys.vault_keys} vault key(s)")


@cli.command("rotate-signing")
def rotate_signing() -> None:
    """Let a new key sign; the old one announces it and stays trusted."""
    try:
        key_id = _store().rotate_signing(datetime.now(UTC))
    except KeysError as error:
        fail(str(error))
    console.print(f"{key_id} signs now. Restart the bot to use it.")


@cli.command("rotate-vault")
def rotate_vault() -> None:
    """Encrypt with a new key from now on; what older keys encrypted stays readable."""
    try:
        _store().rotate_vault()
    except KeysError as error:
        fail(str(error))
    console.print("A new vault key is in use. Restart the bot to use it.")
