"""A turn: what an update means, what is decided about it, and what that writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection
from telegram import Bot

from backend.core.db.database import Database
from backend.core.dialogues import service as dialogues
from backend.core.dialogues.values import StoredDialogue
from backend.core.inbox.values import Incoming, Row
from backend.core.outbox import service as outbox
from backend.core.refusals import Refused
from backend.identity import service as identity
from backend.identity.values import Actor
from backend.staff_group import service as staff_group
from bot.core.feature import ChatMoved
from bot.core.turns.addressee import Addressee, address
from bot.core.turns.carry_out import carry_out
from conversations.core.context import Services, TurnContext
from conversations.core.effects import Turn
from conversations.core.engine import Engine
from conversations.core.texts import language_for, texts

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Nothing:
    """Nobody is answered. Where `moved_to` is set, the chat has become that one."""

    addressee: Addressee | None
    moved_to: int | None


@dataclass(frozen=True)
class Decided:
    """What a turn is to write, and what it was decided from."""

    turn: Turn
    addressee: Addressee
    context: TurnContext
    conversation: StoredDialogue | None
    correlation: str


class Turns:
    """Decides and writes the turns of one bot."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        engine: Engine,
        services: Services,
        chat_moved: ChatMoved,
    ) -> None:
        self._database = database
        self._bot = bot
        self._engine = engine
        self._services = services
        self._chat_moved = chat_moved

    async def decide(self, rows: Sequence[Row | Incoming], at: datetime) -> Decided | Nothing:
        """Decide the turn of an update, of the parts of an album, or of a row of our own. It only reads.

        Raises Unreadable, and whatever the dialogues raise.
        """
        addressee = address(rows, self._bot)
        if addressee is None or self._engine.passes_over(addressee.reply):
            return Nothing(addressee, addressee.migrated_to if addressee is not None else None)
        destination, user_id = addressee.destination, addressee.person.user_id

        def read(connection: Connection) -> tuple[StoredDialogue | None, Actor | None, str | None, bool]:
            dialogue = dialogues.ask_current(connection, destination, user_id)
            actor = identity.ask_actor(connection, user_id)
            language = outbox.ask_language(connection, destination.bot_id, destination.chat_id)
            in_staff_group = not addressee.private and staff_group.is_chosen(
                connection, destination.bot_id, destination.chat_id
            )
            return dialogue(), actor(), language(), in_staff_group

        conversation, actor, language, in_staff_group = await self._database.short_read(read)
        context = TurnContext(
            services=self._services,
            person=addressee.person,
            destination=destination,
            actor=actor,
            say=texts(language_for(language, "" if in_staff_group else addressee.person.language)),
            now=at,
            private=addressee.private,
            staff_group=in_staff_group,
            reply=addressee.reply,
        )
        turn = await self._engine.plan(addressee.reply, context, conversation)
        return Decided(turn, addressee, context, conversation, rows[0].correlation)

    async def decide_again(self, decided: Decided, refusal: Refused) -> Decided:
        """Decide anew, now that a service has refused what the turn was to write."""
        log.info("turn.refused", refusal=type(refusal).__name__)
        reply, context = decided.addressee.reply, decided.context
        turn = await self._engine.plan(reply, context, decided.conversation, refusal)
        return replace(decided, turn=turn)

    def write(self, connection: Connection, decided: Decided | Nothing) -> list[int]:
        """Write what was decided. Returns the posts that it sends to its own chat. Raises what a service
        raises, with some of it written.
        """
        match decided:
            case Nothing(Addressee(destination=there), int(moved_to)):
                self._chat_moved(connection, there.bot_id, there.chat_id, moved_to)
                return []
            case Nothing():
                return []
        addressee, context = decided.addressee, decided.context
        if context.actor is not None and context.actor.language != addressee.person.language[:16] != "":
            identity.note_language(connection, context.actor.person_id, addressee.person.language)
        return carry_out(
            connection,
            decided.turn,
            addressee,
            at=context.now,
            correlation=decided.correlation,
            membership_id=context.membership.id if context.membership is not None else None,
        )
