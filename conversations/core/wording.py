"""The wording of facts that several features show."""

from __future__ import annotations

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
