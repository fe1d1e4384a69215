"""The folders of useful documents: data in `tree.yaml`, checked when it is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.documents.values import Words, is_folder, key_of
from conversations.core.prompts import Html
from conversations.core.texts import LANGUAGES

SEPARATOR = "."


class Spoken(BaseModel):
    """A text in each language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    it: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """The text of a language that there is."""
        return str(getattr(self, language)).strip()


class Folder(BaseModel):
    """A folder: of folders, or, without children, of documents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Spoken
    text: Spoken | None = None
    tools: bool = False
    children: tuple[Folder, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Folder:
        _told_apart(self.children)
        return self

    def names(self) -> set[str]:
        """By these a folder on disk is known."""
        return {_plain(name) for name in (self.id, self.label.it, self.label.en)}


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    roots: tuple[Folder, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> _File:
        _told_apart(self.roots)
        return self


def _told_apart(folders: Sequence[Folder]) -> None:
    """Raises ValueError where two folders side by side share an id or a name."""
    seen = set[str]()
    for each in folders:
        if each.names() & seen:
            raise ValueError(f"two folders side by side are called {each.id!r}")
        seen |= each.names()


def _plain(name: str) -> str:
    """A name as it is compared: without accents, capitals and signs."""
    split = [sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)]
    return key_of("".join(sign if sign.isalnum() else " " for sign in split))


class Tree:
    """The folders by their paths (`mome.tech.datasheet`). Raises ValueError where they are not sound."""

    def __init__(self, text: str) -> None:
        self.roots = _File.model_validate(yaml.safe_load(text)).roots
        self._folders = dict(_walk(self.roots, ""))
        if wrong := [path for path in self._folders if not is_folder(path)]:
            raise ValueError(f"paths that are too long or too deep: {wrong}")

    def find(self, path: str) -> Folder | None:
        """The folder of a path."""
        return self._folders.get(path)

    def paths(self) -> list[str]:
        """Every path, in order."""
        return list(self._folders)

    def leaves(self) -> list[str]:
        """The paths of the folders that hold documents, in order."""
        return [path for path, folder in self._folders.items() if not folder.children]

    def below(self, path: str) -> list[str]:
        """The leaves in a folder; all of them for the empty path."""
        return [each for each in self.leaves() if not path or f"{each}.".startswith(f"{path}.")]

    def takes_tools(self, path: str) -> bool:
        """True if a folder may hold what can run."""
        return any(self._folders[each].tools for each in _above(path) if each in self._folders)

    def labels(self, path: str, language: str) -> list[str]:
        """The labels from the root to a folder; what is not there any more is named by its id."""
        return [
            self._folders[each].label.of(language) if each in self._folders else each.rpartition(SEPARATOR)[2]
            for each in _above(path)
        ]

    def trail(self, path: str, language: str) -> str:
        """The labels as one line."""
        return " › ".join(self.labels(path, language))

    def on_disk(self, names: Sequence[str]) -> str | None:
        """The path of a folder on disk by the names that lead to it; None for an unknown one."""
        path, children = "", self.roots
        for name in names:
            found = next((each for each in children if _plain(name) in each.names()), None)
            if found is None:
                return None
            path, children = f"{path}{SEPARATOR}{found.id}" if path else found.id, found.children
        return path

    def wanted(self, words: Sequence[str]) -> Words:
        """A search for words: with each, the leaves whose way from the root says it in any language."""
        folders = tuple(
            tuple(
                path
                for path in self.leaves()
                if any(_plain(word) in _plain(self.trail(path, each)) for each in LANGUAGES)
            )
            if _plain(word)
            else ()
            for word in words
        )
        return Words(tuple(words), folders)


def parent_of(path: str) -> str:
    """The path of the folder that a folder is in; empty for a root."""
    return path.rpartition(SEPARATOR)[0]


def _above(path: str) -> list[str]:
    parts = path.split(SEPARATOR)
    return [SEPARATOR.join(parts[: number + 1]) for number in range(len(parts))]


def _walk(folders: Sequence[Folder], before: str) -> Iterator[tuple[str, Folder]]:
    for folder in folders:
        path = f"{before}{SEPARATOR}{folder.id}" if before else folder.id
        yield path, folder
        yield from _walk(folder.children, path)


def lead(folder: Folder | None, language: str) -> Html:
    """A folder's text. It is ours, and may hold tags."""
    return Html(folder.text.of(language)) if folder is not None and folder.text is not None else Html("")


@cache
def tree() -> Tree:
    """The tree of the product."""
    return Tree(resources.files("conversations.documents").joinpath("tree.yaml").read_text(encoding="utf-8"))
