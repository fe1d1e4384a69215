"""Addresses of e-mail: one form for each, and nothing doubtful."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import idna

MOST = 254
"""Characters of an address: a longer one cannot be in an SMTP command (RFC 5321, 4.5.3.1.3)."""
_MOST_LOCAL = 64
# A part of RFC 5321's grammar: no quotes, no routes (% ! @), nothing a shell or a header would read.
_LOCAL = re.compile(r"[a-z0-9_][a-z0-9_+&=~'-]*(\.[a-z0-9_+&=~'-]+)*")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# The last label has a letter: numbers only would be an IP address.
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")
_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")
# What would end a line, or hide in one: C0 and C1 controls, line separators, halves of characters.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail is from: an address as `read_address` gives it, and a name, which may be empty."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """The domain of the address."""
        return self.address.rpartition("@")[2]


def has_controls(text: str) -> bool:
    """True if the text cannot stand in one line of a header."""
    return _CONTROL.search(text) is not None


def read_address(text: str) -> str | None:
    """The one address that a text is, in the form in which addresses are compared and stored: lower case,
    the domain in ASCII (punycode). None for anything else, a display name or a second address included.
    """
    local, at, domain = text.strip(" ").rpartition("@")
    if not at or not local.isascii() or len(local) > _MOST_LOCAL or len(domain) > MOST:
        return None
    local, ascii_domain = local.lower(), _ascii_domain(domain)
    if ascii_domain is None or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain):
        return None
    address = f"{local}@{ascii_domain}"
    return address if len(address) <= MOST else None


def _ascii_domain(domain: str) -> str | None:
    try:
        return idna.encode(unicodedata.normalize("NFC", domain).lower(), strict=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def read_sender(text: str) -> Sender | None:
    """A sender from `address` or `Name <address>`; None for anything else."""
    named = _NAMED.fullmatch(text.strip(" "))
    name, given = (named[1].strip(' "'), named[2]) if named is not None else ("", text)
    address = read_address(given)
    return None if address is None or has_controls(name) else Sender(address, name)
