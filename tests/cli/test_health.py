"""`a486 health`, against the bot's own HTTP server."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from backend.core.db.database import Database
from bot.core.http import HEALTH, HttpServer, health
from bot.core.settings import load
from bot.operations.health import health_url

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nobody listens there: the command must not ask there


@pytest.fixture
async def served(database: Database) -> AsyncIterator[HttpServer]:
    """The bot's HTTP server on a free port, without the rest of the bot."""
    async with HttpServer("127.0.0.1", 0, [health(database)]) as server:
        yield server


async def ask(tmp_path: Path, port: int, host: str = "127.0.0.1") -> tuple[int, str]:
    """Run the command as a container would; returns its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.cli import main; main()",
        "health",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            "PATH": "",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "A486_DATA": str(tmp_path),
            "A486_LISTEN_HOST": host,
            "A486_LISTEN_PORT": str(port),
            "http_proxy": "http://127.0.0.1:9",
            "COLUMNS": "400",
        },
        cwd=tmp_path,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_a_bot_that_is_well_ends_with_zero(served: HttpServer, tmp_path: Path) -> None:
    assert await ask(tmp_path, served.port) == (0, "database: ok\n")


async def test_a_bot_that_listens_everywhere_is_asked_on_its_own_machine(
    served: HttpServer, tmp_path: Path
) -> None:
    assert await ask(tmp_path, served.port, host=EVERYWHERE) == (0, "database: ok\n")


async def test_a_bot_that_is_not_well_ends_with_one_and_says_why(tmp_path: Path) -> None:
    async def unwell(request: web.Request) -> web.Response:
        return web.json_response({"database": "unavailable"}, status=503)

    app = web.Application()
    app.router.add_get(HEALTH, unwell)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = int(runner.addresses[0][1])

    code, said = await ask(tmp_path, port)
    await runner.cleanup()

    assert code == 1
    assert said == f"http://127.0.0.1:{port}/health answers 503: database: unavailable\n"


async def test_the_health_check_without_a_bot_ends_with_one(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else can be there
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        code, said = await ask(tmp_path, port)

    assert code == 1
    assert f"http://127.0.0.1:{port}/health does not answer" in said


async def test_a_port_that_nobody_can_know_is_said(tmp_path: Path) -> None:
    code, said = await ask(tmp_path, 0)

    assert code == 1
    assert "A486_LISTEN_PORT is 0" in said


def test_an_ipv6_address_is_written_as_urls_want_it() -> None:
    settings = load(bot_token="unused", listen_host="::", listen_port=8486)

    assert health_url(settings) == "http://[::1]:8486/health"
