"""Bringing documents up to date with a folder tree on disk that mirrors the folders.

A file is a version of the document that its folder and the title in its name say. A name that ends with a
version (`Datasheet MOME v1.2.pdf`) says which; several versions may lie side by side. Without one, another
content under the same name is the next version. Files of one title and one version are refused, since each
would be published above the other. Files are compared by SHA-256, so that doing it again changes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from backend.core.blobs import service as blobs
from backend.core.child_main import Refusal
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.documents import shelf
from backend.documents.examine import Found, inspect
from backend.documents.shelf import OPERATOR
from backend.documents.values import (
    MOST_BYTES,
    Document,
    DocumentState,
    NewVersion,
    Version,
    key_of,
    order_of,
    split_name,
)

PIECE = 256 * 1024
MOST_FILES = 10_000


class Change(StrEnum):
    """What came of a file, or of a document."""

    NEW = "new"
    """A document was added."""
    VERSION = "version"
    """A version was added to a document."""
    BACK = "back"
    """The file of a document is there again, and so is the document."""
    SAME = "same"
    """The document has this version already."""
    OLDER = "older"
    """Left out: the document has a newer version."""
    LEFT = "left"
    """Left out: the staff has withdrawn the document, or this version of it."""
    REFUSED = "refused"
    """The file cannot be published."""
    WITHDRAWN = "withdrawn"
    """The file is gone, and so is the document."""
    GONE = "gone"
    """The file is gone; the document stays, since nothing else was said or something was refused there."""


NOTHING_DONE = frozenset({Change.SAME, Change.OLDER, Change.LEFT, Change.REFUSED, Change.GONE})


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one. `path` is the file's below the tree, or the document's folder; `why` is why a file is
    refused.
    """

    change: Change
    path: str
    title: str = ""
    label: str = ""
    size: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Folders:
    """What the tree of folders says: the path of a folder on disk (None for an unknown one), whether it holds
    documents, and whether it may hold tools.
    """

    on_disk: Callable[[Sequence[str]], str | None]
    holds_documents: Callable[[str], bool]
    takes_tools: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file that may become a version."""

    file: Path
    path: str
    folder: str
    title: str
    label: str | None

    @property
    def label_key(self) -> str | None:
        """By this the versions of a title are told apart."""
        return None if self.label is None else key_of(self.label)


async def sync(
    database: Database,
    root: Path,
    folders: Folders,
    at: datetime,
    *,
    withdraw: bool = False,
    dry: bool = False,
) -> AsyncGenerator[Told, None]:
    """Publish what is new below `root`, and tell of each file. `withdraw`: documents whose files are gone are
    withdrawn, but for those in or below a folder where something was refused. `dry`: nothing is changed.
    Raises OSError for a tree that cannot be read, and ValueError for one of more than `MOST_FILES` files.
    """
    candidates, refused = await asyncio.to_thread(_walk, root, folders)
    unsure = {folder for folder, _ in refused}
    for _, each in refused:
        yield each
    known = await database.long_read(
        lambda connection: shelf.in_folders(connection, {each.folder for each in candidates})
    )
    by_key = {(each.folder, key_of(each.title)): each for each in known}
    seen, files = set[int](), defaultdict[tuple[str, str], list[_Candidate]](list)
    for candidate in candidates:
        files[candidate.folder, key_of(candidate.title)].append(candidate)
    for key, group in files.items():
        document, is_new = by_key.get(key), False
        alike = Counter(each.label_key for each in group)
        group.sort(key=lambda each: order_of(each.label or ""))
        for candidate in group:
            if alike[candidate.label_key] > 1:
                told = Told(Change.REFUSED, candidate.path, why="same_title")
            else:
                document, told = await _bring(database, document, candidate, folders, at, dry)
            if told.change is Change.REFUSED:
                unsure.add(candidate.folder)
            elif told.change is Change.NEW:
                if is_new:  # nothing was changed: the document is not there yet
                    told = replace(told, change=Change.VERSION)
                is_new = True
            yield told
        if document is not None:
            seen.add(document.id)
    # A tree without any file is a disk that is not there rather than an archive that was emptied.
    if not candidates:
        unsure.add("")
    async for told in _vanished(database, seen, unsure, at, withdraw=withdraw, dry=dry):
        yield told


def _walk(root: Path, folders: Folders) -> tuple[list[_Candidate], list[tuple[str, Told]]]:
    """The files below `root`, and what has no place, each with the innermost folder that it lies in. Links
    are not followed: they lead anywhere.
    """
    found: list[_Candidate] = []
    refused: list[tuple[str, Told]] = []

    def fail(error: OSError) -> None:
        raise error

    def refuse(parts: Sequence[str], why: str) -> None:
        inside = (folders.on_disk(parts[:end]) for end in range(len(parts), -1, -1))
        innermost = next(folder for folder in inside if folder is not None)
        refused.append((innermost, Told(Change.REFUSED, _shown(parts), why=why)))

    for place, names, files in os.walk(root, onerror=fail):
        names[:] = sorted(name for name in names if not name.startswith("."))
        parts = Path(place).relative_to(root).parts
        folder = folders.on_disk(parts)
        linked = [name for name in names if (Path(place) / name).is_symlink()]
        for name in [*linked, *sorted(files)]:
            file = Path(place) / name
            if name.startswith((".", "~$")) or name in ("Thumbs.db", "desktop.ini"):
                continue
            if len(found) + len(refused) >= MOST_FILES:
                raise ValueError(f"more than {MOST_FILES} files")
            if file.is_symlink() or not file.is_file():
                refuse((*parts, name), "link")
            elif folder is None or not folder or not folders.holds_documents(folder):
                refuse((*parts, name), "folder")
            else:
                title, label = split_name(name)
                found.append(_Candidate(file, _shown((*parts, name)), folder, title, label))
    return found, refused


def _shown(parts: Sequence[str]) -> str:
    """A path below the tree; what a disk holds need not be UTF-8."""
    return "/".join(parts).encode("utf-8", "replace").decode("utf-8")


async def _bring(
    database: Database,
    document: Document | None,
    candidate: _Candidate,
    folders: Folders,
    at: datetime,
    dry: bool,
) -> tuple[Document | None, Told]:
    """Publish a file where it is new. Returns its document as it is now."""
    told = partial(Told, path=candidate.path, title=candidate.title)
    try:
        found, digest, size, dated = await asyncio.to_thread(_examined, candidate.file)
        if found.tool and not folders.takes_tools(candidate.folder):
            raise Refusal("tool")
    except Refusal as refusal:
        return document, told(Change.REFUSED, why=refusal.key)
    except OSError:
        return document, told(Change.REFUSED, why="unreadable")
    standing: list[Version] = []
    if document is not None:
        known = document.id
        all_of_it = await database.long_read(lambda connection: shelf.versions(connection, known))
        standing = [each for each in all_of_it if not each.withdrawn]
        outcome = _judged(document, all_of_it, candidate.label, digest)
        if outcome is Change.SAME and document.state is DocumentState.MISSING:
            if not dry:
                document = await database.write(
                    lambda connection: shelf.restore(connection, OPERATOR, known, at)
                )
            return document, told(Change.BACK, label=document.version.label, size=size)
        if outcome is Change.SAME and not dry:
            await database.write(lambda connection: shelf.mirror(connection, known))
        if outcome is Change.REFUSED:
            return document, told(outcome, label=candidate.label or "", size=size, why="label")
        if outcome is not None:
            return document, told(outcome, label=candidate.label or document.version.label, size=size)
    label = candidate.label or _next_label(standing)
    change = Change.NEW if document is None else Change.VERSION
    if not dry:
        new = NewVersion(label, dated, digest, found.name, size, found.media_type)
        published = await _publish(database, document, candidate, new, at)
        if published is None:
            return document, told(Change.REFUSED, why="changed")
        document = published
    return document, told(change, label=label, size=size)


def _judged(document: Document, known: list[Version], label: str | None, digest: str) -> Change | None:
    """What comes of a file of a document that is there; None where it is to be published."""
    if document.state is DocumentState.WITHDRAWN:
        return Change.LEFT
    standing = [each for each in known if not each.withdrawn]
    if label is None and any(each.digest == digest for each in standing):
        return Change.SAME
    same = next((each for each in standing if label and key_of(each.label) == key_of(label)), None)
    if same is not None:
        return Change.SAME if same.digest == digest else Change.REFUSED
    if any(each.withdrawn and each.digest == digest for each in known):
        return Change.LEFT
    if label is None:
        return None
    return Change.OLDER if order_of(label) < order_of(document.version.label) else None


def _next_label(standing: list[Version]) -> str:
    """The next number that no version has."""
    labels = {key_of(each.label) for each in standing}
    return next(
        str(number) for number in range(len(standing) + 1, 2 * len(standing) + 2) if str(number) not in labels
    )


def _examined(file: Path) -> tuple[Found, str, int, date]:
    """What a file is, its SHA-256, its size, and the day on which it was last changed. Raises Refusal and
    OSError.
    """
    with file.open("rb") as content:
        about = os.fstat(content.fileno())
        if about.st_size > MOST_BYTES:
            raise Refusal("too_big")
        found = inspect(content, about.st_size, file.name)
        content.seek(0)
        check = hashlib.file_digest(content, "sha256")
    dated = datetime.fromtimestamp(about.st_mtime, ROME).date()
    return found, check.hexdigest(), about.st_size, dated


async def _publish(
    database: Database, document: Document | None, candidate: _Candidate, new: NewVersion, at: datetime
) -> Document | None:
    """Store a file, and put it into its folder or above the document's other versions. None where its content
    is not what was examined any more.
    """
    if await blobs.store(database, _content(candidate.file), new.media_type) != new.digest:
        return None
    if document is None:
        return await database.write(
            lambda connection: shelf.add(
                connection, OPERATOR, candidate.folder, candidate.title, new, at, mirrored=True
            )
        )
    known = document.id
    return await database.write(
        lambda connection: shelf.add_version(connection, OPERATOR, known, new, at, mirrored=True)
    )


async def _content(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as content:
        while piece := await asyncio.to_thread(content.read, PIECE):
            yield piece


async def _vanished(
    database: Database, seen: set[int], unsure: Collection[str], at: datetime, *, withdraw: bool, dry: bool
) -> AsyncGenerator[Told, None]:
    """Documents whose files were in the tree, and are not any more. In and below the folders `unsure` none is
    withdrawn: its file may be among what was refused, and all of them with the empty path.
    """
    gone = await database.long_read(lambda connection: shelf.mirrored(connection, seen))
    for document in gone:
        is_sure = not any(not each or f"{document.folder}.".startswith(f"{each}.") for each in unsure)
        if withdraw and is_sure and not dry:
            await database.write(
                partial(
                    shelf.withdraw, author=OPERATOR, document_id=document.id, at=at, to=DocumentState.MISSING
                )
            )
        change = Change.WITHDRAWN if withdraw and is_sure else Change.GONE
        yield Told(change, document.folder, document.title, document.version.label)
