"""Programming jobs in the chat."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand
from conversations.programming.assign import Assign, BeginAssign
from conversations.programming.bench import Blink, Connect, Loaded, Program
from conversations.programming.jobs import (
    AskAssistance,
    AskCancel,
    AskHandOver,
    AssociationJob,
    Cancel,
    ChooseTechnician,
    GetReport,
    HandOver,
    Help,
    MyJobs,
    OurJobs,
    Replace,
    ShowJob,
    WithoutBridge,
)
from conversations.programming.notices import Assigned, Changed, Confirmed, Result, Stray, Taken, Wanted
from conversations.programming.on_site import BeginByHand, BeginOnSite, OnSite, PhotoSent, recognise_photo
from conversations.programming.readings import AskFactor, JobFactor, Readings, ReadingsDrawn

PHOTOS = Feature(recognisers=(recognise_photo,))
"""Comes before what reads codes: a photo with a POD as its caption may be a technician's word."""
FEATURE = Feature(
    flows=(Assign(), OnSite(), JobFactor()),
    actions=(
        MyJobs(),
        OurJobs(),
        ShowJob(),
        AssociationJob(),
        BeginAssign(),
        ChooseTechnician(),
        AskHandOver(),
        HandOver(),
        AskCancel(),
        Cancel(),
        Connect(),
        Blink(),
        Program(),
        Loaded(),
        WithoutBridge(),
        Replace(),
        Help(),
        AskAssistance(),
        BeginOnSite(),
        BeginByHand(),
        PhotoSent(),
        GetReport(),
        Readings(),
        ReadingsDrawn(),
        AskFactor(),
    ),
    commands=(SlashCommand(MyJobs.name, {"it": "lavori", "en": "jobs"}),),
    menu=(MenuItem(MyJobs.name, "programming.menu"),),
    notices=(Assigned(), Changed(), Taken(), Wanted(), Result(), Stray(), Confirmed()),
)
