"""Groups of routes: each has its own limit, and its own port if it wants one."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web

from bot.core.http import HttpServer, Route, RouteGroup


async def measure(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


SMALL = RouteGroup("small", (Route("POST", "/small", measure),), body_limit=10)
LARGE = RouteGroup("large", (Route("POST", "/large/{name}", measure),), body_limit=1_000)
APART = RouteGroup("apart", (Route("POST", "/apart", measure),), body_limit=100, port=0)


async def post(port: int, path: str, size: int) -> tuple[int, str]:
    url = f"http://127.0.0.1:{port}{path}"
    async with aiohttp.ClientSession() as session, session.post(url, data=b"x" * size) as answer:
        return answer.status, await answer.text()


async def test_each_group_has_a_limit_of_its_own_on_one_port() -> None:
    async with HttpServer("127.0.0.1", 0, [SMALL, LARGE]) as server:
        assert server.port_of("small") == server.port_of("large") == server.port
        assert await post(server.port, "/small", 10) == (200, "10")
        assert (await post(server.port, "/small", 11))[0] == 413
        assert await post(server.port, "/large/one", 1_000) == (200, "1000")
        assert (await post(server.port, "/large/one", 1_001))[0] == 413


async def test_a_group_with_a_port_of_its_own_is_served_there_and_nowhere_else() -> None:
    async with HttpServer("127.0.0.1", 0, [SMALL, APART]) as server:
        assert server.port_of("apart") != server.port
        assert await post(server.port_of("apart"), "/apart", 100) == (200, "100")
        assert (await post(server.port_of("apart"), "/apart", 101))[0] == 413
        assert (await post(server.port, "/apart", 1))[0] == 404
        assert (await post(server.port_of("apart"), "/small", 1))[0] == 404


async def test_groups_of_the_same_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two groups of routes share the name 'small'"):
        HttpServer("127.0.0.1", 0, [SMALL, RouteGroup("small", (), 1)])


async def test_a_port_in_use_leaves_no_other_port_open() -> None:
    async with HttpServer("127.0.0.1", 0, [SMALL]) as server:
        taken = RouteGroup("taken", (), 1, port=server.port)
        other = HttpServer("127.0.0.1", 0, [LARGE, taken])
        with pytest.raises(OSError, match="address already in use"):
            async with other:
                raise AssertionError("it must not have begun")
        with pytest.raises(aiohttp.ClientConnectorError):
            await post(other.port, "/large/one", 1)
