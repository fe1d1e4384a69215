"""The audit: a changed, removed or reordered entry is found once it was sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Connection,
    Insert,
    create_engine,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from backend.audit.search import search
from backend.core.audit.chain import seal
from backend.core.audit.errors import DetailRefused
from backend.core.audit.models import audit_entries, audit_heads, audit_seals, audit_subjects
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction, Flaw, Report
from backend.core.audit.verify import verify
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.identity.models import persons
from backend.identity.values import Actor
from backend.product import metadata
from device_bridge.wire.signing import SigningKeys
from tests.samples import HOME, PROSUMER, START

SIGNER = SigningKeys.generate()


def record_some(connection: Connection, count: int = 6) -> None:
    for number in range(count):
        record(
            connection,
            START + timedelta(seconds=number, microseconds=7),
            AuditAction.POD_LOOKED_UP,
            subject="a person",
            integrator_id=1,
            outcome="eligible",
            point=(HOME if number % 2 else PROSUMER).point,
            device_id=number,
            detail={"number": number, "list": [True, None, {"text": "perché"}]},
        )


def sealed_chain(connection: Connection) -> None:
    """Six entries with two signed ends: after the fourth and after the sixth."""
    record_some(connection)
    seal(connection, SIGNER, START, limit=4)
    seal(connection, SIGNER, START + timedelta(seconds=1), limit=4)


def flaws(report: Report) -> list[tuple[Flaw, int | None]]:
    return [(finding.flaw, finding.sequence) for finding in report.findings]


async def test_a_sealed_chain_verifies(database: Database) -> None:
    await database.write(record_some)
    assert await database.write(lambda c: seal(c, SIGNER, START, limit=4)) == 4
    assert await database.long_read(lambda c: verify(c, SIGNER.trusted)) == Report(4, 2, 1, 0)
    assert await database.write(lambda c: seal(c, SIGNER, START, limit=4)) == 2
    assert await database.write(lambda c: seal(c, SIGNER, START, limit=4)) == 0
    report = await database.long_read(lambda c: verify(c, SIGNER.trusted))
    assert report == Report(6, 0, 2, 0)
    assert report.holds
    assert [entry.sequence for entry in await database.long_read(lambda c: list(search(c)))] == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]


async def test_an_empty_audit_verifies(database: Database) -> None:
    assert await database.long_read(lambda c: verify(c, SIGNER.trusted)) == Report(0, 0, 0, 0)


TAMPERINGS: dict[str, tuple[Callable[[Connection], object], list[tuple[Flaw, int | None]]]] = {
    "an entry changed": (
        lambda c: c.execute(update(audit_entries).where(audit_entries.c.id == 2).values(outcome="unknown")),
        [(Flaw.CHANGED, 2)],
    ),
    "a detail changed": (
        lambda c: c.execute(update(audit_entries).where(audit_entries.c.id == 3).values(detail={})),
        [(Flaw.CHANGED, 3)],
    ),
    "an entry deleted": (
        lambda c: c.execute(delete(audit_entries).where(audit_entries.c.id == 5)),
        [(Flaw.MISSING, 5)],
    ),
    "an entry deleted with its seal": (
        lambda c: (
            c.execute(delete(audit_entries).where(audit_entries.c.id == 2)),
            c.execute(delete(audit_seals).where(audit_seals.c.entry_id == 2)),
        ),
        [(Flaw.BROKEN, 3)],
    ),
    "the last entry deleted with its seal": (
        lambda c: (
            c.execute(delete(audit_entries).where(audit_entries.c.id == 6)),
            c.execute(delete(audit_seals).where(audit_seals.c.entry_id == 6)),
        ),
        [(Flaw.TRUNCATED, 6)],
    ),
    "two entries swapped": (
        lambda c: [
            c.execute(update(audit_seals).where(audit_seals.c.sequence == sequence).values(entry_id=entry_id))
            for sequence, entry_id in ((2, 100), (3, 2), (2, 3))
        ],
        [(Flaw.CHANGED, 2), (Flaw.CHANGED, 3)],
    ),
    "the last head deleted": (
        lambda c: c.execute(delete(audit_heads).where(audit_heads.c.sequence == 6)),
        [(Flaw.UNSIGNED, 5)],
    ),
    "a head signed by somebody else": (
        lambda c: (
            c.execute(delete(audit_heads).where(audit_heads.c.sequence == 6)),
            c.execute(forged_head(c, 6)),
        ),
        [(Flaw.BAD_HEAD, 6)],
    ),
    "a head back-dated": (
        lambda c: c.execute(
            update(audit_heads).where(audit_heads.c.sequence == 4).values(at=START - timedelta(1))
        ),
        [(Flaw.BAD_HEAD, 4)],
    ),
    "the chain cut back to its first head": (
        lambda c: (
            c.execute(delete(audit_seals).where(audit_seals.c.sequence > 4)),
            c.execute(delete(audit_heads).where(audit_heads.c.sequence > 4)),
        ),
        [(Flaw.UNCHAINED, None), (Flaw.UNCHAINED, None)],
    ),
    "everything sealed again by somebody else": (
        lambda c: (
            c.execute(delete(audit_heads)),
            c.execute(delete(audit_seals)),
            c.execute(update(audit_entries).values(sealed=False)),
            seal(c, SigningKeys.generate(), START),
        ),
        [(Flaw.BAD_HEAD, 6)],
    ),
}


def forged_head(connection: Connection, sequence: int) -> Insert:
    stranger = SigningKeys.generate()
    digest = connection.execute(
        select(audit_seals.c.hash).where(audit_seals.c.sequence == sequence)
    ).scalar_one()
    return insert(audit_heads).values(
        sequence=sequence, hash=digest, signature=stranger.sign(digest), key_id=SIGNER.key_id, at=START
    )


@pytest.mark.parametrize("bent", ["at = '['", "detail = '['", "correlation = CAST(x'ff' AS TEXT)"])
def test_an_unreadable_row_is_reported_as_a_flaw(bent: str) -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        sealed_chain(connection)
        connection.execute(text(f"UPDATE audit_entries SET {bent} WHERE id = 3"))  # noqa: S608 - of the list above
        assert flaws(verify(connection, SIGNER.trusted)) == [(Flaw.UNREADABLE, None)]


def test_an_entry_with_an_invalid_sealed_flag_is_found() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        sealed_chain(connection)
        record_some(connection, 1)
        connection.execute(text("UPDATE audit_entries SET sealed = 2 WHERE id = 7"))
        assert flaws(verify(connection, SIGNER.trusted)) == [(Flaw.UNCHAINED, None)]


@pytest.mark.parametrize("name", TAMPERINGS)
async def test_tampering_is_located_at_the_changed_entry(database: Database, name: str) -> None:
    tamper, expected = TAMPERINGS[name]
    await database.write(sealed_chain)
    await database.write(tamper)
    report = await database.long_read(lambda c: verify(c, SIGNER.trusted))
    assert (flaws(report), report.flaws) == (expected, len(expected))
    assert not report.holds


COLUMNS = [column.name for column in audit_entries.columns if column.name not in ("id", "sealed")]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    column=st.sampled_from(COLUMNS),
    entry_id=st.integers(1, 6),
    text=st.text("abc", min_size=1, max_size=3),
    number=st.integers(100, 200),
)
def test_every_column_of_every_entry_is_covered_by_the_seals(
    column: str, entry_id: int, text: str, number: int
) -> None:
    values = {
        "at": START + timedelta(days=number),
        "detail": {"number": number},
        "integrator_id": number,
        "device_id": number,
        "association_id": number,
    }
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        sealed_chain(connection)
        connection.execute(
            update(audit_entries)
            .where(audit_entries.c.id == entry_id)
            .values({column: values.get(column, f"tampered {text}")})
        )
        assert flaws(verify(connection, SIGNER.trusted)) == [(Flaw.CHANGED, entry_id)]
    engine.dispose()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(1, 7)))
def test_reordered_entries_are_found(order: list[int]) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        sealed_chain(connection)
        for offset in (100, 0):
            for sequence, entry_id in enumerate(order, start=1):
                connection.execute(
                    update(audit_seals)
                    .where(audit_seals.c.sequence == sequence)
                    .values(entry_id=entry_id + offset)
                )
        moved = [sequence for sequence, entry_id in enumerate(order, start=1) if sequence != entry_id]
        assert flaws(verify(connection, SIGNER.trusted)) == [(Flaw.CHANGED, sequence) for sequence in moved]
    engine.dispose()


async def test_the_chain_goes_on_under_a_new_key(database: Database) -> None:
    newer = SigningKeys.generate()
    await database.write(sealed_chain)
    await database.write(record_some)
    await database.write(lambda c: seal(c, newer, START))
    assert flaws(await database.long_read(lambda c: verify(c, SIGNER.trusted))) == [(Flaw.BAD_HEAD, 12)]
    both = SIGNER.trusted.accept(SIGNER.announce(newer.public_key, START))
    assert (await database.long_read(lambda c: verify(c, both))) == Report(12, 0, 3, 0)


async def test_an_entry_that_is_committed_late_is_sealed_after_younger_ones(
    database: Database, database_url: str
) -> None:
    """PostgreSQL gives ids before the commit; a row inserted under a lower id stands for that."""
    await database.write(lambda c: record_some(c, 1))
    await database.write(
        lambda c: c.execute(
            insert(audit_entries).values(id=100, at=START, action=AuditAction.MEMBER_ADDED.value, detail={})
        )
    )
    await database.write(lambda c: seal(c, SIGNER, START))
    await database.write(
        lambda c: c.execute(
            insert(audit_entries).values(id=50, at=START, action=AuditAction.MEMBER_ADDED.value, detail={})
        )
    )
    assert await database.write(lambda c: seal(c, SIGNER, START)) == 1
    assert await database.long_read(lambda c: verify(c, SIGNER.trusted)) == Report(3, 0, 2, 0)
    order = await database.long_read(
        lambda c: list(c.execute(select(audit_seals.c.entry_id).order_by(audit_seals.c.sequence)).scalars())
    )
    assert order == [1, 100, 50]


async def test_two_sealers_at_once_extend_the_chain_once(database: Database, database_url: str) -> None:
    await database.write(record_some)
    async with Database(database_url) as other:
        await asyncio.gather(
            database.write(lambda c: seal(c, SIGNER, START)),
            other.write(lambda c: seal(c, SIGNER, START)),
            return_exceptions=True,
        )
    assert await database.long_read(lambda c: verify(c, SIGNER.trusted)) == Report(6, 0, 1, 0)


async def test_erasing_a_person_leaves_the_chain_intact(database: Database, us: Actor) -> None:
    await database.write(
        lambda c: record(c, START, AuditAction.POD_LOOKED_UP, subject=us.subject, point=HOME.point)
    )
    await database.write(lambda c: seal(c, SIGNER, START))

    def erase(connection: Connection) -> None:
        connection.execute(delete(audit_subjects).where(audit_subjects.c.point == HOME.point))
        connection.execute(update(persons).where(persons.c.id == us.person_id).values(subject="another"))

    await database.write(erase)
    assert (await database.long_read(lambda c: verify(c, SIGNER.trusted))).holds
    entry = (await database.long_read(lambda c: list(search(c))))[-1]
    assert (entry.point, entry.person_name) == (None, None)
    assert entry.person_subject == us.subject
    assert await database.long_read(lambda c: list(search(c, pod=HOME.pod))) == []


async def test_the_audit_can_be_searched_by_pod_person_and_time(
    database: Database, us: Actor, them: Actor, clock: ManualClock
) -> None:
    def about(member: Actor, point: str) -> Callable[[Connection], None]:
        at = clock.now()
        return lambda c: record(c, at, AuditAction.POD_LOOKED_UP, subject=member.subject, point=point)

    for member, supply in ((us, HOME), (them, HOME), (us, PROSUMER)):
        await database.write(about(member, supply.point))
        clock.advance(timedelta(hours=1))
    ids = [entry.id for entry in await database.long_read(lambda c: list(search(c)))][-3:]

    async def found(**about: object) -> list[int]:
        entries = await database.long_read(lambda c: list(search(c, **about)))  # type: ignore[arg-type]
        return [entry.id for entry in entries if entry.action is AuditAction.POD_LOOKED_UP]

    start = clock.now() - timedelta(hours=3)
    assert await found() == ids
    assert await found(pod=HOME.pod) == ids[:2]
    assert await found(person=us.person_id) == [ids[0], ids[2]]
    assert await found(pod=HOME.pod, person=us.person_id) == ids[:1]
    assert await found(since=start + timedelta(hours=1)) == ids[1:]
    assert await found(until=start + timedelta(hours=1)) == ids[:1]


async def test_a_supply_point_keeps_its_random_id(database: Database, database_url: str) -> None:
    looked_up = partial(record, at=START, action=AuditAction.POD_LOOKED_UP, point=HOME.point)
    async with Database(database_url) as other:
        await asyncio.gather(database.write(looked_up), other.write(looked_up))
    await database.write(looked_up)
    given = await database.long_read(lambda c: c.execute(select(audit_entries.c.pod_subject)).scalars().all())
    assert len(given) == 3
    assert len(set(given)) == 1
    assert given[0] is not None


@pytest.mark.parametrize("value", [1.5, START, b"x", {"deep": [1.5]}, {1: "x"}])
async def test_a_detail_that_does_not_survive_json_is_refused(database: Database, value: object) -> None:
    with pytest.raises(DetailRefused):
        await database.write(lambda c: record(c, START, AuditAction.MEMBER_ADDED, detail={"value": value}))
    count = await database.long_read(
        lambda c: c.execute(select(func.count()).select_from(audit_entries)).scalar()
    )
    assert count == 0
