"""What the bridge says: one catalogue per language (Project Fluent)."""

from __future__ import annotations

import os
from functools import cache
from importlib import resources

from fluent.runtime import FluentBundle, FluentResource

DEFAULT = "it"
LANGUAGES = ("it", "en")


class MissingTextError(KeyError):
    """A key has no text, or its text could not be made of the values given."""


class Texts:
    """The texts of one language: `texts("port.busy", port=path)`."""

    def __init__(self, language: str) -> None:
        self._bundle = FluentBundle([language], use_isolating=False)
        file = resources.files("device_bridge").joinpath(f"{language}.ftl")
        self._bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`. Raises MissingTextError."""
        name = key.replace(".", "-")
        pattern = self._bundle.get_message(name).value if self._bundle.has_message(name) else None
        if pattern is None:
            raise MissingTextError(key)
        text, errors = self._bundle.format_pattern(pattern, values)
        if errors:
            raise MissingTextError(f"{key}: {errors[0]}")
        return str(text)


@cache
def texts(language: str) -> Texts:
    """The texts of a language that there is."""
    return Texts(language)


def spoken() -> str:
    """The language of this machine's user: `A486_LANGUAGE`, else that of the system, else Italian."""
    for name in ("A486_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        language = os.environ.get(name, "")[:2].lower()
        if language in LANGUAGES:
            return language
    return DEFAULT
