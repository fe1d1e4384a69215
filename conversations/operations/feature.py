"""What the staff who keep the service running have in the chat."""

from __future__ import annotations

from conversations.core.feature import Feature
from conversations.operations.notices import DeadLetters

FEATURE = Feature(notices=(DeadLetters(),))
