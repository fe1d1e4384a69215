"""The mailbox: a real SMTP server that takes whatever comes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiosmtplib
import pytest

from backend.core.mail.values import Mail
from bot.core.mail import mailer_for
from sandbox.demo import mail_settings, settings_for
from sandbox.mailbox import HOST, MOST, Letter, Mailbox
from sandbox.server import LocalBotApi


async def deliver(mailbox: Mailbox, *contents: bytes, to: str = "mario@example.it") -> None:
    """Send these as they are, over one connection."""
    async with aiosmtplib.SMTP(hostname=HOST, port=mailbox.port, start_tls=False) as client:
        for content in contents:
            await client.sendmail("a486@example.it", [to], content)


async def test_the_last_letters_are_kept_newest_first() -> None:
    async with Mailbox(clock=lambda: 1_741_593_600.5) as mailbox:
        told = list[Letter]()
        mailbox.arrived = told.append
        await deliver(mailbox, *(f"Subject: n. {n}\r\n\r\ntext {n}".encode() for n in range(MOST + 3)))

    assert len(mailbox.letters) == MOST
    assert [letter.subject for letter in mailbox.letters[:2]] == [f"n. {MOST + 2}", f"n. {MOST + 1}"]
    assert len(told) == MOST + 3
    assert mailbox.letters[0].shown() == {
        "id": MOST + 3,
        "from": "a486@example.it",
        "to": "mario@example.it",
        "subject": f"n. {MOST + 2}",
        "text": f"text {MOST + 2}",
        "date": 1_741_593_600,
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all",
        b"From: <<>>,;:\r\nSubject: =?utf-8?q?=ff?=\r\n\r\nx",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%",
        b"Content-Type: multipart/mixed\r\n\r\nx",
        b'Content-Type: application/pdf; name="a"\r\n\r\nx',
        b"Subject: \x00\xff\r\nTo: \xff\r\n\r\n\x00",
    ],
)
async def test_a_broken_message_is_a_letter_too(content: bytes) -> None:
    async with Mailbox() as mailbox:
        await deliver(mailbox, content, b"Subject: next\r\n\r\nx")

    assert mailbox.letters[0].subject == "next"
    assert len(mailbox.letters) == 2


async def test_a_message_too_large_is_refused() -> None:
    async with Mailbox() as mailbox:
        with pytest.raises(aiosmtplib.SMTPResponseException):
            await deliver(mailbox, b"x" * 300_000)

    assert mailbox.letters == []


async def test_the_demos_settings_lead_to_it(tmp_path: Path) -> None:
    async with LocalBotApi() as api, Mailbox() as mailbox:
        settings = settings_for(api, api.add_bot("A486", "a486_bot"), tmp_path, "", **mail_settings(mailbox))
        mail = Mail("mario@example.it", "È pronta", "Ciao,\n\n.è pronta.")
        await mailer_for(settings).send(mail, message_id="1")

    (letter,) = mailbox.letters
    assert (letter.to, letter.subject, letter.text) == (mail.to, mail.subject, mail.text)
    assert letter.sender == "A486 Demo <a486@demo.example>"


async def test_it_ends_while_somebody_is_connected() -> None:
    async with asyncio.timeout(5), Mailbox() as mailbox:
        reader, writer = await asyncio.open_connection(HOST, mailbox.port)
        assert (await reader.readline()).startswith(b"220 ")
    assert await reader.read() == b""
    writer.close()
