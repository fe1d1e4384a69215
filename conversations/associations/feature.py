"""Associations in the chat: made, changed, deleted, listed."""

from __future__ import annotations

from conversations.associations.associate import Associate, BeginAssociation, BeginChange
from conversations.associations.deletion import BeginDeletion, Delete
from conversations.associations.filters import AssociationFilterFlow
from conversations.associations.listing import ListAssociations, ShowAssociation
from conversations.associations.report import (
    AssociationReport,
    ExportAssociationsCsv,
    ExportAssociationsWorkbook,
    ListFoundAssociations,
    SetAssociationFilter,
    ShowReported,
)
from conversations.associations.weekly import BeginWeekly, EndWeekly, ListWeekly, RunWeekly, WeeklyReport
from conversations.core.context import MenuItem
from conversations.core.feature import DeepLink, Feature, SlashCommand

FEATURE = Feature(
    flows=(Associate(), Delete(), AssociationFilterFlow()),
    actions=(
        BeginAssociation(),
        BeginChange(),
        BeginDeletion(),
        ListAssociations(),
        ShowAssociation(),
        AssociationReport(),
        SetAssociationFilter(),
        ListFoundAssociations(),
        ShowReported(),
        ExportAssociationsCsv(),
        ExportAssociationsWorkbook(),
        BeginWeekly(),
        ListWeekly(),
        EndWeekly(),
        RunWeekly(),
    ),
    commands=(SlashCommand(AssociationReport.name, {"it": "report", "en": "report"}),),
    deep_links=(DeepLink("assoc", BeginAssociation.name),),
    menu=(
        MenuItem(ListAssociations.name, "associations.menu"),
        MenuItem(AssociationReport.name, "association_report.menu"),
    ),
    notices=(WeeklyReport(),),
)
