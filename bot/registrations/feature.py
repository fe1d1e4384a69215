"""Codes are sent by e-mail outside of turns."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import structlog

from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, Outcome
from backend.core.jobs.values import Job
from backend.core.mail.errors import MailRefused, MailUnavailable
from backend.core.mail.mailer import Mailer
from backend.core.mail.values import Mail
from backend.email_codes import service as email_codes
from backend.email_codes.errors import TooManyCodes
from backend.registrations import service as registrations
from bot.core.due_checks import DueCheck
from bot.core.feature import CALLS, RunningFeature
from conversations.core.email_code import KIND
from conversations.core.texts import texts

log = structlog.get_logger(__name__)


def registrations_feature(
    database: Database, clock: Clock, mailer: Mailer, kept: timedelta
) -> RunningFeature:
    """Sends codes, and forgets what was never completed; what was decided is `kept` for so long."""

    async def send(job: Job, context: JobContext) -> Outcome:
        """Send a new code. It is made here, so that it is never stored as it is."""
        address, user, code = str(job.arguments["email"]), job.user_id, email_codes.new_code()
        try:
            code_id = await database.write(
                partial(email_codes.issue, telegram_user_id=user, email=address, code=code, at=clock.now())
            )
        except TooManyCodes:
            return Outcome({"why": "too_many"})
        if code_id is None:
            log.info("email_code.held_back")
            return Outcome({"sent": True})  # as ever: see backend/email_codes/service.py
        say = texts(str(job.arguments["language"]))
        mail = Mail(address, say("email_code.mail.subject"), say("email_code.mail.text", code=code))
        try:
            await mailer.send(mail, message_id=f"code-{code_id}")
        except (MailRefused, MailUnavailable) as error:
            log.warning("email_code.not_sent", error=type(error).__name__)
            await database.write(partial(email_codes.withdraw, code_id=code_id))
            return Outcome({"why": "refused" if isinstance(error, MailRefused) else "mail"})
        return Outcome({"sent": True})

    return RunningFeature(
        job_kinds=(JobKind(KIND, send, CALLS, seconds=60.0),),
        due_checks=(
            DueCheck("email_codes", email_codes.forget_old),
            DueCheck("registrations", lambda connection, at: registrations.forget_old(connection, at, kept)),
        ),
    )
