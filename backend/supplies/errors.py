"""Errors of a look-up.

    CentralError
    ├── CentralUnavailable     no connection, time-out, circuit open: asking later may help
    │   └── RegisterMissing    there is no register to read: none was loaded yet
    ├── CentralDataError       it answered, but this supply's data are unusable
    └── CentralFailed          it failed in another way, which it has said in the log itself

Any other exception of a central system is a generic error by definition (`judge` says so).
"""

from __future__ import annotations


class CentralError(Exception):
    """The central system did not give a usable answer."""


class CentralUnavailable(CentralError):
    """The central system could not be reached or did not answer in time."""


class CentralDataError(CentralError):
    """The central system answered, but the supply's data are unusable. `reason` is a constant for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CentralFailed(CentralError):
    """The central system answered that it failed, or with what nobody can read: a generic error. `reason` is
    a constant for the log.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RegisterMissing(CentralUnavailable):
    """No register of supplies has been loaded."""
