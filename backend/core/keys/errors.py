"""Errors of the key store.

KeysError
├── KeysMissing         the directory was never set up, or a file of it is gone
├── KeysExist           the directory is set up already
├── KeysExposed         a key file is readable by others
└── SecretUnreadable    no key opens a secret, or it was changed
"""

from __future__ import annotations


class KeysError(Exception):
    """Root of this package's exceptions. No message holds a key."""


class KeysMissing(KeysError):
    """A key file is not there; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is missing")
        self.name = name


class KeysExist(KeysError):
    """The directory holds keys already: they are not written over."""

    def __init__(self) -> None:
        super().__init__("there are keys already, and they are not written over")


class KeysExposed(KeysError):
    """A key file or its directory can be read by others; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} can be read by others")
        self.name = name


class SecretUnreadable(KeysError):
    """No key of the vault opens the secret, or it was changed."""
