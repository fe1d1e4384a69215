"""Files of a message that is being written: taken at every step of its dialogue, fetched by a job, told."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from backend.core.json_values import from_json
from backend.tickets.errors import TooLong
from backend.tickets.files import MEGABYTE, MOST_FILES, MOST_MEGABYTES
from backend.tickets.service import fitting
from backend.tickets.values import FileKind, NewFile, TicketFile
from conversations.core.answers import Answer, Await, Question, Reject
from conversations.core.context import Say, TurnContext
from conversations.core.effects import JobRequest
from conversations.core.flow import Step
from conversations.core.prompts import NOTHING, Choice, Html, Prompt, Rows, join
from conversations.core.replies import MOST_BYTES, Media, Reply, Sent

JOB = "ticket_files"
REFUSED_MEDIA = frozenset({Media.VIDEO, Media.STICKER})
GO_ON = "go_on"
DROP = "drop"
BY_CONTENT = (
    *("empty", "program", "script", "markup", "macros", "picture", "archive", "audio", "video", "mixed"),
    *("active", "broken", "type"),
)
REASONS = (*BY_CONTENT, "gone", "too_big", "sticker", "too_many", "full", "failed", "away", "silent")
"""Why a file is not taken."""


@dataclass(frozen=True)
class Coming:
    """A file that Telegram has. All of it is the sender's word."""

    file_id: str
    media: str
    name: str


@dataclass(frozen=True)
class NotTaken:
    """A file that was refused, and why (`ticket.files.why.…`)."""

    name: str
    why: str


@dataclass(frozen=True)
class Files:
    """The files of what is being written: those that are `held`, those that came while a job runs, and what
    is to be told of the last ones.
    """

    held: tuple[NewFile, ...] = ()
    coming: tuple[Coming, ...] = ()
    fetching: int = 0
    received: tuple[FileKind, ...] = ()
    refused: tuple[NotTaken, ...] = ()

    def quiet(self) -> Files:
        """The same, with nothing to tell."""
        return replace(self, received=(), refused=())

    def size(self) -> int:
        """Bytes of those that are held."""
        return sum(file.size for file in self.held)


NO_FILES = Files()


class Writing(Protocol):
    """A draft with files."""

    @property
    def files(self) -> Files:
        """Its files."""


D = TypeVar("D", bound=Writing)


class FilesStep(Step[D]):
    """A step that takes files whatever it asks: photos, documents, voice messages, albums."""

    @abstractmethod
    def received(self, draft: D, context: TurnContext) -> Answer:
        """Go on, now that files have come."""

    @abstractmethod
    def with_words(self, draft: D, words: str, context: TurnContext) -> D:
        """The draft with what was written beside a file. Raises Reject where it is too long."""

    def takes(self, reply: Sent, draft: D, context: TurnContext) -> bool:
        return bool(reply.attachments) or reply.media in REFUSED_MEDIA

    def meanwhile(self, draft: D, reply: Sent, context: TurnContext) -> D | None:
        if not self.takes(reply, draft, context):
            return None
        draft, coming, refused = self.sort_out(draft, reply, context)
        files = draft.files
        files = replace(files, coming=(*files.coming, *coming), refused=(*files.refused, *refused))
        return _with(draft, files)

    async def waiting(self, draft: D, context: TurnContext) -> Prompt:
        files = draft.files
        number = len(files.coming) + files.fetching
        if not number:
            return Prompt(context.say("ticket.files.asking_laptop"))
        return Prompt(context.say("ticket.files.receiving", number=number))

    def gather(self, draft: D, reply: Sent, context: TurnContext) -> Answer:
        """Have what was sent fetched and examined, as far as it can be attached. Raises Reject where the
        words beside it are too long.
        """
        draft, coming, refused = self.sort_out(quiet(draft), reply, context)
        draft = _with(draft, replace(draft.files, refused=refused))
        return self.fetch(draft, coming) if coming else self.received(draft, context)

    def fetch(self, draft: D, coming: tuple[Coming, ...]) -> Answer:
        """Have these fetched."""
        asked = [{"file_id": each.file_id, "media": each.media, "name": each.name} for each in coming]
        files = replace(draft.files, coming=(), fetching=len(coming))
        return Await(Question(JobRequest(JOB, {"files": asked})), _with(draft, files))

    async def resumed(self, draft: D, result: Any, context: TurnContext) -> Answer:
        """Hold what was brought; what came meanwhile is fetched next."""
        files = replace(draft.files, fetching=0)
        brought = result.get("files")
        if brought is None:
            why = str(result.get("why", "failed"))
            refusal = NotTaken("", why if why in REASONS else "failed")
            files = replace(files, refused=(*files.refused, refusal))
        for each in brought or ():
            if "why" in each:
                why = each["why"] if each["why"] in REASONS else "failed"
                files = replace(files, refused=(*files.refused, NotTaken(str(each.get("name", "")), why)))
                continue
            file = from_json(NewFile, each)
            why = _no_room(files, file)
            if why:
                files = replace(files, refused=(*files.refused, NotTaken(file.name, why)))
            else:
                files = replace(files, held=(*files.held, file), received=(*files.received, file.kind))
        if files.coming:
            return self.fetch(_with(draft, files), files.coming)
        return self.received(_with(draft, files), context)

    def sort_out(
        self, draft: D, reply: Sent, context: TurnContext
    ) -> tuple[D, tuple[Coming, ...], tuple[NotTaken, ...]]:
        """The draft with the words, what is to be fetched, and what is refused at once."""
        if reply.caption.strip():
            draft = self.with_words(draft, reply.caption.strip(), context)
        files, coming, refused = draft.files, list[Coming](), list[NotTaken]()
        room = MOST_FILES - len(files.held) - len(files.coming) - files.fetching
        for each in reply.attachments:
            name = each.name[:80]
            if each.media in REFUSED_MEDIA:
                refused.append(NotTaken(name, each.media.value))
            elif each.size is not None and each.size > MOST_BYTES:
                refused.append(NotTaken(name, "too_big"))
            elif len(coming) >= room:
                refused.append(NotTaken(name, "too_many"))
            else:
                coming.append(Coming(each.file_id, each.media.value, each.name[:200]))
        if not reply.attachments and reply.media in REFUSED_MEDIA:
            refused.append(NotTaken("", reply.media.value))
        return draft, tuple(coming), tuple(refused)


