"""A look-up as a bot does it that is written the usual way: SQLAlchemy's ORM, a session for each update.

Both peers do this, and one of them lives in an environment of its own: it needs nothing but SQLAlchemy.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, event, func, make_url, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import aliased

from benchmarks.usual_models import AuditEntry, Own, Person, RecentPod, Registered, Supply

REGISTER = "register.db"  # in the product's folder, where the database is SQLite
RECENT = 10
PATIENCE = 600
"""Seconds to wait for a connection: with the usual thirty, answers may be given up where 256 people wait on a
slow machine. The pools are as large as they come: smaller ones were not clearly faster in two short tries.
"""
POD = re.compile(r"IT\d{3}E\d{8}\d?")
POINT = 14
CARD = """{outcome}

<b>{kind}</b>
POD <code>{pod}</code>
ENELTEL <code>{eneltel}</code>
Matricola <code>{serial}</code> · {generation}
Potenza contrattuale {power:g} kW"""
ELIGIBLE = "✅ <b>Fornitura ammissibile</b>: puoi associare un MOME o uno Smart Info."
NOT_ELIGIBLE = "⛔ <b>Al momento la fornitura non consente l'utilizzo del dispositivo MOME/Smart Info</b>"
UNKNOWN = "❌ <b>POD inserito inesistente</b>"


def _engines(folder: Path, url: str) -> tuple[AsyncEngine, AsyncEngine]:
    """That of the bot's own tables, and that of the register."""
    if url:
        engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"), pool_timeout=PATIENCE
        )
        return engine, engine
    own = create_async_engine(f"sqlite+aiosqlite:///{folder / 'usual.db'}", pool_timeout=PATIENCE)

    @event.listens_for(own.sync_engine, "connect")
    def durable(connection: Any, _: object) -> None:  # as the product is
        cursor = connection.cursor()
        for setting in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={PATIENCE * 1000}"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    register = f"file:{folder.absolute() / REGISTER}?mode=ro&immutable=1&uri=true"
    return own, create_async_engine(f"sqlite+aiosqlite:///{register}", pool_timeout=PATIENCE)


@asynccontextmanager
async def sessions(folder: Path, url: str) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    """What makes a session for each update: on PostgreSQL at `url`, or on SQLite in `folder` without one."""
    own, register = _engines(folder, url)
    try:
        yield async_sessionmaker(binds={Own: own, Registered: register}, expire_on_commit=False)
    finally:
        await own.dispose()
        await register.dispose()


async def prepare(folder: Path, url: str, people: Iterable[int]) -> None:
    """Create the tables, and let these Telegram users in."""
    own, register = _engines(folder, url)
    async with own.begin() as connection:
        await connection.run_sync(Own.metadata.create_all)
    async with AsyncSession(own) as session, session.begin():
        session.add_all(Person(telegram_user_id=user, name="Persona", enabled=True) for user in people)
    await own.dispose()
    await register.dispose()


async def look_up(session: AsyncSession, telegram_user_id: int, text: str) -> str:
    """Look the POD up, record that, bring the person's last PODs up to date, and commit. Returns the
    answer.
    """
    pod = text.strip().upper()
    if POD.fullmatch(pod) is None:
        return "Non riconosco un POD: sono 14 o 15 caratteri, e cominciano con IT."
    async with session.begin():
        person = await session.scalar(
            select(Person).where(Person.telegram_user_id == telegram_user_id, Person.enabled)
        )
        if person is None:
            return "Non risulti abilitato al servizio."
        point, now = pod[:POINT], datetime.now(UTC)
        household = (await session.scalars(_household(point))).all()
        outcome, card = _judged(point, household)
        session.add(AuditEntry(at=now, person_id=person.id, action="look-up", outcome=outcome, point=point))
        await _remember(session, person.id, point, pod, now)
    return card


def _household(point: str) -> Select[Supply]:
    """The supply, its exchange supply and that one's production supplies: one statement, as the product's."""
    asked = aliased(Supply)
    exchange = func.coalesce(
        select(asked.exchange_point).where(asked.point == point).scalar_subquery(), point
    )
    return select(Supply).where(
        or_(Supply.point == point, Supply.point == exchange, Supply.exchange_point == exchange)
    )


def _judged(point: str, household: Sequence[Supply]) -> tuple[str, str]:
    """The outcome, and the card that tells it."""
    supply = next((each for each in household if each.point == point and not each.ceased), None)
    if supply is None:
        return "unknown", UNKNOWN
    suitable = supply.low_voltage and supply.remotely_managed and supply.manufacturer != "other"
    card = CARD.format(
        outcome=ELIGIBLE if suitable else NOT_ELIGIBLE,
        kind="Fornitura" if len(household) == 1 else "Prosumer",
        pod=supply.pod,
        eneltel=supply.eneltel,
        serial=supply.meter_serial,
        generation=supply.generation,
        power=supply.contractual_power_w / 1000,
    )
    return "eligible" if suitable else "not eligible", card


async def _remember(session: AsyncSession, person_id: int, point: str, pod: str, now: datetime) -> None:
    dialect = sqlite if session.get_bind(RecentPod).dialect.name == "sqlite" else postgresql
    # An upsert, and not `merge`: it is one statement, and two messages of one person do not collide in it.
    row = dialect.insert(RecentPod).values(person_id=person_id, point=point, pod=pod, looked_up_at=now)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[RecentPod.person_id, RecentPod.point],
            set_={"pod": row.excluded.pod, "looked_up_at": row.excluded.looked_up_at},
        )
    )
    newest = (
        select(RecentPod.point)
        .where(RecentPod.person_id == person_id)
        .order_by(RecentPod.looked_up_at.desc(), RecentPod.point)
        .limit(RECENT)
    )
    await session.execute(
        delete(RecentPod).where(RecentPod.person_id == person_id, RecentPod.point.not_in(newest)),
        execution_options={"synchronize_session": False},  # none of them is in the session
    )
