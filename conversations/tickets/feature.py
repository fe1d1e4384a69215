"""Assistance in the chat."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import Feature, SlashCommand
from conversations.tickets.asking import (
    Assistance,
    NewTicketFlow,
    OpenTicket,
    Reopen,
    ShowTicket,
    Solved,
    Tickets,
    Unsolved,
)
from conversations.tickets.desk import BeginAdd, BeginAnswer, BeginClose, BeginNote, Desk, GiveBack, Take
from conversations.tickets.notices import TicketOpened, TicketSaid, TicketTold
from conversations.tickets.picture import BeginWithPicture, TicketPhoto, begin_with_picture
from conversations.tickets.saying import AddFlow, AnswerFlow, CloseFlow, NoteFlow
from conversations.tickets.showing import ShowFiles
from conversations.tickets.tree import tree

tree()  # a tree that is not sound keeps the bot from starting

FEATURE = Feature(
    flows=(NewTicketFlow(), AddFlow(), AnswerFlow(), NoteFlow(), CloseFlow(), TicketPhoto()),
    actions=(
        Assistance(),
        Solved(),
        Unsolved(),
        OpenTicket(),
        Tickets(),
        ShowTicket(),
        Reopen(),
        BeginAdd(),
        Desk(),
        Take(),
        GiveBack(),
        BeginAnswer(),
        BeginNote(),
        BeginClose(),
        ShowFiles(),
        BeginWithPicture(),
    ),
    beginnings=(begin_with_picture,),
    commands=(
        SlashCommand(Assistance.name, {"it": "assistenza", "en": "assistance"}),
        SlashCommand(Desk.name, {"it": "richieste", "en": "requests"}, listed=False),
    ),
    menu=(MenuItem(Assistance.name, "assistance.menu"), MenuItem(Desk.name, "desk.menu")),
    notices=(TicketOpened(), TicketSaid(), TicketTold()),
)
