"""The engine: from a reply, the context and the dialogue under way to a turn. It reads and decides; it
changes nothing.

Whatever dialogues have in common is here, once: back, cancel, the step counter, editing any answer in the
summary, expiry, stale buttons, digressions (a pasted POD, help) and coming back from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from backend.dialogues.values import Conversation
from backend.jobs import service as jobs
from backend.outbox import service as outbox
from backend.refusals import Refused
from conversations.action import Action
from conversations.answers import Answer, Do, Go, Next, Reject, Show, Start, Wait
from conversations.catalogue import Catalogue
from conversations.context import Here
from conversations.flow import Flow, Step
from conversations.plan import Card, Turn
from conversations.prompts import Choice, Prompt, join
from conversations.recognition import recognise
from conversations.replies import (
    Chosen,
    Command,
    Edited,
    Entered,
    Expired,
    Finished,
    Garbled,
    Ignored,
    Membership,
    Reply,
    Sent,
    Typed,
)

log = structlog.get_logger(__name__)

BACK = "~back"
CANCEL = "~cancel"
SUMMARY = "~summary"
COMMON_ERRORS = {"press", "text"}


@dataclass(frozen=True)
class _Dialogue:
    """A stored conversation with the code that can continue it."""

    row: Conversation
    flow: Flow[Any]
    step: Step[Any]
    draft: Any

    def claims(self, text: str, here: Here) -> bool:
        return self.step.claims(text, self.draft, here)


@dataclass(frozen=True)
class _Scene:
    """What the answer to one reply needs to know: the dialogue under way, and the card that the reply came
    from.
    """

    here: Here
    dialogue: _Dialogue | None
    onto: int | None = None
    adopt: tuple[int, int] | None = None


class Engine:
    """Decides turns for the dialogues and actions of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def plan(
        self, reply: Reply, here: Here, conversation: Conversation | None, refusal: Refused | None = None
    ) -> Turn:
        """Decide the turn. `refusal`: what the service said to the turn that was decided at first."""
        dialogue = self._load(conversation)
        if conversation is not None and dialogue is None:
            return await self._outdated(reply, here, conversation, refusal)
        if (
            dialogue is not None
            and dialogue.row.expires_at < here.now
            and not isinstance(reply, Expired | Ignored | Membership)
        ):
            turn = await self._react(reply, _Scene(here, None), refusal)
            ended = () if _shows(turn, dialogue.row.card_id) else (self._over(here, dialogue, "expired"),)
            return replace(turn, ends=turn.conversation is None, cards=(*ended, *turn.cards))
        return await self._react(reply, _Scene(here, dialogue), refusal)

    def _load(self, row: Conversation | None) -> _Dialogue | None:
        if row is None:
            return None
        flow = self._catalogue.flows.get(row.flow)
        if flow is None or flow.version != row.version or (step := flow.step(row.step)) is None:
            return None
        try:
            draft = flow.load(row.draft)
        except (TypeError, ValueError, LookupError):  # a draft of another shape than the code's
            log.warning("dialogue.draft_unreadable", flow=row.flow)
            return None
        return _Dialogue(row, flow, step, draft)

    async def _outdated(self, reply: Reply, here: Here, row: Conversation, refusal: Refused | None) -> Turn:
        """An upgrade changed the dialogue: it is closed with a word, and the reply is answered without it."""
        turn = await self._react(reply, _Scene(here, None), refusal)
        closing = Card(Prompt(here.say("dialogue.outdated"), self._catalogue.way_on(here)), onto=row.card_id)
        cards = turn.cards if _shows(turn, row.card_id) else (closing, *turn.cards)
        return replace(turn, ends=turn.conversation is None, cards=cards)

    async def _react(self, reply: Reply, scene: _Scene, refusal: Refused | None) -> Turn:
        dialogue = scene.dialogue
        match reply:
            case Chosen():
                return await self._chosen(reply, scene, refusal)
            case Entered():
                return await self._entered(reply, scene, refusal)
            case Command("annulla" | "cancel"):
                return await self._cancel(scene)
            case Command(name, argument):
                action = self._catalogue.commands.get(name)
                if action is None:
                    if not scene.here.private:  # meant for another bot, most likely
                        return Turn()
                    return await self._show(scene, Prompt(scene.here.say("dialogue.unknown_command")))
                return await self._run(action, argument, scene, refusal)
            case Typed(text):
                return await self._typed(reply, text, scene, refusal)
            case Finished():
                return await self._finished(reply, scene)
            case Expired(revision):
                if (
                    dialogue is None
                    or dialogue.row.revision != revision
                    or dialogue.row.expires_at >= scene.here.now
                ):
                    return Turn()
                return Turn(ends=True, cards=(self._over(scene.here, dialogue, "expired"),))
            case Membership(reachable):
                return Turn(blocked=not reachable)
            case Edited():
                return await self._show(scene, Prompt(scene.here.say("dialogue.edited")))
            case Garbled():
                return await self._show(scene, self._hint(scene, "dialogue.garbled"))
            case Sent(_, caption) if self._says_something(caption, scene):
                return await self._typed(Typed(caption), caption, scene, refusal)
            case Sent():
                if dialogue is not None:
                    return await self._answer(dialogue, reply, scene, refusal)
                return await self._show(scene, self._hint(scene, "dialogue.not_text"))
            case Ignored():
                return Turn()

    # ── what the user did

    async def _chosen(self, reply: Chosen, scene: _Scene, refusal: Refused | None) -> Turn:
        dialogue = scene.dialogue
        pressed = replace(scene, onto=reply.card_id, adopt=(reply.card_id, reply.message_id))
        if dialogue is None:
            gone = Prompt(scene.here.say("dialogue.over"), self._catalogue.way_on(scene.here))
            return Turn(adopt=pressed.adopt, refresh=(reply.card_id,), if_gone=gone)
        row = dialogue.row
        if (reply.card_id, reply.revision) != (row.card_id, row.revision):
            if reply.card_id == row.card_id:
                return Turn(adopt=pressed.adopt, refresh=(reply.card_id,))
            turn = await self._question(dialogue, scene)
            return replace(turn, adopt=pressed.adopt, refresh=(reply.card_id,))
        if reply.value == CANCEL:
            instead = dialogue.flow.cancelled(dialogue.draft)
            if instead is not None:
                return await self._carry_out(instead, pressed)
            return replace(await self._cancel(pressed), adopt=pressed.adopt)
        if reply.value == SUMMARY:
            return await self._carry_out(Next(dialogue.draft), pressed)
        if reply.value == BACK:
            earlier = dialogue.flow.before(dialogue.draft, dialogue.step)
            target = earlier.name if earlier is not None else dialogue.step.name
            return await self._carry_out(Next(dialogue.draft, target), pressed)
        return await self._answer(dialogue, reply, pressed, refusal)

    async def _entered(self, reply: Entered, scene: _Scene, refusal: Refused | None) -> Turn:
        if reply.card_id is not None and reply.message_id is not None:
            scene = replace(scene, onto=reply.card_id, adopt=(reply.card_id, reply.message_id))
        action = self._catalogue.actions.get(reply.action)
        if action is None:
            return await self._show(scene, self._hint(scene, "dialogue.garbled"))
        if scene.onto is not None:
            content = await scene.here.read(outbox.content_of, scene.here.place, scene.onto) or {}
            # A file's message can show nothing else.
            if "document" in content or (action.elsewhere and content.get("lasting")):
                scene = replace(scene, onto=None)
        return await self._run(action, reply.argument, scene, refusal)

    async def _typed(self, reply: Typed, text: str, scene: _Scene, refusal: Refused | None) -> Turn:
        dialogue = scene.dialogue
        if dialogue is not None and dialogue.claims(text, scene.here):
            return await self._answer(dialogue, reply, scene, refusal)
        recognised = recognise(text, scene.here.services.sid_pattern)
        if recognised is not None:
            return await self._run(
                self._catalogue.actions[recognised.action], recognised.argument, scene, refusal
            )
        if dialogue is not None:
            return await self._answer(dialogue, reply, scene, refusal)
        return await self._show(scene, self._hint(scene, "dialogue.not_understood"))

    def _says_something(self, caption: str, scene: _Scene) -> bool:
        """Whether the words beside a picture or a file are a code, and so meant as if they were typed."""
        if scene.dialogue is not None and scene.dialogue.claims(caption, scene.here):
            return True
        return recognise(caption, scene.here.services.sid_pattern) is not None

    async def _finished(self, reply: Finished, scene: _Scene) -> Turn:
        action = self._catalogue.actions.get(reply.kind)
        if action is None:  # an upgrade removed it while the job ran
            log.warning("dialogue.result_unclaimed", kind=reply.kind)
            return Turn()
        here = scene.here
        answer = await self._catalogue.admit(action, "", here, begun=True)
        if answer is None:
            answer = await action.result(reply.arguments, reply.result, here)
        if reply.card_id is None or reply.card_id == await here.read(outbox.newest, here.place):
            return await self._carry_out(answer, replace(scene, onto=reply.card_id), aside=True)
        # The user has moved on: the result comes below what they did meanwhile.
        turn = await self._carry_out(answer, scene, aside=True)
        return replace(turn, retire=(*turn.retire, reply.card_id))

    async def _cancel(self, scene: _Scene) -> Turn:
        dialogue, here = scene.dialogue, scene.here
        if dialogue is None:
            waiting = await here.read(jobs.waiting_kinds, here.place.lane, here.person.user_id)
            key = "dialogue.cancelled" if waiting else "dialogue.nothing_to_cancel"
            prompt = Prompt(here.say(key), self._catalogue.way_on(here))
            return Turn(cancels=True, cards=(Card(prompt),))
        over = self._over(here, dialogue, "cancelled")
        if scene.onto == dialogue.row.card_id:
            return Turn(ends=True, cancels=True, cards=(over,))
        return Turn(
            ends=True, cancels=True, retire=(dialogue.row.card_id,), cards=(replace(over, onto=None),)
        )

    # ── what the code said to it

    async def _answer(
        self, dialogue: _Dialogue, reply: Reply, scene: _Scene, refusal: Refused | None
    ) -> Turn:
        """Let the present step answer; ask again with the reason where it rejects the reply."""
        try:
            if refusal is not None:
                answer = await dialogue.flow.refused(dialogue.draft, refusal, scene.here)
            else:
                answer = await dialogue.step.answer(dialogue.draft, reply, scene.here)
        except Reject as reject:
            turn = await self._question(dialogue, scene, reject)
            return replace(turn, adopt=scene.adopt)
        return await self._carry_out(answer, scene)

    async def _run(
        self, action: Action, argument: str, scene: _Scene, refusal: Refused | None = None
    ) -> Turn:
        """Run an action, or whatever must come before it."""
        answer = await self._catalogue.admit(action, argument, scene.here)
        if answer is None:
            if refusal is not None:
                answer = await action.refused(refusal, scene.here)
            else:
                answer = await action.run(argument, scene.here)
        return await self._carry_out(answer, scene, aside=True)

    async def _carry_out(self, answer: Answer, scene: _Scene, *, aside: bool = False) -> Turn:
        """Turn an answer into a turn. `aside`: it is not the dialogue's own, which goes on afterwards."""
        dialogue = scene.dialogue
        ends = dialogue is not None and not aside
        match answer:
            case Next(draft, step_name):
                if dialogue is None:
                    raise RuntimeError("an answer to no question")
                flow = dialogue.flow
                step = flow.step(step_name) if step_name else flow.open_step(draft)
                row = replace(dialogue.row, step=(step or dialogue.step).name, draft=flow.dump(draft))
                turn = await self._question(_Dialogue(row, flow, step or dialogue.step, draft), scene)
                return replace(turn, adopt=scene.adopt)
            case Start(name, draft):
                turn = await self._start(self._catalogue.flows[name], draft, scene)
                return replace(turn, adopt=scene.adopt)
            case Go(name, argument):
                action = self._catalogue.actions[name]
                turn = await self._run(action, argument, replace(scene, dialogue=None) if ends else scene)
                return self._and_end(turn, scene) if ends else turn
            case Show(prompts):
                turn = Turn(cards=_place(prompts, scene.onto), adopt=scene.adopt)
            case Wait(errand, meanwhile, also):
                cards = _place((meanwhile,), scene.onto)
                turn = Turn(cards=cards, errand=errand, orders=(also,) if also else (), adopt=scene.adopt)
            case Do(order, finish, errand_of, then):
                turn = Turn(
                    orders=(order,),
                    finish=lambda result: _place(tuple(finish(result)), scene.onto),
                    errand_of=errand_of,
                    then=then,
                    adopt=scene.adopt,
                )
        if ends:
            return self._and_end(turn, scene)
        return await self._come_back(turn, scene)

    def _and_end(self, turn: Turn, scene: _Scene) -> Turn:
        """The dialogue is over with this turn, unless another begins; its card, where it is not reused,
        loses its buttons.
        """
        if scene.dialogue is None:
            return turn
        retire = (*turn.retire, scene.dialogue.row.card_id)
        return replace(turn, ends=turn.conversation is None, retire=retire)

    async def _come_back(self, turn: Turn, scene: _Scene) -> Turn:
        """After a digression, the question of the dialogue under way is drawn again below, if it is no
        longer last.
        """
        dialogue = scene.dialogue
        if (
            dialogue is None
            or turn.conversation is not None
            or turn.errand is not None
            or turn.then is not None
        ):
            return turn
        drawn_below = turn.finish is not None or any(card.onto is None for card in turn.cards)
        if not drawn_below and scene.onto != dialogue.row.card_id:
            return turn
        question = await self._question(dialogue, replace(scene, onto=None))
        return replace(
            turn,
            conversation=question.conversation,
            last=question.cards,
            retire=(*turn.retire, *question.retire),
        )

    async def _start(self, flow: Flow[Any], draft: Any, scene: _Scene) -> Turn:
        step = flow.open_step(draft)
        row = Conversation(
            place=scene.here.place,
            user_id=scene.here.person.user_id,
            flow=flow.name,
            version=flow.version,
            step=step.name,
            draft=flow.dump(draft),
            # A dialogue that later uses the same card must not take the presses meant for this one.
            revision=int(scene.here.now.timestamp() * 1000),
            card_id=scene.onto or 0,
            expires_at=scene.here.now,
            language=scene.here.person.language[:16],
        )
        turn = await self._question(_Dialogue(row, flow, step, draft), scene)
        if scene.dialogue is not None and scene.dialogue.row.card_id != scene.onto:
            turn = replace(turn, retire=(*turn.retire, scene.dialogue.row.card_id))
        return replace(turn, retire=tuple(card for card in turn.retire if card))

    async def _question(self, dialogue: _Dialogue, scene: _Scene, reject: Reject | None = None) -> Turn:
        """Ask the dialogue's present question: on the card that was pressed, or below what the user wrote."""
        flow, step, draft, here = dialogue.flow, dialogue.step, dialogue.draft, scene.here
        prompt = await step.ask(draft, here)
        lines = []
        if reject is not None:
            lines.append(here.say(_error_key(flow, step, reject), **reject.values))
        asked = flow.asked(draft)
        if len(asked) > 1 and step in asked and step is not asked[-1]:
            lines.append(here.say("dialogue.step", number=asked.index(step) + 1, total=len(asked)))
        way_out = [Choice(here.say("dialogue.button.cancel"), CANCEL)]
        if step is not asked[-1] and flow.open_step(draft) is asked[-1]:  # an answer is being changed
            way_out.insert(0, Choice(here.say("dialogue.button.summary"), SUMMARY))
        if flow.before(draft, step) is not None:
            way_out.insert(0, Choice(here.say("dialogue.button.back"), BACK))
        prompt = Prompt(join([*lines, prompt.text], "\n\n"), (*prompt.rows, tuple(way_out)))
        row = replace(
            dialogue.row,
            revision=dialogue.row.revision + 1,
            expires_at=here.now + timedelta(minutes=flow.minutes),
        )
        onto = scene.onto
        retire = () if onto == row.card_id or not row.card_id else (row.card_id,)
        return Turn(conversation=row, cards=(Card(prompt, onto=onto, asks=True),), retire=retire)

    async def _show(self, scene: _Scene, prompt: Prompt) -> Turn:
        return await self._carry_out(Show((prompt,)), scene, aside=True)

    def _hint(self, scene: _Scene, key: str) -> Prompt:
        return Prompt(scene.here.say(key), () if scene.dialogue else self._catalogue.way_on(scene.here))

    def _over(self, here: Here, dialogue: _Dialogue, how: str) -> Card:
        """What stands where the question stood, once the dialogue ended without a result."""
        return Card(
            Prompt(here.say(f"dialogue.{how}"), self._catalogue.way_on(here)), onto=dialogue.row.card_id
        )


def _place(prompts: Sequence[Prompt], onto: int | None) -> tuple[Card, ...]:
    """The first prompt goes onto the card that was pressed, unless it wants to be a message of its own."""
    cards = []
    for prompt in prompts:
        if onto is not None and prompt.document is None and not prompt.below:
            cards.append(Card(prompt, onto))
            onto = None
        else:
            cards.append(Card(prompt))
    return tuple(cards)


def _shows(turn: Turn, card_id: int) -> bool:
    return any(card.onto == card_id for card in turn.cards)


def _error_key(flow: Flow[Any], step: Step[Any], reject: Reject) -> str:
    if reject.key in COMMON_ERRORS:
        return f"dialogue.error.{reject.key}"
    return f"{flow.name}.{step.name}.error.{reject.key}"
