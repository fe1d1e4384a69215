"""The first screens, and the commands that are always there."""

from __future__ import annotations

from conversations.core.feature import Feature, SlashCommand
from conversations.home.screens import Help, Home, State

FEATURE = Feature(
    actions=(Home(), Help(), State()),
    commands=(
        SlashCommand(Home.name, {"it": "start", "en": "start"}),
        SlashCommand(Help.name, {"it": "aiuto", "en": "help"}),
        SlashCommand(None, {"it": "annulla", "en": "cancel"}),
        SlashCommand(State.name, {"it": "stato", "en": "status"}),
    ),
)
