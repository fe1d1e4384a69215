"""The outbox: what chats should show. The sender makes it so.

First sends of a lane leave in their order; edits jump to the newest revision, which is how bursts of them
become one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    BindParameter,
    Case,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from backend.core.blobs.models import blobs
from backend.core.blobs.service import keep
from backend.core.db.metadata import now_ms
from backend.core.db.signals import notify
from backend.core.db.statements import PORTION, Statement
from backend.core.db.upsert import insert_for
from backend.core.outbox.deliveries import let_next
from backend.core.outbox.models import chats, is_first_send, may_leave, passing_posts, post_files, posts
from backend.core.outbox.values import DELIVERED_SIGNAL as DELIVERED_SIGNAL
from backend.core.outbox.values import SIGNAL as SIGNAL
from backend.core.outbox.values import Destination, PostState, Rank

log = structlog.get_logger(__name__)

BLOCKED = "the user blocked the bot"
UNSENT = (PostState.QUEUED, PostState.SENDING, PostState.UNCERTAIN)


# What every turn and every call to Telegram run is built once, here: building a statement costs several times
# what running it does.
_others = posts.alias("others")
_ENQUEUE = Statement(
    insert(posts)
    .values(
        state=PostState.QUEUED,
        due_ms=now_ms(),
        behind=exists().where(
            is_first_send(_others),
            _others.c.bot_id == bindparam("of_bot"),
            _others.c.lane == bindparam("in_lane"),
            _others.c.rank <= bindparam("at_rank"),
        ),
    )
    .returning(posts.c.id)
)
_LANGUAGE = Statement(
    select(chats.c.language).where(chats.c.bot_id == bindparam("bot"), chats.c.chat_id == bindparam("chat"))
)
_CONTENT = Statement(
    select(posts.c.content).where(
        posts.c.id == bindparam("post"),
        posts.c.bot_id == bindparam("bot"),
        posts.c.chat_id == bindparam("chat"),
    )
)


def enqueue(
    connection: Connection,
    destination: Destination,
    content: dict[str, Any],
    *,
    correlation: str,
    at: datetime,
    rank: Rank = Rank.REPLY,
    files: Collection[str] = (),
    passing: bool = False,
) -> int:
    """A new post in the chat. Returns its id. `files` are the digests of the blobs that it shows. One that is
    `passing` is forgotten as soon as the chat has shown it.
    """
    notify(connection, SIGNAL)
    values = {
        "bot_id": destination.bot_id,
        "chat_id": destination.chat_id,
        "thread_id": destination.thread_id,
        "lane": destination.lane,
        "topic_id": destination.topic,
        "rank": rank,
        "content": content,
        "correlation": correlation,
        "created_at": at,
        "of_bot": destination.bot_id,
        "in_lane": destination.lane,
        "at_rank": rank,
    }
    post_id = int(_ENQUEUE.scalar(connection, values))
    if files:
        _keep(connection, post_id, files)
    if passing:
        connection.execute(insert(passing_posts).values(post_id=post_id))
    return post_id


def _keep(connection: Connection, post_id: int, files: Collection[str]) -> None:
    """The post uses these blobs. One that is not there is the sender's to find out: it buries the post."""
    keep(connection, files)
    there = select(BindParameter("post", post_id, posts.c.id.type), blobs.c.digest)
    connection.execute(
        insert_for(connection, post_files)
        .from_select(["post_id", "digest"], there.where(blobs.c.digest.in_(files)))
        .on_conflict_do_nothing()
    )


