"""The delivery envelope around the opaque content of an SCP file: COSE_Sign1 (RFC 9052, section 4.2),
Ed25519.

Whatever the source of the content, this is what the server answers for: that these bytes are for this device
and these PODs, in this order among the device's files, until this time. The payload is a CBOR map with the
names of `Envelope`'s fields; times are whole seconds since the Unix epoch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import cbor2

from backend.core.keys.signing import SigningKeys, TrustedKeys
from backend.scp.errors import BadSignature, DigestMismatch, Expired, Malformed, UnknownKey

FORMAT = "a486-scp-envelope-1"

_COSE_SIGN1 = 18
_HEADER_ALG = 1
_HEADER_KID = 4
_EDDSA = -8
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
    signer: SigningKeys,
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
    protected = cbor2.dumps({_HEADER_ALG: _EDDSA, _HEADER_KID: signer.key_id.encode()}, canonical=True)
    signature = signer.sign(_sig_structure(protected, payload))
    return cbor2.dumps(cbor2.CBORTag(_COSE_SIGN1, [protected, {}, payload, signature]), canonical=True)


def open_envelope(data: bytes, trusted_keys: TrustedKeys, now: datetime) -> Envelope:
    """Check an envelope and return what it says.

    Raises Malformed, UnknownKey, BadSignature, DigestMismatch or Expired. Nothing of the payload is read
    before the signature holds. There is one way to write an envelope, and any other is Malformed.
    """
    protected, payload, signature = _parts(data)
    key_id = _key_id(protected)
    if key_id not in trusted_keys:
        raise UnknownKey(key_id)
    if not trusted_keys.verifies(key_id, signature, _sig_structure(protected, payload)):
        raise BadSignature
    envelope = _read(payload)
    if envelope.key_id != key_id:
        raise Malformed("the two key ids differ")
    if hashlib.sha256(envelope.content).digest() != envelope.sha256:
        raise DigestMismatch
    if now >= envelope.expires_at:
        raise Expired(envelope.expires_at)
    return envelope


def _sig_structure(protected: bytes, payload: bytes) -> bytes:
    """The bytes to sign: RFC 9052, section 4.4, without external data."""
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    outer = _load(data)
    if not isinstance(outer, cbor2.CBORTag) or outer.tag != _COSE_SIGN1:
        raise Malformed("not a COSE_Sign1")
    match outer.value:
        case [bytes() as protected, Mapping() as unprotected, bytes() as payload, bytes() as signature]:
            if unprotected:
                raise Malformed("unprotected headers are not used")
            return protected, payload, signature
        case _:
            raise Malformed("not the four parts of a COSE_Sign1")


def _key_id(protected: bytes) -> str:
    match _load(protected):
        case {1: -8, 4: bytes() as kid, **others} if not others:
            try:
                return kid.decode("ascii")
            except UnicodeDecodeError as error:
                raise Malformed("the key id is not text") from error
        case _:
            raise Malformed("the protected header is not the one in use")


def _read(payload: bytes) -> Envelope:
    try:
        fields = dict(_load(payload))
        if fields.pop("format") != FORMAT:
            raise Malformed("another format")
        if len(fields) != _FIELDS:
            raise Malformed("it says more than is known")
        pods = _as(list, fields["pods"])
        return Envelope(
            content=_as(bytes, fields["content"]),
            sha256=_as(bytes, fields["sha256"]),
            sid=_as(str, fields["sid"]),
            nid=_as(str, fields["nid"]),
            pods=tuple(_as(str, pod) for pod in pods),
            sequence=_as(int, fields["sequence"]),
            issued_at=datetime.fromtimestamp(_as(int, fields["issued"]), UTC),
            expires_at=datetime.fromtimestamp(_as(int, fields["expires"]), UTC),
            key_id=_as(str, fields["key_id"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise Malformed("a field is missing or of another kind") from error


def _as(kind: type[Any], value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


def _load(data: bytes) -> Any:
    """Decode one canonical CBOR item that fills `data`."""
    try:
        value = cbor2.loads(data)
        again = cbor2.dumps(value, canonical=True)
    except (
        cbor2.CBORDecodeError,
        cbor2.CBOREncodeError,
        ValueError,
        TypeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise Malformed("not CBOR") from error
    if again != data:
        raise Malformed("not written in the one way")
    return value


def _seconds(time: datetime) -> int:
    return int(time.astimezone(UTC).timestamp())
