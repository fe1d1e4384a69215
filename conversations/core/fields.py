"""Reading a field of a person or a company in a dialogue."""

from __future__ import annotations

from collections.abc import Callable

from backend.identity.errors import FieldInvalid
from conversations.core.answers import Reject
from conversations.core.context import TurnContext
from conversations.core.replies import Reply, Typed


def read_field(reply: Reply, read: Callable[[str], str], context: TurnContext) -> str:
    """The value that `read` makes of what was typed. Raises Reject with the reason where it makes none."""
    if not isinstance(reply, Typed):
        raise Reject("text")
    try:
        return read(reply.text)
    except FieldInvalid as error:
        reason = context.say(f"registration.error.{error.fault}")
        raise Reject("registration.error.field", reason=reason) from error
