"""Carrying a turn out: from what the engine decided to rows, inside the turn's one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from backend.dialogues import service as dialogues
from backend.inbox import service as inbox
from backend.inbox.values import Incoming, RowKind
from backend.jobs import service as jobs
from backend.outbox import service as outbox
from backend.outbox.values import Rank
from bot.addressee import Addressee
from conversations.answers import Errand
from conversations.plan import Card, Turn
from conversations.prompts import Prompt, to_json, without_buttons


@dataclass(frozen=True)
class Performance:
    """One turn being carried out; it may be carried out again from the start, when the commit was tried
    again.
    """

    addressee: Addressee
    at: datetime
    correlation: str

    def carry_out(self, connection: Connection, turn: Turn) -> None:
        """Write all that the turn changes and shows. What a service raises undoes it all."""
        place, user_id = self.addressee.place, self.addressee.person.user_id
        if turn.adopt is not None:
            self._adopt(connection, *turn.adopt)
        result: Any = None
        for order in turn.orders:
            result = order(connection)
        if turn.blocked:
            outbox.blocked(connection, self.addressee.place.bot_id, self.addressee.place.chat_id)
        if turn.cancels:
            said = to_json(Prompt(turn.cards[0].prompt.text)) if turn.cards else None
            for card_id in jobs.cancel_waiting(connection, place.lane, user_id, self.at):
                self._retire(connection, card_id, said)
        made = tuple(turn.finish(result)) if turn.finish is not None else ()
        question = None
        drawn = []
        for card in (*turn.cards, *made, *turn.last):
            post_id = self._draw(connection, card, turn)
            drawn.append(post_id)
            if card.asks:
                question = post_id
        if turn.conversation is not None and question is not None:
            dialogues.put(connection, replace(turn.conversation, card_id=question))
        elif turn.ends:
            dialogues.close(connection, place, user_id)
        for post_id in turn.retire:
            if post_id not in drawn:
                self._retire(connection, post_id)
        self._refresh(connection, turn)
        if turn.errand is not None:
            self._send_errand(connection, turn.errand, drawn[0] if drawn else None)
        if turn.errand_of is not None and (errand := turn.errand_of(result)) is not None:
            self._send_errand(connection, errand, None)
        if turn.then is not None:
            self._go_on(connection, *turn.then)

    def _draw(self, connection: Connection, card: Card, turn: Turn) -> int:
        revision = turn.conversation.revision if card.asks and turn.conversation is not None else 0
        content = to_json(card.prompt, revision)
        place = self.addressee.place
        if card.onto is not None:
            if outbox.redraw(connection, place, card.onto, content, correlation=self.correlation):
                return card.onto
            self._retire(connection, card.onto)  # a call under way may still bring it to the chat
        return outbox.draw(connection, place, content, correlation=self.correlation, at=self.at)

    def _adopt(self, connection: Connection, post_id: int, message_id: int) -> None:
        place = self.addressee.place
        orphan = outbox.adopt(connection, post_id, place, message_id)
        content = outbox.content_of(connection, place, post_id) if orphan is not None else None
        if orphan is not None and content is not None:
            bare = without_buttons(content)
            outbox.strip(connection, place, orphan, bare, correlation=self.correlation, at=self.at)

    def _retire(self, connection: Connection, post_id: int, instead: dict[str, Any] | None = None) -> None:
        """Take its buttons from a card, which then shows what it did, or something else `instead`."""
        content = outbox.content_of(connection, self.addressee.place, post_id)
        if content is not None and "rows" in content:
            bare = instead or without_buttons(content)
            outbox.redraw(
                connection, self.addressee.place, post_id, bare, correlation=self.correlation, rank=Rank.TIDY
            )

    def _refresh(self, connection: Connection, turn: Turn) -> None:
        known = [outbox.refresh(connection, self.addressee.place, post_id) for post_id in turn.refresh]
        if turn.if_gone is not None and not all(known):
            self._draw(connection, Card(turn.if_gone), turn)

    def _send_errand(self, connection: Connection, errand: Errand, card_id: int | None) -> None:
        jobs.add(
            connection,
            errand.kind,
            errand.arguments,
            self.addressee.place,
            self.addressee.person.user_id,
            language=self.addressee.person.language,
            card_id=card_id,
            correlation=self.correlation,
            at=self.at,
        )

    def _go_on(self, connection: Connection, action: str, argument: str) -> None:
        place, person = self.addressee.place, self.addressee.person
        payload = {
            "action": action,
            "argument": argument,
            "chat_id": place.chat_id,
            "thread_id": place.thread_id,
            "user_id": person.user_id,
            "name": person.name,
            "language": person.language,
        }
        row = Incoming(place.bot_id, place.lane, RowKind.ENTRY, payload, self.correlation)
        inbox.add(connection, row, self.at)
