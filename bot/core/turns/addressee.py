"""From rows of the inbox to a reply, its sender and its destination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Bot

from backend.core.inbox.values import Incoming, Row, RowKind
from backend.core.outbox.values import Destination
from conversations.core.replies import Entered, Expired, Finished, Person, Reply
from handlers import updates


@dataclass(frozen=True, slots=True)
class Addressee:
    """A reply, who it is of, and where they are."""

    reply: Reply
    person: Person
    destination: Destination
    private: bool
    migrated_to: int | None = None


def address(rows: Sequence[Row | Incoming], bot: Bot) -> Addressee | None:
    """Read the rows of a turn. None where there is nobody to answer."""
    first = rows[0]
    if first.kind is RowKind.UPDATE:
        received = updates.read([row.payload for row in rows], bot)
        if received is None:
            return None
        destination = Destination(first.bot_id, received.chat_id, received.thread_id, first.lane)
        return Addressee(received.reply, received.person, destination, received.private, received.migrated_to)
    payload = first.payload
    destination = Destination(first.bot_id, payload["chat_id"], payload["thread_id"], first.lane)
    person = Person(payload["user_id"], payload.get("name", ""), payload.get("language", ""))
    return Addressee(_own(first.kind, payload), person, destination, payload["chat_id"] > 0)


def _own(kind: RowKind, payload: dict[str, Any]) -> Reply:
    match kind:
        case RowKind.RESULT:
            return Finished(
                kind=payload["kind"],
                arguments=payload["arguments"],
                result=payload["result"],
                card_id=payload["card_id"],
                action=payload.get("action") or payload["kind"],
                job_id=payload.get("job"),
                membership_id=payload.get("membership"),
            )
        case RowKind.EXPIRED:
            return Expired(payload["revision"])
        case RowKind.ENTRY:
            return Entered(payload["action"], payload["argument"])
        case RowKind.UPDATE:
            raise ValueError("an update is not a row of our own")


def last_resort(first: Row | Incoming) -> tuple[Destination, str] | None:
    """The destination and language for saying that a row failed, even if nothing else of it can be read."""
    try:  # the lane's name is all that is sure
        chat_id, _, thread_id = first.lane.partition(":")
        destination = Destination(first.bot_id, int(chat_id), int(thread_id or 0), first.lane)
    except ValueError:
        return None
    if destination.chat_id == 0:
        return None
    payload = first.payload if isinstance(first.payload, dict) else {}
    part = payload.get("message") or payload.get("callback_query")
    sender = part.get("from") if isinstance(part, dict) else None
    language = sender.get("language_code") if isinstance(sender, dict) else payload.get("language")
    return destination, language if isinstance(language, str) else ""
