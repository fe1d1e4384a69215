"""Checks after many people and many deaths, by SQL, from the history and from the phones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, bindparam, text

from sandbox.client import Screen, Shown
from sandbox.history import Heard, History
from tests.crash.checker import counts, out_of_order, shows, unanswered, updates_stored

LATE_SECONDS = 0.5
"""What a process asked for with its last breath is done so long after its death, at most."""
DOUBTFUL_SECONDS = 3.0
"""So long before its death a process may have begun what it could not note or end any more."""
BLOCKED = "the user blocked the bot"

LEFT_OVER = {
    "inbox rows not ended": "SELECT count(*) FROM inbox WHERE state NOT IN ('ended', 'set_aside')",
    "lanes with work": "SELECT count(*) FROM lanes WHERE ready_at_ms IS NOT NULL",
    "lanes held": "SELECT count(*) FROM lanes WHERE token IS NOT NULL",
    "jobs not ended": "SELECT count(*) FROM jobs WHERE state NOT IN ('ended', 'cancelled')",
    "posts not shown": (
        "SELECT count(*) FROM posts WHERE (state <> 'sent' OR shown <> revision)"
        " AND NOT (state = 'dead' AND error = 'the user blocked the bot')"
    ),
    "entries not sealed": "SELECT count(*) FROM audit_entries WHERE NOT sealed",
}
"""What is still to be done; all of it must come to nothing."""

DOUBLED = {
    "supplies associated twice": (
        "SELECT count(*) FROM (SELECT point FROM associations WHERE deleted_at IS NULL"
        " GROUP BY point HAVING count(*) > 1) AS twice"
    ),
    "devices associated twice": (
        "SELECT count(*) FROM (SELECT device_id FROM associations WHERE deleted_at IS NULL"
        " GROUP BY device_id HAVING count(*) > 1) AS twice"
    ),
    "one thing audited twice for one update": (
        "SELECT count(*) FROM (SELECT correlation FROM audit_entries WHERE correlation IS NOT NULL"
        " GROUP BY correlation, action, association_id, pod_subject HAVING count(*) > 1) AS twice"
    ),
    "associations created twice": (
        "SELECT count(*) FROM (SELECT association_id FROM audit_entries WHERE action = 'association-created'"
        " GROUP BY association_id HAVING count(*) > 1) AS twice"
    ),
    "associations deleted twice": (
        "SELECT count(*) FROM (SELECT association_id FROM audit_entries WHERE action = 'association-deleted'"
        " GROUP BY association_id HAVING count(*) > 1) AS twice"
    ),
    "associations unlike their audit": (
        "SELECT abs((SELECT count(*) FROM associations)"
        " - (SELECT count(*) FROM audit_entries WHERE action = 'association-created'))"
        " + abs((SELECT count(*) FROM associations WHERE deleted_at IS NOT NULL)"
        " - (SELECT count(*) FROM audit_entries WHERE action = 'association-deleted'))"
    ),
    "deliveries unlike their audit": (
        "SELECT abs((SELECT count(*) FROM scp_deliveries)"
        " - (SELECT count(*) FROM audit_entries WHERE action = 'scp-delivered'))"
    ),
    "messages of two posts": (
        "SELECT count(*) - count(DISTINCT message_id) FROM posts WHERE message_id IS NOT NULL"
    ),
}
"""What would be an effect that happened twice, or was noted otherwise than it happened."""

ORPHANED = {
    "payloads kept": "SELECT count(*) FROM inbox WHERE state = 'ended' AND CAST(payload AS TEXT) <> 'null'",
    "arguments kept": "SELECT count(*) FROM jobs WHERE state = 'ended' AND CAST(arguments AS TEXT) <> 'null'",
    "conversations without a card": (
        "SELECT count(*) FROM conversations WHERE card_id NOT IN (SELECT id FROM posts)"
    ),
    "jobs without a card": (
        "SELECT count(*) FROM jobs WHERE card_id IS NOT NULL AND card_id NOT IN (SELECT id FROM posts)"
    ),
    "associations without an SCP file": (  # but those that were there before
        "SELECT count(*) FROM associations WHERE id NOT IN (SELECT association_id FROM scp_files)"
        " AND id IN (SELECT association_id FROM audit_entries WHERE action = 'association-created'"
        "  AND correlation IN (SELECT correlation FROM inbox))"
    ),
    "SCP files without content": (
        "SELECT count(*) FROM scp_files WHERE state = 'ready'"
        " AND digest NOT IN (SELECT digest FROM blob_chunks)"
    ),
    "contents without an SCP file": (  # what people have sent and not yet used is kept for a day
        "SELECT count(*) FROM blobs WHERE media_type = 'application/vnd.a486.scp' AND digest NOT IN"
        " (SELECT digest FROM scp_files WHERE digest IS NOT NULL)"
    ),
    "chains with a gap": "SELECT max(sequence) - count(*) FROM audit_seals",
}
"""Rows that nothing leads to, or that lead nowhere."""

_GIVEN_UP = text(
    "SELECT id, chat_id, EXISTS (SELECT 1 FROM inbox WHERE inbox.lane = posts.lane AND update_id IN :back"
    " AND ended_at < posts.created_at) AS after FROM posts WHERE state = 'dead' AND error = :error"
).bindparams(bindparam("back", expanding=True))
_POSTS = "SELECT id, chat_id, content, message_id, state, error FROM posts"


def left_over(connection: Connection) -> dict[str, int]:
    """The work still to be done."""
    return counts(connection, LEFT_OVER)


@dataclass(frozen=True)
class Witness:
    """The view from outside: calls and updates, deaths (monotonic, seconds), and the phones by chat.
    `hung`: for how many seconds a process did nothing before it died.
    """

    history: History
    deaths: Sequence[float]
    screens: Mapping[int, Screen]
    hung: float = 0.0

    def doubtful(self, at: float) -> bool:
        """True if a process died so soon afterwards that it may not have noted the call."""
        doubtful = DOUBTFUL_SECONDS + self.hung
        return any(at - LATE_SECONDS <= death <= at + doubtful for death in self.deaths)

    @cached_property
    def delivered(self) -> dict[str, float]:
        """The time at which each press was last handed to the bot, if it polls."""
        return {
            update["callback_query"]["id"]: call.at
            for call in self.history.calls
            if call.method == "getUpdates" and isinstance(call.result, list)
            for update in call.result
            if "callback_query" in update
        }

    @property
    def share_doubtful(self) -> float:
        """The share of sent messages whose second copy would be excused."""
        sends = [call.at for call in self.history.calls if call.method.startswith("send") and call.done]
        return sum(map(self.doubtful, sends)) / max(1, len(sends))


def flaws(connection: Connection, witness: Witness) -> list[str]:
    """All violations of the rules."""
    found = [
        f"{name}: {number}" for name, number in counts(connection, LEFT_OVER | DOUBLED | ORPHANED).items()
    ]
    found += updates_stored(connection, witness.history)
    found += _dead_letter(connection, witness)
    found += _given_up(connection, witness)
    found += out_of_order(connection)
    found += _presses(connection, witness)
    found += _cards(connection, witness)
    return found


def _dead_letter(connection: Connection, witness: Witness) -> list[str]:
    """Check that an update whose process died three times is dead-lettered, and its user told so."""
    rows = connection.execute(text("SELECT lane, reference FROM inbox WHERE state = 'set_aside'")).all()
    texts = {
        chat: " ".join(shown.text for shown in screen.from_bot) for chat, screen in witness.screens.items()
    }
    return [
        f"nobody told of {row.reference} in {row.lane}"
        for row in rows
        if row.reference is None or row.reference not in texts[int(row.lane)]
    ]


def _presses(connection: Connection, witness: Witness) -> list[str]:
    """Check that every press was answered, unless the process died before answering."""
    left = set(unanswered(witness.history))
    return [
        f"press never answered: {update.update_id}"
        for update in witness.history.updates
        if update.kind == "callback_query"
        and update.payload["id"] in left
        and not witness.doubtful(witness.delivered.get(update.payload["id"], update.at))
    ]


def _given_up(connection: Connection, witness: Witness) -> list[str]:
    """Check that a post given up because of a block was enqueued before its user's return from it."""
    came_back: dict[int, int] = {}  # by chat: the last update that says so
    away: set[int] = set()
    for update in witness.history.updates:
        if update.kind == "my_chat_member":
            chat = update.payload["chat"]["id"]
            if update.payload["new_chat_member"]["status"] == "kicked":
                away.add(chat)
            elif chat in away:
                came_back[chat] = update.update_id
    rows = connection.execute(_GIVEN_UP, {"error": BLOCKED, "back": list(came_back.values())})
    return [
        f"post {row.id} was given up, and nobody had blocked the bot"
        for row in rows
        if row.chat_id not in away or row.after
    ]


