"""SCP files: requested once, made outside the transaction, kept encrypted, handed to their owners."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from datetime import timedelta
from functools import partial

import cbor2
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, event, func, select, update

from backend.associations import service as associations
from backend.associations.values import Association
from backend.audit.search import search
from backend.core.audit.values import AuditAction
from backend.core.blobs.errors import BlobError
from backend.core.blobs.models import blob_chunks
from backend.core.blobs.retention import forget_unused
from backend.core.blobs.service import Prepared, prepare
from backend.core.blobs.service import get as get_blob
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.devices.values import DeviceType
from backend.identity.errors import NotPermitted
from backend.identity.values import Actor
from backend.notices.models import notices
from backend.scp import attaching, service, waits
from backend.scp.errors import ScpAssociationGone, ScpAwaited, ScpNotReady, ScpSourceFailed
from backend.scp.models import scp_deliveries, scp_files
from backend.scp.source import (
    AUTHENTICATION_KEY_BYTES,
    ENCRYPTION_KEY_BYTES,
    FORMAT,
    GeneratedScpSource,
    UploadedScpSource,
)
from backend.scp.values import ScpFile, ScpRequest, ScpState
from device_bridge.wire.envelope import open_envelope
from device_bridge.wire.signing import SigningKeys
from tests.samples import NID_A, PROSUMER, ROOF, SID_A, SID_B, facts, not_enabled, wanted


@pytest.fixture
async def association(database: Database, us: Actor, clock: ManualClock) -> Association:
    request = wanted(PROSUMER, production=ROOF)
    found = facts(PROSUMER, ROOF)
    return await database.write(lambda c: associations.create(c, us, request, found, clock.now()))


async def ready(
    database: Database,
    us: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> ScpFile:
    """Request the file of an association and do the worker's part."""
    asked = await database.write(lambda c: service.request(c, us, association, clock.now()))
    request = await database.long_read(lambda c: service.request_of(c, asked.id))
    assert request is not None
    envelope = await service.make(GeneratedScpSource(), signer, vault, request, clock.now())
    assert await database.write(
        lambda c: service.store_ready(c, asked.id, envelope, key_id=signer.key_id, issued_at=clock.now())
    )
    file = await database.long_read(lambda c: service.latest_for(c, us, association.id))
    assert file is not None
    return file


