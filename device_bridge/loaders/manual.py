"""The technician loads the file with the vendor's own program, and says so; then the device is read back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from device_bridge.loaders.loader import HandOver, LoadFailed

Loaded = Callable[[Path], Awaitable[None]]
"""Shows the technician where the file is, and returns when they say that it is loaded."""


class ManualLoader(HandOver):
    """Writes the file into a folder, and waits. The file is deleted when the technician is done with it."""

    name = "manual"

    def __init__(self, folder: Path, loaded: Loaded) -> None:
        self._folder = folder
        self._loaded = loaded

    async def hand_over(self, content: bytes, file_name: str) -> None:
        file = self._folder / Path(file_name).name
        try:
            await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
            await asyncio.to_thread(file.write_bytes, content)
            await self._loaded(file)
        except OSError as error:
            raise LoadFailed("file") from error
        finally:
            with suppress(PermissionError):  # Windows: the other program still has it open
                await asyncio.to_thread(file.unlink, missing_ok=True)
