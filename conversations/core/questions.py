"""Showing a dialogue's question, and storing a dialogue between two turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from backend.core.dialogues.values import StoredDialogue, Suspended
from backend.core.jobs import service as jobs
from backend.core.json_values import from_json, to_json
from backend.devices.codes import CodeKind
from conversations.core.answers import Next, Reject
from conversations.core.context import TurnContext
from conversations.core.effects import (
    Await,
    CancelJobs,
    Card,
    EndDialogue,
    JobRequest,
    KeepDialogue,
    RemoveKeyboard,
    Turn,
    turn,
)
from conversations.core.flow import Flow, Step
from conversations.core.navigation import way_on
from conversations.core.prompts import NOTHING, Choice, Html, Prompt, join
from conversations.core.replies import Sent

log = structlog.get_logger(__name__)

BACK = "~back"
CANCEL = "~cancel"
SUMMARY = "~summary"
COMMON_ERRORS = {"press", "text"}


@dataclass(frozen=True)
class Dialogue:
    """A stored conversation with the code that can continue it."""

    row: StoredDialogue
    flow: Flow[Any]
    step: Step[Any]
    draft: Any

    def claims(self, text: str, context: TurnContext) -> bool:
        """True if a typed text is the present question's, whatever else it reads as."""
        return self.row.job_id is None and self.step.claims(text, self.draft, context)

    def takes(self, reply: Sent, context: TurnContext) -> bool:
        """True if what was sent is the present question's, whatever else it may be."""
        return self.row.job_id is None and self.step.takes(reply, self.draft, context)

    def asks_codes(self, context: TurnContext) -> frozenset[CodeKind]:
        """The codes that the present question asks for; none while it waits."""
        return self.step.asks_codes(self.draft, context) if self.row.job_id is None else frozenset()

    @property
    def passes(self) -> bool:
        """True if it ends where something else begins."""
        return self.flow.passes(self.draft)

    def meanwhile(self, reply: Sent, context: TurnContext) -> Dialogue | None:
        """The dialogue with what was sent while it waits for a job, which it goes on waiting for; None where
        it waits for none, or the question takes nothing more.
        """
        if self.row.job_id is None:
            return None
        draft = self.step.meanwhile(self.draft, reply, context)
        return (
            None
            if draft is None
            else replace(self.at(draft, self.step), row=replace(self.row, draft=to_json(draft)))
        )

    def at(self, draft: Any, step: Step[Any]) -> Dialogue:
        """The dialogue with this draft, at this step, waiting for nothing."""
        row = replace(self.row, step=step.name, draft=to_json(draft), job_id=None)
        return Dialogue(row, self.flow, step, draft)

    def after(self, answer: Next) -> Dialogue:
        """The dialogue after this answer: at the step that it names, else at the first open question."""
        step = self.flow.step(answer.step) if answer.step else self.flow.open_step(answer.draft)
        return self.at(answer.draft, step or self.step)

    def answered(self, draft: Any, context: TurnContext) -> Html:
        """The present question's answer in one line, where it has words for it."""
        value = self.step.value(draft, context) if self.step.filled(draft) else ""
        if not value:
            return NOTHING
        label = context.say(f"{self.flow.name}.{self.step.name}.label")
        return context.say("dialogue.answer", label=label, value=Html(value))

    def resting(self) -> Dialogue:
        """The dialogue, waiting for no job."""
        return replace(self, row=replace(self.row, job_id=None))


@dataclass(frozen=True)
class Scene:
    """The context of the answer to one reply: the dialogue under way, the post that the reply came from
    and may be answered on, and, where a dialogue has just handed over, those that it was begun in.
    """

    context: TurnContext
    dialogue: Dialogue | None
    onto: int | None = None
    beneath: tuple[Suspended, ...] = ()
    after_end: bool = False

    def for_action(self) -> TurnContext:
        """The context for an action, which may be a digression."""
        asking = self.dialogue is not None and not self.dialogue.passes
        return replace(self.context, asking=asking or bool(self.beneath))


def loaded(flows: Mapping[str, Flow[Any]], row: StoredDialogue) -> Dialogue | None:
    """The dialogue of a stored row; none where an upgrade has changed it."""
    flow = flows.get(row.flow)
    if flow is None or flow.version != row.version or (step := flow.step(row.step)) is None:
        return None
    try:
        draft = from_json(flow.draft_type, row.draft)
    except ValueError:  # a draft of another shape than the code's
        log.warning("dialogue.draft_unreadable", flow=row.flow)
        return None
    return Dialogue(row, flow, step, draft)


def started(flow: Flow[Any], draft: Any, scene: Scene) -> Dialogue:
    """A dialogue that begins, at its first open question."""
    context, step = scene.context, flow.open_step(draft)
    # A dialogue that later uses the same card must not take the presses meant for this one.
    revision = int(context.now.timestamp() * 1000)
    if scene.dialogue is not None:
        revision = max(revision, scene.dialogue.row.revision)
    row = StoredDialogue(
        destination=context.destination,
        user_id=context.person.user_id,
        flow=flow.name,
        version=flow.version,
        step=step.name,
        draft=to_json(draft),
        revision=revision,
        card_id=0,
        expires_at=context.now,
        language=context.person.language[:16],
        membership_id=context.membership_id,
    )
    return Dialogue(row, flow, step, draft)


