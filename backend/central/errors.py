"""How a call of the central system fails.

CentralCallFailed
├── CentralAway         no connection, time-out, cut off, 429, 502–504: asking later may help
│   └── CircuitOpen     it was away a moment ago, and is not asked now
├── CentralFault        it answered that it failed (another 5xx)
├── CentralUnreadable   what came is not as agreed: status, type, size, JSON, shape
└── CentralRefusal      it refused the call, with a code

Reasons are constants: nothing of an answer, and no address, stands in a message.
"""

from __future__ import annotations


class CentralCallFailed(Exception):
    """Root of this package's exceptions. `reason` is a constant for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CentralAway(CentralCallFailed):
    """It cannot be reached, or cannot answer now. `after` is when to ask again, in seconds; 0 where it did
    not say.
    """

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


class CircuitOpen(CentralAway):
    """It was not asked. `after` says when it will be."""

    def __init__(self, after: float) -> None:
        super().__init__("circuit-open", after)


class CentralFault(CentralCallFailed):
    """It answered that it failed."""


class CentralUnreadable(CentralCallFailed):
    """What came is not as agreed."""


class CentralRefusal(CentralCallFailed):
    """It refused the call: `reason` is its code. `revision` is the known one, with `outdated`; else 0."""

    def __init__(self, reason: str, revision: int = 0) -> None:
        super().__init__(reason)
        self.revision = revision
