"""A feature for tests: it uses everything that the conversation layer offers, and nothing of the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, select

from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome
from backend.core.jobs.values import Job
from backend.core.outbox import topics
from backend.identity.permissions import Permission
from backend.notices import service as notices
from backend.notices.values import Notice
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.core.http import Route, RouteGroup
from bot.core.roles import ProcessRole
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Next, Question, Reject, Show, Start, Wait, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import GoOn, JobRequest, PostTo, order
from conversations.core.feature import Feature, Recognised, SlashCommand
from conversations.core.flow import Flow, Step, chosen
from conversations.core.notices import NoticeKind
from conversations.core.prompts import (
    Album,
    Choice,
    ContactKey,
    Document,
    Entry,
    Html,
    Photo,
    Prompt,
    RemoveKeyboard,
    ReplyKeyboard,
)
from conversations.core.replies import Attachment, Edited, Media, Reply, Sent, Typed

notes = Table("probe_notes", MetaData(), Column("name", String, primary_key=True), Column("number", Integer))


def note(connection: Connection, name: str) -> int:
    """Count once more under this name. Returns the number."""
    number = int(connection.scalar(select(notes.c.number).where(notes.c.name == name)) or 0) + 1
    connection.execute(notes.delete().where(notes.c.name == name))
    connection.execute(notes.insert().values(name=name, number=number))
    return number


@dataclass(frozen=True)
class Draft:
    """`document` is the digest of the file that the second question shows."""

    document: str
    code: str | None = None
    seen: bool = False


def ask_outside(code: str) -> Question:
    """A question that could need a job, and is answered at once."""

    async def answer() -> str:
        return code

    return Question(JobRequest("probe", {}), answer)


class AskCode(Step[Draft]):
    """Which code?"""

    name = "code"

    def filled(self, draft: Draft) -> bool:
        return draft.code is not None

    def takes(self, reply: Sent, draft: Draft, context: TurnContext) -> bool:
        return reply.contact is not None

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        return Prompt(Html("Quale codice?"))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        match reply:
            case Sent(contact=contact) if contact is not None and contact.own:
                return Next(replace(draft, code=contact.phone), effects=(order(note, "contact"),))
            case Typed("42"):
                return Next(replace(draft, code="42"), effects=(order(note, "right"),))
            case Typed(text) if len(text) == 1:
                return Await(ask_outside(text), draft, effects=(order(note, "asked"),))
            case _:
                raise Reject("text", order(note, "wrong"))

    async def resumed(self, draft: Draft, result: Any, context: TurnContext) -> Answer:
        raise Reject("text", order(note, f"not {result}"))


class ShowFile(Step[Draft]):
    """Is the file right?"""

    name = "file"

    def filled(self, draft: Draft) -> bool:
        return draft.seen

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        return Prompt(
            Html("Va bene il file?"),
            ((Choice("Va bene", "yes"),),),
            Document(draft.document, "prova.txt"),
            persistent=True,
        )

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, "yes")
        return Next(replace(draft, seen=True))


class Last(Step[Draft]):
    """Shall it be done?"""

    name = "last"

    def filled(self, draft: Draft) -> bool:
        return False

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        return Prompt(Html("Lo faccio?"), ((Choice("Fallo", "yes"),),))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, "yes")
        return Do(
            order(note, "done"),
            lambda number: [Prompt(Html(f"Fatto {number} volte."))],
            effects=(GoOn(Said.name, "e poi questo"),),
            more=lambda number: [order(note, f"after {number}")],
        )


class Probe(Flow[Draft]):
    """Asks for a code, shows a file, does something."""

    name = "probe"
    draft_type = Draft
    steps = (AskCode(), ShowFile(), Last())


class Begin(Action):
    """Begin the dialogue; the argument is the digest of the file."""

    name = "probe"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(Probe.name, Draft(argument))


class Said(Action):
    """Say the argument."""

    name = "probe_said"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Show((Prompt(Html(f"Detto: {argument}")),), effects=(order(note, "said"),))


class ShowsFile(Action):
    """Show a file with a button that leads away from it: its kind, and its digest."""

    name = "probe_file"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        kind, digest = argument.split()
        if kind == "text":
            return show(Prompt(Html("Ecco."), ((Entry("Chi", BeginWho.name),),)))
        rows = ((Entry("Lingua", "language"),),)
        if kind == "photo":
            return show(Prompt(Html("Ecco."), rows, photo=Photo(digest)))
        return show(Prompt(Html("Ecco."), rows, Document(digest, "prova.txt")))


class AskContact(Step[Draft]):
    """Whose phone is it?"""

    name = "contact"

    def filled(self, draft: Draft) -> bool:
        return draft.code is not None

    def takes(self, reply: Sent, draft: Draft, context: TurnContext) -> bool:
        return reply.contact is not None

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        keys = ReplyKeyboard((("Non lo so",), (ContactKey("Il mio numero"),)), Html("Con i tasti qui sotto."))
        return Prompt(Html("Quale numero?"), keyboard=keys)

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        match reply:
            case Sent(contact=contact) if contact is not None and contact.own:
                return Next(replace(draft, code=contact.phone))
            case Typed("Non lo so"):
                return Next(replace(draft, code="?"))
            case _:
                raise Reject("text")


class Pictures(Step[Draft]):
    """Are the pictures right?"""

    name = "pictures"

    def filled(self, draft: Draft) -> bool:
        return draft.seen

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        photo = Photo(draft.document)
        return Prompt(Html("Vanno bene?"), ((Choice("Sì", "yes"),),), album=Album((photo, photo)))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, "yes")
        return Next(replace(draft, seen=True))


class Caller(Step[Draft]):
    """The outcome of the dialogue."""

    name = "caller"

    def filled(self, draft: Draft) -> bool:
        return False

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        keys = RemoveKeyboard(Html("I tasti non servono più."))
        return Prompt(Html(f"È {draft.code}?"), photo=Photo(draft.document), keyboard=keys)

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        raise Reject("text")


class Who(Flow[Draft]):
    """A dialogue that asks for the contact and shows pictures."""

    name = "probe_who"
    draft_type = Draft
    steps = (AskContact(), Pictures(), Caller())


class BeginWho(Action):
    """Begin that dialogue; the argument is the digest of a picture."""

    name = "probe_who"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(Who.name, Draft(argument))


class Heard(Action):
    """A message said in a group."""

    name = "probe_heard"
    permission = None
    in_groups = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Show((Prompt(Html(f"Sentito: {argument}")),), effects=(order(note, "heard"),))


async def listen(said: Typed | Sent | Edited, context: TurnContext) -> Recognised | None:
    """Hear messages with "attenti", also after an edit."""
    text = said.caption if isinstance(said, Sent) else said.text
    return Recognised(Heard.name, text) if text.startswith("attenti") else None


class Received(Action):
    """The action for a table that was sent."""

    name = "probe_table"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return show(Prompt(Html(f"Tabella {argument}")))


def recognise_tables(text: str, attachments: Sequence[Attachment], context: TurnContext) -> Recognised | None:
    """Recognise a file by the ending of its name."""
    tables = [file for file in attachments if file.media is Media.DOCUMENT and file.name.endswith(".rete")]
    return Recognised(Received.name, f"{tables[0].name} {text}".strip()) if tables else None


async def gate(action: Action, argument: str, context: TurnContext) -> Answer | None:
    """Refuse to say anything that begins with a secret."""
    if isinstance(action, Said) and argument.startswith("segreto"):
        return show(Prompt(Html("Prima la parola d’ordine.")))
    return None


class News(NoticeKind):
    """Something new."""

    name = "probe_news"

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        what = str(notice.argument["what"])
        if what == "vecchia":
            return None
        if what == "rotta":
            raise ValueError("it cannot be worded")
        again = ((Entry("Ancora", Said.name, what),),)
        return Prompt(Html(f"{'News' if say.language == 'en' else 'Novità'}: {what}"), again)

    def ended(self, connection: Any, notice: Notice, delivered: bool, at: datetime) -> None:
        note(connection, f"{notice.argument['what']} {'delivered' if delivered else 'undelivered'}")


class Tell(Action):
    """Send oneself a notice: a word, and after how many minutes."""

    name = "probe_tell"
    permission = Permission.ACCEPT_DECLARATION  # it needs a member, and no declaration

    async def run(self, argument: str, context: TurnContext) -> Answer:
        what, _, minutes = argument.partition(" ")
        later = context.now + timedelta(minutes=int(minutes)) if minutes else None
        return Do(
            order(
                notices.add,
                context.acting.person_id,
                News.name,
                {"what": what},
                dedupe_key=what,
                at=context.now,
                not_before=later,
            ),
            lambda added: [Prompt(Html("Te lo dirò." if added else "Lo sai già."))],
        )


async def count(job: Job, context: JobContext) -> Outcome:
    """Count to three, and say how far it is."""
    for number in range(1, 4):
        await context.progress(number, 3)
    return Outcome({"number": 3}, lambda connection: _noted(note(connection, "counted")))


def _noted(number: int) -> None:
    """Ignore the number: the table shows how often it was noted."""


class Count(Action):
    """Count in a job, show the progress, and say it as a post of its own too."""

    name = "probe_count"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Wait(Question(JobRequest("probe_count", {})), lambda: Prompt(Html("Conto…")))

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        said = PostTo(context.destination, Prompt(Html("Lo dico anche qui.")))
        told = Prompt(Html(f"Contato fino a {result['number']}."))
        return Do(order(note, "told"), lambda _: [told], effects=(said,))


def look(connection: Connection, at: datetime) -> int:
    """Do nothing that is due, but note the first call."""
    if connection.scalar(select(notes.c.number).where(notes.c.name == "looked")) is None:
        note(connection, "looked")
        return 1
    return 0


async def hello(request: web.Request) -> web.Response:
    """A page of the feature."""
    return web.Response(text="ciao")


RUNNING = RunningFeature(
    job_kinds=(JobKind("probe_count", count, JobQueue("probe", concurrency=2), seconds=20.0),),
    due_checks=(DueCheck("probe", look),),
    routes=(RouteGroup("probe", (Route("GET", "/probe", hello),), 1024, role=ProcessRole.WORKER),),
)
WITHOUT_CHECKS = replace(RUNNING, due_checks=())
"""For a bot that runs before the table of notes is made: its scheduler would miss it."""


class Room(Action):
    """Say something in a topic of a group, opened for it: the group's number, and a word."""

    name = "probe_room"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        group, word = argument.split()
        opening = order(
            topics.open_topic,
            context.destination.bot_id,
            int(group),
            f"probe-{word}",
            f"Stanza {word}",
            correlation="probe",
            at=context.now,
        )
        return Do(
            opening,
            lambda destination: [
                Prompt(
                    Html("La stanza si apre."),
                    ((Entry("Chiudi", "probe_close", f"{group} {destination.topic}"),),),
                )
            ],
            more=lambda destination: [
                PostTo(destination, Prompt(Html(f"{word}: uno"))),
                PostTo(destination, Prompt(Html(f"{word}: due"))),
            ],
        )