async def test_a_file_is_requested_made_and_handed_over(
    database: Database,
    us: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> None:
    assert await database.long_read(lambda c: service.latest_for(c, us, association.id)) is None
    file = await ready(database, us, association, clock, signer, vault)
    assert (file.state, file.sequence, file.key_id) == (ScpState.READY, 1, signer.key_id)
    assert (file.name, file.expires_at) == (f"{SID_A}-1.scp", clock.now() + service.VALIDITY)

    content = await database.long_read(lambda c: get_blob(c, file.digest or "", vault).data)
    assert len(content) == file.size
    opened = open_envelope(content, signer.trusted, clock.now())
    assert (opened.sid, opened.nid) == (SID_A, NID_A)
    assert opened.pods == (PROSUMER.pod.code, ROOF.pod.code)
    assert (opened.sequence, opened.issued_at, opened.expires_at) == (1, clock.now(), file.expires_at)
    assert cbor2.loads(opened.content)["format"] == FORMAT

    for days in range(3):
        later = clock.now() + timedelta(days=days)
        assert await database.write(partial(forget_unused, at=later)) == 0
    assert await database.long_read(lambda c: get_blob(c, file.digest or "", vault).data) == content

    await database.write(lambda c: service.record_delivery(c, us, file.id, clock.now()))
    deliveries = await database.long_read(
        lambda c: c.execute(select(scp_deliveries.c.scp_id, scp_deliveries.c.person_id)).all()
    )
    assert deliveries == [(file.id, us.person_id)]
    told = await database.long_read(lambda c: list(search(c, pod=PROSUMER.pod)))
    assert [(entry.action, entry.person_subject) for entry in told] == [
        (AuditAction.ASSOCIATION_CREATED, us.subject),
        (AuditAction.SCP_READY, None),
        (AuditAction.SCP_DELIVERED, us.subject),
    ]
    assert {entry.association_id for entry in told} == {association.id}


async def test_the_content_is_encrypted_at_rest(
    database: Database,
    us: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> None:
    file = await ready(database, us, association, clock, signer, vault)
    stored = await database.long_read(lambda c: b"".join(c.execute(select(blob_chunks.c.data)).scalars()))
    assert SID_A.encode() not in stored
    with pytest.raises(BlobError):
        await database.long_read(lambda c: get_blob(c, file.digest or "", Vault([Fernet.generate_key()])))


async def test_a_file_requested_again_is_the_same_until_it_expires(
    database: Database,
    us: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> None:
    first = await database.write(lambda c: service.request(c, us, association, clock.now()))
    assert first.state is ScpState.REQUESTED
    assert await database.write(lambda c: service.request(c, us, association, clock.now())) == first
    file = await ready(database, us, association, clock, signer, vault)
    clock.advance(service.VALIDITY - timedelta(seconds=1))
    assert await database.write(lambda c: service.request(c, us, association, clock.now())) == file
    clock.advance(timedelta(seconds=1))
    newer = await database.write(lambda c: service.request(c, us, association, clock.now()))
    assert (newer.state, newer.sequence) == (ScpState.REQUESTED, 2)
    with pytest.raises(ScpNotReady):
        await database.write(lambda c: service.record_delivery(c, us, newer.id, clock.now()))


async def test_a_file_requested_twice_at_once_is_made_once(
    database: Database, database_url: str, us: Actor, association: Association, clock: ManualClock
) -> None:
    async with Database(database_url) as other:
        one, another = await asyncio.gather(
            database.write(lambda c: service.request(c, us, association, clock.now())),
            other.write(lambda c: service.request(c, us, association, clock.now())),
        )
    assert one == another
    count = await database.long_read(
        lambda c: c.execute(select(func.count()).select_from(scp_files)).scalar()
    )
    assert count == 1


async def test_a_file_made_twice_at_once_is_stored_once(
    database: Database,
    database_url: str,
    us: Actor,
    association: Association,
    clock: ManualClock,
    vault: Vault,
) -> None:
    asked = await database.write(lambda c: service.request(c, us, association, clock.now()))
    one, another = [await prepare(content, "x/y", vault) for content in (b"one", b"another")]
    read = threading.Barrier(2, timeout=1.0)

    def store(connection: Connection, envelope: Prepared) -> bool:
        @event.listens_for(connection, "after_cursor_execute", once=True)
        def meet(*args: object) -> None:  # both have read before either writes, where the database lets them
            with contextlib.suppress(threading.BrokenBarrierError):
                read.wait()

        return service.store_ready(connection, asked.id, envelope, key_id="k", issued_at=clock.now())

    async with Database(database_url) as other:
        stored = await asyncio.gather(
            database.write(partial(store, envelope=one)), other.write(partial(store, envelope=another))
        )
    assert sorted(stored) == [False, True]
    kept = await database.long_read(lambda c: c.scalars(select(blob_chunks.c.digest)).all())
    assert kept == await database.long_read(lambda c: c.scalars(select(scp_files.c.digest)).all())


async def test_a_failure_is_stored_and_another_request_begins_again(
    database: Database, us: Actor, association: Association, clock: ManualClock, vault: Vault
) -> None:
    asked = await database.write(lambda c: service.request(c, us, association, clock.now()))
    assert await database.write(lambda c: service.mark_failed(c, asked.id, "source-down", clock.now()))
    assert not await database.write(lambda c: service.mark_failed(c, asked.id, "again", clock.now()))
    failed = await database.long_read(lambda c: service.latest_for(c, us, association.id))
    assert failed is not None
    assert (failed.state, failed.failure) == (ScpState.FAILED, "source-down")
    late = await prepare(b"late", "x/y", vault)
    assert not await database.write(
        lambda c: service.store_ready(c, asked.id, late, key_id="k", issued_at=clock.now())
    )
    again = await database.write(lambda c: service.request(c, us, association, clock.now()))
    assert (again.state, again.sequence) == (ScpState.REQUESTED, 2)


async def test_the_sequence_counts_the_files_of_a_device_across_associations(
    database: Database,
    us: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> None:
    await ready(database, us, association, clock, signer, vault)
    other_device = await database.write(
        lambda c: associations.replace(
            c, us, association.id, wanted(PROSUMER, sid=SID_B), facts(PROSUMER), clock.now()
        )
    )
    assert (await ready(database, us, other_device, clock, signer, vault)).sequence == 1
    back = await database.write(
        lambda c: associations.replace(c, us, other_device.id, wanted(PROSUMER), facts(PROSUMER), clock.now())
    )
    assert (await ready(database, us, back, clock, signer, vault)).sequence == 2


async def test_the_file_of_a_deleted_association_is_neither_made_nor_handed_over(
    database: Database,
    us: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> None:
    file = await ready(database, us, association, clock, signer, vault)
    await database.write(
        lambda c: c.execute(update(scp_files).values(state=ScpState.REQUESTED.value, digest=None))
    )
    await database.write(lambda c: associations.delete(c, us, association.id, clock.now()))
    assert await database.long_read(lambda c: service.request_of(c, file.id)) is None
    with pytest.raises(ScpAssociationGone):
        await database.long_read(lambda c: service.latest_for(c, us, association.id))


async def test_a_file_is_handed_to_enabled_members_of_its_integrator(
    database: Database,
    us: Actor,
    them: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> None:
    file = await ready(database, us, association, clock, signer, vault)
    for member, refusal in ((them, ScpAssociationGone), (not_enabled(us), NotPermitted)):
        with pytest.raises(refusal):
            await database.long_read(lambda c, m=member: service.latest_for(c, m, association.id))  # type: ignore[misc]
        with pytest.raises(refusal):
            await database.write(
                lambda c, m=member: service.request(c, m, association, clock.now())  # type: ignore[misc]
            )
        with pytest.raises(refusal):
            await database.write(
                lambda c, m=member: service.record_delivery(c, m, file.id, clock.now())  # type: ignore[misc]
            )


async def test_the_generated_content_is_deterministic_except_for_its_keys() -> None:
    request = ScpRequest(
        scp_id=1,
        association_id=2,
        sid=SID_A,
        nid=NID_A,
        device_type=DeviceType.MOME,
        configuration=wanted(PROSUMER, production=ROOF).configuration,
        pod=PROSUMER.pod.code,
        production_pod=ROOF.pod.code,
        sequence=3,
    )
    fixed = GeneratedScpSource(random_bytes=lambda size: b"k" * size)
    assert await fixed.make(request) == await fixed.make(request)
    fresh = [cbor2.loads(await GeneratedScpSource().make(request)) for _ in range(2)]
    keys = {
        meter[name]
        for content in fresh
        for meter in content["meters"]
        for name in meter
        if name.endswith("_key")
    }
    assert len(keys) == 8
    assert {len(key) for key in keys} == {ENCRYPTION_KEY_BYTES} == {AUTHENTICATION_KEY_BYTES}
    assert fresh[0]["device"] == {"type": "MOME", "sid": SID_A, "nid": bytes.fromhex(NID_A)}
    assert [(meter["role"], meter["pod"]) for meter in fresh[0]["meters"]] == [
        ("primary", PROSUMER.pod.code),
        ("production", ROOF.pod.code),
    ]
    assert (fresh[0]["model"], fresh[0]["sequence"]) == (2, 3)


async def test_an_awaited_file_that_can_be_made_by_now_is_made_and_who_waits_is_told(
    database: Database,
    us: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> None:
    """The source was changed: an awaited file is asked for again, and is the same one."""
    asked = await database.write(lambda c: service.request(c, us, association, clock.now()))
    request = await database.long_read(lambda c: service.request_of(c, asked.id))
    assert request is not None
    with pytest.raises(ScpAwaited):
        await service.make(UploadedScpSource(), signer, vault, request, clock.now())
    await database.write(lambda c: attaching.mark_awaited(c, asked.id, us.person_id, 0, clock.now()))
    assert not await database.write(lambda c: service.mark_failed(c, asked.id, "late", clock.now()))
    file = await ready(database, us, association, clock, signer, vault)
    assert (file.id, file.state) == (asked.id, ScpState.READY)
    told = await database.long_read(lambda c: c.execute(select(notices.c.person_id, notices.c.kind)).all())
    assert told == [(us.person_id, waits.READY_NOTICE)]


class Heavy:
    """A source whose content is too large for one transaction."""

    async def make(self, request: ScpRequest) -> bytes:
        return bytes(2 * 1024 * 1024)


async def test_content_that_is_too_large_is_a_failure_of_the_source(
    database: Database,
    us: Actor,
    association: Association,
    clock: ManualClock,
    signer: SigningKeys,
    vault: Vault,
) -> None:
    asked = await database.write(lambda c: service.request(c, us, association, clock.now()))
    request = await database.long_read(lambda c: service.request_of(c, asked.id))
    assert request is not None
    with pytest.raises(ScpSourceFailed, match="too-large"):
        await service.make(Heavy(), signer, vault, request, clock.now())
