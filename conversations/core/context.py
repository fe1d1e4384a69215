"""The turn context: what a dialogue may know and read while it decides. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from backend.budgets.values import Limits
from backend.core.db.database import Database
from backend.core.outbox.values import Destination
from backend.documents.links import Links
from backend.identity.errors import NotPermitted
from backend.identity.permissions import Permission
from backend.identity.values import Actor, Membership
from backend.supplies.central import CentralSystem
from backend.tickets.times import USUAL, WorkingHours
from conversations.core.prompts import Html
from conversations.core.replies import Person, Reply

P = ParamSpec("P")
T = TypeVar("T")


class Say(Protocol):
    """Says a text of the catalogue in the user's language; every value is escaped."""

    language: str

    def __call__(self, key: str, **values: object) -> Html: ...


@dataclass(frozen=True)
class MenuItem:
    """A button of the menu: its action and the key of its label. The catalogue adds the action's permission,
    which an actor needs to see it. `uploaded`: only where SCP files are attached by the staff.
    """

    action: str
    label: str
    permission: Permission | None = None
    uploaded: bool = False


@dataclass(frozen=True)
class CommandItem:
    """A command as the help lists it: its name in each language, without the slash; its text is
    `command.<Italian name>`. `permission` and `uploaded` are those of its action, as in `MenuItem`.
    """

    names: Mapping[str, str]
    permission: Permission | None
    uploaded: bool


@dataclass(frozen=True)
class OptionalNotice:
    """A kind of notice that people may do without, and the permission without which nobody ever gets it. Its
    name is the text `notice.<kind>`.
    """

    kind: str
    permission: Permission | None


@dataclass(frozen=True)
class Retention:
    """How many days things are kept: what users are told."""

    dead_letters: int
    messages: int
    notices: int
    requests: int
    registrations: int
    programming: int
    tickets: int


@dataclass(frozen=True)
class Services:
    """The bot's connections, settings and menu. `speak` gives the texts of a language; the days are those for
    which failed messages, and what chats show, are kept. `gateway` is the address of the gateway of device
    bridges (empty where there is none), `server_key` the public key by which they know it (32 bytes).
    `scp_uploaded`: the staff attaches SCP files. Files of more than `send_bytes` are handed over by
    `document_links` where there is a public address. `central_told`: a
    central system is told of associations.
    """

    database: Database
    central: CentralSystem
    speak: Callable[[str], Say]
    sid_pattern: str
    look_up_limits: Limits
    declaration_version: str
    declaration_lasting: timedelta
    version: str
    retention: Retention
    gateway: str
    server_key: bytes
    working_hours: WorkingHours = USUAL
    scp_uploaded: bool = False
    document_links: Links | None = None
    send_bytes: int = 50 * 1024 * 1024
    central_told: bool = False
    menu: tuple[MenuItem, ...] = ()
    commands: tuple[CommandItem, ...] = ()
    optional_notices: tuple[OptionalNotice, ...] = ()


@dataclass(frozen=True)
class TurnContext:
    """One turn's view: who speaks, where, for whom they act, what time it is, in which language.

    `reply` is what came in; None where the turn is not about a message. `staff_group`: it is in the staff's
    own group. `asking`: an action is a digression from a dialogue that comes back.
    """

    services: Services
    person: Person
    destination: Destination
    actor: Actor | None
    say: Say
    now: datetime
    private: bool = True
    staff_group: bool = False
    reply: Reply | None = None
    asking: bool = False

    async def short_read(
        self, function: Callable[Concatenate[Any, P], T], *arguments: P.args, **options: P.kwargs
    ) -> T:
        """Call a service's function that finds a few rows by their keys:
        `await here.short_read(associations.get, actor, id)`.
        """
        return await self.services.database.short_read(
            lambda connection: function(connection, *arguments, **options)
        )

    async def long_read(
        self, function: Callable[Concatenate[Any, P], T], *arguments: P.args, **options: P.kwargs
    ) -> T:
        """Call a service's function that can take its time: a search, a count, a list without a limit."""
        return await self.services.database.long_read(
            lambda connection: function(connection, *arguments, **options)
        )

    @property
    def acting(self) -> Actor:
        """The actor. Raises NotPermitted for a stranger."""
        if self.actor is None:
            raise NotPermitted(None)
        return self.actor

    @property
    def membership(self) -> Membership | None:
        """The membership that the user acts in; none for a stranger."""
        return self.actor.membership if self.actor is not None else None

    @property
    def membership_id(self) -> int | None:
        """The membership's id, where there is a membership."""
        return self.membership.id if self.membership is not None else None

    def may(self, permission: Permission) -> bool:
        """True if the user may do this."""
        return self.actor is not None and self.actor.may(permission)
