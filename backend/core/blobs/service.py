"""Content-addressed blobs in the database, in chunks, so that processes on different machines share them.

Small content is prepared outside of any transaction and put in the one that needs it. What is larger is
stored chunk by chunk, in short transactions of its own, and becomes a blob with the last of them. Hashing
and encryption happen in threads.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from backend.core.blobs.errors import BlobCorrupt, BlobMissing, BlobSealed, UploadForgotten
from backend.core.blobs.models import blob_chunks, blob_uploads, blobs, telegram_uploads
from backend.core.db.database import Database
from backend.core.db.statements import Statement
from backend.core.db.upsert import insert_for
from backend.core.keys.errors import SecretUnreadable
from backend.core.keys.vault import Vault

CHUNK_BYTES = 256 * 1024
SMALL_BYTES = 4 * CHUNK_BYTES
"""The most that may be put within a caller's transaction: a few milliseconds' work for the database."""

_SEALED = ".sealed"


@dataclass(frozen=True, slots=True, repr=False)
class Blob:
    """A blob's content, as it was put."""

    data: bytes
    media_type: str

    def __repr__(self) -> str:
        return f"Blob({self.media_type}, {len(self.data)} bytes)"


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """Content ready to be put: hashed, and encrypted where it is secret. `size` is that of the content."""

    digest: str
    media_type: str
    size: int
    encrypted: bool
    chunks: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Prepared({self.digest}, {self.size} bytes)"


@dataclass(frozen=True, slots=True)
class About:
    """A blob without its content. `size` is in bytes."""

    media_type: str
    size: int
    encrypted: bool
    upload: str | None


async def prepare(data: bytes, media_type: str, vault: Vault | None = None) -> Prepared:
    """Hash small content, and encrypt it with `vault`, in a thread. Raises ValueError for more than
    `SMALL_BYTES`, which are for `store`.
    """
    if len(data) > SMALL_BYTES:
        raise ValueError(f"{len(data)} bytes are too many for one transaction: store them")

    def work() -> Prepared:
        digest = _digest(hashlib.sha256(data).hexdigest(), vault)
        chunks = tuple(_seal(piece, vault) for piece in _cut(data))
        return Prepared(digest, media_type, len(data), vault is not None, chunks)

    return await asyncio.to_thread(work)


def put(connection: Connection, content: Prepared) -> str:
    """Store what was prepared, once, and return its digest: SHA-256 in hexadecimal, with `.sealed` after it
    when encrypted.

    Put again, nothing is stored again and the first media type stays. Encrypted and plain blobs never stand
    for each other, though their content is the same. A blob that nothing uses is deleted after a day.
    """
    upload = _publish(connection, content.digest, content.media_type, content.size, content.encrypted, None)
    if upload is None and content.chunks:
        _CHUNK.run_each(
            connection,
            [
                {"digest": content.digest, "number": number, "data": data}
                for number, data in enumerate(content.chunks)
            ],
        )
    return content.digest


async def store(
    database: Database, content: bytes | AsyncIterable[bytes], media_type: str, vault: Vault | None = None
) -> str:
    """Store content of any size, chunk by chunk, and return its digest as `put` does.

    It is a blob once all of it is there. What an exception, or the end of the process, leaves half stored is
    deleted after a day. Raises UploadForgotten where `content` rested for that long.
    """
    upload, check, size, number = secrets.token_hex(16), hashlib.sha256(), 0, 0
    await database.write(lambda connection: _begin(connection, upload))
    async for piece in _pieces(content):

        def work(piece: bytes = piece) -> bytes:
            check.update(piece)
            return _seal(piece, vault)

        sealed = await asyncio.to_thread(work)
        chunk = {"digest": upload, "number": number, "data": sealed}
        await database.write(partial(_add, upload=upload, chunk=chunk))
        size, number = size + len(piece), number + 1
    digest = _digest(check.hexdigest(), vault)

    def publish(connection: Connection) -> None:
        _end(connection, upload, number)
        known = _publish(connection, digest, media_type, size, vault is not None, upload)
        if known != upload:  # it was there already: what came now is for nothing
            _begin(connection, upload)

    await database.write(publish)
    return digest


