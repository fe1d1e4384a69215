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
from conversations.tickets.contact import BeginContact, ContactFlow
from conversations.tickets.desk import (
    BeginAdd,
    BeginAnswer,
    BeginClose,
    BeginNote,
    Desk,
    GiveBack,
    HandOver,
    HandTo,
    Take,
    Unsaid,
)
from conversations.tickets.notices import TicketHanded, TicketOpened, TicketSaid, TicketTold
from conversations.tickets.rating import Rate
from conversations.tickets.ready import Matter, Ready
from conversations.tickets.reminders import TicketDigest, TicketEscalated, TicketLate
from conversations.tickets.room import (
    EditWord,
    InTopic,
    SayMore,
    TicketTopics,
    WhichFlow,
    Withdraw,
    hear,
    take,
)
from conversations.tickets.saying import AddFlow, AnswerFlow, CloseFlow, NoteFlow
from conversations.tickets.tree import tree

tree()  # a tree that is not sound keeps the bot from starting

FEATURE = Feature(
    flows=(NewTicketFlow(), AddFlow(), AnswerFlow(), NoteFlow(), CloseFlow(), WhichFlow(), ContactFlow()),
    actions=(
        Assistance(),
        Solved(),
        Unsolved(),
        OpenTicket(),
        Tickets(),
        ShowTicket(),
        Reopen(),
        Rate(),
        BeginAdd(),
        Desk(),
        Take(),
        GiveBack(),
        BeginAnswer(),
        BeginNote(),
        BeginClose(),
        HandOver(),
        HandTo(),
        Unsaid(),
        InTopic(),
        EditWord(),
        SayMore(),
        Withdraw(),
        Ready(),
        BeginContact(),
        Matter(),
    ),
    commands=(
        SlashCommand(Assistance.name, {"it": "assistenza", "en": "assistance"}),
        SlashCommand(Desk.name, {"it": "richieste", "en": "requests"}, listed=False),
    ),
    menu=(MenuItem(Assistance.name, "assistance.menu"), MenuItem(Desk.name, "desk.menu")),
    notices=(
        TicketOpened(),
        TicketSaid(),
        TicketHanded(),
        TicketTold(),
        TicketLate(),
        TicketEscalated(),
        TicketDigest(),
    ),
    listeners=(hear,),
    takers=(take,),
    topics=(TicketTopics(),),
)