def suspended(dialogue: Dialogue) -> Suspended:
    """The stored part of a dialogue while another one, begun inside it, is under way."""
    row = dialogue.row
    return Suspended(row.flow, row.version, row.step, row.draft, row.job_id)


def unread(row: StoredDialogue, entry: Suspended) -> StoredDialogue:
    """The row of a suspended dialogue that takes the place of `row`; no question of its own stands yet."""
    return replace(
        row,
        flow=entry.flow,
        version=entry.version,
        step=entry.step,
        draft=entry.draft,
        job_id=entry.job_id,
        card_id=0,
        suspended=(),
    )


async def ask(
    dialogue: Dialogue,
    scene: Scene,
    *,
    reject: Reject | None = None,
    job: JobRequest | None = None,
    comes_back: bool = False,
    answered: Html = NOTHING,
) -> Turn:
    """Ask the dialogue's present question: on the card that was pressed, or below what the user wrote.

    While it waits for a job (`job` begins now, or it is under way) the step's `waiting` stands there. A job
    that was lost is waited for no longer. The card of the question before shrinks: to the answer that was
    `answered`, or to a hint at the question below.
    """
    flow, step, draft, context = dialogue.flow, dialogue.step, dialogue.draft, scene.context
    if dialogue.row.job_id is not None and not await context.short_read(
        jobs.is_under_way, dialogue.row.job_id
    ):
        dialogue = dialogue.resting()
    waits = job is not None or dialogue.row.job_id is not None
    prompt = await (step.waiting(draft, context) if waits else step.ask(draft, context))
    lines = [context.say("dialogue.comes_back")] if comes_back else []
    if reject is not None:
        lines.append(error_text(dialogue, reject, context))
    asked = flow.asked(draft)
    if not waits and len(asked) > 1 and step in asked and step is not asked[-1]:
        lines.append(context.say("dialogue.step", number=asked.index(step) + 1, total=len(asked)))
    offers = ((each,) for each in reject.offers) if reject is not None else ()
    rows = (*offers, *(() if waits else prompt.rows), _way_out(dialogue, context, waits=waits))
    prompt = replace(prompt, text=join([*lines, prompt.text], "\n\n"), rows=rows)
    row = replace(
        dialogue.row,
        revision=dialogue.row.revision + 1,
        expires_at=context.now + timedelta(minutes=flow.minutes),
    )
    (card,) = cards_for((prompt,), scene.onto)
    done = turn(replace(card, asks=True, revision=row.revision))
    if job is not None:
        done += turn(Await(job))
    done += turn(KeepDialogue(row, awaits=job is not None))
    if row.card_id not in (0, card.onto):
        left = answered or (context.say("dialogue.asked_below") if not waits else NOTHING)
        done += turn(RemoveKeyboard(row.card_id, Prompt(left) if left else None))
    return done


def _way_out(dialogue: Dialogue, context: TurnContext, *, waits: bool) -> tuple[Choice, ...]:
    flow, step, draft = dialogue.flow, dialogue.step, dialogue.draft
    ways = [Choice(context.say("dialogue.button.cancel"), CANCEL)]
    if waits:
        return tuple(ways)
    last = flow.asked(draft)[-1]
    if step is not last and flow.open_step(draft) is last:  # an answer is being changed
        ways.insert(0, Choice(context.say("dialogue.button.summary"), SUMMARY))
    if flow.before(draft, step) is not None:
        ways.insert(0, Choice(context.say("dialogue.button.back"), BACK))
    return tuple(ways)


def error_text(dialogue: Dialogue, reject: Reject, context: TurnContext) -> Html:
    """Why the answer will not do. A key with a dot is a whole one, which several dialogues share."""
    if "." in reject.key:
        return context.say(reject.key, **reject.values)
    owner = "dialogue" if reject.key in COMMON_ERRORS else f"{dialogue.flow.name}.{dialogue.step.name}"
    return context.say(f"{owner}.error.{reject.key}", **reject.values)


def over(row: StoredDialogue, context: TurnContext, how: str) -> Card:
    """The card in place of the question, once the dialogue ended without a result: `how` ends the text's key,
    `dialogue.<how>`.
    """
    return Card(Prompt(context.say(f"dialogue.{how}"), way_on(context)), onto=row.card_id or None)


def closed(done: Turn, row: StoredDialogue, card: Card) -> Turn:
    """End the dialogue and those beneath it without a result, before whatever else the turn does."""
    waiting = [row.job_id, *(entry.job_id for entry in row.suspended)]
    only = tuple(job_id for job_id in waiting if job_id is not None)
    before = turn(CancelJobs(only=only)) if only else Turn()
    if not any(shown.onto == row.card_id for shown in done.cards):
        before += turn(card)
    ended = Turn() if done.has(KeepDialogue) else turn(EndDialogue())
    return before + done + ended


def cards_for(prompts: Sequence[Prompt], onto: int | None) -> tuple[Card, ...]:
    """The first prompt goes onto the card that was pressed, unless it wants to be a message of its own."""
    cards = []
    for prompt in prompts:
        if onto is not None and not prompt.is_own_message:
            cards.append(Card(prompt, onto))
            onto = None
        else:
            cards.append(Card(prompt))
    return tuple(cards)
