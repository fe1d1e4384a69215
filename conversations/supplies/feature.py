"""Supplies in the chat: the POD look-up."""

from __future__ import annotations

from backend.identity.permissions import Permission
from conversations.core.context import MenuItem
from conversations.core.feature import Feature
from conversations.supplies.look_up import (
    BeginLookUp,
    DidYouMean,
    LookUp,
    LookUpPod,
    RecentPods,
    WhichPod,
    recognise_misspelt_pod,
    recognise_pods,
)

FEATURE = Feature(
    flows=(LookUp(),),
    actions=(BeginLookUp(), LookUpPod(), WhichPod(), DidYouMean(), RecentPods()),
    menu=(
        MenuItem(BeginLookUp.name, "look_up.menu", Permission.LOOK_UP),
        MenuItem(RecentPods.name, "recent.menu", Permission.LOOK_UP),
    ),
    recognisers=(recognise_pods,),
    guesses=(recognise_misspelt_pod,),
)
