"""Languages in the chat."""

from __future__ import annotations

from conversations.core.feature import Feature, SlashCommand
from conversations.languages.language import Language, Speak

FEATURE = Feature(
    actions=(Language(), Speak()),
    commands=(SlashCommand(Language.name, {"it": "lingua", "en": "language"}),),
)
