"""The delivery envelope around the opaque content of an SCP file: COSE_Sign1 (RFC 9052, section 4.2),
Ed25519.

Whatever the source of the content, this is what the server answers for: that these bytes are for this device
and these PODs, in this order among the device's files, until this time. The payload is a CBOR map with the
names of `Envelope`'s fields; times are whole seconds since the Unix epoch.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import cbor2

from device_bridge.wire.cose import Signer, exactly, load, sign, verified
from device_bridge.wire.errors import DigestMismatch, Expired, Malformed
from device_bridge.wire.signing import TrustedKeys

FORMAT = "a486-scp-envelope-1"
_FIELDS = 9


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """An opened envelope. `pods` is the exchange POD and, for PROSUMER, the production POD; `content` is
    secret.
    """

    content: bytes
    sha256: bytes
    sid: str
    nid: str
    pods: tuple[str, ...]
    sequence: int
    issued_at: datetime
    expires_at: datetime
    key_id: str

    def __repr__(self) -> str:
        return f"Envelope(sid={self.sid}, sequence={self.sequence}, key_id={self.key_id})"


def seal_envelope(
    content: bytes,
    *,
    sid: str,
    nid: str,
    pods: tuple[str, ...],
    sequence: int,
    issued_at: datetime,
    expires_at: datetime,
    signer: Signer,
) -> bytes:
    """Sign an envelope around `content` and return its bytes: what is given out as `<SID>.scp`."""
    payload = cbor2.dumps(
        {
            "format": FORMAT,
            "content": content,
            "sha256": hashlib.sha256(content).digest(),
            "sid": sid,
            "nid": nid,
            "pods": list(pods),
            "sequence": sequence,
            "issued": _seconds(issued_at),
            "expires": _seconds(expires_at),
            "key_id": signer.key_id,
        },
        canonical=True,
    )
    return sign(payload, signer)


def open_envelope(
    data: bytes, trusted_keys: TrustedKeys, now: datetime, tolerance: timedelta = timedelta(0)
) -> Envelope:
    """Check an envelope and return what it says. `tolerance` is how wrong the reader's clock may be.

    Raises Malformed, UnknownKey, BadSignature, DigestMismatch or Expired. Nothing of the payload is read
    before the signature holds. There is one way to write an envelope, and any other is Malformed.
    """
    payload, key_id = verified(data, trusted_keys)
    envelope = _read(payload)
    if envelope.key_id != key_id:
        raise Malformed("the two key ids differ")
    if hashlib.sha256(envelope.content).digest() != envelope.sha256:
        raise DigestMismatch
    if now - tolerance >= envelope.expires_at:
        raise Expired(envelope.expires_at)
    return envelope


def _read(payload: bytes) -> Envelope:
    try:
        fields = dict(load(payload))
        if fields.pop("format") != FORMAT:
            raise Malformed("another format")
        if len(fields) != _FIELDS:
            raise Malformed("it says more than is known")
        pods = exactly(list, fields["pods"])
        return Envelope(
            content=exactly(bytes, fields["content"]),
            sha256=exactly(bytes, fields["sha256"]),
            sid=exactly(str, fields["sid"]),
            nid=exactly(str, fields["nid"]),
            pods=tuple(exactly(str, pod) for pod in pods),
            sequence=exactly(int, fields["sequence"]),
            issued_at=datetime.fromtimestamp(exactly(int, fields["issued"]), UTC),
            expires_at=datetime.fromtimestamp(exactly(int, fields["expires"]), UTC),
            key_id=exactly(str, fields["key_id"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise Malformed("a field is missing or of another kind") from error


def _seconds(time: datetime) -> int:
    return int(time.astimezone(UTC).timestamp())
