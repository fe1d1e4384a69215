"""The sender: makes the chats show what the outbox says they should.

It is elected; a new sender treats what its predecessor was sending as uncertain. Calls to one chat follow
each other; chats do not wait for each other.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from backend.core.blobs.errors import BlobError
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError, DatabaseUnavailable, LeaseLost
from backend.core.keys.vault import Vault
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.topics import topic_lost
from backend.core.outbox.values import NO_TOPIC, NO_TOPIC_YET, Due, Post, Rank, Shown
from bot.core.feature import ChatMoved
from bot.core.leadership import LeadershipLease
from bot.core.request import AnswerLost, NotSent, TooLarge, call, seconds_of
from bot.core.sending.files import FileSender
from bot.core.sending.limits import Limits
from bot.core.sending.notes import Notes
from bot.core.sending.topics import TopicSender
from conversations.core.prompts import without_buttons
from handlers.render import Rendered, destination_arguments, render, shown

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
CONCURRENT = 64
BATCH = 192  # posts looked at in a round: more than can leave at once
STRANDED_SECONDS = 1.0
LAST_CALLS_SECONDS = 2.0  # for calls under way when the sender stops: of what is broken off there may be two
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 300.0
MOST_FAILURES = 5  # of our own, and not Telegram's: then what comes after it has its turn
NOT_TO_BE_EDITED = ("message can't be edited", "message to edit not found", "message_id_invalid")
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
"""The Bot API's errors if people deleted a topic."""
DESTINATION_GONE = (*TOPIC_GONE, "topic_closed", "chat not found")


@dataclass
class Beginning:
    """First sends that a transaction under way begins, under this leadership, and the chats that are kept
    free for them.
    """

    leadership: LeadershipLease | None
    chats: set[int] = field(default_factory=set)
    posts: list[Post] = field(default_factory=list)
    counted: set[int] = field(default_factory=set)
    """The chats whose limits have counted it: however often it is tried, it is one call."""


