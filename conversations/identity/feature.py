"""Identity in the chat: for whom the user acts, their profile, the team, and the people of the service."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand
from conversations.identity.companies import ActFor, Companies
from conversations.identity.notices import Notices
from conversations.identity.people import BeginSearch, Found, Search, SetRole, ShowPerson, Staff, Suspend
from conversations.identity.profile import ShowProfile
from conversations.identity.quiet import Quiet, QuietHoursFlow
from conversations.identity.team import AskRemoval, ChangeRole, Remove, ShowMember, Team
from conversations.identity.told import PlaceTold

FEATURE = Feature(
    flows=(Search(), QuietHoursFlow()),
    notices=(PlaceTold(),),
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
        Found(),
        ShowPerson(),
        Suspend(),
        SetRole(),
        ShowProfile(),
        Notices(),
        Quiet(),
    ),
    commands=(
        SlashCommand(Team.name, {"it": "squadra", "en": "team"}),
        SlashCommand(ShowProfile.name, {"it": "profilo", "en": "profile"}),
        SlashCommand(Staff.name, {"it": "persone", "en": "people"}, listed=False),
    ),
    menu=(
        MenuItem(Team.name, "team.menu"),
        MenuItem(Staff.name, "people.menu"),
        MenuItem(ShowProfile.name, "profile.menu"),
    ),
)
