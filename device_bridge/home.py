"""What a laptop keeps between two starts: whom it is paired with, its key, its journal.

settings.json     the gateway's address, the server's keys, the way to load
key.pem           the laptop's own private key (PKCS 8)
journal.db        the jobs and what has not been told yet
logs/             what the bridge did: see device_bridge/log.py
lock.db           held by the one process that works
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from platformdirs import user_data_path

from device_bridge.wire.signing import SigningKeys, TrustedKeys

FOLDER = "A486_BRIDGE_HOME"
"""The environment variable that names another folder."""


class NotPaired(Exception):
    """This laptop is not paired with a service."""


class AtWork(Exception):
    """Another process of this laptop is working."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Whom the laptop is paired with. `keys` are the server's public keys (hexadecimal), the newest last."""

    gateway: str
    keys: tuple[str, ...]
    person: str
    loader: str = "manual"

    @property
    def trusted(self) -> TrustedKeys:
        """The server's keys."""
        return TrustedKeys.of(*(Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for key in self.keys))


class Home:
    """The folder of a laptop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = folder / "journal.db"
        self.files = folder / "files"
        self.logs = folder / "logs"
        self._settings = folder / "settings.json"
        self._key = folder / "key.pem"

    @classmethod
    def usual(cls) -> Home:
        """The folder of this machine's user."""
        named = os.environ.get(FOLDER)
        return cls(Path(named) if named else user_data_path("a486-bridge", appauthor=False))

    def pairing(self) -> Pairing:
        """Whom it is paired with. Raises NotPaired."""
        try:
            read = json.loads(self._settings.read_text(encoding="utf-8"))
            return Pairing(**{**read, "keys": tuple(read["keys"])})
        except (FileNotFoundError, ValueError, TypeError, KeyError) as error:
            raise NotPaired from error

    def key(self) -> SigningKeys:
        """The laptop's key. Raises NotPaired."""
        try:
            key = load_pem_private_key(self._key.read_bytes(), password=None)
        except (FileNotFoundError, ValueError) as error:
            raise NotPaired from error
        if not isinstance(key, Ed25519PrivateKey):
            raise NotPaired
        return SigningKeys(key)

    def pair(self, pairing: Pairing, key: Ed25519PrivateKey) -> None:
        """Keep a pairing with its key, in place of one from before."""
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._write(self._key, pem)
        self.keep(pairing)

    def keep(self, pairing: Pairing) -> None:
        """Keep what has changed of the pairing."""
        self._write(self._settings, json.dumps(asdict(pairing), indent=1).encode())

    def trust(self, key: bytes) -> Pairing:
        """Trust one more key of the server (32 raw bytes). Raises NotPaired."""
        present = self.pairing()
        pairing = replace(present, keys=tuple(dict.fromkeys((*present.keys, key.hex()))))
        self.keep(pairing)
        return pairing

    def forget(self, *, journal: bool = True) -> None:
        """Forget the pairing, the key and every file, and the journal too, unless results are in it that
        nobody was told.
        """
        for path in (self._settings, self._key, *((self.journal,) if journal else ())):
            for each in (path, *path.parent.glob(f"{path.name}-*")):
                each.unlink(missing_ok=True)
        self.forget_files()

    def forget_files(self) -> None:
        """Delete what a loading by hand that was cut off has left behind."""
        for file in self.files.glob("*"):
            with suppress(
                PermissionError
            ):  # Windows: the vendor's program has it open; the next start tries again
                file.unlink(missing_ok=True)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Be the one process that works, while the block lasts. Raises AtWork; OSError or sqlite3.Error
        where the folder cannot be used.
        """
        self._make()
        lock = sqlite3.connect(self.folder / "lock.db", timeout=0, isolation_level=None)
        try:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                raise AtWork from error
            yield
        finally:
            lock.close()

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        """Write beside and rename, readable by this user only: a file is old or new, never half of either."""
        self._make()
        beside = path.with_name(f".{path.name}.new")
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
