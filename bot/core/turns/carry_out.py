"""Carrying a turn out: from what the engine decided to rows, inside the turn's one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from backend.core.db.signals import pending_signals, withdraw
from backend.core.dialogues import service as dialogues
from backend.core.inbox import service as inbox
from backend.core.inbox.values import Incoming, RowKind
from backend.core.jobs import service as jobs
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Destination, Rank
from bot.core.turns.addressee import Addressee
from conversations.core.effects import (
    Await,
    Call,
    CancelJobs,
    Card,
    Effect,
    EndDialogue,
    GiveUpChat,
    GoOn,
    JobRequest,
    KeepDialogue,
    LeaveDialogues,
    NoteCard,
    Order,
    PostTo,
    Rebind,
    RemoveKeyboard,
    ShowAgain,
    Turn,
)
from conversations.core.prompts import can_become, digests, messages, to_json, without_buttons


def carry_out(
    connection: Connection,
    turn: Turn,
    addressee: Addressee,
    *,
    at: datetime,
    correlation: str,
    membership_id: int | None = None,
) -> list[int]:
    """Write all that the turn changes and shows. Returns the posts that it sends to its own chat: the caller
    begins them, or has the sender woken. What a service raises undoes it all.

    `membership_id` is the one that the user acts in.
    """
    transaction = _Transaction(connection, addressee, at, correlation, membership_id)
    transaction.carry_out(turn.effects)
    return transaction.first_sends


@dataclass
class _Transaction:
    """One try at a turn; another try begins with another one."""

    connection: Connection
    addressee: Addressee
    at: datetime
    correlation: str
    membership_id: int | None
    enqueued: list[int] = field(default_factory=list)
    """The posts that this turn has enqueued something for."""
    first_sends: list[int] = field(default_factory=list)
    question: int | None = None
    job_id: int | None = None

    def carry_out(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:
        destination, user_id = self.addressee.destination, self.addressee.person.user_id
        match effect:
            case Order():
                effect(self.connection)
            case Call(order, then):
                self.carry_out(then(order(self.connection)))
            case Card():
                self._enqueue(effect)
            case NoteCard(function, arguments):
                function(self.connection, *arguments, destination, self.enqueued[-1])
            case JobRequest():
                self._start_job(effect, None)
            case Await(job):
                self.job_id = self._start_job(job, self.enqueued[-1])
            case CancelJobs(instead, only):
                said = to_json(instead) if instead is not None else None
                for card_id in jobs.cancel_waiting(self.connection, destination.lane, user_id, self.at, only):
                    self._remove_keyboard(card_id, said)
            case KeepDialogue(conversation, awaits):
                if self.question is not None:
                    conversation = replace(conversation, card_id=self.question)
                if awaits:
                    conversation = replace(conversation, job_id=self.job_id)
                elif conversation.job_id is not None and self.question is not None:
                    jobs.show_on(self.connection, conversation.job_id, self.question)
                dialogues.put(self.connection, conversation)
            case EndDialogue():
                dialogues.close(self.connection, destination, user_id)
            case Rebind(post_id, message_id):
                self._rebind(post_id, message_id)
            case RemoveKeyboard(post_id, instead):
                if post_id not in self.enqueued:
                    self._remove_keyboard(post_id, to_json(instead) if instead is not None else None)
            case ShowAgain(post_id, if_gone):
                if not outbox.refresh(self.connection, destination, post_id) and if_gone is not None:
                    self._enqueue(Card(if_gone))
            case GoOn(action, argument):
                self._go_on(action, argument)
            case PostTo(there, prompt):
                for part in messages(prompt):
                    self._add_post(to_json(part), there, Rank.NOTICE)
            case LeaveDialogues():
                pass  # the engine has seen to it
            case GiveUpChat():
                outbox.blocked(self.connection, destination.bot_id, destination.chat_id)

    def _enqueue(self, card: Card) -> None:
        post_id = self._post_of(card)
        self.enqueued.append(post_id)
        if card.asks:
            self.question = post_id

    def _post_of(self, card: Card) -> int:
        *before, last = messages(card.prompt)
        content = to_json(last, card.revision)
        if card.onto is not None and not before:
            if self._update_post(card.onto, content):
                return card.onto
            self._remove_keyboard(card.onto)  # a call under way may still bring it to the chat
        for prompt in before:
            self.enqueued.append(self._add_post(to_json(prompt)))
        return self._add_post(content)

    def _add_post(
        self, content: dict[str, Any], destination: Destination | None = None, rank: Rank = Rank.REPLY
    ) -> int:
        files, woken = digests(content), outbox.SIGNAL in pending_signals(self.connection)
        post_id = outbox.enqueue(
            self.connection,
            destination or self.addressee.destination,
            content,
            correlation=self.correlation,
            at=self.at,
            rank=rank,
            files=files,
            passing="passing" in content,
        )
        if destination is None and not files:
            self.first_sends.append(post_id)
            if not woken:
                withdraw(self.connection, outbox.SIGNAL)
        return post_id

    def _update_post(self, post_id: int, content: dict[str, Any]) -> bool:
        """Show it there instead. Returns False where that message cannot become it."""
        destination = self.addressee.destination
        shown = outbox.content_of(self.connection, destination, post_id)
        if shown is not None and not can_become(shown, content):
            return False
        return outbox.update_post(
            self.connection,
            destination,
            post_id,
            content,
            correlation=self.correlation,
            files=digests(content),
        )

    def _rebind(self, post_id: int, message_id: int) -> None:
        destination = self.addressee.destination
        orphan = outbox.rebind(self.connection, post_id, destination, message_id)
        content = outbox.content_of(self.connection, destination, post_id) if orphan is not None else None
        if orphan is not None and content is not None:
            bare = without_buttons(content)
            outbox.remove_keyboard(
                self.connection, destination, orphan, bare, correlation=self.correlation, at=self.at
            )

    def _remove_keyboard(self, post_id: int, instead: dict[str, Any] | None = None) -> None:
        """Take its buttons from a card, which then shows what it did, or something else `instead`."""
        destination = self.addressee.destination
        content = outbox.content_of(self.connection, destination, post_id)
        if content is not None and "rows" in content:
            bare = (
                instead if instead is not None and can_become(content, instead) else without_buttons(content)
            )
            outbox.update_post(
                self.connection, destination, post_id, bare, correlation=self.correlation, rank=Rank.TIDY
            )

    def _start_job(self, request: JobRequest, card_id: int | None) -> int:
        return jobs.add(
            self.connection,
            request.kind,
            request.arguments,
            self.addressee.destination,
            self.addressee.person.user_id,
            action=request.action,
            language=self.addressee.person.language,
            card_id=card_id,
            membership_id=self.membership_id,
            correlation=self.correlation,
            at=self.at,
        )

    def _go_on(self, action: str, argument: str) -> None:
        destination, person = self.addressee.destination, self.addressee.person
        payload = {
            "action": action,
            "argument": argument,
            "chat_id": destination.chat_id,
            "thread_id": destination.thread_id,
            "user_id": person.user_id,
            "name": person.name,
            "language": person.language,
        }
        row = Incoming(
            destination.bot_id,
            destination.lane,
            RowKind.ENTRY,
            payload,
            self.correlation,
            user_id=person.user_id,
        )
        inbox.add(self.connection, row, self.at)
