"""Starting what is measured as processes of their own, telling them what to do, and reading what they say."""

from __future__ import annotations

import asyncio
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

MOST_LINE = 1 << 20
"""Bytes of the longest line that a told process prints."""


@contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command until the block ends."""
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGTERM)
            started.wait(20)
        if started.stdout is not None:
            started.stdout.close()


def line(running: subprocess.Popen[str]) -> str:
    """The next line that it prints. Raises RuntimeError when it has ended."""
    if running.stdout is None or not (said := running.stdout.readline()):
        raise RuntimeError("a measured process ended before its time")
    return said


class Told:
    """A process that is told by lines what to do, and answers by lines."""

    def __init__(self, started: asyncio.subprocess.Process) -> None:
        self._started = started
        self.pid = started.pid

    async def says(self) -> str:
        """The next line that it prints. Raises RuntimeError when it has ended."""
        if self._started.stdout is None or not (said := await self._started.stdout.readline()):
            raise RuntimeError("a measured process ended before its time")
        return said.decode()

    async def tell(self, words: str) -> str:
        """Tell it something. Returns the line that it answers."""
        if self._started.stdin is not None:
            self._started.stdin.write(f"{words}\n".encode())
        return await self.says()

    async def end(self) -> None:
        """Tell it to end, and wait until it has. Done twice, it does no harm."""
        if self._started.stdin is not None:
            self._started.stdin.close()
        await self._started.wait()


@asynccontextmanager
async def told(module: str, *arguments: str) -> AsyncIterator[Told]:
    """Run a module that reads `standard_input` until the block ends."""
    pipe = asyncio.subprocess.PIPE
    started = Told(
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments, stdin=pipe, stdout=pipe, limit=MOST_LINE
        )
    )
    try:
        yield started
    finally:
        await started.end()


async def standard_input() -> asyncio.StreamReader:
    """What this process is told; its end means that it is to stop."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    return reader


def room_for_sockets(number: int) -> None:
    """Let this process, and those that it starts, open so many files. Raises ValueError where it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
