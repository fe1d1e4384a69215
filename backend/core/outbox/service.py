"""The outbox: what chats should show. The sender makes it so.

First sends of a lane leave in their order; edits jump to the newest revision, which is how bursts of them
become one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
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
from backend.core.db.bells import ring
from backend.core.db.metadata import now_ms
from backend.core.db.statements import NUMBERS, Statement, is_one_of
from backend.core.db.upsert import insert_for
from backend.core.outbox.models import chats, is_first_send, may_leave, post_files, posts
from backend.core.outbox.values import Due, Place, Post, PostState, Rank

BELL = "outbox"
DELIVERED_BELL = "delivered"
"""Rung when a notice was shown, or never will be."""
BLOCKED = "the user blocked the bot"
PER_CHAT = 3  # posts of one chat that are looked at together; they leave one by one all the same
UNSENT = (PostState.QUEUED, PostState.SENDING, PostState.UNCERTAIN)


# What every turn and every call to Telegram run is built once, here: building a statement costs several times
# what running it does.
_others = posts.alias("others")
_DRAW = Statement(
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
_BEGIN = Statement(
    update(posts)
    .where(_WAITS, posts.c.message_id.is_(None))
    .values(state=PostState.SENDING, attempts=posts.c.attempts + 1)
    .returning(*_POST)
)
_TO_EDIT = Statement(select(*_POST).where(_WAITS, posts.c.message_id.is_not(None)))
_CONTENT = Statement(
    select(posts.c.content).where(
        posts.c.id == bindparam("post"),
        posts.c.bot_id == bindparam("bot"),
        posts.c.chat_id == bindparam("chat"),
    )
)
_SHOWN_REVISION: BindParameter[int] = bindparam("shown_revision", type_=posts.c.revision.type)
_SHOWN = Statement(
    update(posts)
    .where(posts.c.id == bindparam("post"), posts.c.chat_id == bindparam("chat"))
    .values(
        shown=_SHOWN_REVISION,
        message_id=func.coalesce(posts.c.message_id, bindparam("message", type_=posts.c.message_id.type)),
        state=case((posts.c.revision == _SHOWN_REVISION, PostState.SENT), else_=PostState.QUEUED),
        attempts=0,
        error=None,
        sent_at=bindparam("at"),
    )
    .returning(
        posts.c.message_id,
        exists()  # not of the row itself: SQLite would look at all that is behind anything
        .where(_others.c.behind, _others.c.bot_id == bindparam("bot"), _others.c.lane == bindparam("in_lane"))
        .label("holds_up"),
    )
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
    oldest = (
        select(_others.c.id)
        .where(is_first_send(_others), _others.c.bot_id == posts.c.bot_id, _others.c.lane == posts.c.lane)
        .order_by(_others.c.rank, _others.c.id)
        .limit(1)
    )
    return (
        select(posts.c.id, posts.c.chat_id, posts.c.message_id)
        .where(
            posts.c.bot_id == bindparam("bot"),
            may_leave(),
            posts.c.due_ms <= now_ms(),
            or_(posts.c.message_id.is_not(None), posts.c.id == oldest.scalar_subquery()),
            ~is_one_of(posts.c.chat_id, bindparam("but", type_=NUMBERS)),
        )
        .order_by(posts.c.rank, posts.c.id)
        .limit(bindparam("at_most", type_=BigInteger()))
    )


_DUE = Statement(_due())


def draw(
    connection: Connection,
    place: Place,
    content: dict[str, Any],
    *,
    correlation: str,
    at: datetime,
    rank: Rank = Rank.REPLY,
    files: Collection[str] = (),
) -> int:
    """A new post in the chat. Returns its id. `files` are the digests of the blobs that it shows."""
    ring(connection, BELL)
    values = {
        "bot_id": place.bot_id,
        "chat_id": place.chat_id,
        "thread_id": place.thread_id,
        "lane": place.lane,
        "topic_id": place.topic,
        "rank": rank,
        "content": content,
        "correlation": correlation,
        "created_at": at,
        "of_bot": place.bot_id,
        "in_lane": place.lane,
        "at_rank": rank,
    }
    post_id = int(_DRAW.scalar(connection, values))
    if files:
        _keep(connection, post_id, files)
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


def redraw(
    connection: Connection,
    place: Place,
    post_id: int,
    content: dict[str, Any],
    *,
    correlation: str,
    rank: Rank = Rank.REPLY,
    files: Collection[str] = (),
) -> bool:
    """The post should show `content` now; one that is being sent is edited as soon as it is there.

    Returns False where there is no such post in this chat (a button's data may be forged), or where it cannot
    be delivered; should a send under way arrive all the same, it is edited too.
    """
    ring(connection, BELL)
    state: PostState | None = connection.scalar(
        update(posts)
        .where(_here(place, post_id))
        .values(
            content=content,
            revision=posts.c.revision + 1,
            # What was not sent yet keeps its place: what came after it must not be seen before it.
            rank=case((and_(posts.c.message_id.is_(None), posts.c.rank < rank), posts.c.rank), else_=rank),
            behind=and_(posts.c.behind, posts.c.rank <= rank),
            state=_to_be_shown(rank),
            due_ms=now_ms(),
            attempts=0,
            correlation=correlation,
        )
        .returning(posts.c.state)
    )
    if files and state is not None:
        _keep(connection, post_id, files)
    return state not in (None, PostState.DEAD)


def refresh(connection: Connection, place: Place, post_id: int) -> bool:
    """Show the post again as it is: its message may show something older. Returns False where there is none
    here.
    """
    ring(connection, BELL)
    changed = connection.execute(
        update(posts)
        .where(_here(place, post_id), posts.c.state != PostState.DEAD)
        .values(revision=posts.c.revision + 1, state=_to_be_shown(), due_ms=now_ms())
    )
    return changed.rowcount == 1


def strip(
    connection: Connection,
    place: Place,
    message_id: int,
    content: dict[str, Any],
    *,
    correlation: str,
    at: datetime,
) -> None:
    """A message that is no post of its own any more should show `content`, without buttons."""
    same = and_(posts.c.bot_id == place.bot_id, posts.c.chat_id == place.chat_id)
    if connection.scalar(select(exists().where(same, posts.c.message_id == message_id))):
        return  # a press on the other copy saw to it
    post_id = draw(connection, place, content, correlation=correlation, at=at, rank=Rank.TIDY)
    # An edit waits behind nothing.
    connection.execute(update(posts).where(posts.c.id == post_id).values(message_id=message_id, behind=False))


def _here(place: Place, post_id: int) -> ColumnElement[bool]:
    return and_(posts.c.id == post_id, posts.c.bot_id == place.bot_id, posts.c.chat_id == place.chat_id)


def _to_be_shown(rank: Rank = Rank.REPLY) -> Case[str]:
    """Queued, except for a dead post, and for one whose first send is under way or uncertain: that is seen to
    when it is known. What only loses its buttons is not sent for it where its message stayed behind.
    """
    stays: ColumnElement[bool] = posts.c.state.in_((PostState.SENDING, PostState.UNCERTAIN, PostState.DEAD))
    if rank is Rank.TIDY:
        stays = or_(stays, and_(posts.c.state == PostState.SENT, posts.c.message_id.is_(None)))
    return case((stays, posts.c.state), else_=PostState.QUEUED)


def content_of(connection: Connection, place: Place, post_id: int) -> dict[str, Any] | None:
    """What the post should show; none where there is no such post in this chat."""
    here = {"post": post_id, "bot": place.bot_id, "chat": place.chat_id}
    found: dict[str, Any] | None = _CONTENT.scalar(connection, here)
    return found


def newest(connection: Connection, place: Place) -> int | None:
    """The last post of the lane that was drawn for somebody to read."""
    found: int | None = connection.scalar(
        select(func.max(posts.c.id)).where(
            posts.c.bot_id == place.bot_id, posts.c.lane == place.lane, posts.c.rank != Rank.TIDY
        )
    )
    return found


def adopt(connection: Connection, post_id: int, place: Place, message_id: int) -> int | None:
    """A button of the post was pressed on this message: from now on this message is the post, and where it
    was given up it is shown again.

    Returns the message that was the post until now where it was another one, so that it can lose its buttons.
    """
    known = connection.execute(
        select(posts.c.message_id, posts.c.state, posts.c.lane).where(_here(place, post_id))
    ).first()
    if known is None or (known.message_id == message_id and known.state != PostState.DEAD):
        return None
    # It may be a copy that was stripped, or is about to be: it is not to lose its buttons any more.
    connection.execute(
        delete(posts).where(
            posts.c.bot_id == place.bot_id,
            posts.c.chat_id == place.chat_id,
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
    _let_next(connection, place.bot_id, known.lane)  # a press may not say in which topic its message is
    ring(connection, BELL)
    return int(known.message_id) if known.message_id not in (None, message_id) else None


def take_over(connection: Connection, bot_id: int) -> int:
    """A new sender begins: what its predecessor was sending may have arrived or not. Returns how many."""
    return connection.execute(
        update(posts)
        .where(posts.c.bot_id == bot_id, is_first_send(), posts.c.state == PostState.SENDING)
        .values(state=PostState.UNCERTAIN, due_ms=now_ms())
    ).rowcount


def put_back(connection: Connection, post_ids: Sequence[int]) -> None:
    """No first send of these posts was begun, though they may be noted as begun."""
    ring(connection, BELL)
    connection.execute(
        update(posts)
        .where(posts.c.id.in_(post_ids), posts.c.state == PostState.SENDING)
        .values(state=PostState.QUEUED, attempts=posts.c.attempts - 1)
    )


def due(connection: Connection, bot_id: int, limit: int) -> list[Due]:
    """What is to be delivered now, what is waited for first: a few of each chat, that none crowds out
    others.

    Of a lane's first sends only the oldest comes into question.
    """
    found: list[Due] = []
    of_chat: Counter[int] = Counter()
    while True:
        rows = _DUE.all(connection, {"bot": bot_id, "at_most": limit, "but": list(of_chat)})
        taken: Counter[int] = Counter()
        for row in rows:
            taken[row.chat_id] += 1
            if taken[row.chat_id] <= PER_CHAT:
                found.append(Due(row.id, row.chat_id, is_first=row.message_id is None))
        of_chat += taken
        if len(rows) < limit or len(found) >= limit:
            return found[:limit]


def has_behind(connection: Connection, bot_id: int) -> bool:
    """Whether any post waits behind another one of its lane."""
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
    """The first sends of these posts begin. Returns those that still wait for it where they did: one whose
    group has moved meanwhile has its turn there.
    """
    chats_of = {post.id: post.chat_id for post in leaving}
    begun = _posts(connection, _BEGIN.all(connection, {"ids": list(chats_of)}))
    moved = [post.id for post in begun if post.place.chat_id != chats_of[post.id]]
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
            place=Place(row.bot_id, row.chat_id, _thread_of(connection, row), row.lane, row.topic_id),
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


def _thread_of(connection: Connection, row: Any) -> int:
    """The topic that a post goes to, by Telegram's number; -1 where ours could not be opened."""
    if row.topic_id is None or row.topic_id == row.id:
        return int(row.thread_id)
    number = connection.scalar(select(posts.c.message_id).where(posts.c.id == row.topic_id))
    return -1 if number is None else int(number)


def shown(connection: Connection, post: Post, message_id: int | None, at: datetime) -> bool:
    """The message shows what `post` held when it was taken; newer content stays queued. A post that has moved
    with its group meanwhile is sent there all the same.

    Returns False where a press on another copy has made that one the post's message meanwhile: then the one
    just sent is one too many.
    """
    row = _SHOWN.first(
        connection,
        {
            "post": post.id,
            "chat": post.place.chat_id,
            "bot": post.place.bot_id,
            "in_lane": post.place.lane,
            "shown_revision": post.revision,
            "message": message_id,
            "at": at,
        },
    )
    if post.rank is Rank.NOTICE:
        ring(connection, DELIVERED_BELL)
    if row is not None and row.holds_up:
        _let_next(connection, post.place.bot_id, post.place.lane)
    return message_id is None or row is None or row.message_id in (None, message_id)


def _let_next(connection: Connection, bot_id: int, lane: str) -> None:
    """A first send of this lane is over: the one behind it comes into question."""
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
    """The message is gone from the chat: the post is drawn anew, unless a press has found another copy."""
    ring(connection, BELL)
    connection.execute(
        update(posts)
        .where(_as_taken(post), posts.c.message_id == post.message_id)
        .values(message_id=None, shown=0, state=PostState.QUEUED, due_ms=now_ms())
    )


def bury(connection: Connection, post: Post, error: str) -> None:
    """What the post holds can never be delivered; what it should show meanwhile may be."""
    ring(connection, BELL)
    if post.rank is Rank.NOTICE:
        ring(connection, DELIVERED_BELL)
    newest = case((posts.c.revision == post.revision, PostState.DEAD), else_=PostState.QUEUED)
    connection.execute(update(posts).where(_as_taken(post)).values(state=newest, error=error, behind=False))
    _let_next(connection, post.place.bot_id, post.place.lane)


def _as_taken(post: Post) -> ColumnElement[bool]:
    """The post, unless its chat was given up or has moved while the call was under way: then the call's
    failure changes nothing any more.
    """
    return and_(posts.c.id == post.id, posts.c.chat_id == post.place.chat_id, posts.c.state != PostState.DEAD)


def blocked(connection: Connection, bot_id: int, chat_id: int) -> None:
    """The user blocked the bot: give up what waits for them."""
    ring(connection, DELIVERED_BELL)
    connection.execute(
        update(posts)
        .where(posts.c.bot_id == bot_id, posts.c.chat_id == chat_id, posts.c.state.in_(UNSENT))
        .values(state=PostState.DEAD, error=BLOCKED, behind=False)
    )


def language_of(connection: Connection, bot_id: int, chat_id: int) -> str | None:
    """The language chosen in this chat; none where none was chosen."""
    found: str | None = _LANGUAGE.scalar(connection, {"bot": bot_id, "chat": chat_id})
    return found


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
    ring(connection, BELL)
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
    connection.execute(
        update(posts)
        .where(posts.c.bot_id == bot_id, posts.c.chat_id == old)
        .values(
            chat_id=new,
            lane=func.replace(posts.c.lane, str(old), str(new)),
            message_id=None,
            behind=False,
            # What is being sent to the old group is sent to the new one all the same.
            state=case((posts.c.state == PostState.SENDING, PostState.QUEUED), else_=posts.c.state),
            due_ms=case((posts.c.state == PostState.SENDING, now_ms()), else_=posts.c.due_ms),
        )
    )


def counts(connection: Connection) -> dict[str, int]:
    """How many posts stand in each state."""
    rows = connection.execute(select(posts.c.state, func.count()).group_by(posts.c.state))
    return {state: int(number) for state, number in rows}


def forget_old(connection: Connection, before: datetime) -> int:
    """Delete what was made before `before` and waits for nothing. Returns how many."""
    return connection.execute(
        delete(posts).where(
            posts.c.state.in_((PostState.SENT, PostState.DEAD)),
            posts.c.created_at < before,
            or_(posts.c.topic_id.is_(None), posts.c.topic_id != posts.c.id),  # topics stay as they are
        )
    ).rowcount
