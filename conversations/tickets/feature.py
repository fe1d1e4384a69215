"""Assistance in the chat."""

from __future__ import annotations

from conversations.core.context import MenuItem
from conversations.core.feature import DeepLink, Feature, SlashCommand
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
from conversations.tickets.canned import ACTIONS as CANNED_ACTIONS
from conversations.tickets.canned import CannedFlow
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
from conversations.tickets.filters import TicketFilterFlow
from conversations.tickets.meant import Meant, recognise_meant
from conversations.tickets.notices import TicketHanded, TicketOpened, TicketSaid, TicketTold
from conversations.tickets.picture import BeginWithPicture, TicketPhoto, begin_with_picture
from conversations.tickets.rating import Rate
from conversations.tickets.ready import Matter, Ready
from conversations.tickets.reminders import TicketDigest, TicketEscalated, TicketLate
from conversations.tickets.report import (
    TICKET_LINK,
    ExportTicketsCsv,
    ExportTicketsWorkbook,
    ListFoundTickets,
    SetTicketFilter,
    TicketReport,
)
from conversations.tickets.room import (
    AnswerByReply,
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
from conversations.tickets.searching import BeginFind, FindFlow, FindTickets, Requests
from conversations.tickets.showing import ShowFiles
from conversations.tickets.transcript import Transcript
from conversations.tickets.tree import tree

MESSAGES = Feature(recognisers=(recognise_meant,))
"""Before the look-up, which takes every text with a POD in it."""

tree()  # a tree that is not sound keeps the bot from starting

FEATURE = Feature(
    flows=(
        NewTicketFlow(),
        AddFlow(),
        AnswerFlow(),
        NoteFlow(),
        CloseFlow(),
        WhichFlow(),
        ContactFlow(),
        TicketFilterFlow(),
        FindFlow(),
        CannedFlow(),
        TicketPhoto(),
    ),
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
        AnswerByReply(),
        EditWord(),
        SayMore(),
        Meant(),
        Withdraw(),
        Ready(),
        BeginContact(),
        Matter(),
        Requests(),
        FindTickets(),
        BeginFind(),
        TicketReport(),
        SetTicketFilter(),
        ListFoundTickets(),
        ExportTicketsCsv(),
        ExportTicketsWorkbook(),
        Transcript(),
        *CANNED_ACTIONS,
        ShowFiles(),
        BeginWithPicture(),
    ),
    beginnings=(begin_with_picture,),
    commands=(
        SlashCommand(Assistance.name, {"it": "assistenza", "en": "assistance"}),
        SlashCommand(Requests.name, {"it": "richieste", "en": "requests"}, listed=False),
    ),
    deep_links=(DeepLink(TICKET_LINK, ShowTicket.name),),
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
