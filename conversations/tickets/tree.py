"""The decision tree of assistance: data in `tree.yaml`, checked when it is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.devices.values import DeviceType
from conversations.core.prompts import Html

SEPARATOR = "."
LONGEST_PATH = 40
"""Characters: with an action and a post's number it fits into a button (64 bytes)."""
MOST_HOURS = 1000
CONTACT = "contact"
"""The category of a ticket that the staff begins, below its device."""
DEVICES = {"mome": DeviceType.MOME, "smart_info": DeviceType.SMART_INFO}
"""The first level of the tree."""


class Spoken(BaseModel):
    """A text in each language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    it: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> Html:
        """The text of a language that there is. It is ours, and may hold tags."""
        return Html(str(getattr(self, language)).strip())


class Node(BaseModel):
    """A question, or, without children, what leads to a ticket."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Spoken
    short: Spoken | None = None
    text: Spoken | None = None
    advice: Spoken | None = None
    ask: Spoken | None = None
    codes: bool | None = None
    children: tuple[Node, ...] = ()
    first_answer_hours: float | None = Field(None, gt=0, le=MOST_HOURS)
    solved_hours: float | None = Field(None, gt=0, le=MOST_HOURS)

    @model_validator(mode="after")
    def _sound(self) -> Node:
        ids = [child.id for child in self.children]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.id}: two children have one id")
        if self.children and self.advice is not None:
            raise ValueError(f"{self.id}: advice belongs to a leaf")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    first_answer_hours: float = Field(gt=0, le=MOST_HOURS)
    solved_hours: float = Field(gt=0, le=MOST_HOURS)
    sections: tuple[Node, ...]
    devices: tuple[Node, ...]
    others: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Targets:
    """In how many working hours a ticket is to be answered first, and to be solved."""

    first_answer_hours: float
    solved_hours: float

    def within(self, nearer: Node) -> Targets:
        """What holds below a node, which may have targets of its own."""
        return Targets(
            nearer.first_answer_hours or self.first_answer_hours, nearer.solved_hours or self.solved_hours
        )


class Tree:
    """The tree. Raises ValueError where it is not sound."""

    def __init__(self, text: str) -> None:
        file = _File.model_validate(yaml.safe_load(text))
        self.devices = file.devices
        self.targets = Targets(file.first_answer_hours, file.solved_hours)
        self._others = {node.id: node for node in file.others}
        self._nodes = dict(_walk(self.devices, ""))
        if {node.id for node in self.devices} != set(DEVICES):
            raise ValueError("the first level is not that of the devices")
        if too_long := [path for path in self._nodes if len(path) > LONGEST_PATH]:
            raise ValueError(f"paths that are too long for a button: {too_long}")
        for path in self._nodes:
            targets = self.targets_of(path)
            if targets.first_answer_hours > targets.solved_hours:
                raise ValueError(f"{path}: would be solved before it is answered")

    def find(self, path: str) -> Node | None:
        """The node of a path (`mome.technical.hardware`)."""
        return self._nodes.get(path)

    def paths(self) -> list[str]:
        """Every path, in order."""
        return list(self._nodes)

    def targets_of(self, path: str) -> Targets:
        """The targets of a path: its own, those of a branch above, or those of the whole tree."""
        targets = self.targets
        for node in self._branch(path):
            targets = targets.within(node)
        return targets

    def question_of(self, path: str, language: str) -> Html | None:
        """What the form asks first: the path's own words, or those of a branch above; None for the usual."""
        asked = [node.ask for node in self._branch(path) if node.ask is not None]
        return asked[-1].of(language) if asked else None

    def asks_codes(self, path: str) -> bool:
        """True if the form asks for codes and attachments."""
        asked = [node.codes for node in self._branch(path) if node.codes is not None]
        return asked[-1] if asked else True

    def short(self, path: str, language: str) -> str:
        """The label of a path as a button has room for it."""
        node = self.find(path)
        if node is not None and node.short is not None:
            return str(node.short.of(language))
        return self.labels(path, language)[-1]

    def _branch(self, path: str) -> list[Node]:
        """The nodes from the device to that of a path."""
        parts = path.split(SEPARATOR)
        found = (self.find(SEPARATOR.join(parts[: number + 1])) for number in range(len(parts)))
        return [node for node in found if node is not None]

    def labels(self, path: str, language: str) -> list[str]:
        """The labels from the device to the node of a path; what is not there any more is named by its id."""
        parts = path.split(SEPARATOR)
        found = [
            self._nodes.get(SEPARATOR.join(parts[: number + 1])) or self._others.get(part)
            for number, part in enumerate(parts)
        ]
        return [
            str(node.label.of(language)) if node is not None else part
            for node, part in zip(found, parts, strict=True)
        ]


def _walk(nodes: tuple[Node, ...], before: str) -> Iterator[tuple[str, Node]]:
    for node in nodes:
        path = f"{before}{SEPARATOR}{node.id}" if before else node.id
        yield path, node
        yield from _walk(node.children, path)


@cache
def tree() -> Tree:
    """The tree of the product."""
    return Tree(resources.files("conversations.tickets").joinpath("tree.yaml").read_text(encoding="utf-8"))
