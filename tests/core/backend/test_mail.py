"""E-mail: one contract for the list in memory and for a real server; what a mail is when it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.clock import ManualClock
from backend.core.mail.address import Sender
from backend.core.mail.errors import MailRefused, MailUnavailable
from backend.core.mail.mailer import Mailer, MemoryMailer, NoMailer
from backend.core.mail.smtp import SmtpMailer, SmtpSecurity, SmtpServer, compose
from backend.core.mail.values import Mail
from tests.smtp_server import HOST, SmtpScript, smtp_server, trusting_context

AT = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)
SENDER = Sender("a486@xn--citt-3na.it", "Servizio “A486”, Città")
MAIL = Mail("mario@example.it", "È pronta · n. 1", "Ciao Mario,\n\n.è pronta — grazie.\n" + "lunga " * 200)


@dataclass
class Rig:
    """A mailer, and the server's part of it."""

    mailer: Mailer
    arrived: Callable[[], list[tuple[str, str, str]]]
    refuse: Callable[[], None]
    put_off: Callable[[], None]


def mailer_for(
    server: SmtpScript,
    security: SmtpSecurity = SmtpSecurity.NONE,
    *,
    seconds: float = 5.0,
    password: str = "",
) -> SmtpMailer:
    where = SmtpServer(HOST, server.port, security, "a486" if password else "", password)
    return SmtpMailer(where, SENDER, seconds=seconds, tls=trusting_context(), clock=ManualClock(AT))


def in_memory() -> Rig:
    mailer = MemoryMailer()
    return Rig(
        mailer,
        lambda: [(mail.to, mail.subject, mail.text) for mail in mailer.sent],
        lambda: mailer.failures.append(MailRefused("no such address")),
        lambda: mailer.failures.append(MailUnavailable("later")),
    )


def by_smtp(server: SmtpScript, security: SmtpSecurity) -> Rig:
    def answers(code: str) -> Callable[[], None]:
        return lambda: setattr(server, "rcpt", code)

    return Rig(
        mailer_for(server, security),
        lambda: [
            (each["To"], each["Subject"], each.get_content().replace("\r\n", "\n"))
            for each in server.messages
        ],
        answers("550 5.1.1 no such address"),
        answers("451 4.7.1 try again later"),
    )


@pytest.fixture(params=["memory", *SmtpSecurity])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    if request.param == "memory":
        yield in_memory()
        return
    async with smtp_server(request.param) as server:
        yield by_smtp(server, request.param)
        assert all(server.encrypted) is (request.param is not SmtpSecurity.NONE) or not server.encrypted


async def test_a_mail_arrives_as_it_was_written(rig: Rig) -> None:
    await rig.mailer.send(MAIL, message_id="notice-1")

    assert [(to, subject, text.rstrip()) for to, subject, text in rig.arrived()] == [
        (MAIL.to, MAIL.subject, MAIL.text.rstrip())
    ]


async def test_a_refused_address_and_one_put_off_are_told_apart(rig: Rig) -> None:
    rig.refuse()
    with pytest.raises(MailRefused):
        await rig.mailer.send(MAIL, message_id="notice-1")
    rig.put_off()
    with pytest.raises(MailUnavailable):
        await rig.mailer.send(MAIL, message_id="notice-1")

    assert rig.arrived() == []


