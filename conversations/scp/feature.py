"""SCP files in the chat."""

from __future__ import annotations

from conversations.core.feature import Feature
from conversations.scp.delivery import GetScp

FEATURE = Feature(actions=(GetScp(),))
