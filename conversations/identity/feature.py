"""Identity in the chat: the integrator that the user acts for, its members, and the people of the service."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand
from conversations.identity.companies import ActFor, Companies
from conversations.identity.people import BeginSearch, Search, SetRole, ShowPerson, Staff, Suspend
from conversations.identity.team import AskRemoval, ChangeRole, Remove, ShowMember, Team

FEATURE = Feature(
    flows=(Search(),),
    actions=(
        Companies(),
        ActFor(),
        Team(),
        ShowMember(),
        ChangeRole(),
        AskRemoval(),
        Remove(),
        Staff(),
        BeginSearch(),
        ShowPerson(),
        Suspend(),
        SetRole(),
    ),
    commands=(
        SlashCommand(Team.name, {"it": "squadra", "en": "team"}),
        SlashCommand(Staff.name, {"it": "persone", "en": "people"}, listed=False),
    ),
    menu=(MenuItem(Team.name, "team.menu"), MenuItem(Staff.name, "people.menu")),
)
