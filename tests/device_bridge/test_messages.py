"""Messages and lines from strangers: whatever comes is read or refused, and nothing else happens."""

from __future__ import annotations

import contextlib

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.simulator.files import SimulatedFiles
from device_bridge.wire.answers import checked
from device_bridge.wire.cose import load
from device_bridge.wire.errors import Malformed
from device_bridge.wire.messages import Done, Failed, Progress, encode, from_bridge, from_gateway

numbers = st.integers(0, (1 << 31) - 1)
words = st.text(max_size=64)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
tagged = st.builds(cbor2.CBORTag, st.integers(0, 300), plain)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_malformed(data: bytes) -> None:
    for read in (from_bridge, from_gateway, load):
        with contextlib.suppress(Malformed):
            read(data)


@given(plain | tagged | st.dictionaries(st.text(max_size=8), tagged, max_size=3))
def test_any_item_is_a_message_or_malformed(item: object) -> None:
    data = cbor2.dumps(item)
    for read in (from_bridge, from_gateway, load):
        with contextlib.suppress(Malformed):
            read(data)


@pytest.mark.parametrize(
    "data",
    [
        bytes.fromhex("c5821b7fffffffffffffff01"),  # a bigfloat of 2 to the power of 2^63
        bytes.fromhex("c4821b7fffffffffffffff01"),  # a decimal fraction of that exponent
        bytes.fromhex("d81e820100"),  # one divided by nothing
        bytes.fromhex("9b7fffffffffffffff"),  # a list of 2^63 items, none of which comes
        bytes.fromhex("5b7fffffffffffffff"),  # bytes of that length
        b"\x81" * 100_000,  # lists in lists
        bytes.fromhex("d82363282a2b"),  # a pattern that is none
    ],
)
def test_numbers_that_would_fill_the_memory_are_malformed(data: bytes) -> None:
    for read in (from_bridge, from_gateway):
        with pytest.raises(Malformed):
            read(data)


@given(numbers, numbers, words, words, st.dictionaries(words, st.text(max_size=256) | numbers, max_size=8))
def test_a_message_is_what_was_sent(
    job: int, attempt: int, step: str, reason: str, values: dict[str, str | int]
) -> None:
    for message in (
        Progress(job=job, attempt=attempt, step=step, done=1, of=2),
        Done(job=job, attempt=attempt, report=b"\0\xff"),
        Failed(job=job, attempt=attempt, at=1, step=step, reason=reason, values=values),
    ):
        assert from_bridge(encode(message)) == message


@given(
    st.sampled_from(["identify", "read", "blink", "program", "loaded", "x"]),
    st.dictionaries(st.text(max_size=8), plain, max_size=4),
)
def test_any_answer_is_one_or_malformed(kind: str, result: dict[str, object]) -> None:
    with contextlib.suppress(Malformed):
        checked(kind, result)


lines = st.binary(max_size=60).map(lambda data: b"\x06\x09" + data + b"\n")


@given(st.lists(lines | st.binary(max_size=80), max_size=8))
def test_any_lines_are_answered_or_left(sent: list[bytes]) -> None:
    files = SimulatedFiles(lambda content: None)
    for data in sent:
        files.receive(data)
    assert sum(map(len, files.stored.values())) <= files.written