def _begin(connection: Connection, upload: str) -> None:
    connection.execute(insert(blob_uploads).values(id=upload))


def _add(connection: Connection, upload: str, chunk: dict[str, Any]) -> None:
    awake = update(blob_uploads).where(blob_uploads.c.id == upload).values(idle_since=None)
    if connection.execute(awake).rowcount != 1:
        raise UploadForgotten(upload)
    connection.execute(insert(blob_chunks), chunk)


def _end(connection: Connection, upload: str, number: int) -> None:
    """The upload is over. All of its chunks must be there: some may have been taken for abandoned."""
    ended = connection.execute(delete(blob_uploads).where(blob_uploads.c.id == upload)).rowcount
    there = connection.scalar(
        select(func.count()).select_from(blob_chunks).where(blob_chunks.c.digest == upload)
    )
    if ended != 1 or there != number:
        raise UploadForgotten(upload)


def _publish(
    connection: Connection, digest: str, media_type: str, size: int, encrypted: bool, upload: str | None
) -> str | None:
    """There is a blob of this digest. Returns where its chunks are: with this upload or an earlier one, or
    (None) with the digest. It counts as new: nobody deletes it before another day is over.
    """
    where: str | None = _PUBLISH.scalar(
        connection,
        {
            "digest": digest,
            "media_type": media_type,
            "size": size,
            "encrypted": encrypted,
            "upload": upload,
            **_FRESH,
        },
    )
    return where


_FRESH: dict[str, Any] = {"unused_since": None, "look_ms": 0}
_CHUNK = Statement(lambda insert: insert(blob_chunks).on_conflict_do_nothing())
_PUBLISH = Statement(
    lambda insert: (
        insert(blobs).on_conflict_do_update(index_elements=["digest"], set_=_FRESH).returning(blobs.c.upload)
    )
)
_ABOUT = Statement(select(blobs).where(blobs.c.digest == bindparam("of_digest")))
_PIECES = Statement(
    select(blob_chunks.c.data)
    .where(blob_chunks.c.digest == bindparam("of_digest"))
    .order_by(blob_chunks.c.number)
)
"""Built once: each SCP file of a bulk request takes them."""


def keep(connection: Connection, digests: Collection[str]) -> None:
    """These blobs are about to be used by a row of this transaction: whoever wants to delete them must look
    again.
    """
    connection.execute(
        update(blobs)
        .where(blobs.c.digest.in_(digests), blobs.c.unused_since.is_not(None))
        .values(unused_since=None)
    )


def about(connection: Connection, digest: str) -> About:
    """Describe a blob. Raises BlobMissing."""
    row = _ABOUT.first(connection, {"of_digest": digest})
    if row is None:
        raise BlobMissing(digest)
    return About(row.media_type, row.size, row.encrypted, row.upload)


def get(connection: Connection, digest: str, vault: Vault | None = None) -> Blob:
    """A small blob as a whole, checked against its digest; for a `long_read`. Raises BlobMissing,
    BlobSealed or BlobCorrupt.
    """
    blob = about(connection, digest)
    pieces = _PIECES.all(connection, {"of_digest": blob.upload or digest})
    data = b"".join([_open(digest, piece.data, blob, vault) for piece in pieces])
    if hashlib.sha256(data).hexdigest() != digest.removesuffix(_SEALED):
        raise BlobCorrupt(digest)
    return Blob(data, blob.media_type)