def _cards(connection: Connection, witness: Witness) -> list[str]:
    """Check that each phone shows the posts, and a second copy only if a send was in doubt."""
    found = []
    asked = {
        (row.card_id, row.revision)
        for row in connection.execute(text("SELECT card_id, revision FROM conversations"))
    }
    on_phones = {
        (chat, shown.message_id): shown
        for chat, screen in witness.screens.items()
        for shown in screen.from_bot
    }
    for post in connection.execute(text(_POSTS)):
        shown = on_phones.pop((post.chat_id, post.message_id), None)
        if post.state == "sent":
            found += _post(post, shown, asked)
    sends = {_message(call): call for call in witness.history.calls if call.method.startswith("send")}
    for message, shown in on_phones.items():
        call = sends.get(message)
        if call is None or (call.answered and not witness.doubtful(call.at)):
            found.append(f"a message of no post: {message} {shown.text!r}")
    return found


def _post(post: Row[Any], shown: Shown | None, asked: set[tuple[int, int]]) -> list[str]:
    content = post.content if isinstance(post.content, dict) else json.loads(post.content)
    if shown is None:
        return [f"post {post.id} is not on the phone"]
    if not shows(shown, content):
        return [f"post {post.id} shows {shown.text!r} {shown.labels}, not {content}"]
    if "revision" in content and (post.id, content["revision"]) not in asked:
        return [f"post {post.id} asks what nobody waits for: {shown.text!r}"]
    return []


def _message(call: Heard) -> tuple[int, int] | None:
    result = call.result
    return (result["chat"]["id"], result["message_id"]) if isinstance(result, dict) else None
