"""The texts: one catalogue per language (Project Fluent), one text per key, every value escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from fluent.runtime import FluentBundle, FluentResource

from backend.core.clock import ROME
from conversations.core.prompts import Html

DEFAULT = "it"
LANGUAGES = ("it", "en")
_ENTRY = re.compile(r"^([A-Za-z][\w-]*) *=.*(?:\n(?:[ \t].*)?)*", re.MULTILINE)
"""A text in its file: its key, its first line, and the lines below that are indented or empty."""


class MissingTextError(KeyError):
    """A key has no text, or its text could not be made of the values given."""


class Texts:
    """The texts of one language: `texts("look_up.pod.ask", name=value)`.

    Each is parsed when it is said first: to parse all of them takes a good part of a process's start.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        # Without the isolating marks that would end up in what users copy.
        self._bundle = FluentBundle([language], use_isolating=False)
        self._unparsed = entries(language)
        self._said: dict[str, Html] = {}  # those without values, most of all: the same each time

    def __call__(self, key: str, **values: object) -> Html:
        """The text of `key`, ready to send. Raises MissingTextError."""
        if values:
            return self._made(key, values)
        if key not in self._said:
            self._said[key] = self._made(key, values)
        return self._said[key]

    def _made(self, key: str, values: Mapping[str, object]) -> Html:
        name = key.replace(".", "-")
        if not self._bundle.has_message(name):
            if name not in self._unparsed:
                raise MissingTextError(key)
            self._bundle.add_resource(FluentResource(self._unparsed[name]))
        pattern = self._bundle.get_message(name).value if self._bundle.has_message(name) else None
        if pattern is None:
            raise MissingTextError(key)
        text, errors = self._bundle.format_pattern(
            pattern, {name: _value(value) for name, value in values.items()}
        )
        if errors:
            raise MissingTextError(f"{key}: {errors[0]}")
        return Html(text)


def _value(value: object) -> object:
    match value:
        case Html():
            return str(value)
        case bool():
            return str(value).lower()
        case int() | float():
            return value
        case datetime():
            return value.astimezone(ROME).strftime("%d/%m/%Y %H:%M")
        case date():
            return value.strftime("%d/%m/%Y")
        case _:
            return html.escape(str(value), quote=False)


def files(language: str) -> list[Traversable]:
    """A language's files: each package of the conversations may bring one, `<language>.ftl`."""
    packages = sorted(resources.files("conversations").iterdir(), key=lambda entry: entry.name)
    found = (package.joinpath(f"{language}.ftl") for package in packages if package.is_dir())
    return [file for file in found if file.is_file()]


def entries(language: str) -> dict[str, str]:
    """Each text of a language as it stands in its file, by its name there."""
    return {
        found[1]: found[0]
        for file in files(language)
        for found in _ENTRY.finditer(file.read_text(encoding="utf-8"))
    }


@cache
def texts(language: str) -> Texts:
    """The texts of a language that there is."""
    return Texts(language)


def language_for(chosen: str | None, telegram: str) -> str:
    """Which language to speak: the one chosen, else that of the Telegram app, else Italian for Italians and
    English.
    """
    if chosen in LANGUAGES:
        return chosen
    if not telegram:
        return DEFAULT
    spoken = telegram.lower().split("-")[0]
    return spoken if spoken in LANGUAGES else "en"