async def chunks(database: Database, digest: str, vault: Vault | None = None) -> AsyncGenerator[bytes, None]:
    """The content of a blob, chunk by chunk, each read and decrypted in a thread; two of them are held.

    The last one only comes once all of it has been checked: what is corrupt never arrives whole. Raises
    BlobMissing, BlobSealed or BlobCorrupt.
    """
    blob = await database.short_read(lambda connection: about(connection, digest))
    check, held, number = hashlib.sha256(), None, 0

    def read(connection: Connection, number: int) -> bytes | None:
        data = connection.scalar(
            select(blob_chunks.c.data).where(
                blob_chunks.c.digest == (blob.upload or digest), blob_chunks.c.number == number
            )
        )
        return None if data is None else _open(digest, data, blob, vault)

    while True:
        piece = await database.long_read(partial(read, number=number))
        if piece is None:
            break
        await asyncio.to_thread(check.update, piece)
        if held is not None:
            yield held
        held, number = piece, number + 1
    if check.hexdigest() != digest.removesuffix(_SEALED):
        raise BlobCorrupt(digest)
    if held is not None:
        yield held


async def part(database: Database, digest: str, first: int, last: int) -> AsyncGenerator[bytes, None]:
    """The bytes from `first` to `last`, both included, of a plain blob, a chunk at a time. A part cannot be
    checked against the digest. Raises BlobMissing, BlobSealed, or BlobCorrupt where a chunk is missing.
    """
    blob = await database.short_read(lambda connection: about(connection, digest))

    def read(connection: Connection, number: int) -> bytes:
        data = connection.scalar(
            select(blob_chunks.c.data).where(
                blob_chunks.c.digest == (blob.upload or digest), blob_chunks.c.number == number
            )
        )
        if data is None:
            raise BlobCorrupt(digest)
        return _open(digest, data, blob, None)

    for number in range(first // CHUNK_BYTES, last // CHUNK_BYTES + 1):
        piece = await database.long_read(partial(read, number=number))
        start = number * CHUNK_BYTES
        yield piece[max(0, first - start) : last + 1 - start]


def _digest(of_content: str, vault: Vault | None) -> str:
    return of_content + (_SEALED if vault is not None else "")


def _cut(data: bytes) -> Iterator[bytes]:
    return (data[start : start + CHUNK_BYTES] for start in range(0, len(data), CHUNK_BYTES))


async def _pieces(content: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The content in chunks, in whatever portions it comes."""
    if isinstance(content, bytes):
        for piece in _cut(content):
            yield piece
        return
    buffer = bytearray()
    async for portion in content:
        buffer += portion
        while len(buffer) >= CHUNK_BYTES:
            piece = bytes(buffer[:CHUNK_BYTES])
            del buffer[:CHUNK_BYTES]
            yield piece
    if buffer:
        yield bytes(buffer)


def _seal(piece: bytes, vault: Vault | None) -> bytes:
    return piece if vault is None else vault.encrypt(piece)


def _open(digest: str, stored: bytes, blob: About, vault: Vault | None) -> bytes:
    if not blob.encrypted:
        return stored
    if vault is None:
        raise BlobSealed(digest)
    try:
        return vault.decrypt(stored)
    except SecretUnreadable as error:
        raise BlobCorrupt(digest) from error


def remember_file_id(
    connection: Connection, bot_id: int, digest: str, *, kind: str, name: str, file_id: str
) -> None:
    """Remember what Telegram calls a blob that was sent as this kind under this name.

    A file id is good for the bot that got it, and shows the file as it was uploaded.
    """
    connection.execute(
        insert_for(connection, telegram_uploads)
        .values(bot_id=bot_id, digest=digest, kind=kind, name=name[:255], file_id=file_id)
        .on_conflict_do_update(index_elements=["bot_id", "digest", "kind", "name"], set_={"file_id": file_id})
    )


def file_id_of(connection: Connection, bot_id: int, digest: str, *, kind: str, name: str) -> str | None:
    """Telegram's file id of a blob by kind and name for this bot, or None if it was never sent like that."""
    file_id: str | None = connection.execute(
        select(telegram_uploads.c.file_id).where(
            telegram_uploads.c.bot_id == bot_id,
            telegram_uploads.c.digest == digest,
            telegram_uploads.c.kind == kind,
            telegram_uploads.c.name == name[:255],
        )
    ).scalar()
    return file_id
