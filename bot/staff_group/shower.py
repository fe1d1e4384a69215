"""From what happens to what the staff group shows: topics, their cards, and messages in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from backend.core.db.engines import concerns_everybody
from backend.core.db.errors import DatabaseError
from backend.core.outbox import service as outbox
from backend.core.outbox import topics
from backend.core.outbox.values import Destination, Rank
from backend.staff_group import service as staff_group
from backend.staff_group.values import Event, Shown, StaffGroup, StaffGroupState, Subject, Topic
from conversations.core.prompts import Prompt, digests, join, messages, to_json
from conversations.core.texts import Texts, language_for, texts
from conversations.core.topics import TopicKind, TopicNow

log = structlog.get_logger(__name__)

MOST_WAITING = 12
"""Posts of the group that wait for Telegram's twenty a minute; further events wait as they are, and are
worded when it is their turn.
"""
LATE = timedelta(minutes=1)
"""What is shown later than this says so."""
CORRELATION = "staff-group"


class StaffGroupShower:
    """Shows events in the group of one bot. `kinds` are those of all features, by name."""

    def __init__(self, bot_id: int, kinds: Mapping[str, TopicKind]) -> None:
        self._bot_id = bot_id
        self._kinds = kinds

    def look(self, connection: Connection, at: datetime) -> int:
        """Show a portion of the events. Returns how many there were."""
        group = staff_group.group_of(connection, self._bot_id)
        if group is None:
            return 0
        if group.state is StaffGroupState.LEFT:
            self._go_private(connection, group, at)
            return 0
        if group.state is StaffGroupState.CHOSEN:
            self._announce(connection, group, at)
        room = MOST_WAITING - outbox.waiting_in(connection, group.bot_id, group.chat_id)
        shown = 0
        for event in staff_group.events(connection, max(room, 0)):
            try:
                with connection.begin_nested():
                    self._show(connection, group, event, at)
            except Exception as failure:  # one event must not keep all others from being shown
                if isinstance(failure, DatabaseError) or (
                    isinstance(failure, DBAPIError) and concerns_everybody(failure)
                ):
                    raise
                log.exception("staff_group.event_failed", topic=str(event.subject), kind=event.kind)
                self._tell_privately(connection, [Shown(event.subject, event.kind, event.reference)], at)
            staff_group.done(connection, event)
            shown += 1
            if outbox.waiting_in(connection, group.bot_id, group.chat_id) >= MOST_WAITING:
                break
        return shown

    def look_for_failure(self, connection: Connection, at: datetime) -> int:
        """Find out whether the group is lost, or a post of it: what it does not show is told in private.
        Returns 0: there is nothing to look at again before another post is given up.
        """
        group = staff_group.group_of(connection, self._bot_id)
        if group is not None and staff_group.has_failed(connection, group):
            log.warning("staff_group.lost")
            staff_group.lost(connection, at)
            self._go_private(connection, group, at)
        elif group is not None:
            self._tell_privately(connection, staff_group.undeliverable(connection), at)
        return 0

    def _announce(self, connection: Connection, group: StaffGroup, at: datetime) -> None:
        for name, kind in self._kinds.items():
            for number, event, reference in kind.standing(connection):
                staff_group.tell(connection, Subject(name, number), event, at, reference)
        staff_group.announced(connection, group)

    def _go_private(self, connection: Connection, group: StaffGroup, at: datetime) -> None:
        self._tell_privately(connection, staff_group.end(connection, group), at)

    def _tell_privately(self, connection: Connection, unshown: Sequence[Shown], at: datetime) -> None:
        for shown in unshown:
            kind = self._kinds.get(shown.subject.kind)
            if kind is not None:
                kind.privately(connection, shown.subject.number, shown.kind, shown.reference, at)

    def _show(self, connection: Connection, group: StaffGroup, event: Event, at: datetime) -> None:
        kind = self._kinds.get(event.subject.kind)  # None where an upgrade has removed it
        say = texts(language_for(outbox.language_of(connection, group.bot_id, group.chat_id), ""))
        now = kind.now(connection, event.subject.number, say, at) if kind is not None else None
        if kind is None or now is None:
            return
        topic = staff_group.topic_of(connection, event.subject)
        if topic is None:
            topic = self._open(connection, group, event, now, at)
        destination = topics.destination_of(connection, topic.topic_id)
        if destination is None:
            return
        self._bring_up_to_date(connection, destination, topic, now)
        prompt = kind.word(connection, group.chat_id, event.subject.number, event.kind, event.reference, say)
        if prompt is not None:
            self._post(connection, destination, event, _dated(prompt, event, say, at), at)

    def _open(
        self, connection: Connection, group: StaffGroup, event: Event, now: TopicNow, at: datetime
    ) -> Topic:
        key = str(event.subject).replace(":", "-")
        destination = topics.open_topic(
            connection, group.bot_id, group.chat_id, key, now.name, correlation=CORRELATION, at=at
        )
        card_id = self._enqueue(connection, destination, now.card, at)
        if destination.topic is None:
            raise RuntimeError("a topic without its post")
        topic = Topic(destination.topic, card_id)
        staff_group.keep_topic(connection, event.subject, topic)
        return topic

    def _bring_up_to_date(
        self, connection: Connection, destination: Destination, topic: Topic, now: TopicNow
    ) -> None:
        topics.change_topic(
            connection, destination, name=now.name, is_open=now.is_open, correlation=CORRELATION
        )
        self._update(connection, destination, topic.card_id, now.card)

    def _post(
        self, connection: Connection, destination: Destination, event: Event, prompt: Prompt, at: datetime
    ) -> None:
        earlier = (
            staff_group.posts_of(connection, event.subject, event.reference)
            if event.reference is not None
            else []
        )
        if earlier and self._update(connection, destination, earlier[-1], prompt):
            return
        post_id = self._enqueue(connection, destination, prompt, at)
        staff_group.keep_post(connection, post_id, Shown(event.subject, event.kind, event.reference))

    def _update(self, connection: Connection, destination: Destination, post_id: int, prompt: Prompt) -> bool:
        """Show this on a post of the topic. Returns False where that cannot be."""
        content = to_json(prompt)
        shown = outbox.content_of(connection, destination, post_id)
        if shown == content:
            return True
        return shown is not None and outbox.update_post(
            connection,
            destination,
            post_id,
            content,
            correlation=CORRELATION,
            rank=Rank.NOTICE,
            files=digests(content),
        )

    def _enqueue(self, connection: Connection, destination: Destination, prompt: Prompt, at: datetime) -> int:
        post_id = 0
        for part in messages(prompt):
            content = to_json(part)
            post_id = outbox.enqueue(
                connection,
                destination,
                content,
                correlation=CORRELATION,
                at=at,
                rank=Rank.NOTICE,
                files=digests(content),
            )
        return post_id


def _dated(prompt: Prompt, event: Event, say: Texts, at: datetime) -> Prompt:
    """The prompt, which says so where it comes late."""
    late = at - event.at
    if late < LATE:
        return prompt
    minutes = int(late.total_seconds() // 60)
    return replace(prompt, text=join((prompt.text, say("staff_group.late", minutes=minutes)), "\n\n"))
