"""Blobs: stored once, checked when read, encrypted if secret, deleted when unused."""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from backend.core.blobs.errors import BlobCorrupt, BlobMissing, BlobSealed, UploadForgotten
from backend.core.blobs.models import blob_chunks, blob_uploads, blobs, telegram_uploads
from backend.core.blobs.retention import BLOBS_AT_ONCE, CHUNKS_AT_ONCE, GRACE, forget_unused, uses
from backend.core.blobs.service import (
    CHUNK_BYTES,
    SMALL_BYTES,
    Blob,
    chunks,
    file_id_of,
    get,
    part,
    prepare,
    put,
    remember_file_id,
    store,
)
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.core.outbox import service as outbox
from backend.core.outbox.models import post_files, posts
from backend.core.outbox.values import Destination
from tests.conftest import PostgresServer

AT = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)
HERE = Destination(1, 7, 0, "7")
LARGE = SMALL_BYTES + 1


async def keep(database: Database, data: bytes, media_type: str = "x/y", vault: Vault | None = None) -> str:
    """Put small content. Returns its digest."""
    content = await prepare(data, media_type, vault)
    return await database.write(lambda c: put(c, content))


async def read(database: Database, digest: str, vault: Vault | None = None) -> bytes:
    """The content, chunk by chunk."""
    return b"".join([chunk async for chunk in chunks(database, digest, vault)])


async def count(database: Database, *tables: object) -> list[int]:
    return await database.long_read(
        lambda c: [c.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]  # type: ignore[arg-type]
    )


async def look(database: Database, at: datetime, times: int = 1) -> int:
    """Run the deletion of unused blobs `times` times. Returns how many blobs are gone."""
    return sum([await database.write(lambda c: forget_unused(c, at)) for _ in range(times)])


async def post(database: Database, *digests: str) -> int:
    """A post that shows these blobs; returns its id."""
    return await database.write(
        lambda c: outbox.enqueue(c, HERE, {"text": "Ecco"}, correlation="c", at=AT, files=digests)
    )


async def unpost(database: Database, post_id: int) -> None:
    await database.write(lambda c: c.execute(delete(posts).where(posts.c.id == post_id)))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, LARGE])
