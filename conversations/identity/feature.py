"""Identity in the chat: the integrator that the user acts for."""

from __future__ import annotations

from conversations.core.feature import Feature
from conversations.identity.companies import ActFor, Companies

FEATURE = Feature(actions=(Companies(), ActFor()))
