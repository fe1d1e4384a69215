"""Frames are found in any stream, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.ab.frames import DEVICE, MOST_DATA, Frame, FrameReader

addresses = st.integers(0, 127)
frames = st.builds(Frame, addresses, addresses, st.integers(0, 255), st.binary(max_size=MOST_DATA))


@pytest.mark.parametrize(
    ("frame", "wire"),
    [
        (Frame(1, DEVICE, 90, b"\0"), "F7 04 01 7F 5A 00 00 DA"),
        (Frame(1, DEVICE, 2, bytes((1, 22))), "F7 05 01 7F 02 01 16 00 99"),
        (Frame(1, DEVICE, 103, b"\0"), "F7 04 01 7F 67 00 00 E7"),
    ],
)
def test_frames_have_the_bytes_that_are_published(frame: Frame, wire: str) -> None:
    assert frame.encode() == bytes.fromhex(wire)
    assert FrameReader().feed(bytes.fromhex(wire)) == [frame]


@given(st.lists(frames, max_size=5), st.data())
def test_frames_are_found_however_the_bytes_arrive(sent: list[Frame], data: st.DataObject) -> None:
    stream = b"".join(frame.encode() for frame in sent)
    reader, found = FrameReader(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += reader.feed(stream[:size])
        stream = stream[size:]
    assert found == sent
    assert reader.skipped == 0


@given(st.binary(max_size=80).filter(lambda noise: 0xF7 not in noise), frames)
def test_noise_before_a_frame_is_skipped(noise: bytes, frame: Frame) -> None:
    assert FrameReader().feed(noise + frame.encode()) == [frame]


@given(st.binary(max_size=80), frames)
def test_a_frame_behind_any_noise_is_found_once_nobody_waits_any_longer(noise: bytes, frame: Frame) -> None:
    reader = FrameReader()
    found = [*reader.feed(noise + frame.encode()), *reader.give_up()]
    # Noise can make a frame of its own with the right sum, or swallow the real one into it.
    assert found, "something with a right sum was there"
    if found[-1] != frame:
        assert noise.count(0xF7), "without a start there is nothing to be misled by"


@given(frames, st.data())
def test_a_frame_with_a_flipped_bit_is_never_taken_for_another(frame: Frame, data: st.DataObject) -> None:
    wire = bytearray(frame.encode())
    bit = data.draw(st.integers(0, 8 * len(wire) - 1))
    wire[bit // 8] ^= 1 << bit % 8
    reader = FrameReader()
    found = [*reader.feed(bytes(wire)), *reader.give_up()]
    assert all(len(each.encode()) < len(wire) for each in found), "at most a frame within its data"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_and_all_are_accounted_for(stream: bytes) -> None:
    reader = FrameReader()
    found = [*reader.feed(stream), *reader.give_up()]
    assert reader.skipped + sum(len(frame.encode()) for frame in found) == len(stream)


@pytest.mark.parametrize(
    ("source", "destination", "attribute", "data"),
    [(128, 0, 0, b""), (0, -1, 0, b""), (0, 0, 256, b""), (0, 0, 0, bytes(58))],
)
def test_what_is_no_frame_is_not_made(source: int, destination: int, attribute: int, data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each message is its own
        Frame(source, destination, attribute, data)
