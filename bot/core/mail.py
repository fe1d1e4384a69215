"""The mailer of the settings."""

from __future__ import annotations

import structlog

from backend.core.mail.address import read_sender
from backend.core.mail.mailer import Mailer, NoMailer
from backend.core.mail.smtp import SmtpMailer, SmtpSecurity, SmtpServer, is_this_machine
from bot.core.settings import Settings

log = structlog.get_logger(__name__)


def mailer_for(settings: Settings) -> Mailer:
    """The mailer of these settings, which `load` has checked."""
    sender = read_sender(settings.mail_from)
    if not settings.smtp_host or sender is None:
        return NoMailer()
    server = server_of(settings)
    if server.user and server.security is SmtpSecurity.NONE and not is_this_machine(server.host):
        log.warning("mail.unencrypted", reason="user and password leave the machine in the clear")
    return SmtpMailer(server, sender)


def server_of(settings: Settings) -> SmtpServer:
    """The SMTP server, with what the settings leave to the product filled in."""
    usual = SmtpSecurity.NONE if is_this_machine(settings.smtp_host) else SmtpSecurity.STARTTLS
    security = SmtpSecurity(settings.smtp_security or usual)
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port or security.port,
        security=security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
    )
