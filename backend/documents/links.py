"""Links to files that are too large for Telegram: signed, for one person, and for some hours.

A link is `<public address>/documents/<body>.<key id>.<signature>`, with base 64 for URLs. The body is CBOR:
the version, the person, the second at which it expires. The signature is Ed25519 over the purpose and the
body, by the product's signing key; links outlive a change of keys, since older ones stay trusted. Nothing of
a body is read before its signature holds.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import cbor2

from device_bridge.wire.signing import SigningKeys

PURPOSE = "a486-document-link-1"
LASTS = timedelta(hours=6)
"""Long enough for a large file over a slow line with a break in it."""
PATH = "/documents/"
LONGEST = 400
_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.([0-9a-f]{16})\.([A-Za-z0-9_-]+)")


class LinkInvalid(Exception):
    """No trusted key signed this."""


class LinkExpired(Exception):
    """It was good until some time ago."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a link allows: this person to get this version."""

    version_id: int
    person_id: int
    until: datetime


class Links:
    """Makes links below a public address, and reads them."""

    def __init__(self, signing: SigningKeys, address: str) -> None:
        self._signing = signing
        self._address = address.rstrip("/")

    def make(self, version_id: int, person_id: int, now: datetime) -> tuple[str, datetime]:
        """The address, and until when it is good."""
        until = (now + LASTS).astimezone(UTC).replace(microsecond=0)
        body = cbor2.dumps([version_id, person_id, int(until.timestamp())], canonical=True)
        parts = (_write(body), self._signing.key_id, _write(self._signing.sign(_signed(body))))
        return f"{self._address}{PATH}{'.'.join(parts)}", until

    def read(self, token: str, now: datetime) -> Grant:
        """What a link's end says. Raises LinkInvalid or LinkExpired."""
        parts = _TOKEN.fullmatch(token) if len(token) <= LONGEST else None
        if parts is None:
            raise LinkInvalid
        body, key_id, signature = _read(parts[1]), parts[2], _read(parts[3])
        if not self._signing.trusted.verifies(key_id, signature, _signed(body)):
            raise LinkInvalid
        version_id, person_id, seconds = cbor2.loads(body)
        until = datetime.fromtimestamp(seconds, UTC)
        if now >= until:
            raise LinkExpired
        return Grant(version_id, person_id, until)


def _signed(body: bytes) -> bytes:
    return cbor2.dumps([PURPOSE, body], canonical=True)


def _write(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _read(text: str) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise LinkInvalid from error
    if _write(data) != text:  # one link has one spelling
        raise LinkInvalid
    return data