def _no_room(files: Files, file: NewFile) -> str:
    if len(files.held) >= MOST_FILES:
        return "too_many"
    return "full" if files.size() + file.size > MOST_MEGABYTES * MEGABYTE else ""


def _with(draft: D, files: Files) -> D:
    changed: D = replace(draft, files=files)  # type: ignore[type-var]
    return changed


def quiet(draft: D) -> D:
    """The draft with nothing to tell of its files."""
    return _with(draft, draft.files.quiet())


# ── in words ──────────────────────────────────────────────────────────────────────────────────────


def news(say: Say, files: Files) -> Html:
    """What came of the last files, and how many there are now; nothing where none came."""
    lines = []
    if files.received:
        added = counted(say, files.received)
        lines.append(say("ticket.files.added", added=added, number=len(files.held)))
    for each in files.refused[:MOST_FILES]:
        why, name = say(f"ticket.files.why.{each.why}"), _plain(each.name)
        lines.append(
            say("ticket.files.named", name=name, why=why) if name else say("ticket.files.not", why=why)
        )
    return join(lines)


def counted(say: Say, kinds: tuple[FileKind, ...]) -> Html:
    """How many files of which kind: "2 foto, 1 documento"."""
    number = {kind: kinds.count(kind) for kind in FileKind}
    parts = [say(f"ticket.files.{kind.value}", number=number[kind]) for kind in FileKind if number[kind]]
    return join(parts, ", ")


def summed(say: Say, files: tuple[NewFile | TicketFile, ...]) -> Html:
    """How many files of which kind; nothing for none."""
    return counted(say, tuple(file.kind for file in files)) if files else NOTHING


def listed(say: Say, files: tuple[NewFile, ...]) -> Html:
    """Each file on a line, so that nobody sends one unawares; nothing for none."""
    if not files:
        return NOTHING
    lines = [say("ticket.files.with", files=summed(say, files))]
    for number, file in enumerate(files, start=1):
        name = file.name or say(f"ticket.files.one.{file.kind.value}")
        lines.append(say("ticket.files.line", number=number, name=name, size=_size(file.size)))
    return join(lines)


def joined(before: str | None, words: str) -> str:
    """What was written already, and these words below it. Raises Reject where that is too long."""
    try:
        return fitting("\n".join(part for part in (before, words) if part))
    except TooLong as refusal:
        raise Reject("ticket.too_long", **refusal.data) from None


def _plain(name: str) -> str:
    """A name as its sender gave it, without signs that hide or reorder what stands there."""
    return "".join(sign for sign in name if sign.isprintable())[:60]


def _size(octets: int) -> str:
    return (
        f"{octets / MEGABYTE:.1f} MB".replace(".", ",")
        if octets >= MEGABYTE
        else f"{max(1, octets // 1024)} kB"
    )


def dropping(say: Say, files: Files) -> Rows:
    """The button that takes all files away, where there are any."""
    return ((Choice(say("ticket.files.button.drop"), DROP),),) if files.held else ()


def sent(reply: Reply) -> Sent | None:
    """What was sent, where it is a file or something that would be one."""
    return reply if isinstance(reply, Sent) and (reply.attachments or reply.media in REFUSED_MEDIA) else None
