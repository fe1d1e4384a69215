"""Refusals of the local Bot API.

SandboxError
├── ApiError     an answer to a bot, in Telegram's own wording
├── BrokenError  no answer to a bot: the connection breaks
└── UserError    an answer to the user side, a sentence for a person
"""

from __future__ import annotations

from typing import Any


class SandboxError(Exception):
    """Anything the local Bot API refuses."""


class ApiError(SandboxError):
    """A Bot API refusal: HTTP status, Telegram's description and, where Telegram gives them, parameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class BrokenError(SandboxError):
    """The connection to the bot breaks instead of an answer."""


class UserError(SandboxError):
    """A refusal on the user side: HTTP status and a sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def bad_request(reason: str, **parameters: Any) -> ApiError:
    """`400 Bad Request: reason`."""
    return ApiError(400, f"Bad Request: {reason}", parameters or None)


def forbidden(reason: str) -> ApiError:
    """`403 Forbidden: reason`."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """`409 Conflict: reason`."""
    return ApiError(409, f"Conflict: {reason}")
