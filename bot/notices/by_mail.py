"""Notices that a chat cannot be shown go by e-mail, once each."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection
from telegram import Bot

from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import JobContext, JobKind, Outcome, PutOff, Retry
from backend.core.jobs.values import Job
from backend.core.mail.errors import MailRefused, MailUnavailable
from backend.core.mail.mailer import Mailer
from backend.core.mail.values import MOST_OF_A_SUBJECT, Mail
from backend.core.outbox.values import Destination
from backend.notices import service as notices
from backend.notices.values import Notice
from bot.core.feature import CHORES
from bot.notices.voice import voice_for
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Html

log = structlog.get_logger(__name__)

JOB = "notice_mail"
RETRY = Retry(attempts=8, first_seconds=30.0, factor=3.0, longest_seconds=3600.0)
"""For some three hours: a server that wants to see a stranger twice has had its time by then."""
AddressOf = Callable[[Connection, int], str | None]
"""`(connection, person_id)`: the person's e-mail address, if one is known."""
_TAG = re.compile(r"<[^>]*>")  # every < that is none of a tag is escaped
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class NoticesByMail:
    """The way by e-mail. `kinds` are those of all features, by name."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        bot: Bot,
        kinds: Mapping[str, NoticeKind],
        mailer: Mailer,
        address_of: AddressOf,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._kinds = kinds
        self._mailer = mailer
        self._address_of = address_of

    @property
    def job_kind(self) -> JobKind:
        """The job that sends a notice's mail."""
        return JobKind(JOB, self._send, CHORES, seconds=60.0, retry=RETRY, awaited=False, returns=False)

    def order(self, connection: Connection, notice: Notice, at: datetime) -> None:
        """Have a notice mailed, where its kind may be and its person has an address."""
        kind = self._kinds.get(notice.kind)
        if kind is None or not kind.by_mail or self._address_of(connection, notice.person_id) is None:
            return
        jobs.add(
            connection,
            JOB,
            {"notice_id": notice.id},
            Destination.of(self._bot.id, notice.telegram_user_id),
            notice.telegram_user_id,
            language=notice.language,
            card_id=None,
            correlation=notice.correlation,
            at=at,
        )

    async def _send(self, job: Job, context: JobContext) -> Outcome:
        notice_id = int(job.arguments["notice_id"])
        try:
            mail = await self._database.long_read(partial(self._word, notice_id=notice_id))
            if mail is None:
                return Outcome(None)
            await self._mailer.send(mail, message_id=f"notice.{self._bot.id}.{notice_id}.{job.correlation}")
        except MailUnavailable as error:
            raise PutOff(error.reason) from error
        except MailRefused as error:
            log.warning("notice.mail_refused", notice=notice_id, reason=error.reason)
            return Outcome(None)
        at = self._clock.now()
        return Outcome(None, lambda connection: notices.mailed(connection, notice_id, at))

    def _word(self, connection: Connection, notice_id: int) -> Mail | None:
        """The mail as it should be now; None where the notice needs none any more. Raises MailRefused."""
        notice = notices.undelivered(connection, notice_id)
        if notice is None:  # the user came back
            return None
        kind, address = self._kinds.get(notice.kind), self._address_of(connection, notice.person_id)
        say = voice_for(connection, self._bot.id, notice)
        prompt = kind.worded(connection, notice, say) if kind is not None else None
        if address is None or prompt is None:
            return None
        text = plain(say("notice.mail", text=prompt.text, link=self._bot.link))
        subject = next(line for line in text.splitlines() if line.strip())
        return Mail(address, subject.strip()[:MOST_OF_A_SUBJECT], text)


def plain(text: Html) -> str:
    """A message's text without its markup."""
    return _NO_TEXT.sub("", html.unescape(_TAG.sub("", text)))
