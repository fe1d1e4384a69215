"""The decision tree of assistance: data in `tree.yaml`, checked when it is read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.devices.values import DeviceType
from conversations.core.prompts import Html

SEPARATOR = "."
LONGEST_PATH = 40
"""Characters: with an action and a post's number it fits into a button (64 bytes)."""
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
    text: Spoken | None = None
    advice: Spoken | None = None
    children: tuple[Node, ...] = ()

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

    sections: tuple[Node, ...]
    devices: tuple[Node, ...]
    others: tuple[Node, ...] = ()


class Tree:
    """The tree. Raises ValueError where it is not sound."""

    def __init__(self, text: str) -> None:
        read = _File.model_validate(yaml.safe_load(text))
        self.devices = read.devices
        self._others = {node.id: node for node in read.others}
        self._nodes = dict(_walk(self.devices, ""))
        if {node.id for node in self.devices} != set(DEVICES):
            raise ValueError("the first level is not that of the devices")
        if too_long := [path for path in self._nodes if len(path) > LONGEST_PATH]:
            raise ValueError(f"paths that are too long for a button: {too_long}")

    def find(self, path: str) -> Node | None:
        """The node of a path (`mome.technical.hardware`)."""
        return self._nodes.get(path)

    def paths(self) -> list[str]:
        """Every path, in order."""
        return list(self._nodes)

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
