"""What comes back from jobs: to the question that waits for it, to a dialogue beneath, or to an action."""

from __future__ import annotations

from dataclasses import replace

import structlog

from backend.core.outbox import service as outbox
from backend.core.refusals import Refused
from conversations.core.answering import Answering, answered, decided
from conversations.core.answers import Answer, Await, Next, Reject, Show
from conversations.core.catalogue import Catalogue
from conversations.core.context import TurnContext
from conversations.core.effects import TO_DIALOGUE, Card, KeepDialogue, RemoveKeyboard, Turn, turn
from conversations.core.navigation import way_on
from conversations.core.prompts import Prompt
from conversations.core.questions import Dialogue, Scene, error_text, loaded, suspended, unread
from conversations.core.replies import Finished

log = structlog.get_logger(__name__)


class Results:
    """Answers the results of jobs, for the dialogues and actions of one catalogue."""

    def __init__(self, catalogue: Catalogue, answering: Answering) -> None:
        self._catalogue = catalogue
        self._answering = answering

    async def finished(self, reply: Finished, scene: Scene, refusal: Refused | None) -> Turn:
        """Answer the result of a job that came back."""
        context, dialogue = scene.context, scene.dialogue
        if reply.membership_id not in (None, context.membership_id):
            log.info("dialogue.result_of_other_company", kind=reply.kind)
            if reply.card_id is None or reply.action == TO_DIALOGUE:  # nobody waits any more
                return Turn()
            said = Prompt(context.say("dialogue.result_of_other_company"), way_on(context))
            return turn(Card(said, reply.card_id))
        if reply.action == TO_DIALOGUE:
            if dialogue is not None and dialogue.row.job_id == reply.job_id:
                asked = dialogue.resting()
                newest = asked.row.card_id == await context.short_read(outbox.newest, context.destination)
                onto = asked.row.card_id if newest else None
                scene = replace(scene, dialogue=asked, onto=onto)
                return await self._answering.conclude(asked, _resumed(asked, reply, context, refusal), scene)
            return await self._beneath(reply, scene, refusal)
        action = self._catalogue.actions.get(reply.action)
        if action is None:  # an upgrade removed it while the job ran
            log.warning("dialogue.result_unclaimed", kind=reply.kind)
            return Turn()
        answer = await self._catalogue.admit(action, "", context, begun=True)
        if answer is None and refusal is not None:
            answer = await action.refused(refusal, context)
        if answer is None:
            deciding = action.result(reply.arguments, reply.result, scene.for_action())
            answer = await answered(action, deciding, context)
        if reply.card_id is None or reply.card_id == await context.short_read(
            outbox.newest, context.destination
        ):
            return await self._answering.carry_out(answer, replace(scene, onto=reply.card_id), aside=True)
        # The user has moved on: the result comes below what they did meanwhile.
        return await self._answering.carry_out(answer, scene, aside=True) + turn(
            RemoveKeyboard(reply.card_id)
        )

    async def _beneath(self, reply: Finished, scene: Scene, refusal: Refused | None) -> Turn:
        """The result of a job that a dialogue beneath the present one waits for: it is answered now."""
        top, context = scene.dialogue, scene.context
        entries = top.row.suspended if top is not None else ()
        position = next((at for at, entry in enumerate(entries) if entry.job_id == reply.job_id), None)
        below = None
        if top is not None and position is not None:
            below = loaded(self._catalogue.flows, unread(top.row, entries[position]))
        if top is None or position is None or below is None:
            log.info("dialogue.result_unclaimed", kind=reply.kind)  # cancelled or expired meanwhile
            return Turn()
        below = below.resting()
        below, effects, answer = await decided(below, _resumed(below, reply, context, refusal), context)
        shown: Answer | None = None
        if isinstance(answer, Reject):
            shown = Show((Prompt(error_text(below, answer, context)),))
        elif isinstance(answer, Next | Await):  # what it would wait for is asked once it comes back
            effects += answer.effects
            below = below.after(answer) if isinstance(answer, Next) else below.at(answer.draft, below.step)
        else:
            shown = answer
        ends = shown is answer
        left = () if ends else (suspended(below),)
        row = replace(top.row, suspended=(*entries[:position], *left, *entries[position + 1 :]))
        done = turn(*effects, KeepDialogue(row))
        if shown is None:
            return done
        return done + await self._answering.carry_out(
            shown, replace(scene, dialogue=replace(top, row=row), onto=None), aside=True
        )


async def _resumed(
    dialogue: Dialogue, reply: Finished, context: TurnContext, refusal: Refused | None
) -> Answer:
    if refusal is not None:
        return await dialogue.flow.refused(dialogue.draft, refusal, context)
    return await dialogue.step.resumed(dialogue.draft, reply.result, context)
