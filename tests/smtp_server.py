"""A real SMTP server on loopback whose answers a test chooses, and a certificate for it."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from backend.core.mail.smtp import SmtpSecurity

HOST = "127.0.0.1"
OK = "250 OK"


@dataclass
class SmtpScript:
    """What the server says, and what it got."""

    port: int = 0
    rcpt: str = OK
    data: str = OK
    hang_up: bool = False
    """Whether it closes the connection when the message has come, without a word."""
    messages: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    signed_in: list[object] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt == OK:
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hang_up:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return OK
        if self.data == OK:
            assert isinstance(envelope.content, bytes)
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
            self.encrypted.append(session.ssl is not None or _is_encrypted(server))
            self.signed_in.append(session.auth_data)
        return self.data


def _is_encrypted(server: SMTP) -> bool:
    return server.transport is not None and server.transport.get_extra_info("ssl_object") is not None


@asynccontextmanager
async def smtp_server(
    security: SmtpSecurity = SmtpSecurity.NONE, *, user: str = "", password: str = ""
) -> AsyncIterator[SmtpScript]:
    """A server that runs until the block ends; with a user, it takes mails from nobody else."""
    script = SmtpScript()
    loop = asyncio.get_running_loop()
    sessions = list[SMTP]()
    context = server_context()

    def sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        given = data if isinstance(data, LoginPassword) else LoginPassword(b"", b"")
        right = given.login == user.encode() and given.password == password.encode()
        return AuthResult(success=right, auth_data=user, handled=False)

    def session() -> SMTP:
        sessions.append(
            SMTP(
                script,
                hostname="localhost",
                loop=loop,
                tls_context=context if security is SmtpSecurity.STARTTLS else None,
                require_starttls=security is SmtpSecurity.STARTTLS,
                auth_required=bool(user),
                auth_require_tls=security is SmtpSecurity.STARTTLS,
                authenticator=sign_in if user else None,
            )
        )
        return sessions[-1]

    server = await loop.create_server(session, HOST, ssl=context if security is SmtpSecurity.TLS else None)
    script.port = int(server.sockets[0].getsockname()[1])
    try:
        yield script
    finally:
        server.close()
        for each in sessions:
            if each.transport is not None:
                each.transport.close()
        await server.wait_closed()


@cache
def _certificate() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM), private


def server_context() -> ssl.SSLContext:
    """The server's side, with its self-made certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "server.pem"
        file.write_bytes(b"".join(_certificate()))
        context.load_cert_chain(file)
    return context


def trusting_context() -> ssl.SSLContext:
    """The context of a client that trusts that certificate, and no other."""
    return ssl.create_default_context(cadata=_certificate()[0].decode())
