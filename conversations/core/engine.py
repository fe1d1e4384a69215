"""The engine: from a reply, the context and the dialogue under way to a turn. It reads and decides; it
changes nothing.

Whatever dialogues have in common is here, once: back, cancel, editing any answer in the summary, expiry,
stale buttons, waiting for a job, digressions (a pasted POD, help), dialogues begun inside of others, and
coming back from all of them. How a question is shown: `conversations/core/questions.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import structlog

from backend.core.dialogues.values import StoredDialogue
from backend.core.jobs import service as jobs
from backend.core.outbox import service as outbox
from backend.core.refusals import Refused
from backend.identity.errors import NotPermitted
from backend.notices import service as notices
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Go, Next, Reject, Show, Start, Wait, headed
from conversations.core.catalogue import Catalogue
from conversations.core.context import TurnContext
from conversations.core.effects import (
    TO_DIALOGUE,
    AnswerEffect,
    Call,
    CancelJobs,
    Card,
    EndDialogue,
    GiveUpChat,
    GoOn,
    KeepDialogue,
    LeaveDialogues,
    Rebind,
    RemoveKeyboard,
    ShowAgain,
    Turn,
    order,
    turn,
)
from conversations.core.effects import Await as AwaitJob
from conversations.core.flow import Flow
from conversations.core.navigation import way_on
from conversations.core.prompts import NOTHING, Html, Prompt, shows_file
from conversations.core.questions import (
    BACK,
    CANCEL,
    SUMMARY,
    Dialogue,
    Scene,
    ask,
    cards_for,
    error_text,
    loaded,
    over,
    started,
    suspended,
    unread,
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
    Overheard,
    Reachability,
    Reply,
    Sent,
    Typed,
)

log = structlog.get_logger(__name__)

MOST_SUSPENDED = 4
"""Dialogues that wait for others to end; the oldest is dropped where one more comes."""
START = "start"
"""The command behind the button of a chat that is empty, or whose user had blocked the bot."""
NOBODY_WRITES = Expired | Ignored | Reachability | Overheard
"""Replies that do not come from somebody who expects an answer."""


class Engine:
    """Decides turns for the dialogues and actions of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

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

        Who is not permitted what they were about, since an operator has changed their roles meanwhile, reads
        that, and the dialogue is over.
        """
        if not isinstance(refusal, NotPermitted):
            try:
                return await self._decide(reply, context, conversation, refusal)
            except NotPermitted:
                pass
        log.info("dialogue.not_permitted")
        said = Prompt(context.say("entry.not_enabled"), way_on(context))
        if conversation is None:
            return turn(Card(said))
        return _closed(Turn(), conversation, Card(said)) + turn(RemoveKeyboard(conversation.card_id))

    async def _decide(
        self, reply: Reply, context: TurnContext, conversation: StoredDialogue | None, refusal: Refused | None
    ) -> Turn:
        if conversation is None:
            return await self._react(reply, Scene(context, None), refusal)
        dialogue = loaded(self._catalogue.flows, conversation)
        if dialogue is None:
            return await self._outdated(reply, context, conversation, refusal)
        if conversation.membership_id not in (None, _membership_id(context)):
            done = await self._react(reply, Scene(context, None), refusal)
            return _closed(done, dialogue.row, _of_other_company(dialogue.row, context))
        if conversation.expires_at < context.now and not isinstance(reply, NOBODY_WRITES):
            done = await self._react(reply, Scene(context, None), refusal)
            return _closed(done, dialogue.row, self._over(context, dialogue, "expired"))
        return await self._react(reply, Scene(context, dialogue), refusal)

    async def _outdated(
        self, reply: Reply, context: TurnContext, row: StoredDialogue, refusal: Refused | None
    ) -> Turn:
        """An upgrade changed the dialogue: it is closed with a word, and the reply is answered without it."""
        done = await self._react(reply, Scene(context, None), refusal)
        closing = Prompt(context.say("dialogue.outdated"), way_on(context))
        return _closed(done, row, Card(closing, onto=row.card_id))

    async def _react(self, reply: Reply, scene: Scene, refusal: Refused | None) -> Turn:
        dialogue, context = scene.dialogue, scene.context
        match reply:
            case Chosen():
                return await self._chosen(reply, scene, refusal)
            case Entered():
                return await self._entered(reply, scene, refusal)
            case Command(name, argument):
                return await self._command(name, argument, scene, refusal)
            case Typed(text):
                return await self._typed(reply, text, scene, refusal)
            case Finished():
                return await self._finished(reply, scene, refusal)
            case Expired(revision):
                if (
                    dialogue is None
                    or dialogue.row.revision != revision
                    or dialogue.row.expires_at >= context.now
                ):
                    return Turn()
                return _closed(Turn(), dialogue.row, self._over(context, dialogue, "expired"))
            case Reachability(reachable):
                if not reachable:
                    return turn(GiveUpChat())
                return turn(order(notices.came_back, context.person.user_id, context.now))
            case Edited():
                return await self._show(scene, Prompt(context.say("dialogue.edited")))
            case Garbled():
                return await self._show(scene, self._hint(scene, "dialogue.garbled"))
            case Sent():
                return await self._sent(reply, scene, refusal)
            case Overheard(said):
                heard = self._catalogue.overhear(said, context)
                if heard is None:
                    return Turn()
                return await self._run(self._catalogue.actions[heard.action], heard.argument, scene, refusal)
            case Ignored():
                return Turn()

    # ── what the user did

    async def _command(self, name: str, argument: str, scene: Scene, refusal: Refused | None) -> Turn:
        if name not in self._catalogue.commands:
            if not scene.context.private:  # meant for another bot, most likely
                return Turn()
            return await self._show(scene, Prompt(scene.context.say("dialogue.unknown_command")))
        action = self._catalogue.commands[name]
        if action is None:
            return await self._cancel(scene)
        if name == START and (linked := self._catalogue.linked(argument)) is not None:
            action, argument = linked
        done = await self._run(action, argument, scene, refusal)
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
            instead = dialogue.flow.cancelled(dialogue.draft)
            if instead is None:
                return rebind + await self._cancel(pressed)
            forgotten = turn(CancelJobs(only=(row.job_id,))) if row.job_id is not None else Turn()
            return rebind + forgotten + await self._carry_out(instead, pressed)
        if reply.value == SUMMARY:
            return rebind + await self._carry_out(Next(dialogue.draft), pressed)
        if reply.value == BACK:
            earlier = dialogue.flow.before(dialogue.draft, dialogue.step)
            target = earlier.name if earlier is not None else dialogue.step.name
            return rebind + await self._carry_out(Next(dialogue.draft, target), pressed)
        return rebind + await self._reply_to(dialogue, reply, pressed, refusal)

    async def _entered(self, reply: Entered, scene: Scene, refusal: Refused | None) -> Turn:
        before = Turn()
        if reply.card_id is not None and reply.message_id is not None:
            before = turn(Rebind(reply.card_id, reply.message_id))
            scene = replace(scene, onto=reply.card_id)
        action = self._catalogue.actions.get(reply.action)
        if action is None:
            return before + await self._show(scene, self._hint(scene, "dialogue.garbled"))
        if scene.onto is not None:
            content = (
                await scene.context.short_read(outbox.content_of, scene.context.destination, scene.onto) or {}
            )
            if shows_file(content) or (action.navigates and content.get("lasting")):
                scene = replace(scene, onto=None)
        return before + await self._run(action, reply.argument, scene, refusal)

    async def _is_file(self, post_id: int, context: TurnContext) -> bool:
        content = await context.short_read(outbox.content_of, context.destination, post_id)
        return content is not None and shows_file(content)

    async def _typed(self, reply: Typed, text: str, scene: Scene, refusal: Refused | None) -> Turn:
        dialogue = scene.dialogue
        if dialogue is not None and dialogue.claims(text, scene.context):
            return await self._reply_to(dialogue, reply, scene, refusal)
        recognised = self._catalogue.recognise(text, (), scene.context)
        if recognised is not None:
            return await self._run(
                self._catalogue.actions[recognised.action], recognised.argument, scene, refusal
            )
        if dialogue is not None:
            return await self._reply_to(dialogue, reply, scene, refusal)
        return await self._show(scene, self._hint(scene, "dialogue.not_understood"))

    async def _sent(self, reply: Sent, scene: Scene, refusal: Refused | None) -> Turn:
        """The question's own, or a digression, or the question's all the same. Words beside a picture or a
        file that are a code are meant as if they were typed.
        """
        dialogue, context = scene.dialogue, scene.context
        if dialogue is not None and dialogue.takes(reply, context):
            return await self._reply_to(dialogue, reply, scene, refusal)
        if dialogue is not None and dialogue.claims(reply.caption, context):
            return await self._reply_to(dialogue, Typed(reply.caption, reply.message), scene, refusal)
        recognised = self._catalogue.recognise(reply.caption, reply.attachments, context)
        if recognised is not None:
            action = self._catalogue.actions[recognised.action]
            return await self._run(action, recognised.argument, scene, refusal)
        if dialogue is not None:
            return await self._reply_to(dialogue, reply, scene, refusal)
        return await self._show(scene, self._hint(scene, "dialogue.not_text"))

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
        card = self._over(context, dialogue, "cancelled")
        if scene.onto != dialogue.row.card_id:
            card = replace(card, onto=None)
        # Those beneath no longer wait for their jobs either: they ask again.
        resting = tuple(replace(entry, job_id=None) for entry in dialogue.row.suspended)
        forgotten = replace(dialogue, row=replace(dialogue.row, suspended=resting))
        return await self._end(
            turn(CancelJobs(Prompt(card.prompt.text)), card), replace(scene, dialogue=forgotten)
        )

    # ── what came back

    async def _finished(self, reply: Finished, scene: Scene, refusal: Refused | None) -> Turn:
        context, dialogue = scene.context, scene.dialogue
        if reply.membership_id not in (None, _membership_id(context)):
            log.info("dialogue.result_of_other_company", kind=reply.kind)
            if (
                reply.card_id is None or reply.action == TO_DIALOGUE
            ):  # nobody waits, or its dialogue is closed
                return Turn()
            return turn(
                Card(Prompt(context.say("dialogue.result_of_other_company"), way_on(context)), reply.card_id)
            )
        if reply.action == TO_DIALOGUE:
            if dialogue is not None and dialogue.row.job_id == reply.job_id:
                asked = dialogue.resting()
                newest = asked.row.card_id == await context.short_read(outbox.newest, context.destination)
                onto = asked.row.card_id if newest else None
                scene = replace(scene, dialogue=asked, onto=onto)
                return await self._conclude(asked, _resumed(asked, reply, context, refusal), scene)
            return await self._finished_beneath(reply, scene, refusal)
        action = self._catalogue.actions.get(reply.action)
        if action is None:  # an upgrade removed it while the job ran
            log.warning("dialogue.result_unclaimed", kind=reply.kind)
            return Turn()
        answer = await self._catalogue.admit(action, "", context, begun=True)
        if answer is None and refusal is not None:
            answer = await action.refused(refusal, context)
        if answer is None:
            answer = await action.result(reply.arguments, reply.result, context)
        if reply.card_id is None or reply.card_id == await context.short_read(
            outbox.newest, context.destination
        ):
            return await self._carry_out(answer, replace(scene, onto=reply.card_id), aside=True)
        # The user has moved on: the result comes below what they did meanwhile.
        return await self._carry_out(answer, scene, aside=True) + turn(RemoveKeyboard(reply.card_id))

    async def _finished_beneath(self, reply: Finished, scene: Scene, refusal: Refused | None) -> Turn:
        """The result of a job that a dialogue beneath the present one waits for: it is answered now."""
        top, context = scene.dialogue, scene.context
        entries = top.row.suspended if top is not None else ()
        destination = next((at for at, entry in enumerate(entries) if entry.job_id == reply.job_id), None)
        below = None
        if top is not None and destination is not None:
            below = loaded(self._catalogue.flows, unread(top.row, entries[destination]))
        if top is None or destination is None or below is None:
            log.info("dialogue.result_unclaimed", kind=reply.kind)  # cancelled or expired meanwhile
            return Turn()
        below = below.resting()
        below, effects, answer = await _decided(below, _resumed(below, reply, context, refusal), context)
        shown: Answer | None = None
        if isinstance(answer, Reject):
            shown = Show((Prompt(error_text(below, answer, context)),))
        elif isinstance(answer, Next | Await):
            effects += answer.effects
            step = below.flow.step(getattr(answer, "step", None) or below.step.name)
            below = below.at(answer.draft, step or below.step)
        else:
            shown = answer
        ends = shown is answer
        left = () if ends else (suspended(below),)
        row = replace(top.row, suspended=(*entries[:destination], *left, *entries[destination + 1 :]))
        done = turn(*effects, KeepDialogue(row))
        if shown is None:
            return done
        return done + await self._carry_out(
            shown, replace(scene, dialogue=replace(top, row=row), onto=None), aside=True
        )

    # ── what the code said to it

    async def _reply_to(
        self, dialogue: Dialogue, reply: Reply, scene: Scene, refusal: Refused | None
    ) -> Turn:
        """Let the present step answer; while it waits for a job, say so again."""
        context = scene.context
        if dialogue.row.job_id is not None:
            return await ask(dialogue, scene)
        if refusal is not None:
            return await self._conclude(
                dialogue, dialogue.flow.refused(dialogue.draft, refusal, context), scene
            )
        return await self._conclude(dialogue, dialogue.step.answer(dialogue.draft, reply, context), scene)

    async def _conclude(self, dialogue: Dialogue, deciding: Awaitable[Answer], scene: Scene) -> Turn:
        """Carry a step's answer out; ask again with the reason where it rejects what it was given."""
        dialogue, effects, answer = await _decided(dialogue, deciding, scene.context)
        if isinstance(answer, Reject):
            return turn(*effects) + await ask(dialogue, scene, reject=answer)
        return turn(*effects) + await self._carry_out(answer, replace(scene, dialogue=dialogue))

    async def _run(
        self,
        action: Action,
        argument: str,
        scene: Scene,
        refusal: Refused | None = None,
        head: Html = NOTHING,
    ) -> Turn:
        """Run an action, or whatever must come before it."""
        answer = await self._catalogue.admit(action, argument, scene.context)
        if answer is None:
            if refusal is not None:
                answer = await action.refused(refusal, scene.context)
            else:
                answer = await action.run(argument, scene.context)
        before = Turn()
        if isinstance(answer, Wait) and answer.question.at_once is not None:
            result = await answer.question.at_once()
            before = turn(*answer.effects)
            answer = await action.result(answer.question.job.arguments, result, scene.context)
        elif isinstance(answer, Wait) and answer.question.job.action is None:
            job = replace(answer.question.job, action=action.name)
            answer = replace(answer, question=replace(answer.question, job=job))
        return before + await self._carry_out(headed(answer, head), scene, aside=True)

    async def _carry_out(self, answer: Answer, scene: Scene, *, aside: bool = False) -> Turn:
        """Turn an answer into a turn. `aside`: it is not the dialogue's own, which goes on afterwards."""
        dialogue = scene.dialogue
        if dialogue is not None and LeaveDialogues() in answer.effects:
            left = await self._carry_out(answer, replace(scene, dialogue=None), aside=True)
            return _closed(left, dialogue.row, _of_other_company(dialogue.row, scene.context))
        ends = dialogue is not None and not aside
        match answer:
            case Next(draft, step_name, effects):
                if dialogue is None:
                    raise RuntimeError("an answer to no question")
                flow = dialogue.flow
                step = flow.step(step_name) if step_name else flow.open_step(draft)
                answered = dialogue.answered(draft, scene.context) if step_name is None else NOTHING
                return turn(*effects) + await ask(
                    dialogue.at(draft, step or dialogue.step), scene, answered=answered
                )
            case Await(question, draft, effects):
                if dialogue is None or aside:
                    raise RuntimeError("only a question waits with Await; an action waits with Wait")
                waiting = dialogue.at(draft, dialogue.step)
                job = replace(question.job, action=TO_DIALOGUE)
                return turn(*effects) + await ask(waiting, scene, job=job)
            case Start(name, draft, effects):
                return turn(*effects) + await self._start(self._catalogue.flows[name], draft, scene, ends)
            case Go(name, argument, effects, head):
                action = self._catalogue.actions[name]
                if not ends or dialogue is None:
                    return turn(*effects) + await self._run(action, argument, scene, head=head)
                rest = replace(scene, dialogue=None, beneath=dialogue.row.suspended)
                done = turn(*effects) + await self._run(action, argument, rest, head=head)
                return await self._end(done, scene)
            case Show(prompts, effects):
                done = turn(*cards_for(prompts, scene.onto), *effects)
            case Wait(question, meanwhile, effects):
                if ends:
                    raise RuntimeError("a question waits with Await")
                done = turn(*effects, *cards_for((meanwhile(),), scene.onto), AwaitJob(question.job))
            case Do(order, finish, effects, more):
                done = turn(
                    Call(order, lambda result: (*cards_for(finish(result), scene.onto), *more(result))),
                    *effects,
                )
        return await self._end(done, scene) if ends else await self._come_back(done, scene)

    # ── how dialogues follow each other

    async def _start(self, flow: Flow[Any], draft: Any, scene: Scene, ends: bool) -> Turn:
        """Begin a dialogue. The one under way is suspended, unless it is this one: then it goes on."""
        dialogue, context = scene.dialogue, scene.context
        stack = scene.beneath
        if dialogue is not None:
            stack = dialogue.row.suspended if ends else (*dialogue.row.suspended, suspended(dialogue))
        begun = started(flow, draft, scene)
        before = Turn()
        for entry in stack:
            if entry.flow != flow.name:
                continue
            same = loaded(self._catalogue.flows, unread(begun.row, entry))
            if same is None or flow.gives_way or flow.key(same.draft) == flow.key(draft):
                stack = tuple(other for other in stack if other is not entry)
                if same is not None and not flow.gives_way:
                    begun = same
        if len(stack) > MOST_SUSPENDED:
            before = turn(Card(Prompt(context.say("dialogue.too_many"))))
            gone = [entry.job_id for entry in stack[:-MOST_SUSPENDED] if entry.job_id is not None]
            before += turn(CancelJobs(only=tuple(gone))) if gone else Turn()
            stack = stack[-MOST_SUSPENDED:]
        begun = replace(begun, row=replace(begun.row, suspended=stack, card_id=0))
        done = before + await ask(begun, scene)
        if scene.onto is not None and all(card.onto != scene.onto for card in done.cards):
            done += turn(RemoveKeyboard(scene.onto))  # the question is a message of its own
        if dialogue is not None and dialogue.row.card_id != scene.onto:
            done += turn(RemoveKeyboard(dialogue.row.card_id))
        return done

    async def _end(self, done: Turn, scene: Scene) -> Turn:
        """The dialogue is over with this turn, unless another has begun; the one beneath it comes back. Its
        card, where it is not used again, loses its buttons.
        """
        dialogue, context = scene.dialogue, scene.context
        if dialogue is None:
            return done
        bare = turn(RemoveKeyboard(dialogue.row.card_id))
        if done.has(KeepDialogue):
            return done + bare
        entries = list(dialogue.row.suspended)
        while entries:
            row = unread(dialogue.row, entries.pop())
            below = loaded(self._catalogue.flows, replace(row, suspended=tuple(entries)))
            if below is None:
                done += turn(Card(Prompt(context.say("dialogue.outdated"))))
                continue
            if done.has(GoOn, AwaitJob):  # what follows draws it, as after any digression
                return done + turn(KeepDialogue(below.row)) + bare
            again = replace(scene, dialogue=None, onto=None)
            return done + await ask(below, again, comes_back=True) + bare
        return done + turn(EndDialogue()) + bare

    async def _come_back(self, done: Turn, scene: Scene) -> Turn:
        """After a digression, the question of the dialogue under way is shown again below, if it is no
        longer last.
        """
        dialogue = scene.dialogue
        if dialogue is None or done.has(KeepDialogue, AwaitJob, GoOn):
            return done
        shown_below = done.has(Call) or any(card.onto is None for card in done.cards)
        if not shown_below and scene.onto != dialogue.row.card_id:
            return done
        return done + await ask(dialogue, replace(scene, onto=None))

    async def _show(self, scene: Scene, prompt: Prompt) -> Turn:
        return await self._carry_out(Show((prompt,)), scene, aside=True)

    def _hint(self, scene: Scene, key: str) -> Prompt:
        return Prompt(scene.context.say(key), () if scene.dialogue else way_on(scene.context))

    def _over(self, context: TurnContext, dialogue: Dialogue, how: str) -> Card:
        return over(dialogue.row, context.say(f"dialogue.{how}"), way_on(context))


