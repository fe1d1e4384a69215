"""Requests that begin with what is known already: an outcome, a failed job, a failed turn."""

from __future__ import annotations

import html
import re

from backend.supplies.pod import parse_pod
from backend.supplies.values import LookUpOutcome
from conversations.core.answers import Answer, Go, Start
from conversations.core.assistance import MATTER, READY, about, read_known
from conversations.core.context import TurnContext
from conversations.tickets.asking import OTHER, Assistance, Draft, NewTicketFlow, TicketAction
from conversations.tickets.tree import DEVICES, SEPARATOR

_TAG = re.compile(r"<[^>]*>")
_REFERENCE = re.compile(r"[A-Z0-9-]{4,20}")


class Ready(TicketAction):
    """Begin a request with what is known. The argument is what `about` gives."""

    name = READY
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        known = read_known(argument)
        if known is None:
            return Go(Assistance.name)
        device = next((key for key, kind in DEVICES.items() if kind.value == known.device), None)
        draft = Draft(
            category=f"{device}{SEPARATOR}{OTHER}" if device is not None else "",
            description=known.text,
            codes="" if not any((known.pod, known.sid, known.nid)) else None,
            pod=known.pod,
            production_pod=known.production_pod,
            sid=known.sid,
            nid=known.nid,
            attached=True,  # the summary offers it
            which_device=device is None,
        )
        return Start(NewTicketFlow.name, draft)


class Matter(TicketAction):
    """Begin a request about an outcome. The argument is `<outcome>_<POD>` or `reference_<reference>`."""

    name = MATTER
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        matter, _, code = argument.partition("_")
        if matter == "reference" and _REFERENCE.fullmatch(code):
            return about(context.say("ticket.about_reference", reference=code))
        pod, outcomes = parse_pod(code), {each.value for each in LookUpOutcome if each.asks_for_assistance}
        if pod is None or matter not in outcomes:
            return Go(Assistance.name)
        sentence = context.say(f"outcome.{matter}", pod=pod.code).splitlines()[0]
        said = html.unescape(_TAG.sub("", sentence)).lstrip("⚠️ ").strip()
        return about(context.say("ticket.about_outcome", outcome=said, pod=pod.code), pod=pod.code)
