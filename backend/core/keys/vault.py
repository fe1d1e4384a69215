"""Encryption at rest."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from backend.core.keys.errors import SecretUnreadable


class Vault:
    """Encrypts with the newest key and decrypts with any. Keys are Fernet's: 32 bytes in URL-safe base64."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take the keys, newest first. Raises ValueError for none or a malformed one."""
        if not keys:
            raise ValueError("a vault needs a key")
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._count = len(keys)

    def encrypt(self, data: bytes) -> bytes:
        return self._fernet.encrypt(data)

    def decrypt(self, sealed: bytes) -> bytes:
        """Raises SecretUnreadable."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise SecretUnreadable from error

    def reseal(self, sealed: bytes) -> bytes:
        """The same secret under the newest key. Raises SecretUnreadable."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as error:
            raise SecretUnreadable from error

    def __repr__(self) -> str:
        return f"Vault({self._count} keys)"
