"""A mailbox for everybody: an SMTP server on this machine that keeps what it gets, for the page to show."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.json_values import Json

HOST = "127.0.0.1"
MOST = 50
"""So many letters are kept, the newest."""
_MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Letter:
    """What came. `date` is the unix time at which it did."""

    id: int
    sender: str
    to: str
    subject: str
    text: str
    date: float

    def shown(self) -> Json:
        """The letter as the page reads it."""
        return {
            "id": self.id,
            "from": self.sender,
            "to": self.to,
            "subject": self.subject,
            "text": self.text,
            "date": int(self.date),
        }


class Mailbox:
    """Takes mail for any address.

        async with Mailbox() as mailbox:
            ...  # SMTP at mailbox.port of HOST, without encryption

    `arrived` is told of each letter; `clock` is the unix time in seconds.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self.arrived: Callable[[Letter], None] = lambda letter: None
        self._clock = clock
        self._letters: deque[Letter] = deque(maxlen=MOST)
        self._numbers = count(1)
        self._sessions: set[SMTP] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def letters(self) -> list[Letter]:
        """The letters, the newest first."""
        return list(reversed(self._letters))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._session, HOST, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            for session in self._sessions:
                if session.transport is not None:
                    session.transport.close()
            await self._server.wait_closed()

    def _session(self) -> SMTP:
        loop = asyncio.get_running_loop()
        self._sessions = {session for session in self._sessions if session.transport is not None}
        session = SMTP(self, data_size_limit=_MOST_BYTES, hostname="localhost", ident="Mailbox", loop=loop)
        self._sessions.add(session)
        return session

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """A letter has come, for one address or several."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        letter = Letter(
            id=next(self._numbers),
            sender=_header(message, "From") or envelope.mail_from or "",
            to=", ".join(envelope.rcpt_tos),
            subject=_header(message, "Subject"),
            text=_text(message),
            date=self._clock(),
        )
        self._letters.append(letter)
        self.arrived(letter)
        return "250 OK"


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except Exception:  # the library reads some headers that are none by raising whatever comes
        return ""


def _text(message: EmailMessage) -> str:
    """The plain text, or what there is of it; what cannot be read is said to be so."""
    try:
        part = message.get_body(("plain", "html"))
        text = part.get_content() if part is not None else ""
    except Exception:  # the same, for bodies
        return "(?)"
    return str(text).replace("\r\n", "\n").strip("\n")
