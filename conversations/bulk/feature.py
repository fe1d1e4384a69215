"""Bulk requests in the chat."""

from __future__ import annotations

from conversations.bulk.notices import BulkDone
from conversations.bulk.requests import (
    AskAssistance,
    CancelRequest,
    Corrections,
    Discard,
    ListRequests,
    Load,
    NewRequest,
    Original,
    RunAgain,
    ShowRequest,
    ShowRows,
    Template,
    Zip,
)
from conversations.bulk.sending import CheckFile, ChooseSheet, recognise_table
from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand

FEATURE = Feature(
    actions=(
        ListRequests(),
        NewRequest(),
        ShowRequest(),
        ShowRows(),
        CheckFile(),
        ChooseSheet(),
        Load(),
        Discard(),
        CancelRequest(),
        RunAgain(),
        AskAssistance(),
        Original(),
        Template(),
        Corrections(),
        Zip(),
    ),
    commands=(SlashCommand(ListRequests.name, {"it": "massiva", "en": "bulk"}),),
    menu=(MenuItem(ListRequests.name, "bulk.menu"),),
    recognisers=(recognise_table,),
    notices=(BulkDone(),),
)
