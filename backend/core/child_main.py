"""The child's side of `backend.core.child`: limits first, then the work.

It runs as a script, outside of the package; the first argument is the folder that the packages are in.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from importlib import import_module

NICE = 5
"""People who wait for an answer come before files; still enough of a busy processor to end in time."""


class Refusal(Exception):
    """Raised by the work: the content is refused. `key` names the reason."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def tell(values: object) -> None:
    """Let the work say something (JSON) before its answer."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the order and the content, do the work, write the answer."""
    os.nice(NICE)
    sys.path.insert(0, sys.argv[1])
    sys.modules["backend.core.child_main"] = sys.modules["__main__"]  # so that there is one Refusal
    order = json.loads(sys.stdin.buffer.readline(1024 * 1024))
    module, name = order["work"].split(":")
    work = getattr(import_module(module), name)
    seconds = max(1, int(order["seconds"]))
    for limit, value in (
        (resource.RLIMIT_AS, order["memory_bytes"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, order["file_bytes"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, order["open_files"]),
    ):
        resource.setrlimit(limit, (value, value))
    answer: dict[str, object]
    try:
        answer = {"result": work(sys.stdin.buffer.read(), **order["arguments"])}
    except Refusal as refusal:
        answer = {"refused": refusal.key, "values": refusal.values}
    except MemoryError:
        answer = {"failed": "memory"}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
