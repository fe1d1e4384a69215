"""Work on hostile content in a child process with limits: its death is an ordinary answer.

The child gets the content on its standard input, and nothing else of this process: no environment, no open
files. It answers with JSON. Work that takes long may say how far it is, and gets more room where it is
trusted: it may then write files in a folder of the caller's.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_MAIN = Path(__file__).with_name("child_main.py")
_PIECE = 256 * 1024


class ChildEnd(StrEnum):
    """Why a child gave no answer."""

    TIME = "time"
    """It took too long."""
    MEMORY = "memory"
    """It needed too much memory."""
    OUTPUT = "output"
    """It answered more than allowed."""
    CRASH = "crash"
    """It died."""


class ChildFailed(Exception):
    """The child gave no answer."""

    def __init__(self, end: ChildEnd) -> None:
        super().__init__(end.value)
        self.end = end


class ChildRefused(Exception):
    """The work refused the content: `key` names the reason, `values` those of its text."""

    def __init__(self, key: str, values: dict[str, Any]) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True)
class ChildLimits:
    """The limits of a child. `seconds` holds for the clock and for the processor; a file that it writes may
    have `file_bytes`.
    """

    seconds: float = 10.0
    memory_bytes: int = 512 * 1024 * 1024
    output_bytes: int = 16 * 1024 * 1024
    file_bytes: int = 0
    open_files: int = 16


Told = Callable[[Any], Awaitable[None]]


async def run_in_child(
    work: str, content: bytes, limits: ChildLimits, told: Told | None = None, **arguments: Any
) -> Any:
    """Call `work` (`module:function`) with the content and the arguments (JSON) in a child, and return its
    result (JSON). `told` hears what the work says meanwhile (`backend.core.child_main.tell`).

    Raises ChildRefused where the work raises Refusal, and ChildFailed where no answer comes.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_MAIN),
        str(_ROOT),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    order = json.dumps({"work": work, "arguments": arguments, **asdict(limits)}).encode() + b"\n"
    feeding = asyncio.create_task(_feed(child, order, content))
    try:
        async with asyncio.timeout(limits.seconds + 1):
            answer = await _read(child, limits.output_bytes, told)
            code = await child.wait()
    except TimeoutError:
        raise ChildFailed(ChildEnd.TIME) from None
    finally:
        feeding.cancel()
        if child.returncode is None:
            child.kill()
            await child.wait()
        await asyncio.gather(feeding, return_exceptions=True)
    return _result(answer, code)


async def _feed(child: asyncio.subprocess.Process, order: bytes, content: bytes) -> None:
    if child.stdin is None:
        raise RuntimeError("the child has no standard input")
    try:
        child.stdin.write(order)
        for start in range(0, len(content), _PIECE):
            child.stdin.write(content[start : start + _PIECE])
            await child.stdin.drain()
        child.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it ended before it had read everything: its answer says why


async def _read(child: asyncio.subprocess.Process, limit: int, told: Told | None) -> bytes:
    """What the child answers: what follows the lines in which it said how far it is."""
    if child.stdout is None:
        raise RuntimeError("the child has no standard output")
    answer = bytearray()
    while piece := await child.stdout.read(_PIECE):
        answer += piece
        while (end := answer.find(b"\n")) >= 0:
            line = bytes(answer[:end])
            del answer[: end + 1]
            if told is not None:
                await told(json.loads(line))
        if len(answer) > limit:
            raise ChildFailed(ChildEnd.OUTPUT)
    return bytes(answer)


def _result(answer: bytes, code: int) -> Any:
    try:
        said = json.loads(answer) if code == 0 else None
    except ValueError:
        said = None
    match said:
        case {"result": result}:
            return result
        case {"refused": str(key), "values": dict(values)}:
            raise ChildRefused(key, values)
        case {"failed": "memory"}:
            raise ChildFailed(ChildEnd.MEMORY)
        case _:
            raise ChildFailed(ChildEnd.TIME if code in _OUT_OF_TIME else ChildEnd.CRASH)


_OUT_OF_TIME = (-9, -24)
"""SIGKILL and SIGXCPU: the limit of the processor's time ends the child with these."""
