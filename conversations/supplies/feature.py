"""Supplies in the chat: the POD look-up."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import DeepLink, Feature
from conversations.supplies.look_up import (
    BeginLookUp,
    DidYouMean,
    ExplainNearPod,
    LookUp,
    LookUpPod,
    RecentPods,
    WhichPod,
    recognise_misspelt_pod,
    recognise_near_pod,
    recognise_pods,
)

FEATURE = Feature(
    flows=(LookUp(),),
    actions=(BeginLookUp(), LookUpPod(), WhichPod(), DidYouMean(), ExplainNearPod(), RecentPods()),
    deep_links=(DeepLink("pod", LookUpPod.name),),
    menu=(
        MenuItem(BeginLookUp.name, "look_up.menu"),
        MenuItem(RecentPods.name, "recent.menu"),
    ),
    recognisers=(recognise_pods,),
    guesses=(recognise_misspelt_pod, recognise_near_pod),
)
