"""The ways to load that are installed: entry points of the group `a486.scp_loaders`.

An entry point names a function that takes a `Surroundings` and returns a `ScpLoader` or a `HandOver`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from device_bridge.loaders.loader import HandOver, ScpLoader
from device_bridge.loaders.manual import Loaded, ManualLoader
from device_bridge.loaders.smp import SmpLoader

GROUP = "a486.scp_loaders"


@dataclass(frozen=True)
class Surroundings:
    """What a loader may need: a folder for files, and a way to ask the technician."""

    folder: Path
    loaded: Loaded


MakeLoader = Callable[[Surroundings], ScpLoader | HandOver]


class NoSuchLoader(Exception):
    """No loader of this name is installed."""


def names() -> list[str]:
    """The loaders that are installed."""
    return sorted(point.name for point in entry_points(group=GROUP))


def loader_named(name: str) -> MakeLoader:
    """The way to make a loader. Raises NoSuchLoader."""
    for point in entry_points(group=GROUP):
        if point.name == name:
            made: MakeLoader = point.load()
            return made
    raise NoSuchLoader(name)


def smp_reference(surroundings: Surroundings) -> ScpLoader:
    """The reference protocol."""
    return SmpLoader()


def manual(surroundings: Surroundings) -> HandOver:
    """By hand, with another program."""
    return ManualLoader(surroundings.folder, surroundings.loaded)
