"""Notices that a chat cannot be shown go by e-mail, once each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from backend.core.jobs.models import jobs
from backend.core.mail.errors import MailRefused, MailUnavailable
from backend.core.mail.mailer import MemoryMailer
from backend.core.outbox.models import posts
from backend.core.outbox.service import UNSENT
from backend.notices.models import notices as table
from backend.notices.values import Notice, NoticeState
from bot.core.jobs.runner import JobRunner
from bot.core.roles import ALL, ProcessRole
from bot.core.scheduler import Scheduler
from bot.notices.by_mail import JOB, NoticesByMail, plain
from bot.notices.feature import notices_feature
from conversations.core.catalogue import Catalogue
from conversations.core.context import Say
from conversations.core.feature import Feature
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Html, Prompt
from conversations.product import FEATURES
from tests.acceptance import probe
from tests.bulk.sheets import good, send
from tests.support import LOOK_AGAIN_SECONDS, PATIENCE, Chat, World, on_sqlite

ADDRESS = "configuratore@example.it"
NO_CHECKS = ALL - {ProcessRole.SCHEDULER}
NO_JOBS = NO_CHECKS - {ProcessRole.JOBS}


class Fit(probe.News):
    """News that may go by e-mail."""

    by_mail = True

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        text = Html("📣 <b>Novità</b>\n\n<code>1 &lt; 2</code> &amp; <i>basta</i>")
        return Prompt(text, ((Entry("Ancora", "probe_said", "x"),),))


@pytest.fixture
def features() -> Sequence[Feature]:
    return (*FEATURES, probe.FEATURE)


@pytest.fixture(autouse=True)
async def table_of_notes(world: World) -> None:
    await world.database.write(lambda connection: probe.notes.create(connection))


@dataclass
class Post:
    """The way by e-mail beside a bot without due checks and jobs of its own."""

    world: World
    mailer: MemoryMailer
    scheduler: Scheduler

    async def looks(self) -> None:
        """The due checks run: one dispatches, the next learns what became of it."""
        for _ in range(2):
            await self.scheduler.look()
            await self.until(lambda connection: not _unsent(connection))
        await self.scheduler.look()

    async def until(self, condition: Callable[[Connection], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self.world.database.long_read(condition):  # noqa: ASYNC110 - a row sets no event
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def becomes(self, *states: NoticeState) -> None:
        await self.until(lambda connection: _states(connection) == list(states))

    async def put_off(self, attempts: int) -> None:
        """The one job waits for its next try after so many."""

        def waits(connection: Connection) -> bool:
            return [(job.state, job.attempts) for job in _open_jobs(connection)] == [("waiting", attempts)]

        await self.until(waits)

    async def tries_again(self) -> None:
        """The time until the next try has passed."""
        at_once = update(jobs).where(jobs.c.kind == JOB).values(due_ms=0)
        await self.world.database.write(lambda connection: connection.execute(at_once))

    async def jobs_end(self) -> None:
        await self.until(lambda connection: not _open_jobs(connection))


def _unsent(connection: Connection) -> int:
    return len(connection.execute(select(posts.c.id).where(posts.c.state.in_(UNSENT))).all())


def _states(connection: Connection) -> list[str]:
    return list(connection.scalars(select(table.c.state).order_by(table.c.id)))


def _open_jobs(connection: Connection) -> list[Any]:
    return list(connection.execute(select(jobs).where(jobs.c.kind == JOB, jobs.c.ended_at.is_(None))))


@asynccontextmanager
async def by_post(
    world: World, kinds: Mapping[str, NoticeKind] | None = None, *, address: str | None = ADDRESS
) -> AsyncIterator[Post]:
    """Everybody has this address, and the jobs of the notices run until the block ends."""
    assert world.clock is not None
    await world.stop()
    app = await world.start(NO_JOBS)
    mailer = MemoryMailer()
    known = {**Catalogue((*FEATURES, probe.FEATURE)).notices, **(kinds or {})}
    by_mail = NoticesByMail(
        database=app.database,
        clock=world.clock,
        bot=app.bot,
        kinds=known,
        mailer=mailer,
        address_of=lambda connection, person_id: address,
    )
    feature = notices_feature(app.bot.id, known, timedelta(days=90), by_mail)
    running = asyncio.create_task(JobRunner(app.database, world.clock, app.bot, feature.job_kinds).run())
    try:
        yield Post(world, mailer, Scheduler(app.database, world.clock, feature.due_checks))
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def unreachable(chat: Chat, world: World, what: str) -> None:
    """A notice waits for a person who blocks the bot."""
    await world.stop()
    await world.start(NO_CHECKS)
    await chat.says(f"/avvisa {what}", "Te lo dirò")
    await world.settled()
    await chat.phone.block()
    await world.settled()


async def test_the_end_of_a_bulk_request_is_mailed_to_somebody_who_blocked_the_bot(
    declared: Chat, world: World
) -> None:
    await world.stop()
    await world.start(NO_CHECKS)
    await send(declared, good(1), "1 riga da creare")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1", "☑️ Elaborata")
    await world.settled()
    await declared.phone.block()
    await world.settled()

    async with by_post(world) as post:
        await post.looks()
        await post.becomes(NoticeState.MAILED)

        (mail,) = post.mailer.sent
        assert mail.to == ADDRESS
        assert mail.subject == "☑️ Richiesta n. 1 elaborata · impianti.csv"
        assert mail.text.startswith(f"{mail.subject}\n\n")
        assert "1 creata" in mail.text
        assert f"apri il bot: https://t.me/{world.bot.username}" in mail.text
        assert "<" not in mail.text
        assert post.mailer.message_ids[0].startswith(f"notice.{world.bot.id}.1.")

        await declared.phone.block(False)
        await world.settled()
        await post.looks()
        await post.becomes(NoticeState.MAILED)
        assert len(post.mailer.sent) == 1
    assert not any("elaborata" in shown.text for shown in (await declared.screen()).from_bot)
    assert ADDRESS not in world.log.getvalue()


async def test_a_mail_server_that_is_away_for_a_while_delays_the_mail(chat: Chat, world: World) -> None:
    await unreachable(chat, world, "sole")
    async with by_post(world, {Fit.name: Fit()}) as post:
        post.mailer.failures += [MailUnavailable("no connection"), MailUnavailable("no connection")]
        await post.looks()
        for attempts in (1, 2):
            await post.put_off(attempts)
            assert post.mailer.sent == []
            await post.tries_again()
        await post.becomes(NoticeState.MAILED)
        await post.jobs_end()

    (mail,) = post.mailer.sent
    assert mail.subject == "📣 Novità"
    assert mail.text.startswith("📣 Novità\n\n1 < 2 & basta\n\n")
    assert "Ancora" not in mail.text


@on_sqlite
async def test_somebody_who_came_back_before_the_mail_reads_it_in_the_chat_alone(
    chat: Chat, world: World
) -> None:
    await unreachable(chat, world, "sole")
    async with by_post(world, {Fit.name: Fit()}) as post:
        post.mailer.failures.append(MailUnavailable("no connection"))
        await post.looks()
        await post.put_off(1)
        await chat.phone.block(False)
        await post.becomes(NoticeState.WAITING)
        await post.looks()
        await chat.saw("Novità")
        await post.becomes(NoticeState.DELIVERED)
        await post.tries_again()
        await post.jobs_end()

    assert post.mailer.sent == []


@on_sqlite
async def test_a_refused_address_leaves_the_notice_to_the_chat(chat: Chat, world: World) -> None:
    await unreachable(chat, world, "sole")
    async with by_post(world, {Fit.name: Fit()}) as post:
        post.mailer.failures.append(MailRefused("the server refuses the address (550)"))
        await post.looks()
        await world.logged("notice.mail_refused")
        await post.jobs_end()
        await post.becomes(NoticeState.UNDELIVERED)

        await chat.phone.block(False)
        await world.settled()
        await post.looks()
        await chat.saw("Novità")
        await post.becomes(NoticeState.DELIVERED)


@on_sqlite
@pytest.mark.parametrize(
    ("kinds", "address"),
    [({}, ADDRESS), ({Fit.name: Fit()}, None)],
    ids=["a kind unfit for it", "no address"],
)
async def test_nothing_is_mailed(
    chat: Chat, world: World, kinds: Mapping[str, NoticeKind], address: str | None
) -> None:
    await unreachable(chat, world, "sole")
    async with by_post(world, kinds, address=address) as post:
        await post.looks()
        await post.becomes(NoticeState.UNDELIVERED)
        assert await world.database.long_read(_open_jobs) == []
        assert post.mailer.sent == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>Uno</b> e <code>due</code>", "Uno e due"),
        ("1 &lt; 2 &amp;&amp; &lt;b&gt;", "1 < 2 && <b>"),
        ("nome\x00\x1b\u2028strano\n\tqui", "nomestrano\n\tqui"),
    ],
)
def test_a_text_loses_its_markup_and_nothing_else(text: str, expected: str) -> None:
    assert plain(Html(text)) == expected


def test_what_may_be_mailed_gives_nothing_away() -> None:
    kinds = Catalogue(FEATURES).notices.values()
    mailed = {"bulk_done", "place_changed", "place_told", "account_left", "ticket_told"}
    assert {kind.name for kind in kinds if kind.by_mail} == mailed
