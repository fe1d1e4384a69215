"""Contracts in the chat."""

from __future__ import annotations

from conversations.contracts.contracts import AskEnd, EndContract, ListContracts, ShowContract
from conversations.contracts.loading import BeginLoading, Loading
from conversations.contracts.places import PlaceChanged
from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand

FEATURE = Feature(
    flows=(Loading(),),
    actions=(ListContracts(), ShowContract(), AskEnd(), EndContract(), BeginLoading()),
    commands=(SlashCommand(ListContracts.name, {"it": "contratti", "en": "contracts"}, listed=False),),
    notices=(PlaceChanged(),),
    menu=(MenuItem(ListContracts.name, "contracts.menu"),),
)
