"""Programming ends with a proof or an error: never a false success, never a byte to a wrong device."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cbor2
import pytest

from device_bridge.ab.errors import DeviceError, LinkLost
from device_bridge.ab.values import Led, Meter, Model
from device_bridge.loaders.loader import LoadFailed, Progress, ScpLoader
from device_bridge.loaders.smp import PATH, SmpLoader
from device_bridge.programmer import (
    CLOCK_TOLERANCE,
    Assignment,
    OtherContent,
    Programmer,
    ProgrammingFailed,
    ReadOtherwise,
    Step,
    WrongDevice,
    WrongEnvelope,
)
from device_bridge.simulator.device import Configuration, SimulatedDevice
from device_bridge.transports import Transport
from device_bridge.wire.envelope import seal_envelope
from device_bridge.wire.errors import EnvelopeError, Expired
from device_bridge.wire.report import Outcome, Report, open_report, seal_report
from device_bridge.wire.signing import SigningKeys
from tests.device_bridge.wires import Wire, spoiling

NID, OTHER_NID = "0011223344AA", "0011223344AB"
SID = "M0000000000000001"
POD, PRODUCTION = "IT001E12345678", "IT001E87654321"
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SIGNER, BRIDGE = SigningKeys.generate(), SigningKeys.generate()
ANSWER_SECONDS = 0.01


def content(nid: str = NID, pods: tuple[str, ...] = (POD,), sequence: int = 1) -> bytes:
    return cbor2.dumps(
        {
            "format": "a486-reference-scp-1",
            "device": {"type": "MOME", "sid": SID, "nid": bytes.fromhex(nid)},
            "configuration": "PROSUMER" if len(pods) > 1 else "STANDARD",
            "meters": [
                {
                    "role": role,
                    "pod": pod,
                    "encryption_key": bytes(range(16)),
                    "authentication_key": bytes(16),
                }
                for role, pod in zip(("primary", "production"), pods, strict=False)
            ],
            "model": 2 if len(pods) > 1 else 0,
            "sequence": sequence,
        },
        canonical=True,
    )


def assignment(
    *,
    nid: str = NID,
    pods: tuple[str, ...] = (POD,),
    sequence: int = 1,
    expires: datetime = NOW + timedelta(days=30),
    inside: bytes | None = None,
) -> Assignment:
    envelope = seal_envelope(
        content(nid, pods, sequence) if inside is None else inside,
        sid=SID,
        nid=nid,
        pods=pods,
        sequence=sequence,
        issued_at=NOW,
        expires_at=expires,
        signer=SIGNER,
    )
    return Assignment("1", 1, SID, nid, pods, sequence, envelope)


def device(nid: str = NID, **others: object) -> SimulatedDevice:
    return SimulatedDevice(bytes.fromhex(nid), **others)  # type: ignore[arg-type]


def programmer(*wires: Wire, loader: ScpLoader | None = None, now: datetime = NOW) -> Programmer:
    """Each time that the port is opened, the next of these wires is there; then none."""
    left = list(wires)

    async def open_port() -> Transport:
        if not left:
            raise LinkLost
        return left.pop(0)

    return Programmer(
        open_port,
        loader or SmpLoader(answer_seconds=ANSWER_SECONDS),
        SIGNER.trusted,
        lambda: now,
        ANSWER_SECONDS,
    )


def quiet(step: Step, done: int, of: int) -> None:
    """Nobody looks at the progress."""


@pytest.mark.parametrize("pods", [(POD,), (POD, PRODUCTION)])
async def test_a_device_is_programmed_and_proves_it(pods: tuple[str, ...]) -> None:
    made, seen = device(), []
    report = await programmer(Wire(made)).program(
        assignment(pods=pods), lambda step, done, of: seen.append((step, done, of))
    )
    assert report.outcome is Outcome.CONFIRMED
    assert (report.nid, report.pod, report.model, report.sequence) == (NID, POD, 2 if len(pods) > 1 else 0, 1)
    assert report.held == report.sha256 == hashlib.sha256(content(pods=pods)).digest()
    assert report.links == {"primary": "ok", "production": "ok"} if len(pods) > 1 else {"primary": "ok"}
    assert (report.simulated, report.loader, made.led) == (True, "smp-reference", Led.GREEN)
    assert list(dict.fromkeys(step for step, _, _ in seen)) == [
        Step.IDENTIFY,
        Step.CHECK,
        Step.LOAD,
        Step.READ_BACK,
    ]
    assert seen[-2][1:] == (len(content(pods=pods)),) * 2
    assert open_report(seal_report(report, BRIDGE), BRIDGE.trusted) == report


async def test_a_wrong_device_is_refused_before_the_first_byte() -> None:
    made = device(OTHER_NID)
    with pytest.raises(WrongDevice) as refused:
        await programmer(Wire(made)).program(assignment(), quiet)
    assert (refused.value.connected, refused.value.expected) == (OTHER_NID, NID)
    assert (made.files.written, made.led) == (0, Led.OFF)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (replace(assignment(), last=2), "sequence"),
        (replace(assignment(), sequence=2), "sequence"),
        (replace(assignment(), pods=(PRODUCTION,)), "pods"),
        (replace(assignment(nid=OTHER_NID), nid=NID), "device"),
        (replace(assignment(), sid="M0000000000000002"), "device"),
    ],
)
async def test_an_envelope_that_is_not_for_this_writes_nothing(given: Assignment, why: str) -> None:
    made = device()
    with pytest.raises(WrongEnvelope) as refused:
        await programmer(Wire(made)).program(given, quiet)
    assert str(refused.value) == why
    assert made.files.written == 0


async def test_an_expired_envelope_is_refused_a_clock_that_is_a_day_wrong_is_borne_with() -> None:
    late = NOW + timedelta(days=30)
    report = await programmer(Wire(device()), now=late + timedelta(hours=25)).program(assignment(), quiet)
    assert report.outcome is Outcome.CONFIRMED
    made = device()
    with pytest.raises(Expired):
        await programmer(Wire(made), now=late + CLOCK_TOLERANCE).program(assignment(), quiet)
    assert made.files.written == 0


@pytest.mark.parametrize("position", range(0, len(assignment().envelope), 5))
async def test_each_changed_byte_of_the_envelope_is_refused(position: int) -> None:
    made, given = device(), assignment()
    for spoilt in (1, 128):
        changed = bytearray(given.envelope)
        changed[position] ^= spoilt
        with pytest.raises(EnvelopeError):
            await programmer(Wire(made)).program(replace(given, envelope=bytes(changed)), quiet)
    with pytest.raises(EnvelopeError):
        await programmer(Wire(made)).program(replace(given, envelope=given.envelope + b"\0"), quiet)
    assert made.files.written == 0


async def run(*wires: Wire) -> Report | None:
    """The report, or None where there was an error of the kinds that are told apart."""
    try:
        return await programmer(*wires).program(assignment(), quiet)
    except (DeviceError, LoadFailed, ProgrammingFailed):
        return None


def proved(made: SimulatedDevice, report: Report | None) -> None:
    """A report is only there where the device holds the file."""
    if report is None:
        return
    assert made.files.stored[PATH] == content()
    assert made.configuration == Configuration(POD, Model.PRIMARY)
    assert (report.outcome, report.pod) == (Outcome.CONFIRMED, POD)


async def whole() -> Wire:
    wire = Wire(device())
    proved(wire.device, await run(wire))
    return wire


async def test_a_line_cut_at_any_byte_gives_no_report() -> None:
    total = (await whole()).bytes
    for cut in range(total):
        assert await run(Wire(device(), cut=cut)) is None


async def test_a_job_goes_on_when_the_cable_is_back_from_where_the_file_was() -> None:
    total = (await whole()).bytes
    for cut in range(0, total, 3):
        made = device()
        report = await run(Wire(made, cut=cut), Wire(made))
        assert report is not None
        proved(made, report)
        assert made.files.written == len(content()), "nothing was written twice"


async def test_a_cable_that_is_moved_to_another_device_writes_nothing_there() -> None:
    total = (await whole()).bytes
    for cut in range(0, total, 3):
        made, other = device(), device(OTHER_NID)
        assert await run(Wire(made, cut=cut), Wire(other)) is None
        assert (other.files.written, other.led, other.configuration) == (0, Led.OFF, None)


async def test_power_lost_at_any_byte_is_gone_on_from() -> None:
    total = (await whole()).bytes
    for cut in range(0, total, 3):
        made = device()
        assert await run(Wire(made, cut=cut)) is None
        made.lose_power()
        proved(made, report := await run(Wire(made)))
        assert report is not None


@pytest.mark.parametrize("way", ["there", "back"])
async def test_each_frame_can_be_lost_or_spoilt(way: str) -> None:
    frames = (await whole()).sent
    succeeded = 0
    for number in range(frames):
        for spoil in (0, 1, 9, 40):

            def change(each: int, data: bytes, number: int = number, spoil: int = spoil) -> bytes:
                if each != number:
                    return data
                if not spoil:
                    return b""
                spoilt = bytearray(data)
                spoilt[spoil % len(data)] ^= 1 << spoil % 8
                return bytes(spoilt)

            made = device()
            report = await run(spoiling(made, way, change))
            proved(made, report)
            succeeded += report is not None
    assert succeeded > frames * 3, "a single fault is got over nearly always"


class Lying(ScpLoader):
    """A device that says to hold what it does not."""

    name = "lying"

    def __init__(self, held: bytes | None) -> None:
        self._held = held

    async def load(self, content: bytes, transport: Transport, progress: Progress) -> bytes | None:
        return hashlib.sha256(content).digest() if self._held is None else self._held


async def test_another_digest_is_an_error() -> None:
    with pytest.raises(OtherContent):
        await programmer(Wire(device()), loader=Lying(bytes(32))).program(assignment(), quiet)


@pytest.mark.parametrize(
    ("held", "field"),
    [(Configuration(PRODUCTION), "pod"), (Configuration(POD, Model.PROSUMER), "model")],
)
async def test_what_reads_otherwise_than_the_file_is_an_error(held: Configuration, field: str) -> None:
    made = device(configuration=held)
    with pytest.raises(ReadOtherwise) as error:
        await programmer(Wire(made), loader=Lying(None)).program(assignment(), quiet)
    assert error.value.field == field


async def test_a_meter_that_is_not_reached_yet_is_told_apart() -> None:
    report = await programmer(Wire(device(reaches=set()))).program(assignment(), quiet)
    assert (report.outcome, report.links) == (Outcome.UNREAD, {"primary": "NO_DATUM"})
    report = await programmer(Wire(device(reaches={Meter.PRIMARY}))).program(
        assignment(pods=(POD, PRODUCTION)), quiet
    )
    assert (report.outcome, report.links) == (Outcome.UNREAD, {"primary": "ok", "production": "NO_DATUM"})


async def test_a_larger_file_that_another_one_left_behind_is_written_over() -> None:
    made = device()
    made.files.stored[PATH], made.files.lengths[PATH] = bytes(5000), 9000
    report = await programmer(Wire(made)).program(assignment(), quiet)
    proved(made, report)


async def test_a_report_that_was_changed_or_is_a_strangers_is_refused() -> None:
    sealed = seal_report(await programmer(Wire(device())).program(assignment(), quiet), BRIDGE)
    for position in range(0, len(sealed), 3):
        changed = bytearray(sealed)
        changed[position] ^= 4
        with pytest.raises(EnvelopeError):
            open_report(bytes(changed), BRIDGE.trusted)
    with pytest.raises(EnvelopeError):
        open_report(sealed, SIGNER.trusted)
