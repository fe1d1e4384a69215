"""The watchdog: a process that stands still ends itself, so that whoever looks after it starts it again.

A turn that waits for ever is stopped by its time limit. One that computes for ever stops everything, its own
time limit too; only from outside of Python can it be ended. A worker then tries its update, and the third
time it is dead-lettered.
"""

from __future__ import annotations

import asyncio
import faulthandler
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def watching(seconds: float) -> AsyncIterator[None]:
    """Within the block the process ends, with status 1, when its event loop stands still for so long.

    Where every thread stood is then written to standard error: functions and lines, no values.
    """
    task = asyncio.create_task(_show_life(seconds), name="watchdog")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        faulthandler.cancel_dump_traceback_later()


async def _show_life(seconds: float) -> None:
    while True:
        faulthandler.dump_traceback_later(seconds, exit=True)  # instead of the one before
        await asyncio.sleep(seconds / 4)
