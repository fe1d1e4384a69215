"""Photos of labels in the chat: read wherever a code is asked for, and at any other moment."""

from __future__ import annotations

from conversations.core.feature import Feature
from conversations.labels.confirming import Label
from conversations.labels.reading import LabelRequest, ReadLabel

FEATURE = Feature(flows=(Label(),), actions=(ReadLabel(), LabelRequest()))
