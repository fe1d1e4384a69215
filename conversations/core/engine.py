"""The engine: from a reply, the context and the dialogue under way to a turn. It reads and decides; it
changes nothing.

This module finds what a reply is meant for: the present question, an action, or the engine itself (back,
cancel, stale buttons, expiry). `results.py` does so for the results of jobs. `answering.py` carries out what
the question or the action answers. `questions.py` draws a question.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from backend.core.dialogues.values import StoredDialogue
from backend.core.jobs import service as jobs
from backend.core.outbox import service as outbox
from backend.core.refusals import Refused
from backend.identity.errors import NotPermitted
from backend.notices import service as notices
from conversations.core.answering import Answering
from conversations.core.answers import Next
from conversations.core.catalogue import Catalogue
from conversations.core.context import TurnContext
from conversations.core.effects import (
    CancelJobs,
    Card,
    GiveUpChat,
    Rebind,
    RemoveKeyboard,
    ShowAgain,
    Turn,
    order,
    turn,
)
from conversations.core.feature import Recognised
from conversations.core.labels import READ_LABEL, Picture, pictures, to_argument
from conversations.core.navigation import way_on
from conversations.core.prompts import Prompt, shows_file
from conversations.core.questions import (
    BACK,
    CANCEL,
    SUMMARY,
    Dialogue,
    Scene,
    ask,
    closed,
    loaded,
    over,
)
from conversations.core.replies import (
    Chosen,
    Command,
    Edited,
    Entered,
    Expired,
    Finished,
    Garbled,
    Ignored,
    MessageRef,
    Overheard,
    Reachability,
    Reply,
    Sent,
    Typed,
)
from conversations.core.results import Results

log = structlog.get_logger(__name__)

START = "start"
"""The command behind the button of a chat that is empty, or whose user had blocked the bot."""
NOBODY_WRITES = Expired | Ignored | Reachability | Overheard
"""Replies that do not come from somebody who expects an answer."""


class Engine:
    """Decides turns for the dialogues and actions of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._answering = Answering(catalogue)
        self._results = Results(catalogue, self._answering)

    def passes_over(self, reply: Reply) -> bool:
        """True if nothing comes of a reply, whatever else there is to know."""
        return isinstance(reply, Ignored) or (isinstance(reply, Overheard) and not self._catalogue.overhears)

    async def plan(
        self,
        reply: Reply,
        context: TurnContext,
        conversation: StoredDialogue | None,
        refusal: Refused | None = None,
    ) -> Turn:
        """Decide the turn. `refusal`: what the service said to the turn that was decided at first.

        A user whose roles were changed meanwhile reads that they are not permitted, and the dialogue is over.
        One who was suspended reads so at the next answer, even to a question that needs no permission.
        """
        if not isinstance(refusal, NotPermitted):
            try:
                return await self._decide(reply, context, conversation, refusal)
            except NotPermitted:
                pass
        log.info("dialogue.not_permitted")
        said = Prompt(
            context.say("entry.suspended" if _suspended(context) else "entry.not_enabled"), way_on(context)
        )
        if conversation is None:
            return turn(Card(said))
        return closed(Turn(), conversation, Card(said)) + turn(RemoveKeyboard(conversation.card_id))

    async def _decide(
        self, reply: Reply, context: TurnContext, conversation: StoredDialogue | None, refusal: Refused | None
    ) -> Turn:
        dialogue = loaded(self._catalogue.flows, conversation) if conversation is not None else None
        ended = _ended(dialogue, conversation, reply, context) if conversation is not None else None
        if conversation is None or ended is None:
            if dialogue is not None and _suspended(context) and isinstance(reply, Chosen | Typed | Sent):
                raise NotPermitted(None)
            return await self._react(reply, Scene(context, dialogue), refusal)
        done = await self._react(reply, Scene(context, None, after_end=True), refusal)
        return closed(done, conversation, over(conversation, context, ended))

    async def _react(self, reply: Reply, scene: Scene, refusal: Refused | None) -> Turn:
        dialogue, context = scene.dialogue, scene.context
        match reply:
            case Chosen():
                return await self._chosen(reply, scene, refusal)
            case Entered():
                return await self._entered(reply, scene, refusal)
            case Command():
                return await self._command(reply, scene, refusal)
            case Typed(text):
                return await self._typed(reply, text, scene, refusal)
            case Finished():
                return await self._results.finished(reply, scene, refusal)
            case Expired(revision):
                if (
                    dialogue is None
                    or dialogue.row.revision != revision
                    or dialogue.row.expires_at >= context.now
                ):
                    return Turn()
                return closed(Turn(), dialogue.row, over(dialogue.row, context, "expired"))
            case Reachability(reachable):
                if not reachable:
                    return turn(GiveUpChat())
                return turn(order(notices.came_back, context.person.user_id, context.now))
            case Edited():
                heard = await self._heard(reply, scene, refusal)
                if heard is not None or not context.private:
                    return heard or Turn()
                return await self._answering.show(scene, Prompt(context.say("dialogue.edited")))
            case Garbled():
                return await self._answering.show(scene, self._answering.hint(scene, "dialogue.garbled"))
            case Sent():
                return await self._sent(reply, scene, refusal)
            case Overheard(said):
                return await self._heard(said, scene, refusal) or Turn()
            case Ignored():
                return Turn()

    # ── what the user did

    async def _command(self, reply: Command, scene: Scene, refusal: Refused | None) -> Turn:
        name, argument = reply.name, reply.argument
        if name not in self._catalogue.commands:
            said = Typed(reply.text, reply.message)
            if not scene.context.private:  # meant for another bot, or mere talk
                return await self._heard(said, scene, refusal) or Turn()
            if "/" in name:  # a path
                return await self._typed(said, reply.text, scene, refusal)
            return await self._answering.show(scene, Prompt(scene.context.say("dialogue.unknown_command")))
        action = self._catalogue.commands[name]
        if action is None:
            return await self._cancel(scene)
        if name == START and (linked := self._catalogue.linked(argument)) is not None:
            action, argument = linked
        done = await self._answering.run(action, argument, scene, refusal)
        if name == START and scene.context.private:  # pressed by whoever writes for the first time, or again
            done += turn(order(notices.came_back, scene.context.person.user_id, scene.context.now))
        return done

    async def _chosen(self, reply: Chosen, scene: Scene, refusal: Refused | None) -> Turn:
        dialogue, context = scene.dialogue, scene.context
        rebind = turn(Rebind(reply.card_id, reply.message_id))
        if dialogue is None:
            gone = Prompt(context.say("dialogue.over"), way_on(context))
            return rebind + turn(ShowAgain(reply.card_id, gone))
        row = dialogue.row
        if (reply.card_id, reply.revision) != (row.card_id, row.revision):
            again = rebind + turn(ShowAgain(reply.card_id))
            return again if reply.card_id == row.card_id else await ask(dialogue, scene) + again
        pressed = scene if await self._is_file(reply.card_id, context) else replace(scene, onto=reply.card_id)
        if reply.value == CANCEL:
            return rebind + await self._cancel(pressed)
        if reply.value == SUMMARY:
            return rebind + await self._answering.carry_out(Next(dialogue.draft), pressed)
        if reply.value == BACK:
            earlier = dialogue.flow.before(dialogue.draft, dialogue.step)
            target = earlier.name if earlier is not None else dialogue.step.name
            return rebind + await self._answering.carry_out(Next(dialogue.draft, target), pressed)
        return rebind + await self._reply_to(dialogue, reply, pressed, refusal)

    async def _entered(self, reply: Entered, scene: Scene, refusal: Refused | None) -> Turn:
        before = Turn()
        if reply.card_id is not None and reply.message_id is not None:
            before = turn(Rebind(reply.card_id, reply.message_id))
            scene = replace(scene, onto=reply.card_id)
        action = self._catalogue.actions.get(reply.action)
        if action is None and not scene.context.private:
            scene = replace(scene, onto=None)  # the card is everybody's
        if action is None:
            return before + await self._answering.show(scene, self._answering.hint(scene, "dialogue.garbled"))
        if scene.onto is not None:
            content = (
                await scene.context.short_read(outbox.content_of, scene.context.destination, scene.onto) or {}
            )
            if shows_file(content) or (action.navigates and content.get("lasting")):
                scene = replace(scene, onto=None)
        return before + await self._answering.run(action, reply.argument, scene, refusal)

    async def _is_file(self, post_id: int, context: TurnContext) -> bool:
        content = await context.short_read(outbox.content_of, context.destination, post_id)
        return content is not None and shows_file(content)

    async def _typed(self, reply: Typed, text: str, scene: Scene, refusal: Refused | None) -> Turn:
        dialogue = scene.dialogue
        if await self._answers_message(reply.message, scene):
            heard = await self._heard(reply, scene, refusal)
            if heard is not None:
                return heard
        if dialogue is not None and dialogue.claims(text, scene.context):
            return await self._reply_to(dialogue, reply, scene, refusal)
        recognised = self._catalogue.recognise(text, (), scene.context)
        if recognised is not None and dialogue is None and not self._may(recognised, scene.context):
            taken = await self._answering.taken_by(
                reply, scene
            )  # who may not do that may have meant something else
            recognised = taken or recognised
        if recognised is not None:
            return await self._answering.run(
                self._catalogue.actions[recognised.action], recognised.argument, scene, refusal
            )
        if dialogue is not None:
            return await self._reply_to(dialogue, reply, scene, refusal)
        return await self._answering.taken(reply, scene, refusal, "dialogue.not_understood")

    async def _sent(self, reply: Sent, scene: Scene, refusal: Refused | None) -> Turn:
        """The question's own, or a digression, or the question's all the same. Words beside a picture or a
        file that are a code are meant as if they were typed.
        """
        dialogue, context = scene.dialogue, scene.context
        if await self._answers_message(reply.message, scene):
            heard = await self._heard(reply, scene, refusal)
            if heard is not None:
                return heard
        if dialogue is not None and (asked := dialogue.asks_codes(context)):
            taken = dialogue.takes(reply, context)
            meant = reply.caption.strip() and (taken or dialogue.claims(reply.caption, context))
            picture = Picture(reply, tuple(sorted(asked)), taken)
            if not meant and (read := await self._label(picture, scene, refusal)) is not None:
                return read
        if dialogue is not None and dialogue.takes(reply, context):
            return await self._reply_to(dialogue, reply, scene, refusal)
        if dialogue is not None and (more := dialogue.meanwhile(reply, context)) is not None:
            return await ask(more, scene)
        if dialogue is not None and reply.caption and dialogue.claims(reply.caption, context):
            return await self._reply_to(dialogue, Typed(reply.caption, reply.message), scene, refusal)
        recognised = self._catalogue.recognise(reply.caption, reply.attachments, context)
        if recognised is not None:
            action = self._catalogue.actions[recognised.action]
            return await self._answering.run(action, recognised.argument, scene, refusal)
        if (read := await self._label(Picture(reply), scene, refusal)) is not None:
            return read
        if dialogue is not None:
            return await self._reply_to(dialogue, reply, scene, refusal)
        return await self._answering.begin(reply, scene, refusal)

    async def _label(self, picture: Picture, scene: Scene, refusal: Refused | None) -> Turn | None:
        """The turn that has a picture read; None where there is none, or nobody reads any. In a group,
        pictures are talk.
        """
        action = self._catalogue.actions.get(READ_LABEL)
        if action is None or not scene.context.private or not pictures(picture.sent):
            return None
        return await self._answering.run(action, to_argument(picture), scene, refusal)

    async def _answers_message(self, message: MessageRef | None, scene: Scene) -> bool:
        """True if it answers a message that is not the question under way. A message that no post shows is
        taken for a copy of it: where the answer of a first send was lost, there are two.
        """
        if message is None or message.reply_to is None:
            return False
        if scene.dialogue is None:
            return True
        context = scene.context
        answered = await context.short_read(outbox.post_at, context.destination, message.reply_to)
        return answered not in (None, scene.dialogue.row.card_id)

    async def _heard(self, said: Typed | Sent | Edited, scene: Scene, refusal: Refused | None) -> Turn | None:
        """What a listener makes of it; None where it is for none."""
        heard = await self._catalogue.hear(said, scene.context)
        if heard is None:
            return None
        action = self._catalogue.actions[heard.action]
        return await self._answering.run(action, heard.argument, scene, refusal)

    def _may(self, recognised: Recognised, context: TurnContext) -> bool:
        needed = self._catalogue.actions[recognised.action].permission
        return needed is None or context.may(needed)

    async def _reply_to(
        self, dialogue: Dialogue, reply: Reply, scene: Scene, refusal: Refused | None
    ) -> Turn:
        """Let the present step answer; while it waits for a job, say so again."""
        context = scene.context
        if dialogue.row.job_id is not None:
            return await ask(dialogue, scene)
        if refusal is not None:
            if dialogue.flow.gives and (below := self._answering.beneath(dialogue)) is not None:
                dialogue, scene = below, replace(scene, dialogue=below)
            return await self._answering.conclude(
                dialogue, dialogue.flow.refused(dialogue.draft, refusal, context), scene
            )
        return await self._answering.conclude(
            dialogue, dialogue.step.answer(dialogue.draft, reply, context), scene
        )

    async def _cancel(self, scene: Scene) -> Turn:
        dialogue, context = scene.dialogue, scene.context
        if dialogue is None:
            waiting = await context.short_read(
                jobs.waiting_kinds, context.destination.lane, context.person.user_id
            )
            prompt = Prompt(
                context.say("dialogue.cancelled" if waiting else "dialogue.nothing_to_cancel"),
                way_on(context),
            )
            return turn(CancelJobs(Prompt(prompt.text)), Card(prompt))
        instead = dialogue.flow.cancelled(dialogue.draft)
        if instead is not None:
            job_id = dialogue.row.job_id
            forgotten = turn(CancelJobs(only=(job_id,))) if job_id is not None else Turn()
            return forgotten + await self._answering.carry_out(instead, scene)
        card = over(dialogue.row, context, "cancelled")
        if scene.onto != dialogue.row.card_id:
            card = replace(card, onto=None)
        # Those beneath no longer wait for their jobs either: they ask again.
        resting = tuple(replace(entry, job_id=None) for entry in dialogue.row.suspended)
        ended = replace(dialogue, row=replace(dialogue.row, suspended=resting))
        return await self._answering.end(
            turn(CancelJobs(Prompt(card.prompt.text)), card), replace(scene, dialogue=ended)
        )


def _suspended(context: TurnContext) -> bool:
    return context.actor is not None and context.actor.suspended


def _ended(dialogue: Dialogue | None, row: StoredDialogue, reply: Reply, context: TurnContext) -> str | None:
    """Why the stored dialogue does not go on: `dialogue.<why>` is its text. None where it does.

    The reply is then answered as if nothing was being asked.
    """
    if dialogue is None:
        return "outdated"
    if row.membership_id not in (None, context.membership_id):
        return "other_company"
    if row.expires_at < context.now and not isinstance(reply, NOBODY_WRITES):
        return "expired"
    return None
