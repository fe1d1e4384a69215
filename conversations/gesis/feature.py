"""GESIS meters in the chat."""

from __future__ import annotations

from conversations.core.feature import Feature
from conversations.gesis.dialogue import BeginGesis, BeginGesisOfSupply, ChangeFactor, Gesis

FEATURE = Feature(
    flows=(Gesis(),),
    actions=(BeginGesis(), ChangeFactor(), BeginGesisOfSupply()),
)