@pytest.mark.parametrize("sealed", [False, True])
async def test_a_blob_comes_back_as_it_was_stored(
    database: Database, vault: Vault, size: int, sealed: bool
) -> None:
    data = os.urandom(size)
    key = vault if sealed else None
    digest = await store(database, data, "image/png", key)
    assert digest.removesuffix(".sealed") == hashlib.sha256(data).hexdigest()
    assert digest.endswith(".sealed") == sealed
    assert await store(database, data, "text/plain", key) == digest
    if size <= SMALL_BYTES:
        assert await keep(database, data, "text/plain", key) == digest
    assert await database.long_read(lambda c: get(c, digest, vault)) == Blob(data, "image/png")
    assert await read(database, digest, vault) == data


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, SMALL_BYTES])
async def test_small_content_is_put_once_in_the_callers_transaction(
    database: Database, vault: Vault, size: int
) -> None:
    data = os.urandom(size)
    digest = await keep(database, data, "image/png", vault)
    assert await keep(database, data, "text/plain", vault) == digest
    assert await count(database, blobs, blob_chunks, blob_uploads) == [1, -(-size // CHUNK_BYTES), 0]
    assert await database.long_read(lambda c: get(c, digest, vault)) == Blob(data, "image/png")
    assert await read(database, digest, vault) == data


async def test_content_too_large_for_one_transaction_is_refused(vault: Vault) -> None:
    with pytest.raises(ValueError, match="too many"):
        await prepare(bytes(LARGE), "x/y", vault)


async def test_a_blob_is_stored_in_chunks_and_exists_with_the_last(database: Database) -> None:
    data = os.urandom(3 * CHUNK_BYTES + 5)
    seen = []

    async def portions() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 100_000):
            seen.append(await count(database, blobs, blob_chunks))
            yield data[start : start + 100_000]

    digest = await store(database, portions(), "x/y")

    assert {there for there, _ in seen} == {0}
    assert [number for _, number in seen] == [start * 100_000 // CHUNK_BYTES for start in range(len(seen))]
    assert await count(database, blobs, blob_chunks, blob_uploads) == [1, 4, 0]
    assert await read(database, digest) == data


async def test_secrets_are_sealed_and_opened_in_other_threads(database: Database) -> None:
    threads = set()

    class Watched(Vault):
        def encrypt(self, data: bytes) -> bytes:
            threads.add(threading.current_thread())
            return super().encrypt(data)

        def decrypt(self, sealed: bytes) -> bytes:
            threads.add(threading.current_thread())
            return super().decrypt(sealed)

    vault = Watched([Fernet.generate_key()])
    await keep(database, b"small", "x/y", vault)
    await read(database, await store(database, bytes(LARGE), "x/y", vault), vault)

    assert threads
    assert threading.main_thread() not in threads


async def test_secret_content_is_not_in_the_database_in_the_clear(database: Database, vault: Vault) -> None:
    secret = b"the content of an SCP file " * 40
    digests = [await keep(database, secret, "x/y", vault), await store(database, secret * 2, "x/y", vault)]
    plain = await keep(database, b"in the open")
    stored = await database.long_read(lambda c: b"".join(c.execute(select(blob_chunks.c.data)).scalars()))
    assert secret[:20] not in stored
    assert b"in the open" in stored
    assert (await database.long_read(lambda c: get(c, plain))).data == b"in the open"
    for digest in digests:
        with pytest.raises(BlobSealed):
            await database.long_read(lambda c, digest=digest: get(c, digest))  # type: ignore[misc]
        with pytest.raises(BlobSealed):
            await read(database, digest)
        with pytest.raises(BlobCorrupt):
            await read(database, digest, Vault([Fernet.generate_key()]))
        blob = await database.long_read(lambda c, digest=digest: get(c, digest, vault))  # type: ignore[misc]
        assert b"SCP" not in repr(blob).encode()
    assert b"SCP" not in repr(await prepare(secret, "x/y", vault)).encode()


async def test_a_changed_blob_is_detected(database: Database) -> None:
    digest = await keep(database, b"as it was")
    await database.write(lambda c: c.execute(update(blob_chunks).values(data=b"as it is")))
    with pytest.raises(BlobCorrupt) as corrupt:
        await database.long_read(lambda c: get(c, digest))
    assert corrupt.value.digest == digest
    with pytest.raises(BlobCorrupt):
        await read(database, digest)
    with pytest.raises(BlobMissing):
        await database.long_read(lambda c: get(c, "0" * 64))
    with pytest.raises(BlobMissing):
        await read(database, "0" * 64)


@pytest.mark.parametrize("change", ["lost", "other"])
async def test_corrupt_content_is_never_delivered_whole(database: Database, change: str) -> None:
    data = os.urandom(3 * CHUNK_BYTES)
    digest = await store(database, data, "x/y")
    middle = blob_chunks.c.number == (2 if change == "lost" else 1)
    await database.write(
        lambda c: c.execute(
            delete(blob_chunks).where(middle)
            if change == "lost"
            else update(blob_chunks).where(middle).values(data=bytes(CHUNK_BYTES))
        )
    )
    arrived = []

    async def receive() -> None:
        async for chunk in chunks(database, digest):
            arrived.append(chunk)  # noqa: PERF401 - what came before the exception counts

    with pytest.raises(BlobCorrupt):
        await receive()
    assert len(b"".join(arrived)) < len(data)


def test_every_column_that_holds_a_digest_is_known() -> None:
    assert {str(column) for column in uses()} == {
        "bulk_uploads.digest",
        "document_versions.digest",
        "post_files.digest",
        "programming_jobs.photo",
        "programming_jobs.report",
        "scp_files.digest",
        "ticket_files.digest",
    }


async def test_a_part_of_a_plain_blob_is_read_without_the_rest(database: Database, vault: Vault) -> None:
    content = bytes(range(256)) * (3 * CHUNK_BYTES // 256)
    digest = await store(database, content, "application/zip")
    for first, last in ((0, 0), (CHUNK_BYTES - 1, CHUNK_BYTES), (5, len(content) - 1)):
        read = b"".join([piece async for piece in part(database, digest, first, last)])
        assert read == content[first : last + 1]
    sealed = await store(database, content, "application/zip", vault)
    with pytest.raises(BlobSealed):
        [piece async for piece in part(database, sealed, 0, 9)]
    await database.write(lambda c: c.execute(delete(blob_chunks).where(blob_chunks.c.number == 1)))
    with pytest.raises(BlobCorrupt):
        [piece async for piece in part(database, digest, 0, CHUNK_BYTES)]


async def test_blobs_unused_for_a_day_are_deleted_and_used_ones_stay(database: Database) -> None:
    used, large, unused = (
        await keep(database, b"used"),
        await store(database, os.urandom(LARGE), "x/y"),
        await keep(database, b"unused"),
    )
    await post(database, used, large)
    await database.write(lambda c: remember_file_id(c, 1, unused, kind="document", name="a.txt", file_id="f"))

    assert await look(database, AT) == 0
    assert await look(database, AT + GRACE - timedelta(seconds=1)) == 0
    assert await look(database, AT + GRACE) == 1
    assert await look(database, AT + 5 * GRACE) == 0

    left = await database.long_read(lambda c: set(c.execute(select(blobs.c.digest)).scalars()))
    assert left == {used, large}
    assert await count(database, blob_chunks, telegram_uploads) == [1 + 5, 0]


async def test_the_day_is_counted_from_the_end_of_the_last_use(database: Database) -> None:
    digest = await keep(database, b"content")
    first = await post(database, digest)
    await look(database, AT)
    await unpost(database, first)
    assert await look(database, AT + GRACE) == 0  # found unused
    assert await look(database, AT + 1.5 * GRACE) == 0
    second = await post(database, digest)  # in use for a moment, between two rounds
    await unpost(database, second)
    assert await look(database, AT + 2 * GRACE) == 0
    assert await look(database, AT + 3 * GRACE) == 1


async def test_content_put_again_before_its_deletion_is_kept(database: Database) -> None:
    small, large = os.urandom(10), os.urandom(LARGE)
    await keep(database, small)
    await store(database, large, "x/y")
    await look(database, AT)

    digests = [await keep(database, small), await store(database, large, "x/y")]
    assert await look(database, AT + GRACE) == 0
    for digest, data in zip(digests, (small, large), strict=True):
        assert await read(database, digest) == data


async def test_content_stored_again_leaves_one_copy(database: Database) -> None:
    data = os.urandom(LARGE)
    await post(database, await store(database, data, "x/y"))
    await look(database, AT)
    digest = await store(database, data, "x/y")
    await look(database, AT)
    await look(database, AT + GRACE, times=3)
    assert await count(database, blobs, blob_chunks, blob_uploads) == [1, 5, 0]
    assert await read(database, digest) == data


async def test_content_put_again_after_its_deletion_is_there_again(database: Database) -> None:
    small, large = os.urandom(10), os.urandom(LARGE)
    for _ in range(2):
        digests = [await keep(database, small), await store(database, large, "x/y")]
        for digest, data in zip(digests, (small, large), strict=True):
            assert await read(database, digest) == data
        await look(database, AT)
        assert await look(database, AT + GRACE, times=3) == 2
    assert await count(database, blobs, blob_chunks, blob_uploads) == [0, 0, 0]


async def test_a_use_that_begins_just_before_the_deletion_keeps_the_blob(database: Database) -> None:
    digest = await keep(database, b"content")
    await look(database, AT)
    await post(database, digest)
    assert await look(database, AT + GRACE) == 0
    assert await read(database, digest) == b"content"


async def test_a_use_that_begins_while_the_blob_is_deleted_keeps_it_or_finds_it_gone(
    database: Database, database_url: str
) -> None:
    async with Database(database_url) as other:  # another process; on PostgreSQL a concurrent transaction
        for number in range(20):
            digest = await keep(database, b"%d" % number)
            await look(database, AT)
            results = await asyncio.gather(
                look(database, AT + GRACE), post(other, digest), return_exceptions=True
            )
            assert not [result for result in results if isinstance(result, BaseException)]
            there = await database.long_read(
                lambda c, digest=digest: c.scalar(select(blobs.c.digest).where(blobs.c.digest == digest))  # type: ignore[misc]
            )
            used = await database.long_read(
                lambda c, digest=digest: c.scalar(  # type: ignore[misc]
                    select(post_files.c.digest).where(post_files.c.digest == digest)
                )
            )
            assert there == used


async def test_a_deletion_waits_for_a_use_that_another_process_is_about_to_commit(
    postgres: PostgresServer,
) -> None:
    async with postgres.fresh() as url, Database(url) as database:
        digest, post_id = await keep(database, b"content"), await post(database)
        await look(database, AT)
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        other = await asyncpg.connect(dsn)
        try:
            begun = other.transaction()
            await begun.start()
            await other.execute("UPDATE blobs SET unused_since = NULL WHERE digest = $1", digest)
            await other.execute("INSERT INTO post_files VALUES ($1, $2)", post_id, digest)
            looking = asyncio.create_task(look(database, AT + GRACE))
            while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not looking.done()
            await begun.commit()
        finally:
            await other.close()
        assert await looking == 0
        assert await read(database, digest) == b"content"


async def test_the_database_refuses_to_delete_a_used_blob(database: Database) -> None:
    await post(database, await keep(database, b"content"))
    with pytest.raises(IntegrityError):
        await database.write(lambda c: c.execute(delete(blobs)))


async def test_a_post_of_a_missing_blob_is_enqueued_all_the_same(database: Database) -> None:
    assert await post(database, "0" * 64)
    assert await count(database, posts, post_files) == [1, 0]


async def test_one_deletion_round_takes_a_few_blobs_of_many(database: Database) -> None:
    for number in range(BLOBS_AT_ONCE + 1):
        await keep(database, b"%d" % number)
    await look(database, AT, times=2)

    assert await look(database, AT + GRACE) == BLOBS_AT_ONCE
    assert await look(database, AT + GRACE) == 1
    assert await count(database, blobs, blob_chunks, blob_uploads) == [0, 0, 0]


async def test_one_deletion_round_takes_a_few_chunks_of_many(database: Database) -> None:
    await store(database, os.urandom((CHUNKS_AT_ONCE + 1) * CHUNK_BYTES), "x/y")
    await look(database, AT)

    assert await look(database, AT + GRACE) == 1
    assert await count(database, blobs, blob_chunks, blob_uploads) == [0, 1, 1]
    await look(database, AT + GRACE)
    assert await count(database, blobs, blob_chunks, blob_uploads) == [0, 0, 0]


async def test_one_deletion_round_takes_a_few_bytes_of_many(database: Database) -> None:
    for _ in range(3):
        await keep(database, os.urandom(SMALL_BYTES))
    await look(database, AT)

    assert [await look(database, AT + GRACE) for _ in range(4)] == [1, 1, 1, 0]


async def test_an_interrupted_upload_is_deleted_after_a_day(database: Database) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield bytes(2 * CHUNK_BYTES)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await store(database, breaks(), "x/y")
    assert await count(database, blobs, blob_chunks, blob_uploads) == [0, 2, 1]

    await look(database, AT)
    await look(database, AT + GRACE - timedelta(seconds=1))
    assert await count(database, blob_chunks, blob_uploads) == [2, 1]
    await look(database, AT + GRACE)
    assert await count(database, blob_chunks, blob_uploads) == [0, 0]


async def test_an_upload_in_progress_is_not_taken_for_abandoned(database: Database) -> None:
    at = AT

    async def slow() -> AsyncIterator[bytes]:
        nonlocal at
        for _ in range(3):
            yield bytes(CHUNK_BYTES)
            await look(database, at)
            at += timedelta(hours=20)
            await look(database, at)

    digest = await store(database, slow(), "x/y")
    assert await read(database, digest) == bytes(3 * CHUNK_BYTES)


@pytest.mark.parametrize("after", ["one more", "the last", "half of it"])
async def test_a_deleted_upload_never_becomes_a_blob(database: Database, after: str) -> None:
    async def sleepy() -> AsyncIterator[bytes]:
        yield bytes((CHUNKS_AT_ONCE + 2 if after == "half of it" else 1) * CHUNK_BYTES)
        await look(database, AT)
        await look(database, AT + GRACE)
        if after != "the last":
            yield bytes(CHUNK_BYTES)

    with pytest.raises(UploadForgotten):
        await store(database, sleepy(), "x/y")
    assert await count(database, blobs) == [0]


async def test_a_file_id_belongs_to_one_bot_one_kind_and_one_name(database: Database) -> None:
    async def remember(file_id: str, kind: str = "document", name: str = "a.scp") -> None:
        await database.write(
            lambda c: remember_file_id(c, 1, "digest", kind=kind, name=name, file_id=file_id)
        )

    async def known(bot_id: int = 1, kind: str = "document", name: str = "a.scp") -> str | None:
        return await database.long_read(lambda c: file_id_of(c, bot_id, "digest", kind=kind, name=name))

    await remember("first")
    await remember("newer")
    assert await known() == "newer"
    assert await known(bot_id=2) is None
    assert await known(kind="photo") is None
    assert await known(name="b.scp") is None
    await remember("other", name="b" * 300)
    assert await known(name="b" * 300) == "other"
    assert await known() == "newer"
