"""Checks after a session, by SQL and from the phone: the product does not judge itself here."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from sandbox.client import Screen, Shown
from sandbox.history import Heard, History
from tests.crash.person import TYPED_PODS

LEFT_OVER = {
    "inbox rows not ended": "SELECT count(*) FROM inbox WHERE state <> 'ended'",
    "lanes with work": "SELECT count(*) FROM lanes WHERE ready_at_ms IS NOT NULL",
    "lanes held": "SELECT count(*) FROM lanes WHERE token IS NOT NULL",
    "jobs not ended": "SELECT count(*) FROM jobs WHERE state <> 'ended'",
    "posts not shown": "SELECT count(*) FROM posts WHERE state <> 'sent' OR shown <> revision",
    "notices under way": "SELECT count(*) FROM notices WHERE state IN ('waiting', 'dispatched')",
    "entries not sealed": "SELECT count(*) FROM audit_entries WHERE NOT sealed",
}
"""What is still to be done; all of it must come to nothing."""

WRONG = {
    "payloads kept": "SELECT count(*) FROM inbox WHERE CAST(payload AS TEXT) <> 'null'",
    "tries that failed": "SELECT count(*) FROM inbox WHERE error IS NOT NULL",
    "jobs that failed": "SELECT count(*) FROM jobs WHERE error IS NOT NULL AND error <> 'interrupted'",
    "posts without a message": "SELECT count(*) FROM posts WHERE message_id IS NULL",
    "posts on one message": "SELECT count(*) - count(DISTINCT message_id) FROM posts",
    "conversations left": "SELECT count(*) FROM conversations",
    "notices not shown": "SELECT count(*) FROM notices WHERE state <> 'delivered'",
    "SCP files not ready": "SELECT count(*) FROM scp_files WHERE state <> 'ready'",
}
"""What must not be there at the end."""

ONCE = {
    "declaration-accepted": 1,
    "association-created": 1,
    "association-deleted": 1,
    "scp-ready": 1,
    "scp-delivered": 1,
    "pod-looked-up": TYPED_PODS,
}
"""What the audit must say of the session."""

ORDERS = {
    "rows ended out of order": (
        # A result that nobody wants any more ends with the turn that says so, before the rows between them.
        "SELECT lane, ended_at FROM inbox WHERE ended_at IS NOT NULL AND kind <> 'result' ORDER BY lane, id"
    ),
    "answers out of order": (
        # An updated post carries the mark of its last turn; a continued turn, or a job's result, comes when
        # it is ready; a copy that loses its buttons (rank 1) and a notice (rank 2) are no answers.
        "SELECT posts.lane, inbox.id FROM posts JOIN inbox USING (correlation)"
        " WHERE revision = 1 AND rank = 0"
        " AND correlation NOT IN (SELECT correlation FROM inbox WHERE update_id IS NULL)"
        " ORDER BY posts.lane, posts.id"
    ),
    "messages out of order": (  # that were sent because somebody waited for them
        # A notice leaves after the answers; a press makes an answer of it.
        "SELECT lane, message_id FROM posts WHERE message_id IS NOT NULL AND rank = 0"
        " AND id NOT IN (SELECT post_id FROM notices WHERE post_id IS NOT NULL) ORDER BY lane, id"
    ),
}
"""What must not fall within a lane, as the query gives it."""

_SHOWN = "SELECT id, content, message_id FROM posts"


def left_over(connection: Connection) -> dict[str, int]:
    """The work still to be done."""
    return counts(connection, LEFT_OVER)


def counts(connection: Connection, queries: dict[str, str]) -> dict[str, int]:
    """The queries that count something, with their numbers."""
    found = {name: int(connection.scalar(text(query)) or 0) for name, query in queries.items()}
    return {name: number for name, number in found.items() if number}


@dataclass(frozen=True)
class Before:
    """The content of the prepared world."""

    audit: Counter[str]
    associations: int

    @classmethod
    def read(cls, connection: Connection) -> Before:
        total = connection.scalar(text("SELECT count(*) FROM associations"))
        return cls(_audit(connection), int(total or 0))


def _audit(connection: Connection) -> Counter[str]:
    rows = connection.execute(text("SELECT action, count(*) FROM audit_entries GROUP BY action"))
    return Counter({action: int(number) for action, number in rows})


def flaws(
    connection: Connection, before: Before, screen: Screen, taken_over: int, history: History
) -> list[str]:
    """All violations of the rules.

    `taken_over` is how many first sends a new sender found begun: so many messages may be there twice, and
    those whose answers were lost, and no more.
    """
    uncertain = taken_over + len(lost_sends(history))
    found = [f"{name}: {number}" for name, number in counts(connection, LEFT_OVER | WRONG).items()]
    found += updates_stored(connection, history)
    said = _audit(connection) - before.audit
    if said != Counter(ONCE):
        found.append(f"the audit says {dict(said)}")
    found += out_of_order(connection)
    found += _associations(connection, before)
    found += _cards(connection.execute(text(_SHOWN)).all(), screen, uncertain)
    return found


def updates_stored(connection: Connection, history: History) -> list[str]:
    """Updates not stored exactly once. A press counts as one, under however many ids."""
    keys = {
        update.update_id: update.payload["id"] if update.kind == "callback_query" else update.update_id
        for update in history.updates
    }
    ids = connection.scalars(text("SELECT update_id FROM inbox WHERE update_id IS NOT NULL")).all()
    stored = Counter(keys.get(update_id, f"unknown {update_id}") for update_id in ids)
    expected = Counter(set(keys.values()))
    found = [f"updates lost: {list(expected - stored)}"] if expected - stored else []
    return found + ([f"updates stored too often: {list(stored - expected)}"] if stored - expected else [])


def lost_sends(history: History) -> list[Heard]:
    """Messages that were or may have been sent while the bot got no answer."""
    return [
        call for call in history.calls if call.method.startswith("send") and not call.answered and call.done
    ]


def unanswered(history: History) -> list[str]:
    """Presses whose spinner never stopped."""
    tried = {
        call.params["callback_query_id"] for call in history.calls if call.method == "answerCallbackQuery"
    }
    pressed = [update.payload["id"] for update in history.updates if update.kind == "callback_query"]
    return [query for query in pressed if query not in tried]


def out_of_order(connection: Connection) -> list[str]:
    """Lanes whose rows did not end in the order in which they came, or whose answers stand in another."""
    found = []
    for name, query in ORDERS.items():
        last: dict[str, tuple[Any, ...]] = {}
        for lane, *order in connection.execute(text(query)):
            if last.setdefault(lane, tuple(order)) > tuple(order):
                found.append(f"{name} in lane {lane}: {order} after {last[lane]}")
            last[lane] = tuple(order)
    return found


def _associations(connection: Connection, before: Before) -> list[str]:
    made = connection.execute(
        text("SELECT deleted_at FROM associations ORDER BY id DESC LIMIT :new"),
        {"new": int(connection.scalar(text("SELECT count(*) FROM associations")) or 0) - before.associations},
    ).all()
    right = len(made) == 1 and made[0].deleted_at is not None
    accepted = connection.scalar(text("SELECT count(*) FROM declaration_acceptances"))
    wrong = [] if right else [f"associations made: {[tuple(row) for row in made]}"]
    return wrong if accepted == 1 else [*wrong, f"declarations accepted: {accepted}"]


def _cards(posts: Iterable[Row[Any]], screen: Screen, uncertain: int) -> list[str]:
    """Each post is shown by its message as it is now; uncertain sends explain what else there is."""
    found = []
    messages = {message.message_id: message for message in screen.from_bot}
    documents = 0
    for post in posts:
        content = post.content if isinstance(post.content, dict) else json.loads(post.content)
        documents += "document" in content
        message = messages.pop(post.message_id, None)
        if message is None:
            found.append(f"post {post.id} is not on the phone")
        elif not shows(message, content):
            found.append(f"post {post.id} shows {message.text!r} {message.labels}, not {content}")
    if documents != 1:
        found.append(f"posts with a document: {documents}")
    copies = [message.text for message in messages.values() if not said_without_the_database(message)]
    if len(copies) > uncertain:
        found.append(f"{uncertain} uncertain sends do not explain these copies: {copies}")
    return found


def said_without_the_database(message: Shown) -> bool:
    """True if the message is the one sent while nothing can be stored."""
    return "In questo momento non riesco a registrare" in message.text or "cannot record" in message.text


def shows(message: Shown, content: dict[str, Any]) -> bool:
    """True if the message shows the post."""
    words = html.unescape(re.sub(r"<[^>]+>", "", content["text"])).strip()
    labels = tuple(button[1] for row in content.get("rows", ()) for button in row)
    return message.text == words and message.labels == labels
