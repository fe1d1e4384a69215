"""Signing with Ed25519: one key signs, several are trusted, and each new one is announced by the one
before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from device_bridge.wire.errors import UntrustedAnnouncement

ANNOUNCEMENT = "a486-key-announcement-1"


def key_id_of(public: Ed25519PublicKey) -> str:
    """A key's id: the first 16 hexadecimal characters of the SHA-256 of its 32 raw bytes."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


class TrustedKeys:
    """The public keys whose signatures count."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey]) -> None:
        self._keys = dict(keys)

    @classmethod
    def of(cls, *keys: Ed25519PublicKey) -> TrustedKeys:
        return cls({key_id_of(key): key for key in keys})

    def __contains__(self, key_id: str) -> bool:
        return key_id in self._keys

    def verifies(self, key_id: str, signature: bytes, message: bytes) -> bool:
        """True if the named key signed the message. False for a key that is not trusted."""
        key = self._keys.get(key_id)
        if key is None:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def plus(self, key: Ed25519PublicKey) -> TrustedKeys:
        """These keys and one more."""
        return TrustedKeys({**self._keys, key_id_of(key): key})

    def accept(self, announcement: bytes) -> TrustedKeys:
        """These keys and the announced one. Raises UntrustedAnnouncement."""
        return self.plus(_open_announcement(announcement, self)[0])

    def public_bytes(self) -> dict[str, bytes]:
        """Each key's 32 raw bytes by its id, for handing to a bridge."""
        return {key_id: key.public_bytes_raw() for key_id, key in self._keys.items()}


class SigningKeys:
    """The key that signs now, and the keys that are trusted (it is one of them)."""

    def __init__(self, private: Ed25519PrivateKey, trusted: TrustedKeys | None = None) -> None:
        self._private = private
        self.key_id = key_id_of(private.public_key())
        self.trusted = (trusted or TrustedKeys({})).plus(private.public_key())

    @classmethod
    def generate(cls) -> SigningKeys:
        return cls(Ed25519PrivateKey.generate())

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public part of the key that signs."""
        return self._private.public_key()

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._private.sign(message)

    def announce(self, successor: Ed25519PublicKey, at: datetime) -> bytes:
        """The announcement of the key that will sign after this one: CBOR, signed by this one."""
        body = cbor2.dumps(
            [ANNOUNCEMENT, successor.public_bytes_raw(), self.key_id, int(at.astimezone(UTC).timestamp())],
            canonical=True,
        )
        return cbor2.dumps([body, self.sign(body)], canonical=True)

    def __repr__(self) -> str:
        return f"SigningKeys({self.key_id})"


@dataclass(frozen=True, slots=True)
class Announcement:
    """The contents of an announcement with a valid signature."""

    key_id: str
    announced_by: str
    at: datetime


def read_announcement(announcement: bytes, trusted: TrustedKeys) -> Announcement:
    """Check an announcement against trusted keys and say what it says. Raises UntrustedAnnouncement."""
    public, signer, at = _open_announcement(announcement, trusted)
    return Announcement(key_id_of(public), signer, at)


def _open_announcement(announcement: bytes, trusted: TrustedKeys) -> tuple[Ed25519PublicKey, str, datetime]:
    try:
        body, signature = cbor2.loads(announcement)
        kind, raw, signer, seconds = cbor2.loads(body)
        public = Ed25519PublicKey.from_public_bytes(raw)
        at = datetime.fromtimestamp(seconds, UTC)
    except (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError, OSError) as error:
        raise UntrustedAnnouncement("it cannot be read") from error
    if kind != ANNOUNCEMENT or not isinstance(signer, str) or not isinstance(signature, bytes):
        raise UntrustedAnnouncement("it is not an announcement")
    if not trusted.verifies(signer, signature, body):
        raise UntrustedAnnouncement("no trusted key signed it")
    return public, signer, at
