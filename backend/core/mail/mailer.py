"""The port of e-mail, and what stands in for a server."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import structlog

from backend.core.mail.errors import MailError, MailUnavailable
from backend.core.mail.values import Mail, check_message_id

log = structlog.get_logger(__name__)


class Mailer(Protocol):
    """Sends e-mail."""

    async def send(self, mail: Mail, *, message_id: str) -> None:
        """Hand a mail over to the server. `message_id` (letters, digits, `.`, `_`, `-`) is the mail's own: a
        mail that is sent again with it is recognised by servers.

        Raises MailRefused where the address or the mail is refused for good, MailUnavailable where a later
        try may succeed.
        """
        ...


class MemoryMailer:
    """Keeps what was sent. `failures` are raised instead, one by each of the next sends."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.message_ids: list[str] = []
        self.failures: deque[MailError] = deque()

    async def send(self, mail: Mail, *, message_id: str) -> None:
        """See `Mailer`."""
        check_message_id(message_id)
        if self.failures:
            raise self.failures.popleft()
        self.sent.append(mail)
        self.message_ids.append(message_id)


class NoMailer:
    """There is no server: nothing is sent, and the log says so at the start."""

    def __init__(self) -> None:
        log.warning("mail.off", reason="A486_SMTP_HOST is not set")

    async def send(self, mail: Mail, *, message_id: str) -> None:
        """See `Mailer`."""
        raise MailUnavailable("no server is set")
