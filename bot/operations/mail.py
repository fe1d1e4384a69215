"""`a486 check-mail`: a test message, and what went wrong otherwise."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated

import typer

from backend.core.mail.address import read_address
from backend.core.mail.errors import MailError, MailRefused
from backend.core.mail.values import Mail
from bot.core.cli import console, fail, store_settings
from bot.core.mail import mailer_for, server_of

TEXT = """This is a test message: the A486 bot can send e-mail.

You can delete it.
"""


def check_mail(address: Annotated[str, typer.Argument(help="Who gets the test message.")]) -> None:
    """Send a test message with the settings of e-mail."""
    settings = store_settings()
    if not settings.smtp_host:
        fail("A486_SMTP_HOST is not set: e-mail is off")
    to = read_address(address)
    if to is None:
        fail("that is not an e-mail address")
    server = server_of(settings)
    where = f"{server.host}:{server.port} ({server.security.value})"
    mail = Mail(to, "A486: test message", TEXT)
    try:
        asyncio.run(mailer_for(settings).send(mail, message_id=f"check.{secrets.token_hex(8)}"))
    except MailError as error:
        kind = "for good" if isinstance(error, MailRefused) else "it may pass"
        fail(f"{where}: {error.reason} ({kind}){_said(error.detail)}")
    console.print(f"{where} has taken the message for {to}", markup=False)


def _said(detail: str) -> str:
    line = "".join(letter for letter in detail.partition("\n")[0] if letter.isprintable())
    return f": {line}" if line else ""
