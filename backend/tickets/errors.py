"""Refusals about tickets.

Refused
└── TicketRefused
    ├── TicketGone        there is no such ticket for this person
    ├── TicketTaken       somebody else of the staff has it (`name`)
    ├── TicketOver        it is closed
    ├── TooManyOpen       who asks has too many open tickets (`number`)
    ├── AnswersNoTickets  a ticket cannot be handed to who answers none
    ├── TooManyWords      who asks has said too much in the last hour (`number`)
    ├── TooLong           a message has too many characters (`number` is the most)
    ├── TooLate           it was closed too long ago to be reopened
    ├── NotClosed         it is not closed, so that nobody can say how it ended
    ├── AlreadyRated      who asked has said already whether it was solved
    ├── CannedGone        there is no such canned answer
    ├── TooManyCanned     there are as many canned answers as there may be (`number`)
    ├── TooManyFiles      a message has too many files (`number` is the most)
    ├── TicketFull        the files of the ticket are too large together (`megabytes` is the most)
    └── FilesForgotten    files that were to be attached are not kept any more
"""

from __future__ import annotations

from backend.core.refusals import Refused


class TicketRefused(Refused):
    """What was asked of a ticket is not possible."""

    key = "ticket-refused"


class TicketGone(TicketRefused):
    """There is no such ticket for this person."""

    key = "ticket.gone"


class TicketTaken(TicketRefused):
    """Somebody else of the staff works at it."""

    key = "ticket.taken"

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.name = name


class TicketOver(TicketRefused):
    """It is closed."""

    key = "ticket.over"


class TooManyOpen(TicketRefused):
    """Who asks has as many open tickets as one may have."""

    key = "ticket.too_many"

    def __init__(self, number: int) -> None:
        super().__init__(number=number)
        self.number = number


class AnswersNoTickets(TicketRefused):
    """Who is to work at it answers no tickets, or no longer."""

    key = "ticket.answers_none"


class TooManyWords(TicketRefused):
    """Who asks has said as much within an hour as one may."""

    key = "ticket.too_many_words"

    def __init__(self, number: int) -> None:
        super().__init__(number=number)
        self.number = number


class TooLong(TicketRefused):
    """A message has too many characters."""

    key = "ticket.too_long"

    def __init__(self, number: int) -> None:
        super().__init__(number=number)
        self.number = number


class TooLate(TicketRefused):
    """It was closed too long ago."""

    key = "ticket.too_late"


class NotClosed(TicketRefused):
    """It is not closed: how it ended cannot be said yet."""

    key = "ticket.not_closed"


class AlreadyRated(TicketRefused):
    """Who asked has said already whether it was solved."""

    key = "ticket.already_rated"


class CannedGone(TicketRefused):
    """There is no such canned answer."""

    key = "canned.gone"


class TooManyCanned(TicketRefused):
    """There are as many canned answers as there may be."""

    key = "canned.too_many"

    def __init__(self, number: int) -> None:
        super().__init__(number=number)
        self.number = number


class TooManyFiles(TicketRefused):
    """A message has too many files."""

    key = "ticket.files.why.too_many"

    def __init__(self, number: int) -> None:
        super().__init__(number=number)
        self.number = number


class TicketFull(TicketRefused):
    """The files of the ticket are too large together."""

    key = "ticket.files.ticket_full"

    def __init__(self, megabytes: int) -> None:
        super().__init__(megabytes=megabytes)
        self.megabytes = megabytes


class FilesForgotten(TicketRefused):
    """Files that were to be attached are not kept any more: they waited for more than a day."""

    key = "ticket.files.forgotten"
