"""Words for what bridges say: reasons, models, links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.core.context import Say
from conversations.core.prompts import Html
from conversations.core.texts import MissingTextError

MODELS = (0, 1, 2)
STEPS = ("identify", "check", "load", "read_back")
"""The steps that are counted; `hand_over` stands in place of the third."""


def why(say: Say, reason: str, values: Mapping[str, Any]) -> Html:
    """A sentence for a reason that a bridge gave. What it says comes from outside: another reason than those
    that are known is named as such.
    """
    try:
        return say(f"programming.why.{reason}", **values)
    except (MissingTextError, TypeError):
        return say("programming.why_unknown", reason=reason)


def model_of(say: Say, model: int | None) -> Html:
    """The configuration that a device says to have."""
    if model is None:
        return say("programming.model_none")
    return (
        say(f"programming.model_{model}") if model in MODELS else say("programming.model_other", model=model)
    )


def links_of(say: Say, links: Mapping[str, str]) -> list[tuple[str, Html]]:
    """Each meter, and whether it is reached."""
    return [
        (meter, link_of(say, said)) for meter, said in links.items() if meter in ("primary", "production")
    ]


def link_of(say: Say, said: str) -> Html:
    """Whether a meter is reached; else why not."""
    return say("programming.link_ok") if said == "ok" else why(say, f"nack.{said}", {})
