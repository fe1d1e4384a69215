"""Calls of the central system: time limits, retries, the circuit, and what an answer may be.

Every call of the contract can be repeated, and so every call is: a few times, with growing waits that no two
callers share, within a time limit of its own. (Where a connection turns out to be closed, aiohttp makes a
`PUT`, `DELETE` or `GET` once more by itself.) The token goes out in one header and nowhere else; the log gets
the name of a call and a constant.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
import structlog

from backend.central.breaker import LONGEST_SECONDS, CircuitBreaker, CircuitState
from backend.central.errors import (
    CentralAway,
    CentralCallFailed,
    CentralFault,
    CentralRefusal,
    CentralUnreadable,
    CircuitOpen,
)
from backend.central.messages import MOST_CONTENT_BYTES, M, Problem, read

log = structlog.get_logger(__name__)

T = TypeVar("T")

CALL_SECONDS = 4.0
"""The limit of one try."""
CONNECT_SECONDS = 2.0
"""Of which the connection may take so much."""
TOTAL_SECONDS = 12.0
"""The limit of a call with all its tries and waits."""
FETCH_SECONDS = 600.0
"""The same for content, which may come slowly: each part of it has the limit of a try."""
ATTEMPTS = 3
"""Tries of a call for which somebody waits."""
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.3, 3.0
"""The wait before a second try is between nothing and this, and twice as long each time."""
CONNECTIONS = 100
"""Connections at the same time: more than the service asks for, since a wait for one would look like an
absence.
"""
MOST_ANSWER_BYTES = 256 * 1024
JSON, PROBLEM, BYTES = "application/json", "application/problem+json", "application/octet-stream"
AWAY = {429, 502, 503, 504}


class CentralClient:
    """Makes calls while its block lasts. `url` is the address that the paths stand below."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        seconds: float = CALL_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        fetch_seconds: float = FETCH_SECONDS,
        breaker: CircuitBreaker | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._seconds = seconds
        self._total_seconds = total_seconds
        self._fetch_seconds = fetch_seconds
        self._timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        self._breaker = breaker or CircuitBreaker()
        self._chance = chance or random.SystemRandom()
        self._session: aiohttp.ClientSession | None = None

    @property
    def circuit(self) -> CircuitState:
        """The state of this process's circuit."""
        return self._breaker.state

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            headers={"Authorization": f"Bearer {self._token}", "Accept-Encoding": "identity"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # nothing compressed is taken: it could grow beyond any limit
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def ask(
        self,
        name: str,
        method: str,
        path: str,
        answer: type[M],
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, int] | None = None,
        attempts: int = ATTEMPTS,
    ) -> M:
        """Make a call that is answered with JSON. Raises a CentralCallFailed."""

        async def once() -> M:
            came = await self._exchange(method, path, JSON, MOST_ANSWER_BYTES, body=body, query=query)
            return read(answer, came)

        return await self._tried(name, once, attempts, self._total_seconds)

    async def fetch(self, name: str, path: str) -> bytes:
        """Fetch content of at most 256 KiB, for as long as it comes. Raises a CentralCallFailed."""
        moving = aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS, sock_read=self._seconds)

        async def once() -> bytes:
            return await self._exchange("GET", path, BYTES, MOST_CONTENT_BYTES, timeout=moving)

        return await self._tried(name, once, ATTEMPTS, self._fetch_seconds)

    async def _tried(self, name: str, once: Callable[[], Awaitable[T]], attempts: int, seconds: float) -> T:
        """Make a call, several times if need be, within its time. Raises what the last try raised."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        for attempt in range(1, attempts + 1):
            try:
                with self._breaker.call():
                    return await _by(until, once)
            except CircuitOpen as failure:
                if attempt == 1:  # quickly, since nothing was waited for
                    raise
                last: CentralCallFailed = failure
            except (CentralAway, CentralFault) as failure:
                last = failure
            except CentralCallFailed as failure:
                log.warning("central.call_failed", call=name, reason=failure.reason)
                raise
            wait = self._wait(attempt, last)
            if attempt == attempts or loop.time() + wait >= until:
                break
            log.info("central.call_again", call=name, reason=last.reason, attempt=attempt)
            await asyncio.sleep(wait)
        log.warning("central.call_failed", call=name, reason=last.reason, attempts=attempt)
        raise last

    def _wait(self, attempt: int, failure: CentralCallFailed) -> float:
        longest = min(FIRST_WAIT_SECONDS * 2 ** (attempt - 1), LONGEST_WAIT_SECONDS)
        jitter = self._chance.uniform(0.02, longest)
        return jitter + (failure.after if isinstance(failure, CentralAway) else 0.0)

    async def _exchange(
        self,
        method: str,
        path: str,
        kind: str,
        most_bytes: int,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, int] | None = None,
        timeout: aiohttp.ClientTimeout | None = None,
    ) -> bytes:
        """One try: the body of an answer with a status of success and the type that is expected."""
        if self._session is None:
            raise RuntimeError("the client was not opened")
        try:
            async with self._session.request(
                method,
                self._url + path,
                json=body,
                params=query,
                allow_redirects=False,
                headers={"Accept": f"{kind}, {PROBLEM}"},
                timeout=timeout or self._timeout,
            ) as response:
                return await _taken(response, kind, most_bytes)
        except TimeoutError:
            raise CentralAway("time-out") from None
        except (aiohttp.ClientSSLError, ssl.SSLError):
            raise CentralAway("certificate") from None
        except aiohttp.ClientResponseError:  # it does not speak HTTP; the error repeats our headers
            raise CentralUnreadable("http") from None
        except aiohttp.ClientPayloadError:
            raise CentralAway("cut-off") from None
        except aiohttp.InvalidURL:
            raise CentralUnreadable("url") from None
        except (aiohttp.ClientError, OSError):
            raise CentralAway("no-connection") from None


async def _by(until: float, once: Callable[[], Awaitable[T]]) -> T:
    """One try, which ends by this time of the loop."""
    try:
        async with asyncio.timeout_at(until):
            return await once()
    except TimeoutError:
        raise CentralAway("time-out") from None


async def _taken(response: aiohttp.ClientResponse, kind: str, most_bytes: int) -> bytes:
    status = response.status
    if status in AWAY:
        raise CentralAway(f"status-{status}", _after(response))
    if status >= 500:
        raise CentralFault(f"status-{status}")
    if response.headers.get("Content-Encoding", "").strip().casefold() not in ("", "identity"):
        raise CentralUnreadable("encoding")
    if 200 <= status < 300:
        if response.content_type != kind:
            raise CentralUnreadable("content-type")
        return await _bounded(response, most_bytes)
    if 400 <= status < 500 and response.content_type == PROBLEM:
        problem = read(Problem, await _bounded(response, most_bytes))
        raise CentralRefusal(problem.code, problem.revision or 0)
    raise CentralUnreadable(f"status-{status}")


async def _bounded(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    """The body, of which no more is held than there may be."""
    if (response.content_length or 0) > most_bytes:
        raise CentralUnreadable("too-large")
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > most_bytes:
            raise CentralUnreadable("too-large")
    return bytes(body)


def _after(response: aiohttp.ClientResponse) -> float:
    """The seconds of Retry-After, of which it is believed for no longer than the circuit believes it; 0 where
    there are none, or a date stands there.
    """
    said = response.headers.get("Retry-After", "")
    if not (said.isascii() and said.isdigit()):
        return 0.0
    return min(float(said), LONGEST_SECONDS)  # of whatever length: at worst it is infinite
