"""The values at the primary of a GESIS meter: what K is, and what the meter shows. For an association K is
remembered; for a supply without one it is used and forgotten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from backend.associations import service as associations
from backend.associations.values import Association
from backend.core.refusals import Refused
from backend.gesis.values import (
    Factor,
    NotRead,
    Reading,
    at_primary,
    factor_of,
    read_factor,
    read_readings,
)
from backend.identity.permissions import Permission
from backend.programming import service as programming
from backend.supplies.pod import parse_pod
from conversations.core.action import Action
from conversations.core.answers import Answer, Go, Next, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step
from conversations.core.navigation import home_button, id_of, menu, way_on
from conversations.core.prompts import Button, Choice, Entry, Html, Prompt, Rows, join
from conversations.core.replies import Chosen, Reply, Typed
from conversations.core.wording import unread

READ = "read"
_LONG = re.compile(r"^[0-9]{5,}")
_BETWEEN_THOUSANDS = "\u202f"  # narrow, and no line ends there


@dataclass(frozen=True)
class GesisDraft:
    """Whose meter it is, by its POD; the association (0 for a supply without one); K as `Factor.written`
    (empty while it is asked for); the programming job whose laptop may read the meter (0 for none).
    `present` is the K that another is to take the place of.
    """

    pod: str
    association_id: int = 0
    factor: str = ""
    job_id: int = 0
    present: str = ""


class GesisFactorStep(Step[GesisDraft]):
    """What is K?"""

    name = "factor"

    def filled(self, draft: GesisDraft) -> bool:
        return bool(draft.factor)

    async def ask(self, draft: GesisDraft, context: TurnContext) -> Prompt:
        say = context.say
        known = factor_of(draft.factor or draft.present or None)
        asked = say("gesis.factor.ask", pod=draft.pod)
        if known is not None:
            asked = join((asked, say("gesis.factor.now", factor=known.shown)), "\n\n")
        return Prompt(asked)

    async def answer(self, draft: GesisDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        try:
            factor = read_factor(reply.text)
        except NotRead as error:
            raise unread(error, context) from None
        kept = (
            (order(associations.keep_factor, context.acting, draft.association_id, factor, context.now),)
            if draft.association_id and context.may(Permission.KEEP_FACTOR)
            else ()
        )
        return Next(replace(draft, factor=factor.written), effects=kept)


class GesisReadingsStep(Step[GesisDraft]):
    """What does the meter show?"""

    name = "readings"

    def filled(self, draft: GesisDraft) -> bool:
        return False

    def claims(self, text: str, draft: GesisDraft, context: TurnContext) -> bool:
        try:
            return bool(read_readings(text))
        except NotRead:
            return False

    async def ask(self, draft: GesisDraft, context: TurnContext) -> Prompt:
        say = context.say
        key = "gesis.readings.remembered" if draft.association_id else "gesis.readings.used"
        known = say(key, factor=_factor(draft).shown, pod=draft.pod)
        rows = ((Choice(say("gesis.readings.button.read"), READ),),) if draft.job_id else ()
        return Prompt(join((known, say("gesis.readings.ask")), "\n\n"), rows)

    async def answer(self, draft: GesisDraft, reply: Reply, context: TurnContext) -> Answer:
        if draft.job_id and isinstance(reply, Chosen) and reply.value == READ:
            return Go("job_readings", str(draft.job_id))
        if not isinstance(reply, Typed):
            raise Reject("text")
        try:
            readings = read_readings(reply.text)
        except NotRead as error:
            raise unread(error, context) from None
        return show(result_card(draft, readings, context))


class Gesis(Flow[GesisDraft]):
    """Calculates the values at the primary."""

    name = "gesis"
    draft_type = GesisDraft
    steps = (GesisFactorStep(), GesisReadingsStep())

    def key(self, draft: GesisDraft) -> str:
        return draft.pod

    def begins_anew(self, draft: GesisDraft) -> bool:
        return True

    def cancelled(self, draft: GesisDraft) -> Go | None:
        return Go("association", str(draft.association_id)) if draft.association_id else None

    async def refused(self, draft: GesisDraft, refusal: Refused, context: TurnContext) -> Answer:
        if draft.association_id:  # deleted meanwhile: its own card says so
            return Go("association", str(draft.association_id))
        return await super().refused(draft, refusal, context)


def result_card(draft: GesisDraft, readings: tuple[Reading, ...], context: TurnContext) -> Prompt:
    """The values at the primary, and what can be calculated next."""
    say, factor = context.say, _factor(draft)
    lines = [say("gesis.title"), say("gesis.of", pod=draft.pod, factor=factor.shown)]
    values = [
        _line(before, after, context)
        for before, after in zip(readings, at_primary(readings, factor), strict=True)
    ]
    number = str(draft.association_id)
    rows: Rows
    if draft.association_id:
        rows = (
            (
                Entry(say("gesis.button.more"), BeginGesis.name, number),
                Entry(say("gesis.button.change"), ChangeFactor.name, number),
            ),
            *way_on(context, Entry(say("association.button.open"), "association", number)),
        )
    else:
        again: tuple[Button, ...] = (
            Entry(say("gesis.button.more"), BeginGesisOfSupply.name, f"{draft.pod}_{draft.factor}"),
            Entry(say("gesis.button.change"), BeginGesisOfSupply.name, draft.pod),
        )
        rows = (again, (home_button(context),))
    return Prompt(join([join(lines), join(values)], "\n\n"), rows, persistent=True)


def _line(before: Reading, after: Reading, context: TurnContext) -> Html:
    if before.label:
        return context.say(
            "gesis.value_named",
            name=before.label,
            secondary=grouped(before.shown),
            primary=grouped(after.shown),
        )
    return context.say("gesis.value", secondary=grouped(before.shown), primary=grouped(after.shown))


def grouped(shown: str) -> str:
    """A value with narrow spaces between its thousands, from five digits on: `61 725,0 kWh`."""
    return _LONG.sub(lambda found: f"{int(found[0]):,}".replace(",", _BETWEEN_THOUSANDS), shown)


def _factor(draft: GesisDraft) -> Factor:
    return read_factor(draft.factor)


class GesisAction(Action):
    """An action on an association with a GESIS meter. The argument is the association's id."""

    permission = Permission.SEE_ASSOCIATIONS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = id_of(argument) or 0
        found = await context.short_read(associations.find, context.acting, number)
        if found is None or found.deleted_at is not None or not found.gesis:
            return Go("association", argument)
        job = await context.short_read(programming.readable_of, context.acting, found.id)
        return Start(Gesis.name, self.begun(GesisDraft(found.pod.code, found.id, job_id=job or 0), found))

    def begun(self, draft: GesisDraft, association: Association) -> GesisDraft:
        """The draft with what is known of K."""
        raise NotImplementedError


class BeginGesis(GesisAction):
    """Calculate with the remembered K; ask for it where there is none."""

    name = "gesis"

    def begun(self, draft: GesisDraft, association: Association) -> GesisDraft:
        return replace(draft, factor=association.factor.written) if association.factor is not None else draft


class ChangeFactor(GesisAction):
    """Ask for K, whatever is remembered."""

    name = "gesis_factor"

    def begun(self, draft: GesisDraft, association: Association) -> GesisDraft:
        return replace(draft, present=association.factor.written) if association.factor is not None else draft


class BeginGesisOfSupply(Action):
    """Calculate for a supply without an association. The argument is `<POD>` or `<POD>_<K>`."""

    name = "gesis_supply"
    permission = Permission.LOOK_UP
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        code, _, written = argument.partition("_")
        pod = parse_pod(code)
        if pod is None:
            return show(Prompt(context.say("look_up.not_a_pod"), menu(context)))
        try:
            factor = read_factor(written).written if written else ""
        except NotRead:
            factor = ""
        return Start(Gesis.name, GesisDraft(pod.code, factor=factor))
