"""The HTTP client under python-telegram-bot, on aiohttp.

It tells what never left from what may have arrived: the Bot API has no idempotency key, so this is all
there is to go by when a call fails. The token stands in every URL, so no error leaves here with one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram import Bot
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

# The library warns at every flood wait until one chooses how it says how long.
os.environ.setdefault("PTB_TIMEDELTA", "true")

READ_SECONDS = 20.0
CONNECT_SECONDS = 10.0
UPLOAD_SECONDS = 120.0


class NotSent(NetworkError):
    """The call never reached the server."""


class AnswerLost(TimedOut):
    """The call may have reached the server; its answer did not reach us."""


class TooLarge(NetworkError):
    """The server takes no body of this size: the call can never succeed."""


class AiohttpRequest(BaseRequest):
    """A `BaseRequest` on one aiohttp session."""

    def __init__(self, connections: int = 64) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(
                connector=connector, headers={"User-Agent": self.USER_AGENT}, auto_decompress=True
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the request object is not initialised")
        upload = request_data is not None and request_data.contains_files
        reading = _given(read_timeout, UPLOAD_SECONDS if upload else READ_SECONDS)
        connecting = _given(connect_timeout, CONNECT_SECONDS)
        timeout = aiohttp.ClientTimeout(
            total=None if reading is None else reading + (connecting or 0), sock_connect=connecting
        )
        failure: NetworkError
        try:
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, **_body(request_data)
            ) as response:
                status, answer = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            failure = NotSent(type(error).__name__)
        except TimeoutError:
            failure = AnswerLost("no answer in time")
        except (aiohttp.ClientError, OSError) as error:
            failure = AnswerLost(type(error).__name__)
        else:
            if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise TooLarge("too large")
            if method == "GET" or _is_of_the_bot_api(answer):  # only files are asked for with GET
                return status, answer
            # Some proxy's page: it says nothing of what became of the call, and may repeat the URL.
            failure = AnswerLost(f"an answer that is not the Bot API's (status {status})")
        raise failure  # outside of the handlers, so that no cause goes with it


def _is_of_the_bot_api(answer: bytes) -> bool:
    try:
        return isinstance(json.loads(answer), dict)
    except (ValueError, RecursionError):
        return False


def _given(value: Any, default: float) -> float | None:
    if isinstance(value, DefaultValue):
        return default
    return None if value is None else float(value)


def _body(request_data: RequestData | None) -> dict[str, Any]:
    if request_data is None:
        return {}
    if not request_data.contains_files:
        return {"json": request_data.parameters}
    form = aiohttp.FormData(quote_fields=False)  # else Telegram shows names with %20 in them
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime_type) in request_data.multipart_data.items():
        plain = "".join(sign for sign in file_name if sign.isprintable())  # it stands in a header
        form.add_field(name, content, filename=plain, content_type=mime_type)
    return {"data": form}


async def call(
    bot: Bot, method: str, parameters: Mapping[str, Any], *, read_timeout: float | None = None
) -> Any:
    """Call a method of the Bot API; parameters that are None are left out. Returns its result as it came.

    Raises TelegramError. The library's own methods make objects of what goes and what comes, which takes
    longer than the call, and know nothing of what a later Bot API adds.
    """
    given = [RequestParameter.from_input(name, value) for name, value in parameters.items()]
    timeout = BaseRequest.DEFAULT_NONE if read_timeout is None else read_timeout
    return await bot.request.post(f"{bot.base_url}/{method}", RequestData(given), read_timeout=timeout)


def seconds_of(error: RetryAfter) -> float:
    """The wait that Telegram asks for, in seconds."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
