"""The staff group: choosing it, ordering what it shows, recognising what is said in it.

Who is in the group is Telegram's affair and grants nothing: services check the sender's own role.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.signals import notify
from backend.core.db.upsert import insert_for
from backend.core.outbox import service as outbox
from backend.core.outbox import topics
from backend.core.outbox.values import TOPIC_SIGNAL, Destination
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices import service as notices
from backend.staff_group.models import staff_events, staff_groups, staff_posts, staff_topics
from backend.staff_group.values import (
    LOST_NOTICE,
    Event,
    Shown,
    StaffGroup,
    StaffGroupState,
    Subject,
    Topic,
)

SIGNAL = TOPIC_SIGNAL
"""Rung when there is something to show, or room for it."""


def choose(connection: Connection, actor: Actor, bot_id: int, chat_id: int, at: datetime) -> None:
    """From now on this forum is the staff group; topics of the one before are forgotten. What was not shown
    yet is shown in the new one.
    """
    actor.authorise(Permission.MANAGE_STAFF)
    if is_chosen(connection, bot_id, chat_id):
        return
    if (before := group_of(connection, bot_id)) is not None:
        unshown = _unshown(connection)
        _forget_all(connection, before)
        for each in unshown:
            values = {"subject": str(each.subject), "kind": each.kind, "reference": each.reference, "at": at}
            connection.execute(insert(staff_events).values(values))
    values = {
        "chat_id": chat_id,
        "state": StaffGroupState.CHOSEN.value,
        "chosen_by": actor.person_id,
        "chosen_at": at,
    }
    connection.execute(
        insert_for(connection, staff_groups)
        .values(bot_id=bot_id, **values)
        .on_conflict_do_update(index_elements=["bot_id"], set_=values)
    )
    notify(connection, SIGNAL)
    record(connection, at, AuditAction.STAFF_GROUP_CHOSEN, subject=actor.subject)


def leave(connection: Connection, actor: Actor, at: datetime) -> None:
    """There is no staff group from now on: the staff is told in private."""
    actor.authorise(Permission.MANAGE_STAFF)
    standing = update(staff_groups).where(staff_groups.c.state != StaffGroupState.LEFT.value)
    if connection.execute(standing.values(state=StaffGroupState.LEFT.value)).rowcount:
        notify(connection, SIGNAL)
        record(connection, at, AuditAction.STAFF_GROUP_LEFT, subject=actor.subject)


def lost(connection: Connection, at: datetime) -> None:
    """The group cannot be reached: there is none from now on, and the staff is told."""
    connection.execute(update(staff_groups).values(state=StaffGroupState.LEFT.value))
    told = {
        *identity.staff_with(connection, Permission.ANSWER_TICKETS),
        *identity.staff_with(connection, Permission.MANAGE_STAFF),
    }
    for person_id in sorted(told):
        notices.add(connection, person_id, LOST_NOTICE, {}, dedupe_key=at.isoformat(), at=at)


def end(connection: Connection, group: StaffGroup) -> list[Shown]:
    """Forget the group that was left. Returns what it was still to show, oldest first."""
    unshown = _unshown(connection)
    _forget_all(connection, group)
    connection.execute(delete(staff_groups))
    return unshown


def _unshown(connection: Connection) -> list[Shown]:
    """What the group does not show yet, oldest first."""
    waiting = staff_posts.c.post_id.in_(outbox.unshown_ones(select(staff_posts.c.post_id)))
    unshown = [
        Shown(Subject.read(row.subject), row.kind, row.reference)
        for row in connection.execute(select(staff_posts).where(waiting).order_by(staff_posts.c.post_id))
    ]
    return unshown + [Shown(event.subject, event.kind, event.reference) for event in events(connection)]


def _forget_all(connection: Connection, group: StaffGroup) -> None:
    """Forget the topics of a group, and what waits to be shown there."""
    topics.give_up(connection, group.bot_id, group.chat_id)
    for table in (staff_events, staff_posts, staff_topics):
        connection.execute(delete(table))


def group_of(connection: Connection, bot_id: int) -> StaffGroup | None:
    """The staff group of a bot, where one was chosen; also one that was left and is not forgotten yet."""
    row = connection.execute(select(staff_groups).where(staff_groups.c.bot_id == bot_id)).first()
    if row is None:
        return None
    return StaffGroup(row.bot_id, row.chat_id, StaffGroupState(row.state), row.chosen_at)


def is_chosen(connection: Connection, bot_id: int, chat_id: int) -> bool:
    """True if this chat is the staff group."""
    group = group_of(connection, bot_id)
    return group is not None and group.chat_id == chat_id and group.state is not StaffGroupState.LEFT


def announced(connection: Connection, group: StaffGroup) -> None:
    """The group that was chosen knows what stands open."""
    of_bot = update(staff_groups).where(staff_groups.c.bot_id == group.bot_id)
    connection.execute(of_bot.values(state=StaffGroupState.ACTIVE.value))


def tell(
    connection: Connection, subject: Subject, kind: str, at: datetime, reference: int | None = None
) -> bool:
    """Have the group show something. Returns False where there is no group: nothing is kept then."""
    standing = staff_groups.c.state != StaffGroupState.LEFT.value
    if connection.scalar(select(staff_groups.c.bot_id).where(standing).limit(1)) is None:
        return False
    connection.execute(
        insert(staff_events).values(subject=str(subject), kind=kind, reference=reference, at=at)
    )
    notify(connection, SIGNAL)
    return True


def events(connection: Connection, limit: int | None = None) -> Sequence[Event]:
    """What the group is to show, oldest first."""
    return [
        Event(row.id, Subject.read(row.subject), row.kind, row.reference, row.at)
        for row in connection.execute(select(staff_events).order_by(staff_events.c.id).limit(limit))
    ]


def done(connection: Connection, event: Event) -> None:
    """The group shows it, or there is nothing to show."""
    connection.execute(delete(staff_events).where(staff_events.c.id == event.id))


def topic_of(connection: Connection, subject: Subject) -> Topic | None:
    """The topic of a subject, where it was opened."""
    row = connection.execute(select(staff_topics).where(staff_topics.c.subject == str(subject))).first()
    return None if row is None else Topic(row.topic_id, row.card_id)


def keep_topic(connection: Connection, subject: Subject, topic: Topic) -> None:
    """This topic is about the subject from now on."""
    connection.execute(
        insert(staff_topics).values(subject=str(subject), topic_id=topic.topic_id, card_id=topic.card_id)
    )


def keep_post(connection: Connection, post_id: int, shown: Shown) -> None:
    """This post of a topic shows this."""
    connection.execute(
        insert(staff_posts).values(
            post_id=post_id, subject=str(shown.subject), kind=shown.kind, reference=shown.reference
        )
    )


def posts_of(connection: Connection, subject: Subject, reference: int) -> list[int]:
    """The posts that show this, oldest first."""
    return list(
        connection.scalars(
            select(staff_posts.c.post_id)
            .where(staff_posts.c.subject == str(subject), staff_posts.c.reference == reference)
            .order_by(staff_posts.c.post_id)
        )
    )


def has_failed(connection: Connection, group: StaffGroup) -> bool:
    """True if a topic could not be opened, or the bot is no longer in the group."""
    opened = list(connection.scalars(select(staff_topics.c.topic_id)))
    return outbox.gave_up(connection, group.bot_id, group.chat_id, opened, group.chosen_at)


def undeliverable(connection: Connection) -> list[Shown]:
    """What posts were to show that cannot be delivered, oldest first: the caller is to tell it."""
    dead = outbox.dead_ones(select(staff_posts.c.post_id))
    rows = connection.execute(
        select(staff_posts).where(staff_posts.c.post_id.in_(dead)).order_by(staff_posts.c.post_id)
    ).all()
    connection.execute(delete(staff_posts).where(staff_posts.c.post_id.in_([row.post_id for row in rows])))
    return [Shown(Subject.read(row.subject), row.kind, row.reference) for row in rows]


def subject_in(connection: Connection, destination: Destination, kind: str) -> int | None:
    """The number of the subject of this kind whose topic this is; None for any other topic or chat."""
    topic = topics.topic_of(connection, destination.bot_id, destination.chat_id, destination.thread_id)
    if topic is None:
        return None
    text = connection.scalar(select(staff_topics.c.subject).where(staff_topics.c.topic_id == topic))
    subject = None if text is None else Subject.read(text)
    return subject.number if subject is not None and subject.kind == kind else None


def shown_by(connection: Connection, destination: Destination, message_id: int) -> Shown | None:
    """What a message of the group shows; None where it is none of these posts."""
    post_id = outbox.post_at(connection, destination, message_id)
    if post_id is None:
        return None
    row = connection.execute(select(staff_posts).where(staff_posts.c.post_id == post_id)).first()
    return None if row is None else Shown(Subject.read(row.subject), row.kind, row.reference)


def forget(connection: Connection, subject: Subject) -> None:
    """The subject is gone: what is kept of its topic is too."""
    topic = topic_of(connection, subject)
    for table in (staff_events, staff_posts, staff_topics):
        connection.execute(delete(table).where(table.c.subject == str(subject)))
    if topic is not None:
        topics.forget(connection, topic.topic_id)


def migrate_chat(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """The group has another number now."""
    connection.execute(
        update(staff_groups)
        .where(staff_groups.c.bot_id == bot_id, staff_groups.c.chat_id == old)
        .values(chat_id=new)
    )
