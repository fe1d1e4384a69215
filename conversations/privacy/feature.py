"""Personal data in the chat: what is kept, handed over, erased."""

from __future__ import annotations

from conversations.core.feature import Feature, SlashCommand
from conversations.privacy.privacy import Erase, Export, Privacy

FEATURE = Feature(
    actions=(Privacy(), Export(), Erase()),
    commands=(SlashCommand(Privacy.name, {"it": "privacy", "en": "privacy"}),),
)
