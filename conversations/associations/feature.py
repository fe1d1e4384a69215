"""Associations in the chat: made, changed, deleted, listed."""

from __future__ import annotations

from conversations.associations.associate import Associate, BeginAssociation, BeginChange
from conversations.associations.deletion import BeginDeletion, Delete
from conversations.associations.listing import ListAssociations, ShowAssociation
from conversations.core.context import MenuItem
from conversations.core.feature import DeepLink, Feature

FEATURE = Feature(
    flows=(Associate(), Delete()),
    actions=(BeginAssociation(), BeginChange(), BeginDeletion(), ListAssociations(), ShowAssociation()),
    deep_links=(DeepLink("assoc", BeginAssociation.name),),
    menu=(MenuItem(ListAssociations.name, "associations.menu"),),
)