def update_post(
    connection: Connection,
    destination: Destination,
    post_id: int,
    content: dict[str, Any],
    *,
    correlation: str,
    rank: Rank = Rank.REPLY,
    files: Collection[str] = (),
    is_topic: bool = False,
) -> bool:
    """The post should show `content` now; one that is being sent is edited as soon as it is there.

    Returns False where there is no such post in this chat (a button's data may be forged), or where it cannot
    be delivered; should a send under way arrive all the same, it is edited too.
    """
    notify(connection, SIGNAL)
    state: PostState | None = connection.scalar(
        update(posts)
        .where(_here(destination, post_id, is_topic=is_topic))
        .values(
            content=content,
            revision=posts.c.revision + 1,
            # What was not sent yet keeps its place: what came after it must not be seen before it.
            rank=case((and_(posts.c.message_id.is_(None), posts.c.rank < rank), posts.c.rank), else_=rank),
            behind=and_(posts.c.behind, posts.c.rank <= rank),
            # A topic that there is may take the next change, though it refused one.
            state=case((posts.c.message_id.is_not(None), PostState.QUEUED), else_=_to_be_shown(rank))
            if is_topic
            else _to_be_shown(rank),
            due_ms=now_ms(),
            attempts=0,
            correlation=correlation,
        )
        .returning(posts.c.state)
    )
    if files and state is not None:
        _keep(connection, post_id, files)
    return state not in (None, PostState.DEAD)


def refresh(connection: Connection, destination: Destination, post_id: int) -> bool:
    """Show the post again as it is: its message may show something older. Returns False where there is none
    here.
    """
    notify(connection, SIGNAL)
    changed = connection.execute(
        update(posts)
        .where(_here(destination, post_id), posts.c.state != PostState.DEAD)
        .values(revision=posts.c.revision + 1, state=_to_be_shown(), due_ms=now_ms())
    )
    return changed.rowcount == 1


def remove_keyboard(
    connection: Connection,
    destination: Destination,
    message_id: int,
    content: dict[str, Any],
    *,
    correlation: str,
    at: datetime,
) -> None:
    """A message that is no post of its own any more should show `content`, without buttons."""
    same = and_(posts.c.bot_id == destination.bot_id, posts.c.chat_id == destination.chat_id)
    if connection.scalar(select(exists().where(same, posts.c.message_id == message_id))):
        return  # a press on the other copy saw to it
    post_id = enqueue(connection, destination, content, correlation=correlation, at=at, rank=Rank.TIDY)
    # An edit waits behind nothing.
    connection.execute(update(posts).where(posts.c.id == post_id).values(message_id=message_id, behind=False))


def _here(destination: Destination, post_id: int, *, is_topic: bool = False) -> ColumnElement[bool]:
    """The post with this id in this chat. A topic is a post too, but no message: a button may be forged."""
    topic = posts.c.topic_id == posts.c.id
    return and_(
        posts.c.id == post_id,
        posts.c.bot_id == destination.bot_id,
        posts.c.chat_id == destination.chat_id,
        topic if is_topic else or_(posts.c.topic_id.is_(None), ~topic),
    )


def _to_be_shown(rank: Rank = Rank.REPLY) -> Case[str]:
    """Queued, except for a dead post, and for one whose first send is under way or uncertain: that is seen to
    when it is known. What only loses its buttons is not sent for it where its message stayed behind.
    """
    stays: ColumnElement[bool] = posts.c.state.in_((PostState.SENDING, PostState.UNCERTAIN, PostState.DEAD))
    if rank is Rank.TIDY:
        stays = or_(stays, and_(posts.c.state == PostState.SENT, posts.c.message_id.is_(None)))
    return case((stays, posts.c.state), else_=PostState.QUEUED)


def content_of(connection: Connection, destination: Destination, post_id: int) -> dict[str, Any] | None:
    """The content that the post should show; None if there is no such post in this chat."""
    here = {"post": post_id, "bot": destination.bot_id, "chat": destination.chat_id}
    found: dict[str, Any] | None = _CONTENT.scalar(connection, here)
    return found


def post_at(connection: Connection, destination: Destination, message_id: int) -> int | None:
    """The post that this message of the chat shows; None where it is none of ours."""
    found: int | None = connection.scalar(
        select(posts.c.id).where(
            posts.c.bot_id == destination.bot_id,
            posts.c.chat_id == destination.chat_id,
            posts.c.message_id == message_id,
            posts.c.rank != Rank.TIDY,
        )
    )
    return found


