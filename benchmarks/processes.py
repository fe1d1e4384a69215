"""Starting what is measured as processes of their own, and reading what they say."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


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


def line(running: subprocess.Popen[str]) -> str:
    """The next line that it prints. Raises RuntimeError when it has ended."""
    if running.stdout is None or not (said := running.stdout.readline()):
        raise RuntimeError("a measured process ended before its time")
    return said
