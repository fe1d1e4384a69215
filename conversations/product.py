"""The product's catalogue: every dialogue, action and command there is."""

from __future__ import annotations

from conversations.associate import Associate, BeginAssociation, BeginChange, Confirmed
from conversations.catalogue import Catalogue
from conversations.declaration import Declaration
from conversations.holdings import GetScp, ListAssociations, ShowAssociation
from conversations.home import CancelWait, Help, Home, Language, Speak, State
from conversations.look_up import BeginLookUp, DidYouMean, LookUp, LookUpPod, RecentPods, ShowDevice, WhichPod
from conversations.remove import BeginDeletion, Delete

COMMANDS = {
    "start": "home",
    "aiuto": "help",
    "help": "help",
    "stato": "state",
    "status": "state",
    "lingua": "language",
    "language": "language",
}
"""Slash commands and their actions; `/annulla` and `/cancel` are the engine's own."""


def catalogue() -> Catalogue:
    """The catalogue of the product."""
    return Catalogue(
        flows=[Declaration(), LookUp(), Associate(), Delete()],
        actions=[
            Home(),
            Help(),
            State(),
            Language(),
            Speak(),
            CancelWait(),
            BeginLookUp(),
            LookUpPod(),
            WhichPod(),
            DidYouMean(),
            RecentPods(),
            ShowDevice(),
            BeginAssociation(),
            BeginChange(),
            Confirmed(),
            BeginDeletion(),
            ListAssociations(),
            ShowAssociation(),
            GetScp(),
        ],
        commands=COMMANDS,
    )
