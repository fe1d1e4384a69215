"""The HTTP client: unsent calls and possible arrivals are told apart, and no failure holds the token."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest

from bot.core.request import AiohttpRequest, AnswerLost, NotSent, seconds_of
from tests.scripted_api import TOKEN, Hang, Lose, Page, Refuse, ScriptedApi, ScriptedFault
from tests.support import free_port

SECRET = TOKEN.partition(":")[2]


def everything_in(error: BaseException) -> Iterator[str]:
    """The texts of an exception and of its causes."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield f"{each!s} {each!r} {each.args!r} {vars(each)!r}"
            waiting += [each.__cause__, each.__context__]


async def failure(bot: Bot, **options: float) -> TelegramError:
    """The exception with which a message fails."""
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(1, "Ciao", **options)  # type: ignore[arg-type]  # time-outs
    return caught.value


@asynccontextmanager
async def calling(url: str) -> AsyncIterator[Bot]:
    """A bot that has not called `getMe`: there may be no server to answer."""
    request = AiohttpRequest()
    await request.initialize()
    yield Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)
    await request.shutdown()


async def test_a_refused_connection_means_that_nothing_was_sent() -> None:
    async with calling(f"http://127.0.0.1:{free_port()}") as bot:
        error = await failure(bot)

    assert isinstance(error, NotSent)


async def test_an_unknown_host_name_means_that_nothing_was_sent() -> None:
    async with calling("http://nowhere.invalid") as bot:
        error = await failure(bot)

    assert isinstance(error, NotSent)


async def test_an_invalid_address_means_that_nothing_was_sent() -> None:
    async with calling("http://not an address") as bot:
        error = await failure(bot)

    assert isinstance(error, NotSent)
    assert SECRET not in " ".join(everything_in(error))


async def test_a_connection_broken_before_the_answer_means_a_possible_arrival(
    api: ScriptedApi, bot: Bot
) -> None:
    api.will("sendMessage", Lose())

    assert isinstance(await failure(bot), AnswerLost)
    assert len(api.sent()) == 1


async def test_a_missing_answer_means_a_possible_arrival(api: ScriptedApi, bot: Bot) -> None:
    api.will("sendMessage", Hang())

    error = await failure(bot, read_timeout=0.1, connect_timeout=0.1)

    assert isinstance(error, AnswerLost)
    assert isinstance(error, TimedOut)


@pytest.mark.parametrize("status", [200, 404, 500, 502])
async def test_a_page_instead_of_an_answer_means_a_possible_arrival(
    api: ScriptedApi, bot: Bot, status: int
) -> None:
    api.will("sendMessage", Page(status, f"<h1>{status}</h1> /bot{TOKEN}/sendMessage"))

    assert isinstance(await failure(bot), AnswerLost)


async def test_a_list_instead_of_an_answer_means_a_possible_arrival(api: ScriptedApi, bot: Bot) -> None:
    api.will("sendMessage", Page(200, "[]"))

    assert isinstance(await failure(bot), AnswerLost)


async def test_a_refusal_of_telegram_raises_its_own_error(api: ScriptedApi, bot: Bot) -> None:
    wait = Refuse(429, "Too Many Requests: retry after 7", {"retry_after": 7})
    api.will("sendMessage", wait, Refuse(401, "Unauthorized"), Refuse(500, "Internal Server Error"))

    flood, token, server = await failure(bot), await failure(bot), await failure(bot)

    assert isinstance(flood, RetryAfter)
    assert seconds_of(flood) == 7
    assert isinstance(token, InvalidToken)
    assert type(server) is NetworkError


FAULTS: dict[str, ScriptedFault] = {
    "reset": Lose(),
    "silence": Hang(),
    "page": Page(500, f"<p>POST /bot{TOKEN}/sendMessage failed"),
    "page that says it is fine": Page(200, f"/bot{TOKEN}/sendMessage"),
    "not found": Page(404, f"<p>no /bot{TOKEN}/sendMessage"),
    "unauthorised": Refuse(401, "Unauthorized"),
    "server error": Refuse(500, "Internal Server Error"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_failures_their_causes_and_the_log_never_hold_the_token(
    api: ScriptedApi, bot: Bot, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.INFO)
    api.will("sendMessage", FAULTS[fault])

    error = await failure(bot, read_timeout=0.2, connect_timeout=0.1)

    assert SECRET not in " ".join(everything_in(error))
    assert SECRET not in caplog.text


@pytest.mark.parametrize("url", ["http://nowhere.invalid", "http://127.0.0.1:1"])
async def test_the_failure_of_an_unsent_call_holds_no_token(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with calling(url) as bot:
        error = await failure(bot)

    assert SECRET not in " ".join(everything_in(error))
    assert SECRET not in caplog.text


async def test_an_answer_cut_in_the_middle_means_a_possible_arrival() -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok": tr')
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(half, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, calling(f"http://127.0.0.1:{port}") as bot:
        error = await failure(bot)

    assert isinstance(error, AnswerLost)
    assert SECRET not in " ".join(everything_in(error))


async def test_the_client_must_be_opened_before_it_is_used() -> None:
    with pytest.raises(RuntimeError, match="not initialised"):
        await AiohttpRequest().do_request("http://127.0.0.1/", "POST")


async def test_the_client_can_be_opened_twice_and_closed_twice() -> None:
    request = AiohttpRequest()
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()

    assert request.read_timeout is not None
    assert isinstance(request, BaseRequest)