class Close(Action):
    """Close that topic, under another name, with a last word."""

    name = "probe_close"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        destination = await context.short_read(topics.destination_of, int(argument.split()[-1]))
        if destination is None:
            return show(Prompt(Html("Non c’è.")))
        closing = order(topics.change_topic, destination, name="Chiusa", is_open=False, correlation="probe")
        return Show(
            (Prompt(Html("Si chiude.")),), effects=(PostTo(destination, Prompt(Html("Addio"))), closing)
        )


FEATURE = Feature(
    flows=(Probe(), Who()),
    actions=(Begin(), BeginWho(), Said(), ShowsFile(), Heard(), Received(), Tell(), Count(), Room(), Close()),
    commands=(
        SlashCommand("probe", {"it": "prova", "en": "probe"}, listed=False, told=False),
        SlashCommand("probe_file", {"it": "mostra", "en": "display"}, listed=False, told=False),
        SlashCommand("probe_who", {"it": "chi", "en": "who"}, listed=False, told=False),
        SlashCommand("probe_tell", {"it": "avvisa", "en": "tell"}, listed=False, told=False),
        SlashCommand("probe_count", {"it": "conta", "en": "count"}, listed=False, told=False),
        SlashCommand("probe_room", {"it": "stanza", "en": "room"}, listed=False, told=False),
        SlashCommand("probe_said", {"it": "di", "en": "say"}, listed=False, told=False),
    ),
    recognisers=(recognise_tables,),
    gates=(gate,),
    listeners=(listen,),
    notices=(News(),),
)


async def notes_of(database: Any) -> dict[str, int]:
    """The notes so far, with their counts."""
    rows = await database.long_read(lambda connection: connection.execute(select(notes)).all())
    return {row.name: row.number for row in rows}