class Sender:
    """Sends and edits for one bot."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bot: Bot,
        limits: Limits,
        vault: Vault,
        chat_moved: ChatMoved,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._limits = limits
        self._chat_moved = chat_moved
        self._topics = TopicSender(bot)
        self._files = FileSender(database, bot, vault, self._write)
        self._notes = Notes(partial(self._write, rides=True), self._note)
        self._busy: set[int] = set()  # chats with a call under way
        self._put_off: dict[int, float] = {}  # chats that must wait, and until when
        self._calls: dict[asyncio.Task[None], Post] = {}
        self._failures: Counter[int] = Counter()  # of our own, by post
        self._leadership: LeadershipLease | None = None
        self._taken_over: LeadershipLease | None = None  # under which what was uncertain has been found
        self._crowded = False  # more may leave than can now: those that waited longest go first
        self._quiet = False  # the last round has looked at all that is due, but for that of busy chats
        self._passed_over: set[int] = set()  # busy chats for which it has seen something that is due
        self._taken_back: dict[int, str] = {}  # posts that may be noted as begun, by nobody; correlations
        self._context: Context | None = None  # of the sender while it runs
        self._freed_at = 0.0

    def _take_over(self, connection: Connection) -> None:
        uncertain = deliveries.take_over(connection, self._bot.id)
        if uncertain:  # said before the commit: who dies right after it has no other moment
            log.warning("sender.uncertain_posts", number=uncertain)

    async def run(self, leadership: LeadershipLease) -> None:
        """Send until cancelled, or until the leadership is lost."""
        self._leadership, self._context = leadership, copy_context()
        await self._write(self._take_over)
        self._taken_back.clear()
        floods = await self._database.short_read(
            lambda connection: deliveries.flood_waits(connection, self._bot.id)
        )
        for chat_id, seconds in floods.items():
            self._limits.flood(chat_id, seconds, time.monotonic())
        try:
            self._taken_over = leadership
            while True:
                leadership.ensure()
                await self._let_stranded_go()
                await self._put_back()
                wait = await self._round()
                await self._database.signals.wait(outbox.SIGNAL, wait)
        finally:
            self._taken_over = None
            if (
                leadership.holds and self._calls
            ):  # who stops in good order leaves as little in doubt as may be
                await asyncio.wait(self._calls, timeout=LAST_CALLS_SECONDS)
            broken_off = dict(self._calls)
            for task in broken_off:
                task.cancel()
            await asyncio.gather(*broken_off, return_exceptions=True)
            await self._notes.stop()
            self._busy.clear()
            await self._mend(broken_off.values())

    async def _let_stranded_go(self) -> None:
        """Now and then, where other processes write too: see `outbox.let_stranded_go`."""
        if self._database.is_sqlite or time.monotonic() - self._freed_at < STRANDED_SECONDS:
            return
        self._freed_at = time.monotonic()
        if await self._database.short_read(
            lambda connection: deliveries.has_behind(connection, self._bot.id)
        ):
            free = self._checked(lambda connection: deliveries.let_stranded_go(connection, self._bot.id))
            try:
                if number := await self._database.write(free):
                    log.info("posts.stranded", number=number)
            except DatabaseUnavailable as error:
                log.debug("sender.waits", error=str(error))

    async def _put_back(self) -> None:
        """What was taken back is queued again, as soon as the database takes that."""
        ids, correlations = list(self._taken_back), set(self._taken_back.values())
        if not ids:
            return
        put_back = self._checked(
            lambda connection: deliveries.put_back(connection, ids, correlations=correlations)
        )
        try:
            await self._database.write(put_back)
        except DatabaseUnavailable as error:
            log.debug("sender.waits", error=str(error))
        else:
            for post_id in ids:
                del self._taken_back[post_id]

    async def _round(self) -> float:
        """Begin every call that may leave now. Returns after how many seconds to look again, unless a signal
        comes.
        """
        self._quiet, self._passed_over = False, set()
        leaving, wait, all_seen = await self._chosen()
        chosen, begun = {due.chat_id for due in leaving}, list[Post]()
        try:
            begun = await self._begun(leaving)
        finally:
            self._busy -= chosen - {post.destination.chat_id for post in begun}
        for post in begun:
            self._start(post)
        self._passed_over |= chosen
        self._quiet = all_seen and not self._put_off
        return wait

    def _start(self, post: Post) -> None:
        self._busy.add(post.destination.chat_id)
        context = self._context.copy() if self._context is not None else None
        task = asyncio.create_task(self._deliver(post), name=f"post-{post.id}", context=context)
        self._calls[task] = post
        task.add_done_callback(self._calls.pop)

    @contextmanager
    def beginning(self) -> Iterator[Beginning]:
        """For a transaction that begins first sends itself: `begin_in`, and `start` once it is on disk."""
        beginning = Beginning(self._taken_over)
        try:
            yield beginning
        finally:
            self._busy -= beginning.chats

    def look(self, connection: Connection, beginning: Beginning) -> None:
        """See whether this is still the elected sender, together with what is asked for next: `begin_in` does
        too, but alone.
        """
        if beginning.leadership is not None:
            beginning.leadership.look(connection)

    def begin_in(
        self, connection: Connection, first_sends: Mapping[int, int], beginning: Beginning
    ) -> list[Post]:
        """Begin the first sends of these posts (with their chats) in the transaction that has enqueued them:
        as many as may leave at once, and none where another process is the elected sender.
        """
        self._keep_free(set(), beginning)  # after a try that was undone
        beginning.posts = []
        leadership = beginning.leadership
        if leadership is None or leadership is not self._taken_over or not leadership.holds or self._crowded:
            return []
        leaving = self._that_may_leave(first_sends, beginning)
        if not leaving:
            return []
        self._keep_free({due.chat_id for due in leaving}, beginning)
        self.look(connection, beginning)
        beginning.posts = deliveries.begin(connection, leaving) if leadership.still(connection) else []
        self._keep_free({post.destination.chat_id for post in beginning.posts}, beginning)
        return beginning.posts

    def _that_may_leave(self, first_sends: Mapping[int, int], beginning: Beginning) -> list[Due]:
        leaving, chats, now = list[Due](), set[int](), time.monotonic()
        for post_id, chat_id in first_sends.items():
            if len(self._calls) + len(leaving) >= CONCURRENT:
                self._crowded = True
                break
            if chat_id in self._busy or chat_id in chats:
                continue
            if chat_id not in beginning.counted and self._limits.wait(chat_id, now) > 0:
                continue
            beginning.counted.add(chat_id)
            leaving.append(Due(post_id, chat_id, is_first=True))
            chats.add(chat_id)
        return leaving

    def _keep_free(self, chats: set[int], beginning: Beginning) -> None:
        """Keep these chats free for it, and no others."""
        self._busy -= beginning.chats
        self._busy |= chats
        beginning.chats = chats

    def take_back(self, beginning: Beginning) -> None:
        """The transaction failed. Perhaps only the answer to its COMMIT was lost: then these posts are noted
        as begun by nobody. Else others may have their ids by now.
        """
        if beginning.leadership is self._taken_over:  # else its successor has found them
            self._taken_back |= {post.id: post.correlation for post in beginning.posts}
            self._database.signals.notify([outbox.SIGNAL])

    def start(self, posts: Sequence[Post], beginning: Beginning) -> None:
        """Make the calls that were begun in a transaction, now that it is on disk. Where the sender has
        stopped meanwhile, or its lease has run out, its successor makes them.
        """
        leadership = beginning.leadership
        if leadership is not None and leadership is self._taken_over and leadership.holds:
            beginning.chats = set()
            for post in posts:
                self._start(post)

    async def _chosen(self) -> tuple[list[Due], float, bool]:
        """One post of each chat that may have a call now (and is busy from here on), after how many seconds
        to look again, and whether all was looked at that is due in chats that are not busy.
        """
        # A call that ends while the posts are read leaves its own post in them as it was: that chat's turn
        # comes with the next round, which the end of the call signals.
        busy, passed_over = self._busy.copy(), self._put_off_now()
        leaving: list[Due] = []
        self._crowded = False
        while True:
            waiting = await self._database.short_read(
                partial(deliveries.due, bot_id=self._bot.id, limit=BATCH, but=tuple(passed_over))
            )
            for due in waiting:
                if due.chat_id in busy or due.chat_id in self._busy:
                    self._passed_over.add(due.chat_id)
                    passed_over.add(due.chat_id)
                if due.chat_id in passed_over:
                    continue
                if len(self._calls) + len(leaving) >= CONCURRENT:
                    self._crowded = True
                    return leaving, IDLE_SECONDS, False
                now = time.monotonic()
                if (overall := self._limits.overall_wait(now)) > 0:
                    self._crowded = True
                    # No chat further behind may have a call either.
                    return leaving, min(IDLE_SECONDS, overall), False
                delay = self._limits.wait(due.chat_id, now)
                if delay > 0:
                    self._put_off[due.chat_id] = now + delay
                else:
                    leaving.append(due)
                    self._busy.add(due.chat_id)
                passed_over.add(due.chat_id)
            # Whoever fills the page and may not leave is passed over: those behind them come into sight.
            if leaving or len(waiting) < BATCH:
                soonest = min(self._put_off.values(), default=math.inf) - time.monotonic()
                return leaving, max(0.0, min(IDLE_SECONDS, soonest)), len(waiting) < BATCH

    def _put_off_now(self) -> set[int]:
        """The chats whose limits let nothing leave yet, as far as rounds have met them."""
        now = time.monotonic()
        self._put_off = {chat_id: until for chat_id, until in self._put_off.items() if until > now}
        return set(self._put_off)

    async def _begun(self, leaving: Collection[Due]) -> list[Post]:
        """The posts of the calls that leave now; first sends are noted as begun."""
        first = [due for due in leaving if due.is_first]
        edits = [due.id for due in leaving if not due.is_first]
        posts = []
        if edits:
            posts += await self._database.short_read(lambda connection: deliveries.to_edit(connection, edits))
        if first:
            begin = self._checked(lambda connection: deliveries.begin(connection, first))
            try:
                posts += await self._database.write(begin)
            except DatabaseUnavailable:
                # Perhaps only the answer to the COMMIT was lost: then they are noted as begun by nobody.
                await self._write(
                    lambda connection: deliveries.put_back(connection, [due.id for due in first])
                )
        return posts

    async def _write(self, work: Callable[[Connection], Any], *, rides: bool = False) -> Any:
        """A write that only the elected sender can make, tried until the database takes it: what was sent
        must be known to be sent. Raises LeaseLost.
        """
        while True:
            try:
                return await self._database.write(self._checked(work), rides=rides)
            except DatabaseUnavailable:
                log.debug("sender.waits")
                await asyncio.sleep(IDLE_SECONDS)

    def _checked(self, work: Callable[[Connection], Any]) -> Callable[[Connection], Any]:
        leadership = self._leadership

        def checked(connection: Connection) -> Any:
            if leadership is not None:
                leadership.check(connection)
            return work(connection)

        return checked

    async def _deliver(self, post: Post) -> None:
        with structlog.contextvars.bound_contextvars(correlation=post.correlation, post=post.id):
            shown = False
            try:
                try:
                    shown = await self._show(post)
                    self._failures.pop(post.id, None)
                except LeaseLost:
                    raise
                except DatabaseError as error:
                    await self._later(post, IDLE_SECONDS, str(error), uncertain=True)
                except Exception as error:
                    log.exception("post.failed")
                    await self._failed(post, error)
            except LeaseLost:
                log.info("post.left_to_successor")
                await self._mend([post])
            except Exception:
                log.exception("post.not_noted")
                await asyncio.sleep(IDLE_SECONDS)
            finally:
                chat_id = post.destination.chat_id
                self._busy.discard(chat_id)
                if not (shown and self._quiet and chat_id not in self._passed_over):
                    self._database.signals.notify([outbox.SIGNAL])

    async def _failed(self, post: Post, error: Exception) -> None:
        """A failure of our own: try again, but not for ever."""
        self._failures[post.id] += 1
        if self._failures[post.id] < MOST_FAILURES and not isinstance(error, BlobError):
            await self._later(post, _backoff(post), type(error).__name__, uncertain=True)
            return
        del self._failures[post.id]
        await self._dead_letter_post(post, type(error).__name__)

    async def _mend(self, left: Collection[Post]) -> None:
        """Edits of ours may arrive after the successor's, however late we are: those messages are edited once
        more.
        """
        edits = [post for post in left if post.message_id is not None]

        def work(connection: Connection) -> None:
            for post in edits:
                outbox.refresh(connection, post.destination, post.id)

        try:
            if edits:
                await self._database.write(work)
        except DatabaseError as error:
            log.warning("posts.not_mended", posts=[post.id for post in edits], error=str(error))

    async def _show(self, post: Post) -> bool:
        """Returns whether the chat shows it now."""
        try:
            message_id = await self._called(post)
        except ValueError as error:
            await self._dead_letter_post(post, str(error))
        except TelegramError as error:
            await self._refused(post, error)
        else:
            if "topic" in post.content and not post.content["topic"]["open"] and message_id is not None:
                post = replace(post, revision=post.revision - 1)  # it is open now: an edit closes it
            await self._notes.add(Shown(post, message_id))
            log.info("post.shown", edited=post.message_id is not None)
            return True
        return False

    async def _called(self, post: Post) -> int | None:
        """Make the call. Returns the message's id where it is a first send. Raises TelegramError, and
        ValueError for what no call can be made of.
        """
        if post.message_id is None and post.destination.thread_id == NO_TOPIC:
            raise ValueError("its topic could not be opened")
        if post.message_id is None and post.destination.thread_id == NO_TOPIC_YET:
            raise NotSent("its topic is not open yet")
        if "topic" in post.content:
            if post.message_id is None:
                return await self._topics.open(post)
            self._limits.charge(post.destination.chat_id, 1, time.monotonic())
            await self._topics.change(post)
            return None
        rendered = render(post)
        if post.message_id is None:
            return await self._send(post, rendered)
        await self._edit(post, rendered)
        return None

    def _note(self, connection: Connection, notes: Sequence[Shown]) -> None:
        at = self._clock.now()

        def one_too_many(post: Post, message_id: int) -> None:
            # The first copy was there after all, and was pressed.
            log.info("post.sent_once_too_many", correlation=post.correlation, post=post.id)
            bare = without_buttons(post.content)
            outbox.remove_keyboard(
                connection, post.destination, message_id, bare, correlation=post.correlation, at=at
            )

        deliveries.shown(connection, notes, at, one_too_many)

    async def _send(self, post: Post, rendered: Rendered) -> int:
        if rendered.files:
            self._limits.charge(post.destination.chat_id, len(rendered.files) - 1, time.monotonic())
            return await self._files.send(destination_arguments(post), rendered)
        message = await call(self._bot, "sendMessage", destination_arguments(post) | shown(rendered))
        return int(message["message_id"])

    async def _edit(self, post: Post, rendered: Rendered) -> None:
        if rendered.stands:
            return  # an album, or what brought a keyboard, stays as it was sent
        method = "editMessageCaption" if rendered.files else "editMessageText"
        message = {"chat_id": post.destination.chat_id, "message_id": post.message_id}
        try:
            await call(self._bot, method, message | shown(rendered))
        except BadRequest as error:
            if "message is not modified" not in error.message.lower():
                raise

    async def _refused(self, post: Post, error: TelegramError) -> None:
        """The call failed: decide what becomes of the post."""
        destination = post.destination
        match error:
            case RetryAfter():
                seconds = seconds_of(error)
                self._limits.flood(destination.chat_id, seconds, time.monotonic())
                await self._later(post, seconds, deliveries.FLOOD, uncertain=False)
            case ChatMigrated(new_chat_id=new):
                log.info("chat.migrated")
                await self._write(
                    lambda connection: self._chat_moved(
                        connection, destination.bot_id, destination.chat_id, new
                    )
                )
            case Forbidden():
                # This post alone: what was enqueued during the call may be for one who came back.
                log.info("chat.blocked", reason=error.message)
                await self._give_up(post, outbox.BLOCKED)
            case BadRequest() if post.message_id is not None and _is_any_of(NOT_TO_BE_EDITED, error):
                if post.rank is Rank.TIDY:
                    log.info("post.message_gone", why=error.message)  # and its buttons with it
                    await self._give_up(post, error.message)
                else:
                    await self._write(lambda connection: deliveries.lost(connection, post))
            case BadRequest() if (
                _is_any_of(TOPIC_GONE, error)
                and destination.topic not in (None, post.id)
                and post.attempts < MOST_FAILURES
            ):
                log.info("topic.gone", why=error.message)
                await self._write(lambda connection: topic_lost(connection, post))
            case BadRequest() if _is_any_of(DESTINATION_GONE, error):
                log.info("post.place_gone", why=error.message)
                await self._give_up(post, error.message)
            case BadRequest():
                await self._dead_letter_post(post, error.message)
            case TooLarge():
                await self._dead_letter_post(post, error.message)
            case InvalidToken() | NotSent():
                await self._later(post, _backoff(post), type(error).__name__, uncertain=False)
            case AnswerLost():
                await self._later(post, _backoff(post), "answer lost", uncertain=True)
            case NetworkError():
                # The server answered with an error of its own: whether it sent the message first cannot be
                # known.
                await self._later(post, _backoff(post), error.message, uncertain=True)
            case _:
                await self._dead_letter_post(post, error.message)

    async def _later(self, post: Post, seconds: float, why: str, *, uncertain: bool) -> None:
        log.warning("post.later", seconds=round(seconds, 1), why=why, uncertain=uncertain)
        await self._write(
            lambda connection: deliveries.later(
                connection, post, int(seconds * 1000) + 1, why, uncertain=uncertain
            )
        )

    async def _dead_letter_post(self, post: Post, why: str) -> None:
        log.error("post.dead", why=why)
        await self._give_up(post, why)

    async def _give_up(self, post: Post, why: str) -> None:
        await self._write(lambda connection: deliveries.dead_letter(connection, post, why))


def _is_any_of(phrases: Sequence[str], error: BadRequest) -> bool:
    message = error.message.lower()
    return any(phrase in message for phrase in phrases)


def _backoff(post: Post) -> float:
    return min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * float(2 ** min(post.attempts, 10)))
