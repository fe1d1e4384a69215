"""Asking for assistance: through the tree to advice, or to a ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Generic, TypeVar

from backend.core.refusals import Refused
from backend.devices import service as devices
from backend.devices.codes import CodeKind, find_codes
from backend.identity.permissions import Permission
from backend.supplies.pod import find_pods
from backend.tickets import advice
from backend.tickets import service as tickets
from backend.tickets.errors import FilesForgotten, TicketFull, TicketRefused, TooManyFiles
from backend.tickets.service import MOST_TEXT
from backend.tickets.values import NewTicket, Source, Ticket
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Next, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, chosen
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import NOTHING, Choice, Entry, Html, Prompt, Rows, join
from conversations.core.replies import Chosen, Reply, Typed
from conversations.core.summary import Summary
from conversations.tickets.files import (
    DROP,
    GO_ON,
    NO_FILES,
    Files,
    FilesStep,
    dropping,
    joined,
    news,
    quiet,
    sent,
    summed,
)
from conversations.tickets.laptops import diagnosed, laptop_buttons
from conversations.tickets.tree import DEVICES, SEPARATOR, Node, tree
from conversations.tickets.wording import card_of, shortened, topic_card

D = TypeVar("D")
SHORTEST = 10
"""Characters of a description."""
SKIP = "skip"
OTHER = "technical.setup.other"
"""The leaf for what did not come through the tree."""


def ask_again(refusal: Refused) -> None:
    """Where the files are what a service refused, what was written is not lost: raises Reject."""
    if isinstance(refusal, TicketFull | TooManyFiles | FilesForgotten):
        raise Reject(refusal.key, **refusal.data)


def refused(refusal: TicketRefused, context: TurnContext) -> Prompt:
    """What was refused, in words, and the way on."""
    said = context.say(refusal.key, **refusal.data)
    if not context.private:
        return Prompt(said)
    return Prompt(said, ((home_button(context),),))


class TicketAction(Action):
    """What actions on tickets share: the words for what is refused."""

    permission: ClassVar[Permission | None] = Permission.OPEN_TICKETS

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if not isinstance(refusal, TicketRefused):
            return await super().refused(refusal, context)
        return show(refused(refusal, context))


class TicketFlow(Flow[D], Generic[D]):
    """What dialogues about tickets share: the words for what is refused."""

    async def refused(self, draft: D, refusal: Refused, context: TurnContext) -> Answer:
        ask_again(refusal)
        if not isinstance(refusal, TicketRefused):
            return await super().refused(draft, refusal, context)
        return show(refused(refusal, context))


class Assistance(TicketAction):
    """A question of the tree. The argument is the path to it; empty for the first one."""

    name = "assistance"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        node = tree().find(argument)
        if node is not None and not node.children:
            return show(_leaf(argument, node, context))
        argument = argument if node is not None else ""
        say, children = context.say, node.children if node is not None else tree().devices
        before = f"{argument}{SEPARATOR}" if node is not None else ""
        rows: Rows = tuple(
            (Entry(each.label.of(say.language), self.name, before + each.id),) for each in children
        )
        asked = say("assistance.which") if node is not None else say("assistance.device")
        text = node.text.of(say.language) if node is not None and node.text is not None else Html("")
        head = Html(f"<b>{_trail(argument, context)}</b>") if node is not None else say("assistance.title")
        return show(Prompt(join([head, text, asked], "\n\n"), (*rows, _ways(argument, context))))


def _trail(path: str, context: TurnContext) -> str:
    return " › ".join(tree().labels(path, context.say.language))


def _ways(path: str, context: TurnContext) -> tuple[Entry, ...]:
    above = path.rpartition(SEPARATOR)[0]
    back = Entry(context.say("assistance.back"), Assistance.name, above)
    mine = Entry(context.say("ticket.mine"), "tickets")
    return (back, home_button(context)) if path else (mine, home_button(context))


def _leaf(path: str, node: Node, context: TurnContext) -> Prompt:
    say = context.say
    head = Html(f"<b>{_trail(path, context)}</b>")
    if node.advice is None:
        text = node.text.of(say.language) if node.text is not None else Html("")
        rows: Rows = ((Entry(say("assistance.button.open"), "ticket_open", path),), _ways(path, context))
        return Prompt(join([head, text], "\n\n"), rows)
    solved = Entry(say("assistance.button.solved"), "advice_good", path)
    unsolved = Entry(say("assistance.button.unsolved"), "advice_bad", path)
    return Prompt(
        join([head, node.advice.of(say.language), say("assistance.did_it_help")], "\n\n"),
        ((solved, unsolved), _ways(path, context)),
    )


class Solved(TicketAction):
    """The advice has helped. The argument is its path."""

    name = "advice_good"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if tree().find(argument) is None:
            return Go(Assistance.name)
        thanks = Prompt(context.say("assistance.glad"), ((home_button(context),),))
        return Do(order(advice.count, argument, True), lambda _: [thanks])


class Unsolved(TicketAction):
    """The advice has not helped: on to a ticket. The argument is its path."""

    name = "advice_bad"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if tree().find(argument) is None:
            return Go(Assistance.name)
        return Go("ticket_open", argument, (order(advice.count, argument, False),))


@dataclass(frozen=True)
class Draft:
    """A ticket being written. An empty code is an answer, None an open question."""

    category: str = ""
    description: str | None = None
    chat_id: int | None = None
    message_id: int | None = None
    codes: str | None = None
    pod: str | None = None
    production_pod: str | None = None
    sid: str | None = None
    nid: str | None = None
    not_theirs: bool = False
    files: Files = NO_FILES
    attached: bool = False
    added: bool = False
    """What was written last went into the description."""
    which_device: bool = False
    """The device is a question of this dialogue: the tree was not gone through."""


def described(draft: Draft, text: str, context: TurnContext) -> Draft:
    """The draft with these words, and with the codes in them."""
    pods, codes = find_pods(text), find_codes(text, context.services.sid_pattern)
    return replace(
        draft,
        description=text,
        pod=draft.pod or next((pod.code for pod in pods), None),
        production_pod=draft.production_pod or next((pod.code for pod in pods[1:2]), None),
        sid=draft.sid or next(iter(codes.sids), None),
        nid=draft.nid or next(iter(codes.nids), None),
    )


class DraftStep(FilesStep[Draft]):
    """A step of a ticket that is being written: files may come at any of them."""

    def received(self, draft: Draft, context: TurnContext) -> Answer:
        return Next(draft)

    def with_words(self, draft: Draft, words: str, context: TurnContext) -> Draft:
        text = joined(draft.description, words)
        # Of several messages: none of them can change it alone.
        return replace(described(draft, text, context), chat_id=None, message_id=None)


class WhichDeviceStep(DraftStep):
    """With which device? Asked where the tree was not gone through."""

    name = "device"

    def applies(self, draft: Draft) -> bool:
        return draft.which_device

    def filled(self, draft: Draft) -> bool:
        return bool(draft.category)

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        choices = tuple(Choice(each.product_name, key) for key, each in DEVICES.items())
        asked = context.say("ticket_new.device.ask", text=shortened(draft.description or ""))
        return Prompt(join([news(context.say, draft.files), asked], "\n\n"), (choices,))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        if (files := sent(reply)) is not None:
            return self.gather(draft, files, context)
        device = chosen(reply, *DEVICES)
        rest = draft.category.partition(SEPARATOR)[2] or OTHER
        return Next(replace(quiet(draft), category=f"{device}{SEPARATOR}{rest}"))

    def value(self, draft: Draft, context: TurnContext) -> str:
        device = DEVICES.get(draft.category.partition(SEPARATOR)[0])
        return context.say("ticket_new.device.value", device=device.product_name if device else "–")


class DescriptionStep(DraftStep):
    """What is the matter?"""

    name = "description"

    def filled(self, draft: Draft) -> bool:
        return draft.description is not None

    def claims(self, text: str, draft: Draft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        told, own = news(context.say, draft.files), tree().question_of(draft.category, context.say.language)
        return Prompt(join([told, own or context.say("ticket_new.description.ask")], "\n\n"))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        if (files := sent(reply)) is not None:
            return self.gather(draft, files, context)
        made = described(quiet(draft), text_of(reply), context)
        if isinstance(reply, Typed) and (message := reply.message) is not None:
            made = replace(made, chat_id=message.chat_id, message_id=message.message_id)
        return Next(await checked(made, context))

    def value(self, draft: Draft, context: TurnContext) -> str:
        return context.say("ticket_new.description.value", text=(draft.description or "")[:300])


class CodesStep(DraftStep):
    """Of which supply and device?"""

    name = "codes"

    def applies(self, draft: Draft) -> bool:
        return tree().asks_codes(draft.category) or any((draft.pod, draft.sid, draft.nid))

    def filled(self, draft: Draft) -> bool:
        return draft.codes is not None or any((draft.pod, draft.sid, draft.nid))

    def claims(self, text: str, draft: Draft, context: TurnContext) -> bool:
        return True

    def asks_codes(self, draft: Draft, context: TurnContext) -> frozenset[CodeKind]:
        return frozenset(CodeKind)

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        skip = Choice(context.say("ticket_new.button.no_codes"), SKIP)
        told = news(context.say, draft.files)
        return Prompt(join([told, context.say("ticket_new.codes.ask")], "\n\n"), ((skip,),))

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        if (files := sent(reply)) is not None:
            return self.gather(draft, files, context)
        draft = quiet(draft)
        if not isinstance(reply, Typed):
            if not isinstance(reply, Chosen):
                raise Reject("text")
            chosen(reply, SKIP)
            nothing = replace(draft, codes="", pod=None, production_pod=None, sid=None, nid=None)
            return Next(nothing)
        pods = [pod.code for pod in find_pods(reply.text)]
        codes = find_codes(reply.text, context.services.sid_pattern)
        if not (pods or codes.sids or codes.nids):
            raise Reject("none")
        if len(pods) > 2 or len(codes.sids) > 1 or len(codes.nids) > 1:
            raise Reject("several")
        given = replace(
            draft,
            codes=reply.text[:200],
            pod=pods[0] if pods else None,
            production_pod=pods[1] if len(pods) > 1 else None,
            sid=next(iter(codes.sids), None),
            nid=next(iter(codes.nids), None),
        )
        return Next(await checked(given, context))

    def value(self, draft: Draft, context: TurnContext) -> str:
        found = [code for code in (draft.pod, draft.production_pod, draft.sid, draft.nid) if code]
        said = context.say("ticket_new.codes.value", codes=", ".join(found) or "—")
        return join([said, context.say("ticket_new.codes.not_yours")]) if draft.not_theirs else said


async def checked(draft: Draft, context: TurnContext) -> Draft:
    """The draft with what is known of its device: the other code, or that it is none of theirs, which may be
    just what is wrong. Raises Reject where SID and NID are of two devices.
    """
    if not context.may(Permission.SEE_DEVICES) or not (draft.sid or draft.nid):
        return draft
    found = await context.short_read(devices.candidates, context.acting, sid=draft.sid, nid=draft.nid)
    if len(found) > 1:
        raise Reject("ticket_new.two_devices")
    if not found:
        return replace(draft, not_theirs=True)
    (device,) = found
    if draft.nid not in (None, device.nid) or draft.sid not in (None, device.sid):
        raise Reject("ticket_new.two_devices")
    return replace(draft, sid=device.sid, nid=device.nid, not_theirs=False)


class AttachmentsStep(DraftStep):
    """Anything to go with it?"""

    name = "attachments"

    def applies(self, draft: Draft) -> bool:
        return tree().asks_codes(draft.category) or bool(draft.files.held)

    def claims(self, text: str, draft: Draft, context: TurnContext) -> bool:
        return True

    def filled(self, draft: Draft) -> bool:
        return draft.attached

    async def ask(self, draft: Draft, context: TurnContext) -> Prompt:
        say, files = context.say, draft.files
        text = say("ticket_new.attachments.more" if files.held else "ticket_new.attachments.ask")
        go_on = say("ticket.files.button.go_on" if files.held else "ticket_new.button.no_files")
        laptops = await laptop_buttons(context)
        rows: Rows = ((Choice(go_on, GO_ON),), *laptops, *dropping(say, files))
        added = say("ticket_new.attachments.added") if draft.added else NOTHING
        return Prompt(join([news(say, files), added, text], "\n\n"), rows)

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        draft = replace(draft, added=False)
        if (files := sent(reply)) is not None:
            return self.gather(draft, files, context)
        draft = quiet(draft)
        if isinstance(reply, Typed):
            words = reply.text.strip()
            if len(words) < SHORTEST or len(words.split()) == 1:  # "no", "niente"
                raise Reject("none")
            return Next(replace(self.with_words(draft, words, context), added=True), self.name)
        value = chosen(reply)
        if value == DROP:
            return Next(replace(draft, files=NO_FILES), self.name)
        if value == GO_ON:
            return Next(replace(draft, attached=True))
        return await diagnosed(value, draft, context)

    def value(self, draft: Draft, context: TurnContext) -> str:
        return summed(context.say, draft.files.held) or context.say("ticket.files.none")


class SendRequestStep(Summary[Draft], DraftStep):
    """Is it all right?"""

    def questions(self) -> Flow[Draft]:
        return NewTicketFlow()

    def heading(self, draft: Draft, context: TurnContext) -> Html:
        heading = context.say("ticket_new.confirm.heading", category=_trail(draft.category, context))
        return join([news(context.say, draft.files), heading], "\n\n")

    async def answer(self, draft: Draft, reply: Reply, context: TurnContext) -> Answer:
        if (files := sent(reply)) is not None:
            return self.gather(draft, files, context)
        return await super().answer(quiet(draft), reply, context)

    async def confirm(self, draft: Draft, context: TurnContext) -> Answer:
        device, targets = draft.category.split(SEPARATOR)[0], tree().targets_of(draft.category)
        source = Source.of(draft.chat_id, draft.message_id)
        wanted = NewTicket(
            device_type=DEVICES[device],
            category=draft.category,
            description=draft.description or "",
            pod=draft.pod,
            production_pod=draft.production_pod,
            sid=draft.sid,
            nid=draft.nid,
            source=source,
            files=draft.files.held,
            answer_minutes=round(targets.first_answer_hours * 60),
            solve_minutes=round(targets.solved_hours * 60),
        )

        def finish(made: Ticket) -> list[Prompt]:
            return [card_of(context, made, context.say("ticket_new.opened"))]

        hours = context.services.working_hours
        return Do(order(tickets.open_ticket, context.acting, wanted, context.now, hours), finish)


class NewTicketFlow(TicketFlow[Draft]):
    """Writes a ticket."""

    name = "ticket_new"
    draft_type = Draft
    steps = (WhichDeviceStep(), DescriptionStep(), CodesStep(), AttachmentsStep(), SendRequestStep())

    def key(self, draft: Draft) -> str:
        return draft.category


class OpenTicket(TicketAction):
    """Begin a ticket. The argument is a leaf of the tree."""

    name = "ticket_open"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        node = tree().find(argument)
        if node is None or node.children:
            return Go(Assistance.name, argument)
        return Start(NewTicketFlow.name, Draft(argument))


def text_of(reply: Reply, least: int = SHORTEST) -> str:
    """What was written, of at least so many characters. Raises Reject."""
    if not isinstance(reply, Typed):
        raise Reject("text")
    text = reply.text.strip()
    if not least <= len(text) <= MOST_TEXT:
        raise Reject("ticket.error.length", least=least, most=MOST_TEXT)
    return text


class Tickets(TicketAction):
    """One's tickets, and those of the integrator, newest first. The argument is where a page begins."""

    name = "tickets"
    permission = Permission.SEE_TICKETS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument))
        found = await context.short_read(tickets.mine, context.acting, page.wanted, page.at)
        new = (Entry(say("assistance.menu"), Assistance.name), home_button(context))
        if not found:
            return show(Prompt(say("ticket.none"), (new,)))
        rows: Rows = tuple(
            (Entry(label_of(each, context), ShowTicket.name, str(each.id)),) for each in found[: page.size]
        )
        turning = page.turning(context, [each.id for each in found])
        ways = (Entry(say("ticket_find.button"), "tfind_ask"), Entry(say("ticket_report.menu"), "treport"))
        return show(Prompt(say("ticket.list"), (*rows, *turning, ways, new)))


def label_of(ticket: Ticket, context: TurnContext) -> str:
    """A ticket on a button."""
    colleague = ticket.requester if ticket.requester_id != context.acting.person_id else ""
    return context.say(
        "ticket.listed_of" if colleague else "ticket.listed",
        mark=context.say(f"ticket.mark.{ticket.state.value}"),
        number=ticket.id,
        name=shortened(colleague, 24),
        category=shortened(tree().short(ticket.category, context.say.language), 40),
    )


class ShowTicket(TicketAction):
    """A ticket. The argument is its number."""

    name = "ticket"
    permission = Permission.SEE_TICKETS
    in_staff_group = True
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(tickets.get, context.acting, id_of(argument) or 0)
        if not context.private:
            return show(topic_card(context.say, found))
        return show(card_of(context, found))


class Reopen(TicketAction):
    """The answer was not enough. The argument is the ticket's number."""

    name = "ticket_reopen"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        hours, head = context.services.working_hours, context.say("ticket.reopened")
        return Do(
            order(tickets.reopen, context.acting, id_of(argument) or 0, context.now, hours),
            lambda found: [card_of(context, found, head)],
        )
