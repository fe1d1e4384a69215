"""Watches in the chat."""

from __future__ import annotations

from conversations.core.feature import Feature, SlashCommand
from conversations.watches.notices import WatchFound, WatchOver
from conversations.watches.watches import BeginWatch, EndWatch, ListWatches, ShowWatch

FEATURE = Feature(
    actions=(BeginWatch(), ShowWatch(), EndWatch(), ListWatches()),
    commands=(SlashCommand(ListWatches.name, {"it": "attese", "en": "watched"}),),
    notices=(WatchFound(), WatchOver()),
)
