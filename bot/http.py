"""What the process serves over HTTP: its health and, where there is a webhook, the webhook."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from aiohttp import web
from sqlalchemy import select

from backend.db.database import Database
from backend.db.errors import DatabaseError
from backend.db.metadata import now_ms
from bot.intake import BODY_LIMIT, Webhook

HEALTH = "/health"
WEBHOOK = "/telegram"


class HttpServer:
    """Serves while its block lasts. `port` is the one it got."""

    def __init__(self, host: str, port: int, database: Database, webhook: Webhook | None) -> None:
        self._host = host
        self.port = port
        self._database = database
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_get(HEALTH, self._health)
        if webhook is not None:
            app.router.add_post(WEBHOOK, webhook.handle)
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _health(self, request: web.Request) -> web.Response:
        """200 while the database can be read and written, 503 otherwise."""
        try:
            await self._database.read(lambda connection: connection.scalar(select(now_ms())))
        except DatabaseError:
            return web.json_response({"database": "unavailable"}, status=503)
        if trouble := self._database.trouble:
            return web.json_response({"database": f"cannot be written: {trouble}"}, status=503)
        return web.json_response({"database": "ok"})
