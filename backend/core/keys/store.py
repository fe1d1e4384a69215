"""The directory of keys on disk: its own user may read it and nobody else.

vault.keys                 Fernet keys, one a line, newest first
signing.pem                the private key that signs (PKCS 8)
trusted/<key id>.pem       public keys whose signatures count
announced/<key id>.cbor    how each key but the first was announced by the one before
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from backend.core.keys.errors import KeysExist, KeysExposed, KeysMissing
from backend.core.keys.vault import Vault
from device_bridge.wire.signing import SigningKeys, TrustedKeys, key_id_of

_FILE_MODE = 0o600
_DIRECTORY_MODE = 0o700


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """The public part of a signing key."""

    key_id: str
    signs: bool
    announced: bool


@dataclass(frozen=True, slots=True)
class KeyList:
    """The public part of a directory of keys."""

    vault_keys: int
    signing: tuple[KeyInfo, ...]


class KeyStore:
    """The keys in a directory. Every reading refuses files that others can read (KeysExposed)."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._vault = directory / "vault.keys"
        self._signing = directory / "signing.pem"
        self._trusted = directory / "trusted"
        self._announced = directory / "announced"

    @property
    def exists(self) -> bool:
        """True if the directory holds keys."""
        return self._vault.exists() or self._signing.exists()

    def init(self) -> None:
        """Make the directory and its first keys. Raises KeysExist."""
        if self.exists:
            raise KeysExist
        for directory in (self._directory, self._trusted, self._announced):
            directory.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
            directory.chmod(_DIRECTORY_MODE)
        private = Ed25519PrivateKey.generate()
        self._trust(private.public_key())
        self._write(self._signing, _private_pem(private))
        self._write(self._vault, Fernet.generate_key() + b"\n")

    def vault(self) -> Vault:
        """The vault, newest key first. Raises KeysMissing or KeysExposed."""
        return Vault(self._read(self._vault).split())

    def signing(self) -> SigningKeys:
        """The key that signs, and the trusted ones. Raises KeysMissing or KeysExposed."""
        return SigningKeys(self._private(), self.trusted())

    def trusted(self) -> TrustedKeys:
        """The public keys whose signatures count. Raises KeysExposed."""
        keys = [load_pem_public_key(self._read(path)) for path in sorted(self._trusted.glob("*.pem"))]
        return TrustedKeys.of(*(key for key in keys if isinstance(key, Ed25519PublicKey)))

    def announcements(self) -> dict[str, bytes]:
        """The announcement of each key but the first, by key id. Raises KeysExposed."""
        return {path.stem: self._read(path) for path in sorted(self._announced.glob("*.cbor"))}

    def rotate_vault(self) -> None:
        """Put a new key before the others. What older ones sealed stays readable. Raises KeysMissing,
        KeysExposed.
        """
        self._write(self._vault, Fernet.generate_key() + b"\n" + self._read(self._vault))

    def rotate_signing(self, at: datetime) -> str:
        """Let a new key sign, announced by the old one, whose private part is then gone; returns the new
        key's id.

        An interruption leaves the old key signing. Raises KeysMissing or KeysExposed.
        """
        old = self.signing()
        private = Ed25519PrivateKey.generate()
        key_id = key_id_of(private.public_key())
        self._write(self._announced / f"{key_id}.cbor", old.announce(private.public_key(), at))
        self._trust(private.public_key())
        self._write(self._signing, _private_pem(private))
        return key_id

    def list(self) -> KeyList:
        """Describe the keys without any secret. Raises KeysMissing or KeysExposed."""
        signs = self.signing().key_id
        announced = self.announcements()
        return KeyList(
            vault_keys=len(self._read(self._vault).split()),
            signing=tuple(
                KeyInfo(path.stem, path.stem == signs, path.stem in announced)
                for path in sorted(self._trusted.glob("*.pem"))
            ),
        )

    def __repr__(self) -> str:
        return f"KeyStore({self._directory.name})"

    def _private(self) -> Ed25519PrivateKey:
        key = load_pem_private_key(self._read(self._signing), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise KeysMissing(self._signing.name)
        return key

    def _trust(self, public: Ed25519PublicKey) -> None:
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self._write(self._trusted / f"{key_id_of(public)}.pem", pem)

    def _read(self, path: Path) -> bytes:
        try:
            exposed = [p for p in (path, path.parent) if stat.S_IMODE(p.stat().st_mode) & 0o077]
            if exposed and os.name == "posix":
                raise KeysExposed(exposed[0].name)
            return path.read_bytes()
        except FileNotFoundError as error:
            raise KeysMissing(path.name) from error

    def _write(self, path: Path, data: bytes) -> None:
        """Write beside and rename, so that a file is old or new and never half of either."""
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


def _private_pem(private: Ed25519PrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
