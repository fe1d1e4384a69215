"""What is over is kept for as long as the settings say, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection, func, insert, select, update
from telegram import Bot

from backend.bulk.models import bulk_uploads
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.jobs.models import jobs
from backend.core.keys.vault import Vault
from backend.core.mail.mailer import MemoryMailer
from backend.core.outbox.models import posts
from backend.identity.permissions import StaffRole
from backend.identity.values import Actor
from backend.notices import service as notices
from backend.notices.models import notices as notice_rows
from backend.notices.values import NoticeState
from backend.programming import service as programming
from backend.programming.models import programming_jobs
from backend.scp import service as scp
from backend.scp.source import GeneratedScpSource
from backend.supplies.central import SqlCentralSystem
from backend.supplies.register import Register
from backend.tickets import service as tickets
from backend.tickets.models import tickets as ticket_rows
from bot.core.scheduler import Scheduler
from bot.core.settings import Settings
from bot.product import running_features
from conversations.product import catalogue
from device_bridge.wire.signing import SigningKeys
from tests.bulk.test_requests import loaded
from tests.core.bot.rig import HERE
from tests.identity.prepared import TICKET
from tests.samples import HOME, START, facts, wanted

TABLES = {
    "job": jobs,
    "notice": notice_rows,
    "post": posts,
    "bulk": bulk_uploads,
    "programming": programming_jobs,
    "ticket": ticket_rows,
}
DAYS = {"job": 2, "notice": 4, "bulk": 6, "post": 31, "programming": 40, "ticket": 50}


def over(connection: Connection, actor: Actor) -> None:
    """A job, a notice and a post that ended at START."""
    where = {"bot_id": HERE.bot_id, "chat_id": HERE.chat_id, "thread_id": 0, "lane": HERE.lane}
    common = where | {"created_at": START, "correlation": "c"}
    connection.execute(
        insert(jobs).values(
            **common,
            kind="pod",
            arguments={},
            user_id=7,
            language="it",
            state="ended",
            due_ms=0,
            ended_at=START,
        )
    )
    connection.execute(insert(posts).values(**common, content={"text": "x"}, state="sent", rank=0, due_ms=0))
    notices.add(connection, actor.person_id, "news", {}, dedupe_key="1", at=START)
    made, _ = scp.associate(connection, actor, wanted(HOME), facts(HOME), None, START)
    programming.assign(connection, actor, made.id, actor.person_id, "", "", START)
    connection.execute(update(programming_jobs).values(state="cancelled", ended_at=START))
    opened = tickets.open_ticket(connection, actor, TICKET, START)
    staff = replace(actor, staff_roles=frozenset({StaffRole.SUPPORT}))
    tickets.close(connection, staff, opened.id, "done", START)
    connection.execute(update(notice_rows).values(state=NoticeState.DELIVERED, ended_at=START))


async def test_each_setting_decides_how_long_its_rows_are_kept(
    database: Database,
    register: Register,
    clock: ManualClock,
    bot: Bot,
    signer: SigningKeys,
    vault: Vault,
    us: Actor,
) -> None:
    settings = Settings.model_construct(None, **{f"{name}_days": days for name, days in DAYS.items()})
    features = running_features(
        settings=settings,
        database=database,
        clock=clock,
        bot=bot,
        catalogue=catalogue(),
        mailer=MemoryMailer(),
        central=SqlCentralSystem(register),
        scp_source=GeneratedScpSource(),
        signing=signer,
        vault=vault,
        announcements=list,
        document_links=None,
    )
    await loaded(database, us, 1)
    await database.write(partial(over, actor=us))
    checks = [check for feature in features for check in feature.due_checks]

    def left(connection: Connection) -> set[str]:
        return {
            name
            for name, table in TABLES.items()
            if connection.scalar(select(func.count()).select_from(table))
        }

    expected = set(TABLES)
    for name, days in DAYS.items():
        for at, there in ((days, expected), (days + 1, expected - {name})):
            clock.advance(START + timedelta(days=at) - clock.now())
            await Scheduler(database, clock, checks).look()
            assert await database.long_read(left) == there
        expected = expected - {name}
