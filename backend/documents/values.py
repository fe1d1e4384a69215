"""Values of useful documents.

    standing ──a──► withdrawn          standing ──c──► missing
        ▲               │                 ▲               │
        └───────b───────┘                 └───────d───────┘

a: somebody of the staff withdrew it · b: somebody of the staff put it back · c: its file is not in the folder
that is mirrored any more · d: the file is there again, or somebody of the staff put it back
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from backend.core.filenames import clean_line

MOST_TITLE = 100
MOST_LABEL = 24
MOST_BYTES = 1024**3
"""Of one file."""
_FOLDER = re.compile(r"[a-z0-9_]{1,20}(\.[a-z0-9_]{1,20}){0,4}")
LONGEST_FOLDER = 34
"""Characters: with an action, a post's number and a document's it fits into a button (64 bytes)."""


class DocumentState(StrEnum):
    """The state of a document. Stored by value: a member is never renamed."""

    STANDING = "standing"
    """Everybody who may see documents can get it."""
    WITHDRAWN = "withdrawn"
    """The staff took it back; no mirroring of a folder brings it out again."""
    MISSING = "missing"
    """Its file is gone from the folder that is mirrored; it comes back with it."""


class Way(StrEnum):
    """How a document was handed over."""

    CHAT = "chat"
    """As a file in the chat."""
    LINK = "link"
    """By a link that expires."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document. `size` is in bytes; the digest is the SHA-256 of its content. `dated` is the
    date that it bears.
    """

    id: int
    document_id: int
    label: str
    dated: date
    digest: str
    name: str
    size: int
    media_type: str
    added_at: datetime
    downloads: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its newest version that stands; `older` says how many stand beside it."""

    id: int
    folder: str
    title: str
    state: DocumentState
    version: Version
    older: int = 0

    @property
    def stands(self) -> bool:
        """True if it is handed out."""
        return self.state is DocumentState.STANDING


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A file that is to be a version: its blob, and what is said of it."""

    label: str
    dated: date
    digest: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is searched for. Each word must stand in the title or the name of the file, or the document must
    be in one of the `folders` that this word names.
    """

    words: tuple[str, ...]
    folders: tuple[tuple[str, ...], ...]


def is_folder(text: str) -> bool:
    """True for what can be the path of a folder (`mome.technical.datasheet`)."""
    return len(text) <= LONGEST_FOLDER and _FOLDER.fullmatch(text) is not None


def title_of(text: str) -> str:
    """A title on one line; raises ValueError for one that is empty or too long."""
    title = clean_line(text)
    if not title or len(title) > MOST_TITLE:
        raise ValueError("a title is too short or too long")
    return title


def label_of(text: str) -> str:
    """A version on one line, without the `v` before its number; raises ValueError for one that is empty or
    too long.
    """
    label = re.sub(r"(?i)^v(?:er(?:sione|sion|s)?)?[. ]*(?=\d)", "", clean_line(text))
    if not label or len(label) > MOST_LABEL:
        raise ValueError("a version is too short or too long")
    return label


def key_of(text: str) -> str:
    """By this titles and versions are compared and sorted."""
    return " ".join(text.casefold().split())


def order_of(label: str) -> list[tuple[int, int, str]]:
    """What sorts versions as people do: 1.9 before 1.10."""
    parts = re.findall(r"\d+|[^\W\d_]+", label.casefold())
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]


_NAMED = re.compile(r"(?i)^(?P<title>.*?\w.*?)[\s_.-]+v(?:er\.?)?[\s_]?(?P<label>\d[\w.+-]*)$")


def split_name(name: str) -> tuple[str, str | None]:
    """The title and the version that a file's name says (`Datasheet MOME v1.2.pdf`); None for no version."""
    plain = clean_line(name)
    stem, dot, _ = plain.rpartition(".")
    plain = (stem if dot and stem else plain).removesuffix(".tar")
    found = _NAMED.match(plain)
    title, label = (found["title"], found["label"]) if found is not None else (plain, None)
    title = " ".join(title.replace("_", " ").split()).strip(" .-")[:MOST_TITLE].strip()
    return title or "documento", label[:MOST_LABEL] if label is not None else None
