"""One contract for every source of SCP files, and what the one over HTTP does with answers that are none."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from backend.associations.values import Configuration
from backend.central.client import CentralClient
from backend.central.scp import HttpScpSource
from backend.devices.values import DeviceType
from backend.scp.attaching import MOST_BYTES, fault_of
from backend.scp.errors import ScpAwaited, ScpSourceFailed
from backend.scp.source import GeneratedScpSource, ScpSource, UploadedScpSource
from backend.scp.values import ScpRequest
from sandbox.central import StubCentral
from sandbox.central_faults import StubFault
from tests.central.support import Hasty
from tests.samples import HOME, NID_A, PROSUMER, ROOF, SID_A

STANDARD = ScpRequest(
    scp_id=1,
    association_id=1,
    sid=SID_A,
    nid=NID_A,
    device_type=DeviceType.MOME,
    configuration=Configuration.STANDARD,
    pod=HOME.pod.code,
    production_pod=None,
    sequence=1,
)
WITH_PRODUCTION = replace(
    STANDARD,
    scp_id=2,
    pod=PROSUMER.pod.code,
    production_pod=ROOF.pod.code,
    configuration=Configuration.PROSUMER,
)


@pytest.fixture
async def stub() -> AsyncIterator[StubCentral]:
    async with StubCentral(looks=2) as running:
        yield running


@pytest.fixture
async def client(stub: StubCentral) -> AsyncIterator[CentralClient]:
    async with CentralClient(stub.url, stub.token, seconds=10.0, chance=Hasty()) as opened:
        yield opened


def over_http(client: CentralClient, patience_seconds: float = 5.0) -> HttpScpSource:
    return HttpScpSource(client, patience_seconds=patience_seconds, look_again_seconds=0.01)


@pytest.fixture(params=["generated", "http"])
def source(request: pytest.FixtureRequest, client: CentralClient) -> ScpSource:
    return GeneratedScpSource() if request.param == "generated" else over_http(client)


@pytest.mark.parametrize("wanted", [STANDARD, WITH_PRODUCTION])
async def test_content_is_made_that_could_be_loaded(source: ScpSource, wanted: ScpRequest) -> None:
    content = await source.make(wanted)
    assert fault_of(content) is None
    assert len(content) <= MOST_BYTES


async def test_two_files_have_different_content(source: ScpSource) -> None:
    assert await source.make(STANDARD) != await source.make(replace(STANDARD, scp_id=3, sequence=2))


async def test_a_source_that_makes_none_says_so() -> None:
    with pytest.raises(ScpAwaited):
        await UploadedScpSource().make(STANDARD)


async def test_a_file_that_is_asked_for_again_is_the_same_one(
    client: CentralClient, stub: StubCentral
) -> None:
    first = await over_http(client).make(STANDARD)
    assert await over_http(client).make(STANDARD) == first
    assert stub.calls["requestScpFile"] == 2


async def test_no_file_is_given_for_another_device(client: CentralClient) -> None:
    await over_http(client).make(STANDARD)
    with pytest.raises(ScpSourceFailed, match="taken"):
        await over_http(client).make(replace(STANDARD, sid="MOME0000000000009"))


@pytest.mark.parametrize("fault", [StubFault.LOST, StubFault.CUT, StubFault.GATEWAY, StubFault.FAILS])
@pytest.mark.parametrize("operation", ["requestScpFile", "seeScpFile", "fetchScpFile"])
async def test_what_may_pass_is_tried_again(
    operation: str, fault: StubFault, client: CentralClient, stub: StubCentral
) -> None:
    stub.trouble(fault, operation, times=2)
    content = await over_http(client).make(STANDARD)
    assert await over_http(client).make(STANDARD) == content


@pytest.mark.parametrize(
    ("operation", "fault", "reason"),
    [
        ("requestScpFile", StubFault.AWAY, "status-503"),
        ("requestScpFile", StubFault.WRONG_TYPES, "shape"),
        ("requestScpFile", StubFault.WRONG_CONTENT_TYPE, "content-type"),
        ("seeScpFile", StubFault.NOT_FOUND, "status-404"),
        ("fetchScpFile", StubFault.TOO_LARGE, "too-large"),
        ("fetchScpFile", StubFault.WRONG_CONTENT_TYPE, "content-type"),
        ("fetchScpFile", StubFault.NOT_JSON, "damaged"),
        ("fetchScpFile", StubFault.EMPTY, "damaged"),
        ("fetchScpFile", StubFault.TWICE, "damaged"),
        ("fetchScpFile", StubFault.COMPRESSED, "encoding"),
    ],
)
async def test_a_file_that_could_not_be_had_says_why(
    operation: str, fault: StubFault, reason: str, client: CentralClient, stub: StubCentral
) -> None:
    stub.trouble(fault, operation, times=10)
    with pytest.raises(ScpSourceFailed) as failed:
        await over_http(client).make(STANDARD)
    assert failed.value.reason == reason


async def test_a_file_is_not_waited_for_for_ever(client: CentralClient, stub: StubCentral) -> None:
    stub.looks = 1_000_000
    with pytest.raises(ScpSourceFailed, match="too-slow"):
        await over_http(client, patience_seconds=0.2).make(STANDARD)


async def test_a_file_that_is_ready_is_fetched_however_long_that_takes(
    client: CentralClient, stub: StubCentral
) -> None:
    stub.trouble(StubFault.SLOW, "fetchScpFile", seconds=1.7)
    assert await over_http(client, patience_seconds=1.5).make(STANDARD)


async def test_a_file_that_the_central_system_gave_up_is_a_failure(
    client: CentralClient, stub: StubCentral
) -> None:
    stub.answer_next("requestScpFile", b'{"state": "failed", "size": null, "sha256": null}')
    with pytest.raises(ScpSourceFailed, match="failed"):
        await over_http(client).make(STANDARD)


async def test_content_that_is_no_scp_file_is_refused(client: CentralClient, stub: StubCentral) -> None:
    page = b"<!doctype html><title>Login</title>"
    ready = {"state": "ready", "size": len(page), "sha256": hashlib.sha256(page).hexdigest()}
    stub.looks = 0
    stub.answer_next("requestScpFile", json.dumps(ready).encode())
    stub.answer_next("fetchScpFile", page)
    with pytest.raises(ScpSourceFailed, match="html"):
        await over_http(client).make(STANDARD)


async def test_who_gives_up_waiting_leaves_nothing_behind(client: CentralClient, stub: StubCentral) -> None:
    stub.trouble(StubFault.HANGS, "requestScpFile")
    making = asyncio.create_task(over_http(client).make(STANDARD))
    await stub.came("requestScpFile", 1)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert await over_http(client).make(STANDARD)
