"""The chat for the staff who run the service."""

from __future__ import annotations

from conversations.core.feature import Feature
from conversations.operations.notices import DeadLetters, LookUpsSpent

FEATURE = Feature(notices=(DeadLetters(), LookUpsSpent()))
