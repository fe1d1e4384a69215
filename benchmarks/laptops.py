"""Many bridges in one process: each with its key and its link, all without a device.

They connect by the bridge's own link, answer every command at once, and come back like the bridge does.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.processes import standard_input
from device_bridge.agent import FIRST_PAUSE, LONGEST_PAUSE
from device_bridge.home import Pairing
from device_bridge.link import Link, NoLink, opened
from device_bridge.wire.address import address
from device_bridge.wire.messages import Answer, Command
from device_bridge.wire.signing import SigningKeys


class Crowd:
    """Which laptops are connected. When all are, it prints how often each was at least."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._times: Counter[int] = Counter()
        self._connected = 0

    def came(self, laptop: int) -> None:
        """A laptop has connected."""
        self._times[laptop] += 1
        self._connected += 1
        if self._connected == self._number:
            print(min(self._times.values()), flush=True)  # noqa: T201 - read by who started it

    def went(self) -> None:
        """A laptop has lost its link."""
        self._connected -= 1


async def laptop(number: int, pairing: Pairing, key: SigningKeys, crowd: Crowd) -> None:
    """One laptop, until it is cancelled."""
    failures = 0
    while True:
        with suppress(NoLink):
            async with opened(pairing, key) as link:
                failures = 0
                crowd.came(number)
                try:
                    await _answer(link)
                finally:
                    crowd.went()
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**failures)
        failures = min(failures + 1, 10)
        await asyncio.sleep(pause * (0.5 + random.random() / 2))  # noqa: S311 - spreads them out


async def _answer(link: Link) -> None:
    while True:
        if isinstance(message := await link.receive(), Command):
            await link.send(Answer(command=message.command, result={"devices": []}))


async def run(gateway: str, server_key: str, seeds: Sequence[str]) -> None:
    """Run laptops with these private keys (hexadecimal) until the standard input ends."""
    pairing = Pairing(address(gateway), (server_key,), "")
    keys = [SigningKeys(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))) for seed in seeds]
    told, crowd = await standard_input(), Crowd(len(keys))
    running = [asyncio.create_task(laptop(each, pairing, key, crowd)) for each, key in enumerate(keys)]
    await told.read()
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], json.loads(Path(sys.argv[3]).read_text())))
