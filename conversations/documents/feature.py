"""Useful documents in the chat."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand
from conversations.documents import adding, browsing, following, searching, withdrawing
from conversations.documents.adding import AddDocument, begin_with_document
from conversations.documents.following import DocumentNews
from conversations.documents.searching import Documents, FindDocument
from conversations.documents.tree import tree
from conversations.documents.wording import FOLDER

tree()  # folders that are not sound keep the bot from starting

FEATURE = Feature(
    flows=(AddDocument(), FindDocument()),
    actions=(
        *browsing.ACTIONS,
        *searching.ACTIONS,
        *following.ACTIONS,
        *adding.ACTIONS,
        *withdrawing.ACTIONS,
    ),
    commands=(SlashCommand(Documents.name, {"it": "documenti", "en": "documents"}),),
    menu=(MenuItem(FOLDER, "documents.menu"),),
    beginnings=(begin_with_document,),
    notices=(DocumentNews(),),
)
