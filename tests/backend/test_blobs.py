"""Blobs: stored once, checked when read, encrypted where they are secret."""

from __future__ import annotations

import hashlib
import os

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select, update

from backend.blobs.errors import BlobCorrupt, BlobMissing, BlobSealed
from backend.blobs.models import blob_chunks
from backend.blobs.service import CHUNK_BYTES, Blob, file_id_of, get, put, remember_file_id
from backend.db.database import Database
from backend.keys.vault import Vault


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
@pytest.mark.parametrize("sealed", [False, True])
async def test_a_blob_comes_back_as_it_was_put(
    database: Database, vault: Vault, size: int, sealed: bool
) -> None:
    data = os.urandom(size)
    key = vault if sealed else None
    digest = await database.write(lambda c: put(c, data, "image/png", key))
    assert digest.removesuffix(".sealed") == hashlib.sha256(data).hexdigest()
    assert digest.endswith(".sealed") == sealed
    assert await database.write(lambda c: put(c, data, "text/plain", key)) == digest
    assert await database.long_read(lambda c: get(c, digest, vault)) == Blob(data, "image/png")
    chunks = await database.long_read(
        lambda c: c.execute(select(func.count()).select_from(blob_chunks)).scalar_one()
    )
    assert chunks == -(-size // CHUNK_BYTES)


async def test_a_secret_is_not_in_the_database(database: Database, vault: Vault) -> None:
    secret = b"the content of an SCP file " * 40
    digest = await database.write(lambda c: put(c, secret, "x/y", vault))
    plain = await database.write(lambda c: put(c, b"in the open", "x/y"))
    stored = await database.long_read(
        lambda c: b"".join(
            c.execute(select(blob_chunks.c.data).where(blob_chunks.c.digest == digest)).scalars()
        )
    )
    assert secret[:20] not in stored
    assert (await database.long_read(lambda c: get(c, plain))).data == b"in the open"
    with pytest.raises(BlobSealed):
        await database.long_read(lambda c: get(c, digest))
    with pytest.raises(BlobCorrupt):
        await database.long_read(lambda c: get(c, digest, Vault([Fernet.generate_key()])))
    assert b"SCP" not in repr(await database.long_read(lambda c: get(c, digest, vault))).encode()


async def test_a_changed_blob_is_found_out(database: Database) -> None:
    digest = await database.write(lambda c: put(c, b"as it was", "x/y"))
    await database.write(lambda c: c.execute(update(blob_chunks).values(data=b"as it is")))
    with pytest.raises(BlobCorrupt) as corrupt:
        await database.long_read(lambda c: get(c, digest))
    assert corrupt.value.digest == digest
    with pytest.raises(BlobMissing):
        await database.long_read(lambda c: get(c, "0" * 64))


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
