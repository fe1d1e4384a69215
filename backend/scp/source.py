"""The source of an SCP file's content.

What the vendor's files hold is not public: the content is opaque to everything but its source.
`GeneratedScpSource` makes a reference content of this project's own, described in docs/scp-reference.md; no
device of the vendor knows it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Protocol

import cbor2
import structlog

from backend.associations.values import Configuration
from backend.scp.errors import ScpAwaited
from backend.scp.values import ScpRequest

log = structlog.get_logger(__name__)

FORMAT = "a486-reference-scp-1"
ENCRYPTION_KEY_BYTES = 16
AUTHENTICATION_KEY_BYTES = 16
IDENTIFIER_BYTES = 8


MAKE_SECONDS = 720.0
"""A source answers within this time: it waits for content that comes slowly, and bounds that itself."""


class ScpSource(Protocol):
    """Makes the content of SCP files."""

    async def make(self, request: ScpRequest) -> bytes:
        """The content for one association: opaque bytes, a secret. Raises ScpSourceFailed, or
        ScpAwaited where somebody has to attach it.
        """
        ...


class GeneratedScpSource:
    """Makes reference content with fresh keys. It is ours and not the vendor's, and says so in the log."""

    def __init__(self, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        log.warning("scp.stand_in", implementation="generated", format=FORMAT)
        self._random_bytes = random_bytes

    async def make(self, request: ScpRequest) -> bytes:
        return cbor2.dumps(
            {
                "format": FORMAT,
                "device": {
                    "type": request.device_type.value,
                    "sid": request.sid,
                    "nid": bytes.fromhex(request.nid),
                },
                "configuration": request.configuration.value,
                "meters": [
                    self._meter(role, pod)
                    for role, pod in zip(("primary", "production"), request.pods, strict=False)
                ],
                "model": 2 if request.configuration is Configuration.PROSUMER else 0,
                "sequence": request.sequence,
            },
            canonical=True,
        )

    def _meter(self, role: str, pod: str) -> dict[str, object]:
        return {
            "role": role,
            "pod": pod,
            "id": self._random_bytes(IDENTIFIER_BYTES),
            "encryption_key": self._random_bytes(ENCRYPTION_KEY_BYTES),
            "authentication_key": self._random_bytes(AUTHENTICATION_KEY_BYTES),
        }


class UploadedScpSource:
    """Makes nothing: the distributor gives the content, and somebody of the staff attaches it."""

    async def make(self, request: ScpRequest) -> bytes:
        """Raises ScpAwaited, always."""
        raise ScpAwaited
