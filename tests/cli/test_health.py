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
    """Run the command as a container would; returns its exit code and its output."""
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


async def test_a_healthy_bot_gives_exit_code_zero(served: HttpServer, tmp_path: Path) -> None:
    assert await ask(tmp_path, served.port) == (0, "database: ok\n")


async def test_a_bot_listening_on_all_addresses_is_asked_on_loopback(
    served: HttpServer, tmp_path: Path
) -> None:
    assert await ask(tmp_path, served.port, host=EVERYWHERE) == (0, "database: ok\n")


async def test_an_unhealthy_bot_gives_exit_code_one_and_the_reason(tmp_path: Path) -> None:
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


async def test_a_missing_bot_gives_exit_code_one(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound and not listening: no other process can use the port
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        code, said = await ask(tmp_path, port)

    assert code == 1
    assert f"http://127.0.0.1:{port}/health does not answer" in said


async def test_a_listen_port_of_zero_is_reported(tmp_path: Path) -> None:
    code, said = await ask(tmp_path, 0)

    assert code == 1
    assert "A486_LISTEN_PORT is 0" in said


def test_an_ipv6_address_is_written_in_brackets() -> None:
    settings = load(bot_token="unused", listen_host="::", listen_port=8486)

    assert health_url(settings) == "http://[::1]:8486/health"
