"""The wording of facts that several features show."""

from __future__ import annotations

from backend.gesis.values import NotRead
from conversations.core.answers import Reject
from conversations.core.context import TurnContext
from conversations.core.prompts import Html, join

LISTED_PRODUCTIONS = 20  # a message holds 4096 characters, and a keyboard 100 buttons


def warnings(context: TurnContext, *, gesis: bool, over_65_kw: bool) -> Html:
    """The warnings about a supply's readings."""
    said = []
    if gesis:
        said.append(context.say("supply.gesis"))
    if over_65_kw:
        said.append(context.say("supply.over_65_kw"))
    return join(said, "\n\n")


def unread(error: NotRead, context: TurnContext) -> Reject:
    """The rejection of what was typed as a factor K, or as readings."""
    return Reject("gesis.refused", said=context.say(f"gesis.fault.{error.fault}", part=error.part))
