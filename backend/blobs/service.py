"""Content-addressed blobs in the database, in chunks, so that processes on different machines share them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from backend.blobs.errors import BlobCorrupt, BlobMissing, BlobSealed
from backend.blobs.models import blob_chunks, blobs, telegram_uploads
from backend.db.upsert import insert_for
from backend.keys.errors import SecretUnreadable
from backend.keys.vault import Vault

CHUNK_BYTES = 256 * 1024

_SEALED = ".sealed"


@dataclass(frozen=True, slots=True, repr=False)
class Blob:
    """A blob's content, as it was put."""

    data: bytes
    media_type: str

    def __repr__(self) -> str:
        return f"Blob({self.media_type}, {len(self.data)} bytes)"


def put(connection: Connection, data: bytes, media_type: str, encrypted: Vault | None = None) -> str:
    """Store `data` once and return its digest: SHA-256 in hexadecimal, with `.sealed` after it when
    encrypted.

    Put again, nothing is stored again and the first media type stays. Encrypted and plain blobs never stand
    for each other, though their content is the same.
    """
    digest = hashlib.sha256(data).hexdigest() + (_SEALED if encrypted is not None else "")
    added = connection.execute(
        insert_for(connection, blobs)
        .values(digest=digest, media_type=media_type, size=len(data), encrypted=encrypted is not None)
        .on_conflict_do_nothing(index_elements=["digest"])
        .returning(blobs.c.digest)
    ).scalar()
    if added is None or not data:
        return digest
    pieces = [data[start : start + CHUNK_BYTES] for start in range(0, len(data), CHUNK_BYTES)]
    connection.execute(
        insert(blob_chunks),
        [
            {
                "digest": digest,
                "number": number,
                "data": piece if encrypted is None else encrypted.encrypt(piece),
            }
            for number, piece in enumerate(pieces)
        ],
    )
    return digest


def get(connection: Connection, digest: str, vault: Vault | None = None) -> Blob:
    """The blob of a digest, checked against it. Raises BlobMissing, BlobSealed or BlobCorrupt."""
    row = connection.execute(select(blobs).where(blobs.c.digest == digest)).first()
    if row is None:
        raise BlobMissing(digest)
    pieces: list[bytes] = list(
        connection.execute(
            select(blob_chunks.c.data).where(blob_chunks.c.digest == digest).order_by(blob_chunks.c.number)
        ).scalars()
    )
    if row.encrypted:
        if vault is None:
            raise BlobSealed(digest)
        try:
            pieces = [vault.decrypt(piece) for piece in pieces]
        except SecretUnreadable as error:
            raise BlobCorrupt(digest) from error
    data = b"".join(pieces)
    if hashlib.sha256(data).hexdigest() != digest.removesuffix(_SEALED):
        raise BlobCorrupt(digest)
    return Blob(data, row.media_type)


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
    """What Telegram calls a blob of this kind and name for this bot, or None when it was never sent so."""
    file_id: str | None = connection.execute(
        select(telegram_uploads.c.file_id).where(
            telegram_uploads.c.bot_id == bot_id,
            telegram_uploads.c.digest == digest,
            telegram_uploads.c.kind == kind,
            telegram_uploads.c.name == name[:255],
        )
    ).scalar()
    return file_id
