"""From an answer of a step or an action to a turn, and how dialogues follow each other: one begins inside
of another, ends, and the one beneath it comes back.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from backend.core.dialogues.values import Suspended
from backend.core.refusals import Refused
from backend.identity.errors import NotPermitted
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Give, Go, Next, Reject, Show, Start, Wait, headed
from conversations.core.catalogue import Catalogue
from conversations.core.context import TurnContext
from conversations.core.effects import (
    TO_DIALOGUE,
    AnswerEffect,
    Call,
    CancelJobs,
    Card,
    EndDialogue,
    GoOn,
    KeepDialogue,
    LeaveDialogues,
    RemoveKeyboard,
    Turn,
    turn,
)
from conversations.core.effects import Await as AwaitJob
from conversations.core.feature import Recognised
from conversations.core.flow import Flow
from conversations.core.labels import READ_LABEL
from conversations.core.navigation import way_on
from conversations.core.prompts import NOTHING, Html, Prompt
from conversations.core.questions import (
    Dialogue,
    Scene,
    ask,
    cards_for,
    closed,
    loaded,
    over,
    started,
    suspended,
    unread,
)
from conversations.core.replies import Sent, Typed

MOST_SUSPENDED = 4
"""Dialogues that wait for others to end; the oldest is dropped where one more comes."""


class Answering:
    """Runs the actions and carries out the answers of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def run(
        self,
        action: Action,
        argument: str,
        scene: Scene,
        refusal: Refused | None = None,
        head: Html = NOTHING,
    ) -> Turn:
        """Run an action, or whatever must come before it. A dialogue that passes is over then, unless it is
        the look at a picture, which may be one more for it.
        """
        if (dialogue := scene.dialogue) is not None and dialogue.passes and action.name != READ_LABEL:
            rest = replace(scene, dialogue=None, beneath=dialogue.row.suspended)
            return await self.end(await self.run(action, argument, rest, refusal, head), scene)
        context = scene.for_action()
        answer = await self._catalogue.admit(action, argument, context)
        if (answer is not None or refusal is not None) and not scene.context.private:
            scene = replace(scene, onto=None)  # the card is everybody's: who may not press it changes nothing
        if answer is None:
            if refusal is not None:
                answer = await action.refused(refusal, context)
            else:
                answer = await answered(action, action.run(argument, context), context)
        before = Turn()
        if isinstance(answer, Wait) and answer.question.at_once is not None:
            result = await answer.question.at_once()
            before = turn(*answer.effects)
            deciding = action.result(answer.question.job.arguments, result, context)
            answer = await answered(action, deciding, context)
        elif isinstance(answer, Wait) and answer.question.job.action is None:
            job = replace(answer.question.job, action=action.name)
            answer = replace(answer, question=replace(answer.question, job=job))
        return before + await self.carry_out(headed(answer, head), scene, aside=True)

    async def conclude(self, dialogue: Dialogue, deciding: Awaitable[Answer], scene: Scene) -> Turn:
        """Carry a step's answer out; ask again with the reason where it rejects what it was given."""
        dialogue, effects, answer = await decided(dialogue, deciding, scene.context)
        if isinstance(answer, Reject):
            return turn(*effects) + await ask(dialogue, scene, reject=answer)
        return turn(*effects) + await self.carry_out(answer, replace(scene, dialogue=dialogue))

    async def carry_out(self, answer: Answer, scene: Scene, *, aside: bool = False) -> Turn:
        """Turn an answer into a turn. `aside`: it is not the dialogue's own, which goes on afterwards."""
        dialogue = scene.dialogue
        if dialogue is not None and LeaveDialogues() in answer.effects:
            left = await self.carry_out(answer, replace(scene, dialogue=None), aside=True)
            return closed(left, dialogue.row, over(dialogue.row, scene.context, "other_company"))
        ends = dialogue is not None and not aside
        match answer:
            case Next(draft, step_name, effects):
                if dialogue is None:
                    raise RuntimeError("an answer to no question")
                answered = dialogue.answered(draft, scene.context) if step_name is None else NOTHING
                return turn(*effects) + await ask(dialogue.after(answer), scene, answered=answered)
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
                    return turn(*effects) + await self.run(action, argument, scene, head=head)
                rest = replace(scene, dialogue=None, beneath=dialogue.row.suspended)
                done = turn(*effects) + await self.run(action, argument, rest, head=head)
                return await self.end(done, scene)
            case Give():
                return await self._give(answer, scene, ends)
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
        return await self.end(done, scene) if ends else await self._come_back(done, scene)

    # ── how dialogues follow each other

    async def _start(self, flow: Flow[Any], draft: Any, scene: Scene, ends: bool) -> Turn:
        """Begin a dialogue. The one under way is suspended, unless it is this one, which then goes on, or one
        that passes.
        """
        dialogue, context = scene.dialogue, scene.context
        stack = scene.beneath
        if dialogue is not None:
            gone = ends or dialogue.passes
            stack = dialogue.row.suspended if gone else (*dialogue.row.suspended, suspended(dialogue))
        begun = started(flow, draft, scene)
        before, dropped = Turn(), list[Suspended]()
        for entry in stack:
            if entry.flow != flow.name:
                continue
            same = loaded(self._catalogue.flows, unread(begun.row, entry))
            if same is None or flow.gives_way or flow.key(same.draft) == flow.key(draft):
                stack = tuple(other for other in stack if other is not entry)
                if same is not None and not flow.gives_way and not flow.begins_anew(draft):
                    begun = same
                else:
                    dropped.append(entry)
        if len(stack) > MOST_SUSPENDED:
            before = turn(Card(Prompt(context.say("dialogue.too_many"))))
            dropped += stack[:-MOST_SUSPENDED]
            stack = stack[-MOST_SUSPENDED:]
        if jobs := tuple(entry.job_id for entry in dropped if entry.job_id is not None):
            before += turn(CancelJobs(only=jobs))
        begun = replace(begun, row=replace(begun.row, suspended=stack, card_id=0))
        done = before + await ask(begun, scene)
        if scene.onto is not None and all(card.onto != scene.onto for card in done.cards):
            done += turn(RemoveKeyboard(scene.onto))  # the question is a message of its own
        if dialogue is not None and dialogue.row.card_id != scene.onto:
            done += turn(RemoveKeyboard(dialogue.row.card_id))
        return done

    def beneath(self, dialogue: Dialogue) -> Dialogue | None:
        """The dialogue that comes back when this one ends; None where there is none, or an upgrade changed
        it.
        """
        *others, last = dialogue.row.suspended or (None,)
        if last is None:
            return None
        row = unread(dialogue.row, last)
        return loaded(self._catalogue.flows, replace(row, suspended=tuple(each for each in others if each)))

    async def _give(self, answer: Give, scene: Scene, ends: bool) -> Turn:
        """Hand something over to the question beneath, or under way; see `Give`."""
        dialogue, context, reply = scene.dialogue, scene.context, answer.reply
        asked = self.beneath(dialogue) if ends and dialogue is not None else dialogue
        done = turn(*answer.effects)
        if answer.head:
            done += turn(*cards_for((Prompt(answer.head),), scene.onto))
            scene = replace(scene, onto=None)
        if ends and dialogue is not None:
            done += turn(RemoveKeyboard(dialogue.row.card_id))
        rest = replace(scene, dialogue=asked, beneath=())
        if asked is None:
            if reply is not None:
                done += await self.begin(reply, rest)
            elif answer.because is not None:
                done += await self.show(
                    rest, Prompt(context.say(answer.because.key, **answer.because.values), way_on(context))
                )
            return await self.end(done, scene) if ends else done
        if reply is not None and (
            answer.anew or (isinstance(reply, Typed) and not asked.asks_codes(context))
        ):
            done += await self.begin(reply, rest)
            return done + turn(KeepDialogue(asked.row)) if ends and not done.has(KeepDialogue) else done
        if reply is None or asked.row.job_id is not None:
            return done + await ask(asked, rest, reject=answer.because)
        return done + await self.conclude(asked, asked.step.answer(asked.draft, reply, context), rest)

    async def end(self, done: Turn, scene: Scene) -> Turn:
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
        if dialogue is None or not scene.context.private or done.has(KeepDialogue, AwaitJob, GoOn):
            return done  # in a group others write below it anyway
        shown_below = done.has(Call) or any(card.onto is None for card in done.cards)
        if not shown_below and scene.onto != dialogue.row.card_id:
            return done
        return done + await ask(dialogue, replace(scene, onto=None))

    # ── what is no answer to a question

    async def begin(self, reply: Typed | Sent, scene: Scene, refusal: Refused | None = None) -> Turn:
        """Let an action begin with what is no answer to a question, or somebody take it; else say that nobody
        understands it.
        """
        if isinstance(reply, Sent):
            begun = self._catalogue.begin(reply.caption, reply.attachments, scene.context)
            hint = "dialogue.not_text"
        else:
            begun = self._catalogue.recognise(reply.text, (), scene.context)
            hint = "dialogue.not_understood"
        if begun is None:
            return await self.taken(reply, scene, refusal, hint)
        return await self.run(self._catalogue.actions[begun.action], begun.argument, scene, refusal)

    async def taken_by(self, reply: Typed | Sent, scene: Scene) -> Recognised | None:
        """The action that takes it; none after a question that is over, for which it was meant."""
        if not scene.context.private or scene.after_end:
            return None
        return await self._catalogue.take(reply, scene.context)

    async def taken(self, reply: Typed | Sent, scene: Scene, refusal: Refused | None, hint: str) -> Turn:
        """What nobody has understood: somebody may take it as it is, else it gets this hint."""
        taken = await self.taken_by(reply, scene)
        if taken is None:
            return await self.show(scene, self.hint(scene, hint))
        return await self.run(self._catalogue.actions[taken.action], taken.argument, scene, refusal)

    # ── words of the engine's own

    async def show(self, scene: Scene, prompt: Prompt) -> Turn:
        return await self.carry_out(Show((prompt,)), scene, aside=True)

    def hint(self, scene: Scene, key: str) -> Prompt:
        return Prompt(scene.context.say(key), () if scene.dialogue else way_on(scene.context))


async def answered(action: Action, deciding: Awaitable[Answer], context: TurnContext) -> Answer:
    """The action's answer; where a service refuses it something to read, its answer to that."""
    try:
        return await deciding
    except NotPermitted:
        raise
    except Refused as refusal:
        return await action.refused(refusal, context)


async def decided(
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
