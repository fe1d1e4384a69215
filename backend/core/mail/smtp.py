"""E-mail by SMTP."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime
from enum import StrEnum
from ipaddress import ip_address

import aiosmtplib

from backend.core.clock import Clock, SystemClock
from backend.core.mail.address import Sender
from backend.core.mail.errors import MailError, MailRefused, MailUnavailable
from backend.core.mail.values import Mail, check_message_id

SECONDS = 20.0
"""The limit for one mail, from the connection to the server's last word."""
_QUIT_SECONDS = 2.0
# Seven bits, so that every server takes it as it is.
_POLICY = LINES.clone(cte_type="7bit")


class SmtpSecurity(StrEnum):
    """How the connection to the server is protected."""

    NONE = "none"
    """It is not."""
    STARTTLS = "starttls"
    """It begins in the clear, and nothing is sent before it is encrypted."""
    TLS = "tls"
    """It is encrypted from the first byte."""

    @property
    def port(self) -> int:
        """The usual port."""
        return {"none": 25, "starttls": 587, "tls": 465}[self.value]


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server, and how to sign in; without a user one does not."""

    host: str
    port: int
    security: SmtpSecurity
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"SmtpServer({self.host}:{self.port}, {self.security})"  # the password is never shown


def is_this_machine(host: str) -> bool:
    """True if what is sent to this host does not leave the machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class SmtpMailer:
    """Sends by an SMTP server, one connection for each mail. The server's certificate is verified: by `tls`,
    or by what the system trusts.
    """

    def __init__(
        self,
        server: SmtpServer,
        sender: Sender,
        *,
        seconds: float = SECONDS,
        tls: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._server = server
        self._sender = sender
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()
        self._clock = clock or SystemClock()

    async def send(self, mail: Mail, *, message_id: str) -> None:
        """See `Mailer`."""
        message = compose(mail, self._sender, message_id, format_datetime(self._clock.now()))
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password if server.user else None,
            local_hostname=self._sender.domain,
            timeout=self._seconds,
            use_tls=server.security is SmtpSecurity.TLS,
            start_tls=server.security is SmtpSecurity.STARTTLS,
            tls_context=self._tls,
        )
        try:
            async with asyncio.timeout(self._seconds):
                await client.connect()
                await client.sendmail(self._sender.address, [mail.to], bytes(message))
        except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
            # What the server says may name the address, and must not come to the log by a traceback.
            raise _why(error) from None
        else:
            # The server has the mail: what goes wrong from here on must not send it once more.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=_QUIT_SECONDS)
        finally:
            client.close()


def compose(mail: Mail, sender: Sender, message_id: str, date: str) -> EmailMessage:
    """The mail as it is sent. Raises ValueError for a message id that is none."""
    check_message_id(message_id)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = date
    message["Message-ID"] = f"<{message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, charset="utf-8")
    return message


def _why(error: Exception) -> MailError:
    """The error in this package's terms."""
    match error:
        case aiosmtplib.SMTPRecipientsRefused(recipients=[refused, *_]):
            return _answered(refused, "the address", for_good=refused.code >= 500)
        case aiosmtplib.SMTPDataError():
            return _answered(error, "the mail", for_good=error.code >= 500)
        case aiosmtplib.SMTPSenderRefused():
            return _answered(error, "the sender")
        case aiosmtplib.SMTPAuthenticationError():
            return _answered(error, "user and password")
        case aiosmtplib.SMTPResponseException():
            return _answered(error, "the connection")
        case TimeoutError():
            return MailUnavailable("no answer in time")
        case OSError() | UnicodeError():
            return MailUnavailable(f"no connection ({type(error).__name__})", str(error))
        case _:  # STARTTLS, or a way to sign in
            return MailUnavailable("the server lacks what it is asked for", str(error))


def _answered(error: aiosmtplib.SMTPResponseException, what: str, *, for_good: bool = False) -> MailError:
    kind = MailRefused if for_good else MailUnavailable
    return kind(f"the server refuses {what} ({error.code})", error.message)
