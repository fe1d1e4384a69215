"""What is read from a device is what it holds, whatever happens on the wire; else an error says so."""

from __future__ import annotations

from datetime import datetime

import pytest

from device_bridge.ab import values
from device_bridge.ab.errors import BadAnswer, DeviceError, DeviceRefused, LinkLost, NoAnswer
from device_bridge.ab.session import AbSession
from device_bridge.ab.values import Diagnostic, Led, LogKind, Meter, Model, Nack
from device_bridge.simulator.device import Configuration, SimulatedDevice
from tests.device_bridge.wires import Spoil, Wire, spoiling, whole

NID = bytes.fromhex("0011223344AA")
POD = "IT001E12345678"
NOW = datetime(2026, 11, 29, 18, 30, 5)  # noqa: DTZ001 - the meter's local time
ANSWER_SECONDS = 0.01


def device(model: Model | None = Model.PRIMARY, **others: object) -> SimulatedDevice:
    configuration = Configuration(POD, model) if model is not None else None
    return SimulatedDevice(NID, configuration, now=lambda: NOW, **others)  # type: ignore[arg-type]


async def session(made: SimulatedDevice, wire: Wire | None = None) -> AbSession:
    opened = AbSession(wire or Wire(made), answer_seconds=ANSWER_SECONDS)
    await opened.open()
    return opened


async def proof(asked: AbSession) -> tuple[str, str, str, int]:
    """What proves a configuration."""
    info = await asked.info()
    pod, nid, model = await asked.row(values.POD), await asked.row(values.NID), await asked.row(values.MODEL)
    await asked.check_link(Meter.PRIMARY)
    return (info.nid, nid.value.hex().upper(), pod.text, model.number)


EXPECTED = ("0011223344AA", "0011223344AA", POD, Model.PRIMARY)


async def test_a_device_says_who_it_is_and_how_it_is_configured() -> None:
    asked = await session(device())

    info = await asked.info()
    assert (info.nid, info.firmware, info.kind) == ("0011223344AA", "A486SIM1", 3)
    assert await proof(asked) == EXPECTED
    assert (await asked.row(values.POD)).at == NOW
    assert (await asked.row(values.IMPORTED)).number == 2_000_000


@pytest.mark.parametrize(
    ("made", "meter", "reason"),
    [
        (device(None), Meter.PRIMARY, Nack.NOT_COMMISSIONED),
        (device(), Meter.PRODUCTION, Nack.NO_TARGET),
        (device(wrong_keys=True), Meter.PRIMARY, Nack.AUTHENTICATION),
        (device(reaches=set()), Meter.PRIMARY, Nack.NO_DATUM),
    ],
)
async def test_a_link_that_fails_says_why(made: SimulatedDevice, meter: Meter, reason: Nack) -> None:
    asked = await session(made)
    with pytest.raises(DeviceRefused) as refused:
        await asked.check_link(meter)
    assert refused.value.reason is reason


async def test_the_whole_log_is_read_block_by_block() -> None:
    asked = await session(device())
    blocks: list[tuple[int, int]] = []

    log = await asked.log(LogKind.IMPORT, lambda block, of: blocks.append((block, of)))

    assert blocks == [(number, 160) for number in range(1, 161)]
    assert (len(log.samples), log.minutes) == (960, 15)
    assert log.samples[-1].at == NOW.replace(second=0)
    assert [later.at > earlier.at for earlier, later in zip(log.samples, log.samples[1:], strict=False)] == (
        [True] * 959
    )


async def test_diagnostics_are_read_and_cleared_and_the_led_is_set() -> None:
    made = device(diagnostics=[Diagnostic(1, 2, 1_700_000_000), Diagnostic(3, 4, 5)])
    asked = await session(made)
    assert await asked.diagnostics(*values.DIAGNOSTICS) == [
        Diagnostic(1, 2, 1_700_000_000),
        Diagnostic(3, 4, 5),
    ]
    await asked.clear_diagnostics()
    assert await asked.diagnostics(*values.DIAGNOSTICS) == []
    await asked.show(Led.GREEN_FAST)
    assert made.led is Led.GREEN_FAST


async def test_a_device_that_lost_power_is_enrolled_again() -> None:
    made = device()
    asked = await session(made)
    made.lose_power()
    with pytest.raises(DeviceRefused) as refused:
        await asked.info()
    assert refused.value.reason is Nack.NOT_ENROLLED
    await asked.open()
    assert await proof(asked) == EXPECTED


def at(number: int, spoilt: Spoil) -> Spoil:
    """Spoil one frame."""
    return lambda each, data: spoilt(each, data) if each == number else data


def lost(number: int, data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("way", ["there", "back"])
async def test_each_frame_can_be_lost(way: str, number: int) -> None:
    made = device()
    asked = await session(made, spoiling(made, way, at(number, lost)))
    assert await proof(asked) == EXPECTED


async def test_each_bit_of_each_frame_can_be_flipped() -> None:
    wire = Wire(device())
    await proof(await session(wire.device, wire))
    frames = wire.sent
    for way in ("there", "back"):
        for number in range(frames):
            for bit in range(0, 8 * 40, 13):

                def flipped(each: int, data: bytes, bit: int = bit) -> bytes:
                    spoilt = bytearray(data)
                    spoilt[bit // 8 % len(data)] ^= 1 << bit % 8
                    return bytes(spoilt)

                made = device()
                try:
                    found = await proof(await session(made, spoiling(made, way, at(number, flipped))))
                except DeviceError:
                    continue
                assert found == EXPECTED


async def test_a_wire_cut_at_any_byte_is_an_error_and_never_a_proof() -> None:
    wire = Wire(device())
    await proof(await session(wire.device, wire))
    for cut in range(wire.bytes):
        made = device()
        with pytest.raises((LinkLost, NoAnswer)):
            await proof(await session(made, Wire(made, cut=cut)))
    made = device()
    assert await proof(await session(made, Wire(made, cut=wire.bytes))) == EXPECTED


async def test_a_late_answer_is_not_taken_for_another_requests() -> None:
    """The LED's first acknowledgement comes when a meter is asked for that is not reached."""
    held: list[bytes] = []

    def late(number: int, data: bytes) -> bytes:
        held.append(data)
        return b"" if number == 2 else data  # the first answer after enrolling

    made = device(reaches=set())
    wire = Wire(made, back=late)
    asked = await session(made, wire)
    await asked.show(Led.GREEN)
    wire.deliver(held[2])
    with pytest.raises(DeviceRefused):
        await asked.check_link(Meter.PRIMARY)


@pytest.mark.parametrize("way", ["there", "back"])
async def test_any_one_frame_of_the_log_can_be_lost(way: str) -> None:
    wire = Wire(device(minutes=240))
    whole_log = await (await session(wire.device, wire)).log(LogKind.IMPORT)
    for number in range(2, wire.sent):
        made = device(minutes=240)
        asked = await session(made, spoiling(made, way, at(number, lost)))
        assert await asked.log(LogKind.IMPORT) == whole_log


async def test_a_device_that_never_answers_is_given_up() -> None:
    made = device()
    with pytest.raises(NoAnswer):
        await session(made, Wire(made, back=lost))
    assert made.requests == 4


async def test_an_answer_of_a_wrong_form_is_refused() -> None:
    made = device()
    made.firmware = "A486SIM1"
    asked = await session(made, Wire(made, back=whole))
    made.nid = NID + b"\0"
    with pytest.raises(BadAnswer):
        await asked.info()