def unshown_ones(post_ids: Select[Any]) -> Select[Any]:
    """Those of the posts of a query that the chat does not show, as a query of their ids."""
    return select(posts.c.id).where(posts.c.id.in_(post_ids), posts.c.message_id.is_(None))


def dead_ones(post_ids: Select[Any]) -> Select[Any]:
    """Those of the posts of a query that cannot be delivered, as a query of their ids."""
    return select(posts.c.id).where(posts.c.id.in_(post_ids), posts.c.state == PostState.DEAD)


def waiting_in(connection: Connection, bot_id: int, chat_id: int) -> int:
    """How many posts of a chat wait to be shown, or to be shown anew."""
    of_chat = (posts.c.bot_id == bot_id, posts.c.chat_id == chat_id)
    # Said as the small indexes of what waits say it: a chat has many more posts than those.
    counts = [
        connection.scalar(select(func.count()).select_from(posts).where(*of_chat, waits))
        for waits in (may_leave(), posts.c.behind)
    ]
    return sum(int(number or 0) for number in counts)


def gave_up(
    connection: Connection, bot_id: int, chat_id: int, post_ids: Collection[int], since: datetime
) -> bool:
    """True if one of these posts cannot be delivered, or the bot was thrown out of the chat since."""
    dead = and_(posts.c.bot_id == bot_id, posts.c.chat_id == chat_id, posts.c.state == PostState.DEAD)
    why = or_(
        and_(posts.c.id.in_(post_ids), posts.c.message_id.is_(None)),
        and_(posts.c.error == BLOCKED, posts.c.created_at >= since),
    )
    return bool(connection.scalar(select(exists().where(dead, why))))


def newest(connection: Connection, destination: Destination) -> int | None:
    """The last post of the lane that somebody is meant to read."""
    found: int | None = connection.scalar(
        select(func.max(posts.c.id)).where(
            posts.c.bot_id == destination.bot_id, posts.c.lane == destination.lane, posts.c.rank != Rank.TIDY
        )
    )
    return found


def rebind(connection: Connection, post_id: int, destination: Destination, message_id: int) -> int | None:
    """A button of the post was pressed on this message: from now on this message is the post, and where it
    was given up it is shown again.

    Returns the message that was the post until now where it was another one, so that it can lose its buttons.
    """
    known = connection.execute(
        select(posts.c.message_id, posts.c.state, posts.c.lane).where(_here(destination, post_id))
    ).first()
    if known is None or (known.message_id == message_id and known.state != PostState.DEAD):
        return None
    if post_at(connection, destination, message_id) not in (None, post_id):
        return None  # the message is another post's: the button was forged
    # The message may be a copy whose keyboard is about to be removed: it keeps its buttons now.
    connection.execute(
        delete(posts).where(
            posts.c.bot_id == destination.bot_id,
            posts.c.chat_id == destination.chat_id,
            posts.c.message_id == message_id,
            posts.c.rank == Rank.TIDY,
            posts.c.id != post_id,
        )
    )
    connection.execute(
        update(posts)
        .where(posts.c.id == post_id)
        .values(
            message_id=message_id,
            shown=0,
            revision=posts.c.revision + 1,  # an edit of the other message that is under way does not count
            state=PostState.QUEUED,
            due_ms=now_ms(),
            behind=False,
        )
    )
    let_next(connection, destination.bot_id, known.lane)  # a press may not say in which topic its message is
    notify(connection, SIGNAL)
    return int(known.message_id) if known.message_id not in (None, message_id) else None


def blocked(connection: Connection, bot_id: int, chat_id: int) -> None:
    """The user blocked the bot: give up what waits for them."""
    notify(connection, DELIVERED_SIGNAL)
    connection.execute(
        update(posts)
        .where(posts.c.bot_id == bot_id, posts.c.chat_id == chat_id, posts.c.state.in_(UNSENT))
        .values(state=PostState.DEAD, error=BLOCKED, behind=False)
    )


