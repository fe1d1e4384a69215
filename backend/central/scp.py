"""SCP files over HTTP: asked for under our number, waited for, fetched."""

from __future__ import annotations

import asyncio
import hashlib

from backend.central.client import CentralClient
from backend.central.errors import CentralCallFailed
from backend.central.messages import ScpFileState, scp_body
from backend.scp import attaching
from backend.scp.errors import ScpSourceFailed
from backend.scp.values import ScpRequest

PATIENCE_SECONDS = 75.0
"""For so long a file may be prepared: the contract says a minute. To fetch it has a limit of its own."""
LOOK_AGAIN_SECONDS = 2.0


class HttpScpSource:
    """Has the distributor's central system make the content.

    `patience_seconds` and `look_again_seconds`: for how long it waits for a file, and how often it looks.
    """

    def __init__(
        self,
        client: CentralClient,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._client = client
        self._patience_seconds = patience_seconds
        self._look_again_seconds = look_again_seconds

    async def make(self, request: ScpRequest) -> bytes:
        """See `ScpSource`. ScpSourceFailed names why: that of the call, `failed`, `too-slow`, or `damaged`
        where the content is not what was announced, or what it is where it is plainly no SCP file.
        """
        path = f"/v1/scp-files/{request.scp_id}"
        try:
            async with asyncio.timeout(self._patience_seconds):
                file = await self._client.ask(
                    "requestScpFile", "PUT", path, ScpFileState, body=scp_body(request)
                )
                while file.state == "preparing":
                    await asyncio.sleep(self._look_again_seconds)
                    file = await self._client.ask("seeScpFile", "GET", path, ScpFileState)
            if file.state == "failed":
                raise ScpSourceFailed("failed")
            content = await self._client.fetch("fetchScpFile", f"{path}/content")
        except TimeoutError:
            raise ScpSourceFailed("too-slow") from None
        except CentralCallFailed as failure:
            raise ScpSourceFailed(failure.reason) from failure
        if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
            raise ScpSourceFailed("damaged")
        if (fault := attaching.fault_of(content)) is not None:
            raise ScpSourceFailed(fault)
        return content
