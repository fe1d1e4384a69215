"""The ways in which the stub of the central system fails."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from aiohttp import web

LARGE_BYTES = 2 * 1024 * 1024
CUT_AFTER_BYTES = 8


class StubFault(Enum):
    """What happens to a call. *Carried out* says that it has its effect all the same."""

    SLOW = "slow"
    """It is carried out, and answered after a while."""
    HANGS = "hangs"
    """It is never answered."""
    HELD = "held"
    """It is not answered while its gate is shut; it is carried out once that opens, whoever still waits."""
    FAILS = "fails"
    """500."""
    GATEWAY = "gateway"
    """502 with a web page."""
    AWAY = "away"
    """503, perhaps with Retry-After."""
    BUSY = "busy"
    """429 with Retry-After."""
    DROPPED = "dropped"
    """The connection is closed without an answer."""
    LOST = "lost"
    """It is carried out, and the connection is closed without an answer."""
    CUT = "cut"
    """It is carried out, and the connection is closed in the middle of the answer."""
    NOT_JSON = "not-json"
    """It is carried out, and answered with what only begins like JSON."""
    WRONG_TYPES = "wrong-types"
    """It is carried out, and answered with members of other types."""
    EMPTY = "empty"
    """It is carried out, and answered with an empty body."""
    TWICE = "twice"
    """It is carried out, and answered with every member of the answer twice."""
    TOO_LARGE = "too-large"
    """It is carried out, and answered with 2 MiB."""
    WRONG_CONTENT_TYPE = "wrong-content-type"
    """It is carried out, and answered with 200 and a web page."""
    COMPRESSED = "compressed"
    """It is carried out, and the answer is compressed."""
    REDIRECT = "redirect"
    """It is sent elsewhere."""
    NOT_FOUND = "not-found"
    """404 with a web page."""


@dataclass(frozen=True)
class Trouble:
    """A fault that a call is to meet; `answer` takes the place of what it would be answered, and `refusal` is
    raised instead of carrying it out.
    """

    fault: StubFault
    seconds: float = 0.0
    gate: asyncio.Event | None = None
    answer: bytes | None = None
    refusal: Exception | None = None


Handler = Callable[[web.Request], Awaitable[web.Response]]

_PAGES = {StubFault.GATEWAY: 502, StubFault.NOT_FOUND: 404, StubFault.WRONG_CONTENT_TYPE: 200}
_BEFORE = {StubFault.HANGS, StubFault.FAILS, StubFault.GATEWAY, StubFault.AWAY, StubFault.BUSY} | {
    StubFault.DROPPED,
    StubFault.REDIRECT,
    StubFault.NOT_FOUND,
}
"""Of these a call has no effect."""


async def spoilt(
    trouble: Trouble, request: web.Request, handler: Handler, stopping: asyncio.Event
) -> web.StreamResponse:
    """Answer a call, or do not, as its trouble says."""
    fault = trouble.fault
    await request.read()  # it has come as a whole, whoever goes away meanwhile
    if fault is StubFault.HELD and trouble.gate is not None:
        await trouble.gate.wait()
    if trouble.refusal is not None:
        raise trouble.refusal
    if fault in _BEFORE:
        return await _not_carried_out(trouble, request, stopping)
    answer = await handler(request)
    if trouble.answer is not None:
        answer.body = trouble.answer
    body = answer.body if isinstance(answer.body, bytes) else b""
    match fault:
        case StubFault.SLOW:
            await asyncio.sleep(trouble.seconds)
        case StubFault.LOST:
            return _closed(request)
        case StubFault.CUT:
            return await _cut(request, answer, body)
        case StubFault.NOT_JSON:
            answer.body = body[: len(body) // 2] or b"{"
        case StubFault.WRONG_TYPES:
            answer.body = (
                b'{"supplies": {"pod": 7}, "associations": "none", "more": 1, "state": [], "live": 0}'
            )
        case StubFault.EMPTY:
            answer.body = b""
        case StubFault.TWICE:
            answer.body = body[:-1] + b", " + body[1:]
        case StubFault.TOO_LARGE:
            answer.body = body[:-1] + b', "more": "' + b"x" * LARGE_BYTES + b'"}'
        case StubFault.COMPRESSED:
            answer.body = gzip.compress(body)
            answer.headers["Content-Encoding"] = "gzip"
        case StubFault.WRONG_CONTENT_TYPE:
            return _page(fault)
    return answer


async def _not_carried_out(
    trouble: Trouble, request: web.Request, stopping: asyncio.Event
) -> web.StreamResponse:
    after = {"Retry-After": f"{trouble.seconds:.0f}"} if trouble.seconds else {}
    match trouble.fault:
        case StubFault.HANGS:
            await stopping.wait()
            return _closed(request)
        case StubFault.FAILS:
            return web.Response(status=500, text="It failed")
        case StubFault.AWAY:
            return web.Response(status=503, headers=after)
        case StubFault.BUSY:
            return web.Response(status=429, headers=after)
        case StubFault.REDIRECT:
            return web.Response(status=302, headers={"Location": "https://elsewhere.example/"})
        case StubFault.DROPPED:
            return _closed(request)
        case _:
            return _page(trouble.fault)


def _page(fault: StubFault) -> web.Response:
    page = "<!doctype html><title>Gateway</title><h1>Nobody is there</h1>"
    return web.Response(status=_PAGES[fault], text=page, content_type="text/html")


def _closed(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _cut(request: web.Request, answer: web.Response, body: bytes) -> web.StreamResponse:
    begun = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.headers["Content-Type"]})
    begun.content_length = len(body)
    await begun.prepare(request)
    await begun.write(body[:CUT_AFTER_BYTES])
    if request.transport is not None:
        request.transport.close()
    return begun
