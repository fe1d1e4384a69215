"""Downloads by link, of files that are too large for Telegram. Parts of a file can be asked for, so that a
download that broke off is resumed.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import quote

import structlog
from aiohttp import web
from sqlalchemy import Connection

from backend.core.blobs import service as blobs
from backend.core.blobs.errors import BlobError
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError
from backend.documents import service as documents
from backend.documents.errors import DocumentGone
from backend.documents.links import PATH, Grant, LinkExpired, LinkInvalid, Links
from backend.documents.values import Version
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.identity.values import Actor
from bot.core.http import NO_BODY, Route, RouteGroup
from conversations.core.texts import LANGUAGES, texts

log = structlog.get_logger(__name__)

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Limits:
    """What keeps a few readers, or slow ones, from taking the place of all others in a process."""

    at_once: int = 20
    """Downloads at a time; each holds two chunks of a file."""
    each: int = 4
    """Of these, with the links of one person."""
    write_seconds: float = 60.0
    """In so long a reader must take a chunk."""
    margin: timedelta = timedelta(hours=1)
    """What was begun may go on for so long after its link has expired."""


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from the first to the last, both included, of a file."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The part that is asked for is not in the file."""


class Downloads:
    """Serves files to whoever has a link, within the limits."""

    def __init__(self, database: Database, clock: Clock, links: Links, limits: Limits = LIMITS) -> None:
        self._database = database
        self._clock = clock
        self._links = links
        self._limits = limits
        self._busy = Counter[int]()  # by person

    @property
    def routes(self) -> RouteGroup:
        """The route of the links."""
        path = f"{PATH}{{token}}"
        routes = (Route("GET", path, self.answer), Route("HEAD", path, self.answer))
        return RouteGroup("documents", routes, NO_BODY)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Hand the file over, or say why not."""
        try:
            grant = self._links.read(request.match_info["token"], self._clock.now())
        except LinkInvalid:
            return _said("documents.http.unknown", 404)
        except LinkExpired:
            return _said("documents.http.expired", 410)
        if self._busy[grant.person_id] >= self._limits.each:
            return _said("documents.http.yours", 429, {"Retry-After": "30"})
        if self._busy.total() >= self._limits.at_once:
            return _said("documents.http.busy", 503, {"Retry-After": "30"})
        self._busy[grant.person_id] += 1
        try:
            return await self._serve(request, grant)
        finally:
            self._busy -= Counter([grant.person_id])  # and forget who has none

    async def _serve(self, request: web.Request, grant: Grant) -> web.StreamResponse:
        try:
            version = await self._database.short_read(partial(self._find, grant=grant))
            part = _part_of(request, version)
            if request.method == "GET":
                await self._database.write(partial(self._count, grant=grant))
        except DocumentGone:
            return _said("documents.http.gone", 410)
        except NotPermitted:
            return _said("documents.http.not_permitted", 403)
        except Unsatisfiable:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{version.size}"})
        except DatabaseError:
            return _said("documents.http.busy", 503, {"Retry-After": "30"})
        response = web.StreamResponse(status=200 if part is None else 206, headers=_headers(version))
        response.content_type = version.media_type
        response.content_length = version.size if part is None else part.size
        if part is not None:
            response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{version.size}"
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        try:
            async with aclosing(self._content(version, part)) as content:
                async for piece in content:
                    if self._clock.now() > grant.until + self._limits.margin:
                        raise TimeoutError
                    async with asyncio.timeout(self._limits.write_seconds):
                        await response.write(piece)
        except ConnectionError:  # whoever asked has gone, and may come back for the rest
            log.info("document.download_left", version=version.id)
        except TimeoutError:
            log.info("document.download_slow", version=version.id)
            _abort(request)
        except (BlobError, DatabaseError):
            log.exception("document.download_broken", version=version.id)
            _abort(request)
        return response

    def _content(self, version: Version, part: Part | None) -> AsyncGenerator[bytes, None]:
        if part is None:
            return blobs.chunks(self._database, version.digest)
        return blobs.part(self._database, version.digest, part.first, part.last)

    def _find(self, connection: Connection, grant: Grant) -> Version:
        _, version = documents.version(connection, _actor(connection, grant), grant.version_id)
        return version

    def _count(self, connection: Connection, grant: Grant) -> None:
        documents.record_link(connection, _actor(connection, grant), grant, self._clock.now())


def _abort(request: web.Request) -> None:
    """The client must see that what it has is not whole."""
    if request.transport is not None:
        request.transport.abort()


def _actor(connection: Connection, grant: Grant) -> Actor:
    """The person of a link, as what they are now. Raises NotPermitted for one who was erased."""
    address = identity.addresses_of(connection, [grant.person_id]).get(grant.person_id)
    actor = identity.actor_of(connection, address.telegram_user_id) if address is not None else None
    if actor is None:
        raise NotPermitted(None)
    return actor


def _part_of(request: web.Request, version: Version) -> Part | None:
    """The part that is asked for; None for the whole file, as where what is asked for cannot be read, is
    several parts, or is of another version of the file. Raises Unsatisfiable.
    """
    if_range = request.headers.get("If-Range")
    if if_range is not None and if_range != _etag(version):
        return None
    found = _RANGE.fullmatch(request.headers.get("Range", "")[:64])
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:  # the last so many bytes
        size = min(int(found[2]), version.size)
        if size == 0:
            raise Unsatisfiable
        return Part(version.size - size, version.size - 1)
    first = int(found[1])
    last = min(int(found[2]), version.size - 1) if found[2] else version.size - 1
    if found[2] and int(found[2]) < first:
        return None
    if first >= version.size:
        raise Unsatisfiable
    return Part(first, last)


def _etag(version: Version) -> str:
    return f'"{version.digest}"'


def _headers(version: Version) -> dict[str, str]:
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in version.name)
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(version.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": _etag(version),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _said(key: str, status: int, headers: dict[str, str] | None = None) -> web.Response:
    """A page of one sentence, in each language: who opens a link is not asked for one."""
    lines = [str(texts(language)(key)) for language in LANGUAGES]
    given = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})}
    return web.Response(status=status, text="\n".join(lines) + "\n", headers=given)
