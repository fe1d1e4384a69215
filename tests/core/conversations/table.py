"""A chat as the engine sees it: one small feature, and the dialogue that one turn leaves for the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from sqlalchemy import Connection

from backend.core.db.database import Database
from backend.core.dialogues.values import StoredDialogue
from backend.core.jobs import service as jobs
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Destination, Rank
from backend.core.refusals import Refused
from backend.identity.errors import NotPermitted
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.supplies.central import CentralSystem
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Go, Next, Question, Reject, Show, Start, Wait, show
from conversations.core.catalogue import Catalogue
from conversations.core.context import Retention, Services, TurnContext
from conversations.core.effects import (
    TO_DIALOGUE,
    Call,
    Card,
    EndDialogue,
    JobRequest,
    KeepDialogue,
    LeaveDialogues,
    Order,
    Turn,
    order,
)
from conversations.core.engine import Engine
from conversations.core.feature import Feature, Recognised, SlashCommand
from conversations.core.flow import Flow, Step, chosen
from conversations.core.prompts import Choice, Html, Photo, Prompt, to_json
from conversations.core.replies import (
    Attachment,
    Chosen,
    Command,
    Finished,
    Media,
    Person,
    Reply,
    Sent,
    Typed,
)
from tests.samples import START

HERE = Destination.of(7, 1)
PERSON = Person(1, "Prova")


class Keys:
    """Says a key and its values, in place of a text."""

    language = "it"

    def __call__(self, key: str, **values: object) -> Html:
        return Html(" ".join([key, *(f"{name}={value}" for name, value in values.items())]))


def change(connection: object, what: str) -> str:
    """Stands for a service; the engine only orders the call."""
    raise AssertionError("the engine changed something")


@dataclass(frozen=True)
class Wish:
    """A draft of two answers; `subject` tells one dialogue from another of its kind."""

    subject: str
    name: str | None = None
    size: str | None = None


class AskName(Step[Wish]):
    """Ask for the name. Some names read as a code, and a document is a name too."""

    name = "name"

    def claims(self, text: str, draft: Wish, context: TurnContext) -> bool:
        return text == "code name"

    def takes(self, reply: Sent, draft: Wish, context: TurnContext) -> bool:
        return reply.media is Media.DOCUMENT

    def filled(self, draft: Wish) -> bool:
        return draft.name is not None

    def value(self, draft: Wish, context: TurnContext) -> str:
        return draft.name or ""

    async def ask(self, draft: Wish, context: TurnContext) -> Prompt:
        return Prompt(Html("name?"))

    async def answer(self, draft: Wish, reply: Reply, context: TurnContext) -> Answer:
        match reply:
            case Typed("ask outside"):
                return Await(Question(JobRequest("outside", {})), draft, effects=(order(change, "asked"),))
            case Typed("ask at hand"):
                return Await(Question(JobRequest("outside", {}), self.at_hand), draft)
            case Typed("wrong"):
                raise Reject("odd", order(change, "counted"), word="wrong")
            case Typed(text):
                return Next(replace(draft, name=text))
            case Sent(Media.DOCUMENT):
                return Next(replace(draft, name="the document's"))
            case _:
                raise Reject("text")

    async def at_hand(self) -> dict[str, Any]:
        return {"found": "at hand"}

    async def resumed(self, draft: Wish, result: Any, context: TurnContext) -> Answer:
        if result["found"] == "bad":
            raise Reject("odd", word="bad")
        return Next(replace(draft, name=result["found"]))


class AskSize(Step[Wish]):
    """How large is it?"""

    name = "size"

    def filled(self, draft: Wish) -> bool:
        return draft.size is not None

    async def ask(self, draft: Wish, context: TurnContext) -> Prompt:
        return Prompt(Html("size?"), ((Choice("large", "l"), Choice("small", "s")),))

    async def answer(self, draft: Wish, reply: Reply, context: TurnContext) -> Answer:
        return Next(replace(draft, size=chosen(reply, "l", "s")))


class Confirm(Step[Wish]):
    """Shall it be?"""

    name = "confirm"

    def filled(self, draft: Wish) -> bool:
        return False

    async def ask(self, draft: Wish, context: TurnContext) -> Prompt:
        return Prompt(Html(f"{draft.name} {draft.size}?"), ((Choice("yes", "yes"),),))

    async def answer(self, draft: Wish, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, "yes")
        return Do(order(change, "made"), lambda number: [Prompt(Html(f"made {number}"))])


class Making(Flow[Wish]):
    """Asks two questions, and whether all is right."""

    name = "making"
    draft_type = Wish
    steps: ClassVar[tuple[Step[Any], ...]] = (AskName(), AskSize(), Confirm())

    def key(self, draft: Wish) -> str:
        return draft.subject

    async def refused(self, draft: Wish, refusal: Refused, context: TurnContext) -> Answer:
        return show(Prompt(Html("the service refused")))


class AskPicture(AskSize):
    """How large is it on this picture?"""

    name = "picture"

    async def ask(self, draft: Wish, context: TurnContext) -> Prompt:
        return replace(await super().ask(draft, context), photo=Photo("0" * 64))


class Guessing(Making):
    """Asks with a picture first. Gives way to another of its kind; something is told after its cancel."""

    name = "guessing"
    gives_way = True
    steps = (AskPicture(), AskName(), Confirm())

    def cancelled(self, draft: Wish) -> Go | None:
        return Go(Tell.name, f"without {draft.subject}")


class Begin(Action):
    """Begin the dialogue about the argument."""

    name = "begin"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(Making.name, Wish(argument))


class Guess(Action):
    """Begin the dialogue with the picture."""

    name = "guess"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(Guessing.name, Wish(argument))


class Tell(Action):
    """Say the argument."""

    name = "tell"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return show(Prompt(Html(f"told {argument}")))


class Visit(Tell):
    """Say the argument, away from the card with the button."""

    name = "visit"
    navigates = True


class Leave(Action):
    """Act for another company from now on."""

    name = "leave"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Show((Prompt(Html("left")),), effects=(LeaveDialogues(),))


class Look(Action):
    """Ask something outside of the turn."""

    name = "look"
    permission: ClassVar[Permission | None] = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Wait(Question(JobRequest("outside", {"of": argument})), lambda: Prompt(Html("moment")))

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        return show(Prompt(Html(f"seen {arguments['of']}: {result['found']}")))


class Peek(Look):
    """Ask outside of the turn what not everybody may know."""

    name = "peek"
    permission = Permission.LOOK_UP


class Pass(Action):
    """Hand over to another action, with words of its own above."""

    name = "pass"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Go(Tell.name, argument, head=Html("passed on"))


class Guarded(Action):
    """Read what nobody here may read."""

    name = "guarded"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        raise NotPermitted(Permission.ASSOCIATE)


def recognise(text: str, attachments: Sequence[Attachment], context: TurnContext) -> Recognised | None:
    return Recognised(Tell.name, text) if text.startswith("code ") else None


def _commands(*names: str) -> tuple[SlashCommand, ...]:
    return tuple(SlashCommand(name, {"it": name, "en": name}) for name in names)


FEATURE = Feature(
    flows=(Making(), Guessing()),
    actions=(Begin(), Guess(), Tell(), Visit(), Leave(), Look(), Peek(), Pass(), Guarded()),
    commands=(
        *_commands("begin", "guess", "tell", "visit", "leave", "look", "peek", "pass", "guarded"),
        SlashCommand(None, {"it": "annulla", "en": "cancel"}),
    ),
    recognisers=(recognise,),
)


class Table:
    """A chat as the engine sees it: decides turn after turn, and keeps and shows what a turn does."""

    def __init__(self, database: Database) -> None:
        self.engine = Engine(Catalogue([FEATURE]))
        say = Keys()
        self.services = Services(
            database=database,
            central=cast(CentralSystem, None),  # no action here asks it
            speak=lambda language: say,
            sid_pattern="",
            look_up_limits={},
            gateway="",
            server_key=bytes(32),
            declaration_version="1",
            declaration_lasting=timedelta(hours=12),
            version="0",
            retention=Retention(30, 400, 90, 400, 365, 1825, 730),
        )
        self.now: datetime = START
        self.row: StoredDialogue | None = None
        self.actor: Actor | None = None
        self.posts: list[int] = []
        """The posts of the last turn's cards."""

    def context(self) -> TurnContext:
        return TurnContext(self.services, PERSON, HERE, self.actor, Keys(), self.now)

    async def turn(self, reply: Reply, refusal: Refused | None = None) -> Turn:
        """The decision on this reply; the dialogue that it leaves is the next one's."""
        done = await self.engine.plan(reply, self.context(), self.row, refusal)
        self.posts = [await self.show(card) for card in done.cards]
        asking = [post for post, card in zip(self.posts, done.cards, strict=True) if card.asks]
        for effect in done.effects:
            if isinstance(effect, KeepDialogue):
                row = effect.conversation
                if asking:
                    row = replace(row, card_id=asking[-1])
                self.row = replace(row, job_id=await self.job() if effect.awaits else row.job_id)
            elif isinstance(effect, EndDialogue):
                self.row = None
        return done

    async def show(self, card: Card, rank: Rank = Rank.REPLY) -> int:
        """The post that shows the card."""
        content = to_json(card.prompt, card.revision)

        def shown(connection: Connection) -> int:
            if card.onto is not None and outbox.update_post(
                connection, HERE, card.onto, content, correlation="c"
            ):
                return card.onto
            return outbox.enqueue(connection, HERE, content, correlation="c", at=START, rank=rank)

        return await self.services.database.write(shown)

    async def notice(self) -> int:
        """Something else that comes to the chat, below all that is there."""
        return await self.show(Card(Prompt(Html("notice"))), Rank.NOTICE)

    async def job(self) -> int:
        """A job that is under way."""
        return await self.services.database.write(
            lambda connection: jobs.add(
                connection,
                "outside",
                {},
                HERE,
                1,
                language="it",
                card_id=None,
                correlation="c",
                at=START,
                action=TO_DIALOGUE,
            )
        )

    async def press(self, value: str) -> Turn:
        """The turn of a button of the present question."""
        row = self.row
        assert row is not None
        return await self.turn(Chosen(row.card_id, row.revision, value, 55))

    async def begin(self, subject: str = "lamp") -> Turn:
        return await self.turn(Command("begin", subject))

    async def wait(self) -> int:
        """The job that the present question, that of the name, waits for from now on."""
        await self.turn(Typed("ask outside"))
        assert self.row is not None
        assert self.row.job_id is not None
        return self.row.job_id

    async def ended(self, job_id: int, result: str) -> Turn:
        return await self.turn(Finished("outside", {}, {"found": result}, None, TO_DIALOGUE, job_id))

    @property
    def card(self) -> int:
        """The post that asks the present question."""
        assert self.row is not None
        return self.row.card_id

    @property
    def step(self) -> str | None:
        return self.row.step if self.row is not None else None

    @property
    def subjects(self) -> list[str]:
        """The dialogues under way, the outermost first."""
        if self.row is None:
            return []
        drafts = [*(entry.draft for entry in self.row.suspended), self.row.draft]
        return [draft["subject"] for draft in drafts]


def texts(done: Turn) -> list[str]:
    """The texts of the turn's cards."""
    return [str(card.prompt.text) for card in done.cards]


def values(card: Card) -> list[str]:
    """The values of a card's dialogue buttons."""
    return [button.value for row in card.prompt.rows for button in row if isinstance(button, Choice)]


def ordered(done: Turn) -> list[str]:
    """The orders of the turn, in order."""
    found = [effect for effect in done.effects if isinstance(effect, Order)]
    found += [effect.order for effect in done.effects if isinstance(effect, Call)]
    return [entry.arguments[0] for entry in found]


def of_kind(done: Turn, kind: type[Any]) -> list[Any]:
    return [effect for effect in done.effects if isinstance(effect, kind)]
