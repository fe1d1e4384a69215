"""The sender's side of the outbox: which posts may leave, and what became of each call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from backend.core.db.metadata import now_ms
from backend.core.db.signals import notify
from backend.core.db.statements import NUMBERS, WORDS, Statement, is_one_of, table_of
from backend.core.db.together import Asked
from backend.core.outbox.models import is_first_send, may_leave, posts
from backend.core.outbox.values import (
    DELIVERED_SIGNAL,
    GAVE_UP_SIGNAL,
    NO_TOPIC,
    NO_TOPIC_YET,
    SIGNAL,
    TOPIC_SIGNAL,
    Destination,
    Due,
    Post,
    PostState,
    Rank,
    Shown,
)

_others = posts.alias("others")
FLOOD = "flood wait"
"""The error of a post for which Telegram asked to wait."""
PER_CHAT = 3  # posts of one chat that are looked at together; they leave one by one all the same
_POST = (
    posts.c.id,
    posts.c.bot_id,
    posts.c.chat_id,
    posts.c.thread_id,
    posts.c.topic_id,
    posts.c.lane,
    posts.c.rank,
    posts.c.content,
    posts.c.revision,
    posts.c.message_id,
    posts.c.state,
    posts.c.attempts,
    posts.c.correlation,
)
_WAITS = and_(  # said so that SQLite looks for the ids, and not for the states
    is_one_of(posts.c.id, bindparam("ids", type_=NUMBERS)),
    *(posts.c.state != state for state in (PostState.SENDING, PostState.SENT, PostState.DEAD)),
)
_oldest_of_lane = (
    select(_others.c.id)
    .where(is_first_send(_others), _others.c.bot_id == posts.c.bot_id, _others.c.lane == posts.c.lane)
    .order_by(_others.c.rank, _others.c.id)
    .limit(1)
    .scalar_subquery()
)
_BEGIN = Statement(
    update(posts)
    .where(_WAITS, posts.c.message_id.is_(None), ~posts.c.behind, posts.c.id == _oldest_of_lane)
    .values(state=PostState.SENDING, attempts=posts.c.attempts + 1)
    .returning(*_POST)
)
_TO_EDIT = Statement(select(*_POST).where(_WAITS, posts.c.message_id.is_not(None)))


def _shown(insert: Any) -> Executable:
    names = ("post", "chat", "revision", "message")
    notes = table_of(insert, {name: bindparam(f"{name}s", type_=NUMBERS) for name in names})
    return (
        update(posts)
        .where(posts.c.id == notes["post"], posts.c.chat_id == notes["chat"])
        .values(
            shown=notes["revision"],
            message_id=func.coalesce(posts.c.message_id, notes["message"]),
            state=case((posts.c.revision == notes["revision"], PostState.SENT), else_=PostState.QUEUED),
            attempts=0,
            error=None,
            sent_at=bindparam("at"),
        )
        .returning(posts.c.id, posts.c.message_id, posts.c.state)
    )


_SHOWN = Statement(_shown)
_HELD_UP = Statement(
    select(posts.c.lane, posts.c.behind)
    .where(
        is_first_send(posts),
        posts.c.bot_id == bindparam("bot"),
        is_one_of(posts.c.lane, bindparam("in_lanes", type_=WORDS)),
        ~is_one_of(posts.c.id, bindparam("posts", type_=NUMBERS)),
    )
    .distinct(),
    disjoint=True,
)
_next_in_lane = (
    select(_others.c.id)
    .where(_others.c.behind, _others.c.bot_id == bindparam("bot"), _others.c.lane == bindparam("in_lane"))
    .order_by(_others.c.rank, _others.c.id)
    .limit(1)
)
_LET_NEXT = Statement(update(posts).where(posts.c.id == _next_in_lane.scalar_subquery()).values(behind=False))


def _due() -> Select[Any]:
    # Walks posts that may leave, in their order, up to its limit: what waits behind others costs nothing.
    return (
        select(posts.c.id, posts.c.chat_id, posts.c.message_id)
        .where(
            posts.c.bot_id == bindparam("bot"),
            may_leave(),
            posts.c.due_ms <= now_ms(),
            or_(posts.c.message_id.is_not(None), posts.c.id == _oldest_of_lane),
            ~is_one_of(posts.c.chat_id, bindparam("but", type_=NUMBERS)),
        )
        .order_by(posts.c.rank, posts.c.id)
        .limit(bindparam("at_most", type_=BigInteger()))
    )


_DUE = Statement(_due())


def take_over(connection: Connection, bot_id: int) -> int:
    """A new sender begins: what its predecessor was sending may have arrived or not. Returns how many."""
    return connection.execute(
        update(posts)
        .where(posts.c.bot_id == bot_id, is_first_send(), posts.c.state == PostState.SENDING)
        .values(state=PostState.UNCERTAIN, due_ms=now_ms())
    ).rowcount


def put_back(
    connection: Connection, post_ids: Sequence[int], *, correlations: Collection[str] | None = None
) -> None:
    """No first send of these posts (where given: that have these correlations) was begun, though they may be
    noted as begun.
    """
    notify(connection, SIGNAL)
    meant = true() if correlations is None else posts.c.correlation.in_(correlations)
    connection.execute(
        update(posts)
        .where(posts.c.id.in_(post_ids), meant, posts.c.state == PostState.SENDING)
        .values(state=PostState.QUEUED, attempts=posts.c.attempts - 1)
    )


def due(connection: Connection, bot_id: int, limit: int, but: Collection[int] = ()) -> list[Due]:
    """The posts to deliver now, replies first: a few of each chat, so that none crowds out
    others, and none of the chats `but`.

    Of a lane's first sends only the oldest comes into question.
    """
    found: list[Due] = []
    of_chat: Counter[int] = Counter()
    while True:
        rows = _DUE.all(connection, {"bot": bot_id, "at_most": limit, "but": [*but, *of_chat]})
        taken: Counter[int] = Counter()
        for row in rows:
            taken[row.chat_id] += 1
            if taken[row.chat_id] <= PER_CHAT:
                found.append(Due(row.id, row.chat_id, is_first=row.message_id is None))
        of_chat += taken
        if len(rows) < limit or len(found) >= limit:
            return found[:limit]


def flood_waits(connection: Connection, bot_id: int) -> dict[int, float]:
    """The chats for which Telegram asked to wait, and how many seconds are left of it."""
    rows = connection.execute(
        select(posts.c.chat_id, func.max(posts.c.due_ms) - now_ms())
        .where(may_leave(), posts.c.bot_id == bot_id, posts.c.error == FLOOD, posts.c.due_ms > now_ms())
        .group_by(posts.c.chat_id)
    )
    return {chat_id: left_ms / 1000 for chat_id, left_ms in rows}


def has_behind(connection: Connection, bot_id: int) -> bool:
    """True if any post waits behind another one of its lane."""
    behind = select(posts.c.id).where(posts.c.behind, posts.c.bot_id == bot_id).limit(1)
    return connection.execute(behind).first() is not None


def let_stranded_go(connection: Connection, bot_id: int) -> int:
    """Let the next post of each lane go where all before it are over. Returns how many.

    A turn of another process may enqueue a post behind one that is being noted as sent at the same moment.
    """
    # What comes after it (a notice, for a reply) does not count: that waits for it in turn.
    before = or_(
        _others.c.rank < posts.c.rank, and_(_others.c.rank == posts.c.rank, _others.c.id < posts.c.id)
    )
    waits_for = exists().where(
        is_first_send(_others),
        ~_others.c.behind,
        _others.c.bot_id == bot_id,
        _others.c.lane == posts.c.lane,
        before,
    )
    stranded = connection.execute(
        select(posts.c.lane).where(posts.c.behind, posts.c.bot_id == bot_id, ~waits_for).distinct()
    ).scalars()
    return sum(_LET_NEXT.run(connection, {"bot": bot_id, "in_lane": lane}) for lane in list(stranded))


def begin(connection: Connection, leaving: Collection[Due]) -> list[Post]:
    """The first sends of these posts begin, of each lane only the oldest. Returns those that still wait for
    it where they did: one whose group has moved meanwhile has its turn there.
    """
    chats_of = {post.id: post.chat_id for post in leaving}
    begun = _posts(connection, _BEGIN.all(connection, {"ids": list(chats_of)}))
    moved = [post.id for post in begun if post.destination.chat_id != chats_of[post.id]]
    if moved:
        put_back(connection, moved)
    return [post for post in begun if post.id not in moved]


def to_edit(connection: Connection, post_ids: Sequence[int]) -> list[Post]:
    """Those of these posts whose messages still wait to be edited."""
    return _posts(connection, _TO_EDIT.all(connection, {"ids": list(post_ids)}))


def _posts(connection: Connection, rows: Iterable[Any]) -> list[Post]:
    return [
        Post(
            id=row.id,
            destination=Destination(
                row.bot_id, row.chat_id, _thread_of(connection, row), row.lane, row.topic_id
            ),
            rank=Rank(row.rank),
            content=row.content,
            revision=row.revision,
            message_id=row.message_id,
            state=PostState(row.state),
            attempts=row.attempts,
            correlation=row.correlation,
        )
        for row in rows
    ]


def shown(
    connection: Connection,
    notes: Sequence[Shown],
    at: datetime,
    one_too_many: Callable[[Post, int], None] = lambda post, message_id: None,
) -> None:
    """Each message shows what its post held when it was taken; newer content stays queued. A post that has
    moved with its group meanwhile is sent there all the same. All are of one bot.

    Where a press on another copy has made that one the post's message meanwhile, the one just sent is
    `one_too_many`.
    """

    def go_on(held_up: Asked) -> None:
        for lane, behind in held_up.all():
            notify(connection, SIGNAL)
            if behind:
                let_next(connection, bot_id, lane)

    def compare(changed: Asked) -> None:
        messages = {row.id: row.message_id for row in changed.all()}
        if any(row.state == PostState.QUEUED for row in changed.all()):
            notify(connection, SIGNAL)  # there is newer content
        for note in notes:
            if note.message_id is not None and messages.get(note.post.id) not in (None, note.message_id):
                one_too_many(note.post, note.message_id)

    sent = [note.post for note in notes]
    (bot_id,) = {post.destination.bot_id for post in sent}
    if any(post.rank is Rank.NOTICE for post in sent):
        notify(connection, DELIVERED_SIGNAL)
    if any(post.destination.topic is not None for post in sent):
        notify(connection, TOPIC_SIGNAL)
    values = {
        "posts": [post.id for post in sent],
        "chats": [post.destination.chat_id for post in sent],
        "revisions": [post.revision for post in sent],
        "messages": [note.message_id for note in notes],
        "at": at,
    }
    _SHOWN.ask(connection, values, compare)
    lanes = sorted({post.destination.lane for post in sent})
    _HELD_UP.ask(connection, {"bot": bot_id, "in_lanes": lanes, "posts": values["posts"]}, go_on)


def let_next(connection: Connection, bot_id: int, lane: str) -> None:
    """A first send of this lane is over: the one behind it comes into question."""
    notify(connection, SIGNAL)
    _LET_NEXT.run(connection, {"bot": bot_id, "in_lane": lane})


def later(connection: Connection, post: Post, delay_ms: int, error: str, *, uncertain: bool) -> None:
    """Try again after `delay_ms`. `uncertain`: the first send may have arrived all the same."""
    state = PostState.UNCERTAIN if uncertain and post.message_id is None else PostState.QUEUED
    connection.execute(
        update(posts)
        .where(_as_taken(post))
        .values(
            state=state,
            due_ms=now_ms() + delay_ms,
            error=error,
            # A first send was counted when it began.
            attempts=posts.c.attempts + (0 if post.message_id is None else 1),
        )
    )


def lost(connection: Connection, post: Post) -> None:
    """The message is gone from the chat: the post is sent again, unless a press has found another copy."""
    notify(connection, SIGNAL)
    connection.execute(
        update(posts)
        .where(_as_taken(post), posts.c.message_id == post.message_id)
        .values(message_id=None, shown=0, state=PostState.QUEUED, due_ms=now_ms())
    )


def dead_letter(connection: Connection, post: Post, error: str) -> None:
    """Give up the content that was sent; newer content of the same post may still be delivered."""
    notify(connection, SIGNAL)
    notify(connection, GAVE_UP_SIGNAL)
    if post.rank is Rank.NOTICE:
        notify(connection, DELIVERED_SIGNAL)
    newest = case((posts.c.revision == post.revision, PostState.DEAD), else_=PostState.QUEUED)
    connection.execute(update(posts).where(_as_taken(post)).values(state=newest, error=error, behind=False))
    let_next(connection, post.destination.bot_id, post.destination.lane)


def _as_taken(post: Post) -> ColumnElement[bool]:
    """The post, unless its chat was given up or has moved while the call was under way: then the call's
    failure changes nothing any more.
    """
    return and_(
        posts.c.id == post.id, posts.c.chat_id == post.destination.chat_id, posts.c.state != PostState.DEAD
    )


def _thread_of(connection: Connection, row: Any) -> int:
    """The topic that a post goes to, by Telegram's number; else NO_TOPIC or NO_TOPIC_YET."""
    if row.topic_id is None or row.topic_id == row.id:
        return int(row.thread_id)
    topic = connection.execute(
        select(posts.c.message_id, posts.c.state).where(posts.c.id == row.topic_id)
    ).first()
    if topic is None or (topic.message_id is None and topic.state == PostState.DEAD):
        return NO_TOPIC
    return NO_TOPIC_YET if topic.message_id is None else int(topic.message_id)
