"""The HTTP server: groups of routes, each with its own limit and perhaps its own port."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web
from sqlalchemy import select

from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError
from backend.core.db.metadata import now_ms
from bot.core.roles import ProcessRole

HEALTH = "/health"
NO_BODY = 1024  # bytes; for routes that read none

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Route:
    """A handler for one method and path; the path is aiohttp's, with `{name}` for what varies."""

    method: str
    path: str
    handler: Handler


@dataclass(frozen=True)
class RouteGroup:
    """Routes that belong together. `body_limit` is in bytes: a longer body is answered 413, and never held
    in memory as a whole.

    `port` none means the process's own address; 0 takes any free port, on `host` where it is given, with
    `tls` where that is. Only processes with that `role` serve it; all where it is none. `closing` ends
    connections that stay open, before the server stops.
    """

    name: str
    routes: tuple[Route, ...]
    body_limit: int
    port: int | None = None
    role: ProcessRole | None = None
    host: str | None = None
    tls: ssl.SSLContext | None = None
    closing: Callable[[], Awaitable[None]] | None = None


class HttpServer:
    """Serves groups of routes while its block lasts. Raises ValueError where two groups have one name.

    `port` is the process's own port, as it got it; `port_of` tells each group's.
    """

    def __init__(self, host: str, port: int, groups: Sequence[RouteGroup]) -> None:
        self._host = host
        self.port = port
        self._ports: dict[str, int] = {}
        self._runners: list[web.AppRunner] = []
        self._groups: dict[str, RouteGroup] = {}
        for group in groups:
            if self._groups.setdefault(group.name, group) is not group:
                raise ValueError(f"two groups of routes share the name {group.name!r}")

    def port_of(self, group: str) -> int:
        """The port on which a group is served."""
        return self._ports[group]

    async def __aenter__(self) -> Self:
        try:
            shared = [group for group in self._groups.values() if group.port is None]
            self.port = await self._serve(self._host, self.port, shared)
            for group in self._groups.values():
                if group.port is not None:
                    await self._serve(group.host or self._host, group.port, [group], group.tls)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _serve(
        self, host: str, port: int, groups: Sequence[RouteGroup], tls: ssl.SSLContext | None = None
    ) -> int:
        app = web.Application()
        for group in groups:
            for route in group.routes:
                app.router.add_route(route.method, route.path, _limited(route.handler, group.body_limit))
        runner = web.AppRunner(app, access_log=None)
        self._runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, host, port, ssl_context=tls).start()
        got = int(runner.addresses[0][1])
        self._ports |= {group.name: got for group in groups}
        return got

    async def _stop(self) -> None:
        for group in self._groups.values():
            if group.closing is not None:
                await group.closing()
        while self._runners:
            await self._runners.pop().cleanup()


def _limited(handler: Handler, limit: int) -> Handler:
    # aiohttp knows one limit for an application; a request knows its own.
    async def limited(request: web.Request) -> web.StreamResponse:
        return await handler(request.clone(client_max_size=limit))

    return limited


@dataclass(frozen=True)
class Fact:
    """Something that `/health` says beside the state of the database; it makes nothing unhealthy. `read`
    gives it in a few words; what it raises for a database that does not answer is the database's.
    """

    name: str
    read: Callable[[], Awaitable[str]]


def health(database: Database, facts: Sequence[Fact] = ()) -> RouteGroup:
    """200 while the database can be read and written, 503 otherwise."""

    async def answer(request: web.Request) -> web.Response:
        try:
            await database.long_read(lambda connection: connection.scalar(select(now_ms())))
            said = {fact.name: await fact.read() for fact in facts}
        except DatabaseError:
            return web.json_response({"database": "unavailable"}, status=503)
        if trouble := database.trouble:
            return web.json_response({"database": f"cannot be written: {trouble}"}, status=503)
        return web.json_response({"database": "ok", **said})

    return RouteGroup("health", (Route("GET", HEALTH, answer),), NO_BODY)
