"""The delivery envelope: any change to it is refused."""

from __future__ import annotations

from datetime import timedelta

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_bridge.wire.envelope import open_envelope, seal_envelope
from device_bridge.wire.errors import (
    BadSignature,
    DigestMismatch,
    EnvelopeError,
    Expired,
    Malformed,
    UnknownKey,
)
from device_bridge.wire.signing import SigningKeys
from tests.samples import NID_A, SID_A, START

LATER = START + timedelta(days=30)
SIGNER = SigningKeys.generate()
PODS = ("IT001E10000002", "ITP0A000000021")


def sealed(signer: SigningKeys = SIGNER, content: bytes = b"opaque") -> bytes:
    return seal_envelope(
        content,
        sid=SID_A,
        nid=NID_A,
        pods=PODS,
        sequence=3,
        issued_at=START,
        expires_at=LATER,
        signer=signer,
    )


ENVELOPE = sealed()


@given(st.binary(max_size=2000))
def test_an_envelope_returns_the_sealed_content(content: bytes) -> None:
    opened = open_envelope(sealed(content=content), SIGNER.trusted, START)
    assert (opened.content, opened.sid, opened.nid, opened.pods) == (content, SID_A, NID_A, PODS)
    assert (opened.sequence, opened.issued_at, opened.expires_at) == (3, START, LATER)
    assert opened.key_id == SIGNER.key_id


@pytest.mark.parametrize("position", range(len(ENVELOPE)))
def test_every_flipped_bit_is_refused(position: int) -> None:
    for bit in range(8):
        changed = bytearray(ENVELOPE)
        changed[position] ^= 1 << bit
        with pytest.raises(EnvelopeError):
            open_envelope(bytes(changed), SIGNER.trusted, START)


@settings(max_examples=300)
@given(st.binary(max_size=300), st.integers(0, len(ENVELOPE)), st.integers(0, len(ENVELOPE)))
def test_every_splice_is_refused(put_in: bytes, start: int, end: int) -> None:
    changed = ENVELOPE[:start] + put_in + ENVELOPE[end:]
    if changed == ENVELOPE:
        assert open_envelope(changed, SIGNER.trusted, START).sid == SID_A
        return
    with pytest.raises(EnvelopeError):
        open_envelope(changed, SIGNER.trusted, START)


def test_the_signature_is_over_the_structure_of_rfc_9052() -> None:
    tag = cbor2.loads(ENVELOPE)
    assert tag.tag == 18
    protected, unprotected, payload, signature = tag.value
    assert cbor2.loads(protected) == {1: -8, 4: SIGNER.key_id.encode()}
    assert unprotected == {}
    to_sign = cbor2.dumps(["Signature1", protected, b"", payload])
    assert SIGNER.trusted.verifies(SIGNER.key_id, signature, to_sign)
    assert not SIGNER.trusted.verifies(SIGNER.key_id, signature, payload)


def test_a_strangers_envelope_is_refused() -> None:
    with pytest.raises(UnknownKey) as unknown:
        open_envelope(sealed(SigningKeys.generate()), SIGNER.trusted, START)
    assert unknown.value.key_id != SIGNER.key_id


def test_a_signature_by_another_trusted_key_is_refused() -> None:
    other = SigningKeys.generate()
    tag = cbor2.loads(ENVELOPE)
    protected, _, payload, _ = tag.value
    forged = other.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    envelope = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, forged]), canonical=True)
    with pytest.raises(BadSignature):
        open_envelope(envelope, SIGNER.trusted.accept(_announced(other)), START)


def _announced(other: SigningKeys) -> bytes:
    return SIGNER.announce(other.public_key, START)


def test_an_envelope_is_valid_until_it_expires() -> None:
    assert open_envelope(ENVELOPE, SIGNER.trusted, LATER - timedelta(seconds=1)).sequence == 3
    with pytest.raises(Expired) as expired:
        open_envelope(ENVELOPE, SIGNER.trusted, LATER)
    assert expired.value.expires_at == LATER


def resigned(**changed: object) -> bytes:
    """A properly signed envelope around a bad payload."""
    protected, _, payload, _ = cbor2.loads(ENVELOPE).value
    fields = {**cbor2.loads(payload), **changed}
    again = cbor2.dumps({name: value for name, value in fields.items() if value is not None}, canonical=True)
    signature = SIGNER.sign(cbor2.dumps(["Signature1", protected, b"", again]))
    return cbor2.dumps(cbor2.CBORTag(18, [protected, {}, again, signature]), canonical=True)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"content": b"other"}, DigestMismatch),
        ({"format": "another"}, Malformed),
        ({"key_id": "another"}, Malformed),
        ({"sequence": "3"}, Malformed),
        ({"sequence": True}, Malformed),
        ({"pods": "IT"}, Malformed),
        ({"expires": 2**80}, Malformed),
        ({"sid": None}, Malformed),
        ({"more": 1}, Malformed),
    ],
)
def test_a_signed_payload_is_read_strictly(changed: dict[str, object], error: type[EnvelopeError]) -> None:
    with pytest.raises(error):
        open_envelope(resigned(**changed), SIGNER.trusted, START)


def test_the_content_does_not_show_in_the_envelope() -> None:
    opened = open_envelope(sealed(content=b"KEYKEYKEY"), SIGNER.trusted, START)
    assert "KEY" not in repr(opened)