def _membership_id(context: TurnContext) -> int | None:
    return context.membership.id if context.membership is not None else None


def _of_other_company(row: StoredDialogue, context: TurnContext) -> Card:
    return over(row, context.say("dialogue.other_company"), way_on(context))


def _closed(done: Turn, row: StoredDialogue, card: Card) -> Turn:
    """The dialogue and those beneath it are over without a result; what the turn does else comes after
    that.
    """
    waiting = [row.job_id, *(entry.job_id for entry in row.suspended)]
    only = tuple(job_id for job_id in waiting if job_id is not None)
    before = turn(CancelJobs(only=only)) if only else Turn()
    if not any(shown.onto == row.card_id for shown in done.cards):
        before += turn(card)
    ended = Turn() if done.has(KeepDialogue) else turn(EndDialogue())
    return before + done + ended


async def _resumed(
    dialogue: Dialogue, reply: Finished, context: TurnContext, refusal: Refused | None
) -> Answer:
    if refusal is not None:
        return await dialogue.flow.refused(dialogue.draft, refusal, context)
    return await dialogue.step.resumed(dialogue.draft, reply.result, context)


async def _decided(
    dialogue: Dialogue, deciding: Awaitable[Answer], context: TurnContext
) -> tuple[Dialogue, tuple[AnswerEffect, ...], Answer | Reject]:
    """The step's answer, or why it rejects what it was given, with what was ordered on the way.

    Where it waits for something that is at hand, it goes on with that at once.
    """
    effects: tuple[AnswerEffect, ...] = ()
    try:
        answer = await deciding
        while isinstance(answer, Await) and answer.question.at_once is not None:
            effects += answer.effects
            dialogue = dialogue.at(answer.draft, dialogue.step)
            answer = await dialogue.step.resumed(dialogue.draft, await answer.question.at_once(), context)
    except Reject as reject:
        return dialogue, effects + reject.effects, reject
    return dialogue, effects, answer
