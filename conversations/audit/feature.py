"""The audit in the chat, for auditors."""

from __future__ import annotations

from conversations.audit.report import ExportUnused, UnusedLookUps
from conversations.audit.search import AuditMenu, BeginSearch, ExportEntries, ListEntries, SearchAudit
from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand

FEATURE = Feature(
    flows=(SearchAudit(),),
    actions=(AuditMenu(), BeginSearch(), ListEntries(), ExportEntries(), UnusedLookUps(), ExportUnused()),
    commands=(SlashCommand(AuditMenu.name, {"it": "registro", "en": "audit"}, listed=False),),
    menu=(MenuItem(AuditMenu.name, "audit.menu"),),
)
