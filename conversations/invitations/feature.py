"""Invitations in the chat: of referents who invite, and of those who join."""

from __future__ import annotations

from conversations.core.feature import DeepLink, Feature
from conversations.invitations.inviting import (
    Admit,
    BeginInvite,
    Invite,
    Pending,
    Refuse,
    Revoke,
    ShowInvitation,
)
from conversations.invitations.joining import Asked, Decided, Invited, Join

FEATURE = Feature(
    flows=(Invite(), Join()),
    actions=(BeginInvite(), Pending(), ShowInvitation(), Admit(), Refuse(), Revoke(), Invited()),
    deep_links=(DeepLink("inv", Invited.name),),
    notices=(Asked(), Decided()),
)
