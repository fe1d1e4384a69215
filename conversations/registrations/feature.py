"""Registrations in the chat: of those who register, and of the staff who decide."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand
from conversations.registrations.account import AccountLeft
from conversations.registrations.begin import Register
from conversations.registrations.deciding import (
    AskSame,
    BeginRefusal,
    Decided,
    Enable,
    ListRegistrations,
    Refusal,
    Same,
    ShowRegistration,
    Submitted,
)
from conversations.registrations.form import Registering
from conversations.registrations.verification import Verification, Verify

FEATURE = Feature(
    flows=(Registering(), Verification(), Refusal()),
    actions=(
        Register(),
        Verify(),
        ListRegistrations(),
        ShowRegistration(),
        Enable(),
        AskSame(),
        Same(),
        BeginRefusal(),
    ),
    commands=(SlashCommand(Register.name, {"it": "registrati", "en": "register"}),),
    menu=(MenuItem(ListRegistrations.name, "registrations.menu"),),
    notices=(Submitted(), Decided(), AccountLeft()),
)
