"""The code that pairs a bridge: shown in the chat, typed on the laptop.

Seven groups of four characters (Crockford's base 32). The first three are the secret: four characters that
name the code, eight (40 bits) that prove it. The other four are the fingerprint of the server's key (80
bits), so that the laptop knows whom it talks to from the first byte on.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NAME, PROOF, FINGERPRINT = 4, 8, 16
"""Characters of each part."""
_GROUP = 4
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A code as the laptop reads it. `name` and `proof` are the secret."""

    name: str
    proof: str
    fingerprint: str

    def __repr__(self) -> str:
        return f"PairingCode({self.name})"

    def __str__(self) -> str:
        return grouped(self.name + self.proof + self.fingerprint)


def make_code(public_key: bytes) -> PairingCode:
    """A new code of the server with this key (32 raw bytes)."""
    secret = "".join(secrets.choice(ALPHABET) for _ in range(NAME + PROOF))
    return PairingCode(secret[:NAME], secret[NAME:], fingerprint_of(public_key))


def read_code(text: str) -> PairingCode:
    """Read a code as somebody typed it. Raises ValueError."""
    code = re.sub(r"[\s-]", "", text).upper().translate(_ALIKE)
    if len(code) != NAME + PROOF + FINGERPRINT or not set(code) <= set(ALPHABET):
        raise ValueError("not a pairing code")
    return PairingCode(code[:NAME], code[NAME : NAME + PROOF], code[NAME + PROOF :])


def fingerprint_of(public_key: bytes) -> str:
    """The first 80 bits of the SHA-256 of a key (32 raw bytes), in 16 characters."""
    number = int.from_bytes(hashlib.sha256(public_key).digest()[:10], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def grouped(code: str) -> str:
    """The characters in groups of four, to be read aloud."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
