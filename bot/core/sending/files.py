"""Sending what holds files: uploaded once, and by the name that Telegram gave them from then on.

An upload reads the blob while it is sent, so it holds two chunks and never the whole.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import replace
from typing import IO, Any, cast

import structlog
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload
from sqlalchemy import Connection
from telegram import Bot, InputFile
from telegram.error import BadRequest, NetworkError

from backend.core.blobs import service as blobs
from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError
from backend.core.keys.vault import Vault
from bot.core.request import call
from conversations.core.prompts import Document, File, Photo
from handlers.render import Rendered, shown

log = structlog.get_logger(__name__)

UPLOADS = 4
"""Calls that upload more than a chunk at a time: this bounds what they hold in memory, and how many threads
decrypt. What is smaller waits for none of them.
"""
DOCUMENT = "document"
PHOTO = "photo"
VOICE = "voice"
METHODS = {DOCUMENT: "sendDocument", PHOTO: "sendPhoto", VOICE: "sendVoice"}
VOICE_NAME = "voice.ogg"
NO_VOICE = "VOICE_MESSAGES_FORBIDDEN"
"""What Telegram says where a user takes no voice messages."""

Write = Callable[[Callable[[Connection], Any]], Awaitable[Any]]


class FileSender:
    """Sends files for one bot. `write` is how the elected sender writes."""

    def __init__(self, database: Database, bot: Bot, vault: Vault, write: Write) -> None:
        self._database = database
        self._bot = bot
        self._vault = vault
        self._write = write
        self._places = asyncio.Semaphore(UPLOADS)

    async def send(self, destination: dict[str, Any], rendered: Rendered) -> int:
        """Send a file, or an album, to a place (arguments of the Bot API). Returns the id of its message, the
        first of an album's. Raises TelegramError, BlobError or DatabaseError.
        """
        files = rendered.files
        known = await self._database.short_read(
            lambda connection: {
                file: file_id for file in files if (file_id := self._known(connection, file)) is not None
            }
        )
        try:
            return await self._send(destination, rendered, known)
        except BadRequest as error:
            if NO_VOICE in error.message.upper():  # they get it as a file
                files = tuple(Document(file.digest, VOICE_NAME) for file in files)
                return await self._send(destination, replace(rendered, files=files), {})
            if not known or "file" not in error.message.lower():
                raise
        log.info("post.file_id_stale")  # Telegram no longer knows it: all is uploaded again
        return await self._send(destination, rendered, {})

    async def _send(self, destination: dict[str, Any], rendered: Rendered, known: dict[File, str]) -> int:
        files = rendered.files
        new = {file for file in files if file not in known}
        # A stream is one part of a body: a file that stands twice in an album needs two.
        streams = [await self._stream(file) if file in new else None for file in files]
        size = sum(stream.size or 0 for stream in streams if stream is not None)
        async with self._places if size > blobs.CHUNK_BYTES else nullcontext():
            sources = [
                known[file] if stream is None else _input(file, stream)
                for file, stream in zip(files, streams, strict=True)
            ]
            try:
                sent = await self._call(destination, rendered, sources)
            except NetworkError:
                for stream in streams:
                    if stream is not None and stream.failure is not None:  # ours; what arrived was not whole
                        raise stream.failure from None
                raise
        await self._remember(files, sent, new)
        return int(sent[0]["message_id"])

    async def _call(
        self, destination: dict[str, Any], rendered: Rendered, sources: Sequence[str | InputFile]
    ) -> list[dict[str, Any]]:
        """The messages that it became. `sources` are what Telegram calls the files, or uploads of them."""
        files = rendered.files
        if len(files) == 1:
            kind = _kind(files[0])
            return [await call(self._bot, METHODS[kind], destination | shown(rendered) | {kind: sources[0]})]
        uploads = {
            f"file{number}": source for number, source in enumerate(sources) if isinstance(source, InputFile)
        }
        media = [
            {"type": _kind(file), "media": f"attach://{name}" if (name := f"file{n}") in uploads else source}
            for n, (file, source) in enumerate(zip(files, sources, strict=True))
        ]
        if rendered.text:  # below an album of photos stands the first one's, below documents each its own
            media[-1 if isinstance(files[-1], Document) else 0] |= shown(rendered)
        return list(await call(self._bot, "sendMediaGroup", destination | {"media": media} | uploads))

    async def _stream(self, file: File) -> BlobStream:
        about = await self._database.short_read(lambda connection: blobs.about(connection, file.digest))
        return BlobStream(self._database, self._vault, file.digest, about)

    def _known(self, connection: Connection, file: File) -> str | None:
        return blobs.file_id_of(connection, self._bot.id, file.digest, kind=_kind(file), name=_name(file))

    async def _remember(self, files: Sequence[File], sent: Sequence[dict[str, Any]], new: set[File]) -> None:
        """Keep what Telegram calls the files that were new to it."""
        ids = {
            file: file_id
            for file, message in zip(files, sent, strict=False)
            if file in new and (file_id := _file_id(message)) is not None
        }

        def work(connection: Connection) -> None:
            for file, file_id in ids.items():
                blobs.remember_file_id(
                    connection, self._bot.id, file.digest, kind=_kind(file), name=_name(file), file_id=file_id
                )

        if not ids:
            return
        try:
            await self._write(work)
        except DatabaseError:
            raise
        except Exception:  # it was sent all the same; the next upload is another chance
            log.exception("file.not_remembered")


class BlobStream(Payload):
    """A blob as a part of a request's body. Its size is known before, so the body's length is too."""

    def __init__(self, database: Database, vault: Vault, digest: str, about: blobs.About) -> None:
        super().__init__(digest, content_type=about.media_type)
        self._size = about.size
        self._database = database
        self._vault = vault
        self._digest = digest
        self.failure: Exception | None = None
        """Why it could not be read to its end: of the request only "broken off" is heard."""

    async def write(self, writer: AbstractStreamWriter) -> None:
        try:
            async with aclosing(blobs.chunks(self._database, self._digest, self._vault)) as chunks:
                async for chunk in chunks:
                    await writer.write(chunk)
        except OSError:
            raise  # the connection's
        except Exception as error:
            self.failure = error
            raise

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("it is read while it is sent")


def _input(file: File, stream: BlobStream) -> InputFile:
    # The library passes on what is not to be read to its client, which is ours.
    other = (
        VOICE_NAME if _kind(file) == VOICE else f"photo{mimetypes.guess_extension(stream.content_type) or ''}"
    )
    name = _name(file) or other
    return InputFile(cast("IO[bytes]", stream), filename=name, read_file_handle=False)


def _kind(file: File) -> str:
    if isinstance(file, Document):
        return DOCUMENT
    return PHOTO if isinstance(file, Photo) else VOICE


def _name(file: File) -> str:
    return file.name if isinstance(file, Document) else ""


def _file_id(message: dict[str, Any]) -> str | None:
    """Telegram's file id in a message; of a photo the largest size."""
    found = message.get(DOCUMENT) or message.get(VOICE) or (message.get(PHOTO) or [{}])[-1]
    file_id: str | None = found.get("file_id")
    return file_id
