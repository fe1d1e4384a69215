"""Ways to a request for assistance that is filled with what is known already."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from backend.devices.values import DeviceType
from conversations.core.answers import Go
from conversations.core.context import TurnContext
from conversations.core.prompts import Entry

READY = "ticket_ready"
"""The action that begins a request with what `about` gives it."""
MATTER = "ticket_matter"
"""The action behind `assistance_button`."""


@dataclass(frozen=True)
class Known:
    """What a request is about, as far as it is known."""

    text: str
    pod: str | None = None
    production_pod: str | None = None
    sid: str | None = None
    nid: str | None = None
    device: str | None = None
    """The value of a `DeviceType`."""


def about(
    text: str,
    *,
    pod: str | None = None,
    sid: str | None = None,
    nid: str | None = None,
    device: DeviceType | None = None,
) -> Go:
    """Begin a request with this description and these codes."""
    known = Known(text, pod, None, sid, nid, device.value if device is not None else None)
    return Go(READY, json.dumps(asdict(known)))


def read_known(argument: str) -> Known | None:
    """What `about` gave; None for anything else, since a button may be forged."""
    try:
        known = Known(**json.loads(argument))
    except (ValueError, TypeError):
        return None
    values = (known.pod, known.production_pod, known.sid, known.nid, known.device)
    sound = isinstance(known.text, str) and all(isinstance(value, str | None) for value in values)
    return known if sound else None


def assistance_button(context: TurnContext, matter: str, code: str) -> Entry:
    """A button to a request about an outcome that says to ask for assistance: the outcome of a look-up and
    its POD, or `reference` and that of a failure.
    """
    return Entry(context.say("button.assistance"), MATTER, f"{matter}_{code}")
