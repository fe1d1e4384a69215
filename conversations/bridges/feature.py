"""Device bridges in the chat."""

from __future__ import annotations

from conversations.bridges.bridges import AskRevocation, Bridges, Decide, PairBridge, Revoke, ShowBridge
from conversations.bridges.notices import BridgeAsked
from conversations.core.feature import Feature, SlashCommand

FEATURE = Feature(
    actions=(Bridges(), ShowBridge(), PairBridge(), Decide(), AskRevocation(), Revoke()),
    commands=(SlashCommand(Bridges.name, {"it": "portatili", "en": "laptops"}),),
    notices=(BridgeAsked(),),
)