def language_of(connection: Connection, bot_id: int, chat_id: int) -> str | None:
    """The language chosen in this chat; none where none was chosen."""
    return ask_language(connection, bot_id, chat_id)()


def ask_language(connection: Connection, bot_id: int, chat_id: int) -> Callable[[], str | None]:
    """Ask for `language_of`, together with what is asked for next; the answer gives it."""
    return _LANGUAGE.ask(connection, {"bot": bot_id, "chat": chat_id}).scalar


def choose_language(connection: Connection, bot_id: int, chat_id: int, language: str) -> None:
    """Keep the language chosen in this chat."""
    connection.execute(
        insert_for(connection, chats)
        .values(bot_id=bot_id, chat_id=chat_id, language=language)
        .on_conflict_do_update(index_elements=["bot_id", "chat_id"], set_={"language": language})
    )


def migrate_chat(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """The group became a supergroup: its posts and its language follow it.

    Messages of the old group cannot be edited from the new one.
    """
    notify(connection, SIGNAL)
    if (language := language_of(connection, bot_id, old)) is not None:
        choose_language(connection, bot_id, new, language)
    connection.execute(  # old cards that should lose their buttons stay behind with their messages
        update(posts)
        .where(
            posts.c.bot_id == bot_id,
            posts.c.chat_id == old,
            posts.c.rank == Rank.TIDY,
            posts.c.state == PostState.QUEUED,
        )
        .values(state=PostState.DEAD, error="its message is in the group as it was")
    )
    # What is being sent to the old group is sent to the new one all the same.
    sent_anew = connection.execute(
        update(posts)
        .where(posts.c.bot_id == bot_id, posts.c.chat_id == old, posts.c.state == PostState.SENDING)
        .values(state=PostState.UNCERTAIN, due_ms=now_ms())
    ).rowcount
    if sent_anew:
        log.warning("posts.sent_anew", number=sent_anew)
    connection.execute(
        update(posts)
        .where(posts.c.bot_id == bot_id, posts.c.chat_id == old)
        .values(
            chat_id=new,
            lane=func.replace(posts.c.lane, str(old), str(new)),
            message_id=None,
            behind=False,
        )
    )


def counts(connection: Connection) -> dict[str, int]:
    """The number of posts by state."""
    rows = connection.execute(select(posts.c.state, func.count()).group_by(posts.c.state))
    return {state: int(number) for state, number in rows}


def forget_old(connection: Connection, before: datetime) -> int:
    """Delete a portion of what was made before `before` and waits for nothing. Returns how many."""
    old = (
        select(posts.c.id)
        .where(
            posts.c.state.in_((PostState.SENT, PostState.DEAD)),
            posts.c.created_at < before,
            posts.c.topic_id.is_(None),  # a topic stays with what is in it, until it is forgotten
        )
        .limit(PORTION)
    )
    return connection.execute(delete(posts).where(posts.c.id.in_(old))).rowcount


def forget_passing(connection: Connection, at: datetime) -> int:
    """Delete a portion of the passing posts that the chat has shown, or never will. Returns how many."""
    over = (
        select(passing_posts.c.post_id)
        .join(posts, posts.c.id == passing_posts.c.post_id)
        .where(posts.c.state.in_((PostState.SENT, PostState.DEAD)))
        .limit(PORTION)
    )
    return connection.execute(delete(posts).where(posts.c.id.in_(over))).rowcount


def files_of(connection: Connection, chat_id: int) -> set[str]:
    """The blobs that posts of a chat show, or have shown."""
    shown = select(post_files.c.digest).join(posts, posts.c.id == post_files.c.post_id)
    return set(connection.scalars(shown.where(posts.c.chat_id == chat_id)))
