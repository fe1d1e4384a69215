"""The declaration in the chat."""

from __future__ import annotations

from conversations.core.feature import Feature
from conversations.declarations.dialogue import Declaration, gate

FEATURE = Feature(flows=(Declaration(),), gates=(gate,))