@pytest.mark.parametrize("message_id", ["", "a b", "a\r\nBcc: x@example.it", "<a>", "a@b", "x" * 129])
async def test_a_message_id_that_is_none_is_a_mistake(rig: Rig, message_id: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        await rig.mailer.send(MAIL, message_id=message_id)

    assert rig.arrived() == []


async def test_the_headers_tell_servers_and_people_what_it_is() -> None:
    async with smtp_server() as server:
        for _ in range(2):
            await mailer_for(server).send(MAIL, message_id="notice-1")

    first, again = server.messages
    sender = first["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == (SENDER.name, SENDER.address)
    assert first["Message-ID"] == again["Message-ID"] == "<notice-1@xn--citt-3na.it>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime == AT
    assert first.get_content_type() == "text/plain"
    assert first.get_content_charset() == "utf-8"
    assert server.envelopes[0] == (SENDER.address, [MAIL.to])


async def test_a_user_signs_in_and_a_wrong_password_may_be_put_right() -> None:
    async with smtp_server(SmtpSecurity.STARTTLS, user="a486", password="geheim") as server:
        await mailer_for(server, SmtpSecurity.STARTTLS, password="geheim").send(MAIL, message_id="1")
        assert server.signed_in == ["a486"]
        with pytest.raises(MailUnavailable, match=r"user and password \(535\)"):
            await mailer_for(server, SmtpSecurity.STARTTLS, password="falsch").send(MAIL, message_id="2")

    assert len(server.messages) == 1


@pytest.mark.parametrize("security", [SmtpSecurity.STARTTLS, SmtpSecurity.TLS])
async def test_nothing_is_sent_to_a_server_whose_certificate_nobody_trusts(security: SmtpSecurity) -> None:
    async with smtp_server(security) as server:
        mailer = SmtpMailer(SmtpServer(HOST, server.port, security), SENDER, seconds=5.0)
        with pytest.raises(MailUnavailable):
            await mailer.send(MAIL, message_id="1")

    assert server.messages == []


async def test_nothing_is_sent_in_the_clear_where_encryption_was_asked_for() -> None:
    async with smtp_server() as server:
        with pytest.raises(MailUnavailable, match="lacks"):
            await mailer_for(server, SmtpSecurity.STARTTLS).send(MAIL, message_id="1")

    assert server.messages == []


@pytest.mark.parametrize("host", ["no..such", "x" * 64, "nobody.invalid"])
async def test_a_host_that_there_is_not_may_be_put_right(host: str) -> None:
    mailer = SmtpMailer(SmtpServer(host, 25, SmtpSecurity.NONE), SENDER, seconds=5.0)
    with pytest.raises(MailUnavailable, match=r"no (answer in time|connection)"):
        await mailer.send(MAIL, message_id="1")


async def test_a_message_refused_for_its_content_is_not_sent_again() -> None:
    async with smtp_server() as server:
        server.data = "554 5.7.1 we do not want this"
        with pytest.raises(MailRefused, match=r"the mail \(554\)"):
            await mailer_for(server).send(MAIL, message_id="1")
        server.data = "452 4.3.1 no room"
        with pytest.raises(MailUnavailable, match=r"the mail \(452\)"):
            await mailer_for(server).send(MAIL, message_id="1")


async def test_a_lost_connection_may_pass() -> None:
    async with smtp_server() as server:
        server.hang_up = True
        with pytest.raises(MailUnavailable):
            await mailer_for(server).send(MAIL, message_id="1")
    with pytest.raises(MailUnavailable):  # nobody listens there any more
        await mailer_for(server).send(MAIL, message_id="1")


@asynccontextmanager
async def silent_server() -> AsyncIterator[SmtpScript]:
    """A server that takes connections and never says a word."""
    writers = list[asyncio.StreamWriter]()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    server = await asyncio.start_server(take, HOST)
    async with server:
        yield SmtpScript(port=int(server.sockets[0].getsockname()[1]))
        for writer in writers:
            writer.close()


@pytest.mark.parametrize("security", list(SmtpSecurity))
async def test_a_server_that_never_answers_is_given_up_in_time(security: SmtpSecurity) -> None:
    async with silent_server() as server:
        async with asyncio.timeout(5.0):
            with pytest.raises(MailUnavailable, match=r"no (answer in time|connection)"):
                await mailer_for(server, security, seconds=0.2).send(MAIL, message_id="1")


async def test_what_the_server_says_about_an_address_is_no_part_of_the_reason() -> None:
    async with smtp_server() as server:
        server.rcpt = "550 5.1.1 <mario@example.it> is unknown"
        with pytest.raises(MailRefused) as caught:
            await mailer_for(server).send(MAIL, message_id="1")

    assert "mario" not in f"{caught.value} {caught.value.__cause__} {caught.value.args}"
    assert caught.value.__suppress_context__
    assert "mario@example.it" in caught.value.detail


def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(SmtpServer(HOST, 25, SmtpSecurity.NONE, "a486", "geheim"))


async def test_without_a_server_every_mail_waits() -> None:
    with pytest.raises(MailUnavailable, match="no server"):
        await NoMailer().send(MAIL, message_id="1")


HEADER_ENDS = st.sampled_from(
    ["\r\nBcc: anna@example.it", "\n", "\r", "\0", "\x1b", "\x85", "\u2028", "\ud800"]
)


@given(st.text(max_size=20), HEADER_ENDS, st.text(max_size=20))
def test_a_subject_that_would_leave_its_header_is_refused(before: str, end: str, after: str) -> None:
    with pytest.raises(MailRefused):
        Mail(MAIL.to, f"x{before}{end}{after}", "text")


@pytest.mark.parametrize(
    ("to", "subject", "text"),
    [
        ("mario@example.it\r\nBcc: anna@example.it", "s", "t"),
        ("Mario <mario@example.it>", "s", "t"),
        (MAIL.to, " ", "t"),
        (MAIL.to, "x" * 201, "t"),
        (MAIL.to, "s", "a\0b"),
        (MAIL.to, "s", "a\rb"),
    ],
)
def test_what_cannot_be_sent_is_no_mail(to: str, subject: str, text: str) -> None:
    with pytest.raises(MailRefused):
        Mail(to, subject, text)


PRINTABLE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])


@given(
    st.text(PRINTABLE, min_size=1, max_size=200).filter(str.strip),
    st.text(PRINTABLE | st.sampled_from("\n\t"), max_size=2000),
    st.text(PRINTABLE, max_size=80),
    st.text("abcdefgh.+_'&=~-", max_size=60),
)
def test_no_text_makes_another_header_or_another_recipient(
    subject: str, text: str, name: str, local: str
) -> None:
    whole = ".".join(part for part in local.split(".") if part)
    mail = Mail(f"m{whole}@{'sub.' * 30}example.it", subject, text)
    sent = bytes(compose(mail, Sender(SENDER.address, name), "1", "Mon, 10 Mar 2025 08:00:00 +0000"))

    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) < 998
    read = message_from_bytes(sent, policy=policy.default)
    expected = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"}
    assert sorted(read.keys()) == sorted(
        [*expected, "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
    )
    assert [each.addr_spec for each in read["To"].addresses] == [mail.to]
    assert [each.addr_spec for each in read["From"].addresses] == [SENDER.address]
    assert read.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
