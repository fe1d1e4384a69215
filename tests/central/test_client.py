"""Calls of the central system, against a stub that fails in every way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

import pytest
from structlog.testing import capture_logs

from backend.central.breaker import CircuitBreaker, CircuitState
from backend.central.client import ATTEMPTS, CentralClient
from backend.central.errors import CentralAway, CentralUnreadable
from backend.central.messages import Household, read
from backend.central.supplies import HttpCentralSystem
from backend.supplies.errors import CentralDataError, CentralFailed, CentralUnavailable
from backend.supplies.outcome import judge
from backend.supplies.service import ask
from backend.supplies.values import LookUpOutcome, SupplyFound
from sandbox.central import StubCentral
from sandbox.central_faults import StubFault
from tests.central.conftest import TOKEN
from tests.central.support import Hasty, patience_for
from tests.samples import HOME, PROSUMER

REPEATED = {
    StubFault.HANGS: LookUpOutcome.UNAVAILABLE,
    StubFault.GATEWAY: LookUpOutcome.UNAVAILABLE,
    StubFault.AWAY: LookUpOutcome.UNAVAILABLE,
    StubFault.BUSY: LookUpOutcome.UNAVAILABLE,
    StubFault.DROPPED: LookUpOutcome.UNAVAILABLE,
    StubFault.LOST: LookUpOutcome.UNAVAILABLE,
    StubFault.CUT: LookUpOutcome.UNAVAILABLE,
    StubFault.FAILS: LookUpOutcome.GENERIC_ERROR,
}
"""What may pass is tried again; what a look-up comes to where it does not pass."""
FINAL = {
    StubFault.NOT_JSON: LookUpOutcome.GENERIC_ERROR,
    StubFault.EMPTY: LookUpOutcome.GENERIC_ERROR,
    StubFault.TWICE: LookUpOutcome.GENERIC_ERROR,
    StubFault.TOO_LARGE: LookUpOutcome.GENERIC_ERROR,
    StubFault.WRONG_CONTENT_TYPE: LookUpOutcome.GENERIC_ERROR,
    StubFault.COMPRESSED: LookUpOutcome.GENERIC_ERROR,
    StubFault.REDIRECT: LookUpOutcome.GENERIC_ERROR,
    StubFault.NOT_FOUND: LookUpOutcome.GENERIC_ERROR,
    StubFault.WRONG_TYPES: LookUpOutcome.INTERNAL_ERROR,
}
"""What was answered is not asked for again."""
HARMLESS = {StubFault.SLOW, StubFault.HELD}


def test_every_fault_of_the_stub_has_an_outcome() -> None:
    assert {*REPEATED, *FINAL, *HARMLESS} == set(StubFault)


@pytest.mark.parametrize(("fault", "patience"), [(fault, patience_for(fault)) for fault in REPEATED])
async def test_what_may_pass_is_tried_again_and_then_has_its_outcome(
    fault: StubFault, stub: StubCentral, client: CentralClient
) -> None:
    central = HttpCentralSystem(client)
    stub.trouble(fault, times=ATTEMPTS - 1)
    assert await central.look_up(HOME.pod) == SupplyFound(HOME.pod, HOME)
    assert stub.calls["lookUp"] == ATTEMPTS

    stub.trouble(fault, times=ATTEMPTS)
    assert judge(HOME.pod, await ask(central, HOME.pod), None).outcome is REPEATED[fault]
    assert stub.calls["lookUp"] == 2 * ATTEMPTS


@pytest.mark.parametrize("fault", FINAL)
async def test_an_answer_that_cannot_be_used_is_asked_for_once(
    fault: StubFault, stub: StubCentral, client: CentralClient
) -> None:
    central = HttpCentralSystem(client)
    stub.trouble(fault)
    assert judge(HOME.pod, await ask(central, HOME.pod), None).outcome is FINAL[fault]
    assert stub.calls["lookUp"] == 1
    assert await central.look_up(HOME.pod) == SupplyFound(HOME.pod, HOME)


async def test_a_slow_answer_within_the_time_is_an_answer(stub: StubCentral, client: CentralClient) -> None:
    stub.trouble(StubFault.SLOW, seconds=0.1)
    assert await HttpCentralSystem(client).look_up(HOME.pod) == SupplyFound(HOME.pod, HOME)
    assert stub.calls["lookUp"] == 1


async def test_a_wait_that_it_asks_for_is_kept(stub: StubCentral, client: CentralClient) -> None:
    began = asyncio.get_running_loop().time()
    stub.trouble(StubFault.BUSY, seconds=1)
    assert await HttpCentralSystem(client).look_up(HOME.pod) == SupplyFound(HOME.pod, HOME)
    assert asyncio.get_running_loop().time() - began >= 1


async def test_a_wait_that_is_longer_than_anybody_waits_is_not_waited_for(
    stub: StubCentral, client: CentralClient
) -> None:
    stub.trouble(StubFault.AWAY, seconds=60)
    with pytest.raises(CentralUnavailable, match="status-503"):
        await HttpCentralSystem(client).look_up(HOME.pod)
    with pytest.raises(CentralUnavailable, match="circuit-open"):
        await HttpCentralSystem(client).look_up(PROSUMER.pod)
    assert stub.calls["lookUp"] == 1


async def test_a_call_ends_within_its_time_whatever_happens(stub: StubCentral) -> None:
    async with CentralClient(stub.url, stub.token, seconds=30.0, total_seconds=0.5, chance=Hasty()) as client:
        stub.trouble(StubFault.HANGS, times=10)
        async with asyncio.timeout(10):
            with pytest.raises(CentralUnavailable, match="time-out"):
                await HttpCentralSystem(client).look_up(HOME.pod)


def circuit_of(client: CentralClient) -> CircuitState:
    """Its state by now; mypy believes that an attribute stays what it was."""
    return client.circuit


async def test_who_is_away_is_asked_by_one_call_when_the_time_is_over(stub: StubCentral) -> None:
    now = 0.0
    breaker = CircuitBreaker(failures=ATTEMPTS, ticks=lambda: now)
    async with CentralClient(
        stub.url, stub.token, seconds=5.0, total_seconds=20.0, breaker=breaker, chance=Hasty()
    ) as client:
        central = HttpCentralSystem(client)
        stub.trouble(StubFault.DROPPED, times=ATTEMPTS)
        with pytest.raises(CentralUnavailable, match="no-connection"):
            await central.look_up(HOME.pod)
        assert circuit_of(client) is CircuitState.OPEN
        with pytest.raises(CentralUnavailable, match="circuit-open"):
            await central.look_up(HOME.pod)

        now = 60.0
        gate = asyncio.Event()
        stub.trouble(StubFault.HELD, gate=gate)
        probe = asyncio.create_task(central.look_up(HOME.pod))
        await stub.came("lookUp", ATTEMPTS + 1)
        assert circuit_of(client) is CircuitState.HALF_OPEN
        with pytest.raises(CentralUnavailable, match="circuit-open"):
            await central.look_up(PROSUMER.pod)
        gate.set()
        assert await probe == SupplyFound(HOME.pod, HOME)
        assert circuit_of(client) is CircuitState.CLOSED


async def test_nobody_there_is_unavailable() -> None:
    async with StubCentral() as gone:
        pass
    async with CentralClient(gone.url, "x", seconds=10.0, chance=Hasty()) as client:
        with pytest.raises(CentralUnavailable, match="no-connection"):
            await HttpCentralSystem(client).look_up(HOME.pod)


async def test_what_is_no_http_is_unreadable() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with CentralClient(f"http://127.0.0.1:{port}", "x", seconds=10.0, chance=Hasty()) as client:
            with pytest.raises(CentralFailed, match="http"):
                await HttpCentralSystem(client).look_up(HOME.pod)


async def test_neither_the_token_nor_a_pod_stands_in_the_log_or_an_error(
    stub: StubCentral, client: CentralClient
) -> None:
    with capture_logs() as logged:
        for fault in (*FINAL, StubFault.DROPPED, StubFault.FAILS, StubFault.CUT):
            stub.trouble(fault, times=ATTEMPTS)
            failure = await ask(HttpCentralSystem(client), HOME.pod)
            stub.heal()
            assert isinstance(failure, Exception)
            told: BaseException | None = failure
            while told is not None:
                assert TOKEN not in repr(told)
                assert HOME.pod.code not in repr(told)
                told = told.__cause__
    assert logged
    assert TOKEN not in str(logged)
    assert HOME.pod.code not in str(logged)


async def test_a_wrong_token_is_a_failure_and_not_an_absence(stub: StubCentral) -> None:
    async with CentralClient(stub.url, "another", chance=Hasty()) as client:
        with pytest.raises(CentralFailed, match="unauthorised"):
            await HttpCentralSystem(client).look_up(HOME.pod)
        assert circuit_of(client) is CircuitState.CLOSED


Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[str]:
    """A server that talks so: its address."""
    calls = set[asyncio.Task[Any]]()

    async def call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        calls.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await talk(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(call, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.gather(*calls)


@asynccontextmanager
async def talking(answers: Sequence[bytes]) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that answers its calls with these bytes, one after the other: its address, and the heads of
    the calls that came.
    """
    heads, left = list[bytes](), list(answers)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heads.append(head)
        length = re.search(rb"(?i)content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        writer.write(left.pop(0))
        await writer.drain()

    async with serving(talk) as url:
        yield url, heads


def answer_of(body: bytes, *more: str) -> bytes:
    """A whole answer with these headers besides."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


@pytest.mark.parametrize(("stalls", "fetch_seconds"), [(False, 20.0), (True, 20.0), (False, 0.7)])
async def test_content_that_comes_slowly_is_fetched_for_as_long_as_it_comes(
    stalls: bool, fetch_seconds: float
) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = "HTTP/1.1 200 OK", "Content-Type: application/octet-stream", "Content-Length: 11"
        writer.write("\r\n".join([*head, "", ""]).encode())
        for _ in range(10):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.2)
        if not stalls:
            writer.write(b"x")
        await reader.read()

    async with serving(trickle) as url:
        client = CentralClient(
            url, "x", seconds=1.5, total_seconds=1.0, fetch_seconds=fetch_seconds, chance=Hasty()
        )
        async with client, asyncio.timeout(30):
            if stalls or fetch_seconds < 1:
                with pytest.raises(CentralAway, match="time-out"):
                    await client.fetch("fetchScpFile", "/")
            else:
                assert await client.fetch("fetchScpFile", "/") == b"x" * 11


@pytest.mark.parametrize("encoding", ["identity", "Identity", "", " IDENTITY "])
async def test_an_answer_that_is_said_not_to_be_compressed_is_taken(encoding: str) -> None:
    answer = answer_of(household(), f"Content-Encoding: {encoding}")
    async with talking([answer]) as (url, _), CentralClient(url, "x", chance=Hasty()) as client:
        assert await HttpCentralSystem(client).look_up(HOME.pod) == SupplyFound(HOME.pod, HOME)


async def test_a_body_of_unknown_length_is_given_up_where_it_becomes_too_large() -> None:
    rest = b'{"supplies": [], "rest": "' + b"x" * (1024 * 1024) + b'"}'
    parts = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in (rest, b""))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with talking([head + parts]) as (url, _), CentralClient(url, "x", chance=Hasty()) as client:
        with pytest.raises(CentralUnreadable, match="too-large"):
            await client.ask("lookUp", "GET", "/", Household)


async def test_a_cookie_is_not_sent_back() -> None:
    answer = answer_of(household(), "Set-Cookie: session=1; Path=/")
    async with talking([answer] * 2) as (url, heads):
        named = url.replace("127.0.0.1", "localhost")  # of a bare address aiohttp would keep none anyway
        client = CentralClient(named, "x", chance=Hasty())
        async with client:
            for _ in range(2):
                await client.ask("lookUp", "GET", "/", Household)
    assert len(heads) == 2
    assert not any(b"cookie" in head.lower() for head in heads)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("300", 300.0),
        ("301", 300.0),
        ("99999", 300.0),
        ("1" * 400, 300.0),
        ("1" * 5000, 300.0),
        ("-5", 0.0),
        ("1e9", 0.0),
        ("\u00b2", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
    ],
)
async def test_a_wait_that_it_asks_for_has_a_measure(said: str, seconds: float) -> None:
    away = f"HTTP/1.1 503 Away\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n".encode()
    async with talking([away]) as (url, _), CentralClient(url, "x", chance=Hasty()) as client:
        with pytest.raises(CentralAway) as failure:
            await client.ask("lookUp", "GET", "/", Household, attempts=1)
    assert failure.value.after == seconds


ROW = (
    b'{"pod": "IT001E10000001", "eneltel": "100000001", "meter_serial": "20G2A000000001",'
    b' "meter_role": "M1", "generation": "2G", "low_voltage": true, "remotely_managed": true,'
    b' "reachable": true, "manufacturer": "e-distribuzione", "exchange_point": null,'
    b' "contractual_power_w": 3000, "available_power_w": 3300, "ceased": false}'
)


def household(row: bytes = ROW, rest: bytes = b"") -> bytes:
    return b'{"supplies": [' + row + b"]" + rest + b"}"


def test_an_answer_may_have_more_than_was_agreed_and_write_a_whole_number_with_a_point() -> None:
    more = household(ROW.replace(b"3000,", b"3000.0,"), b', "since": {"version": 2}')
    assert [row.supply for row in read(Household, more).supplies] == [HOME]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (household()[:-1], "json"),
        (b"\xff" + household(), "json"),
        (household(rest=b', "supplies": []'), "json"),
        (household(ROW.replace(b"3000,", b"NaN,")), "json"),
        (b"[" * 100_000, "json"),
        (household(ROW.replace(b"3000,", b"1" * 5_000 + b",")), "json"),
        (b"null", "shape"),
        (b"[]", "shape"),
        (b"{}", "shape"),
        (household(ROW.replace(b"3000,", b'"3000",')), "shape"),
        (household(ROW.replace(b"3000,", b"-1,")), "shape"),
        (household(ROW.replace(b"3000,", b"3000.5,")), "shape"),
        (household(ROW.replace(b"3000,", b"true,")), "shape"),
        (household(ROW.replace(b": true", b": 1")), "shape"),
        (household(ROW.replace(b'"2G"', b'"3G"')), "shape"),
        (household(ROW.replace(b"IT001E10000001", b"IT001E1000000")), "shape"),
        (household(ROW.replace(b"IT001E10000001", b"IT001E10000001\\n")), "shape"),
        (household(ROW.replace(b'"ceased"', b'"Ceased"')), "shape"),
        (household(b", ".join([ROW] * 101)), "shape"),
    ],
)
def test_an_answer_that_is_not_as_agreed_is_unreadable(body: bytes, reason: str) -> None:
    with pytest.raises(CentralUnreadable) as unreadable:
        read(Household, body)
    assert unreadable.value.reason == reason
    assert "IT001E" not in repr(unreadable.value.__cause__)


async def test_supplies_that_contradict_each_other_are_data_errors(
    stub: StubCentral, client: CentralClient
) -> None:
    central = HttpCentralSystem(client)
    for body, reason in (
        (household(ROW + b", " + ROW.replace(b"3300", b"4400")), "supply-twice"),
        (household(ROW.replace(b"IT001E10000001", b"IT001E10000009")), "another-supply"),
    ):
        stub.answer_next("lookUp", body)
        with pytest.raises(CentralDataError) as contradiction:
            await central.look_up(HOME.pod)
        assert contradiction.value.reason == reason


def test_a_reason_is_all_that_an_absence_says() -> None:
    assert str(CentralAway("time-out", 3.0)) == "time-out"
