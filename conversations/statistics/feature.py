"""Statistics in the chat."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand
from conversations.statistics.statistics import ShowChart, ShowStatistics

FEATURE = Feature(
    actions=(ShowStatistics(), ShowChart()),
    commands=(SlashCommand(ShowStatistics.name, {"it": "statistiche", "en": "statistics"}),),
    menu=(MenuItem(ShowStatistics.name, "statistics.menu"),),
)
