"""Signed messages: COSE_Sign1 (RFC 9052, section 4.2), Ed25519, in the one canonical way to write each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import cbor2

from device_bridge.wire.errors import BadSignature, Malformed, UnknownKey
from device_bridge.wire.signing import TrustedKeys

_COSE_SIGN1 = 18
_HEADER_ALG = 1
_HEADER_KID = 4
_EDDSA = -8


class Signer(Protocol):
    """Whoever has a private key."""

    @property
    def key_id(self) -> str:
        """The id of its public key."""

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""


def sign(payload: bytes, signer: Signer) -> bytes:
    """A signed message around `payload`."""
    protected = cbor2.dumps({_HEADER_ALG: _EDDSA, _HEADER_KID: signer.key_id.encode()}, canonical=True)
    signature = signer.sign(_to_sign(protected, payload))
    return cbor2.dumps(cbor2.CBORTag(_COSE_SIGN1, [protected, {}, payload, signature]), canonical=True)


def verified(data: bytes, trusted_keys: TrustedKeys) -> tuple[bytes, str]:
    """The payload of a signed message, and the id of the key that signed it.

    Raises Malformed, UnknownKey or BadSignature.
    """
    protected, payload, signature = _parts(data)
    key_id = _key_id(protected)
    if key_id not in trusted_keys:
        raise UnknownKey(key_id)
    if not trusted_keys.verifies(key_id, signature, _to_sign(protected, payload)):
        raise BadSignature
    return payload, key_id


def load(data: bytes) -> Any:
    """Decode one canonical CBOR item that fills `data`. Raises Malformed."""
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


def exactly(kind: type[Any], value: Any) -> Any:
    """The value, which must be of this very type. Raises TypeError."""
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    """The bytes to sign: RFC 9052, section 4.4, without external data."""
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    outer = load(data)
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
    match load(protected):
        case {1: -8, 4: bytes() as kid, **others} if not others:
            try:
                return kid.decode("ascii")
            except UnicodeDecodeError as error:
                raise Malformed("the key id is not text") from error
        case _:
            raise Malformed("the protected header is not the one in use")
