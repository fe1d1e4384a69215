"""The staff writes first: a conversation with a member of an integrator."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend.identity import people
from backend.tickets import service as tickets
from backend.tickets.values import NewTicket, Source, Ticket
from conversations.core.answers import Answer, Do, Next, Reject, Start
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step, chosen
from conversations.core.prompts import Choice, Html, Prompt
from conversations.core.replies import Reply, Typed
from conversations.core.summary import Summary
from conversations.tickets.asking import TicketFlow, text_of
from conversations.tickets.desk import DeskAction
from conversations.tickets.tree import CONTACT, DEVICES, SEPARATOR
from conversations.tickets.wording import card_of

FOUND = 10
SHORTEST = 3
"""Characters of the words that somebody is looked for by."""


@dataclass(frozen=True)
class ContactDraft:
    """To whom the staff writes, about which device, and what."""

    words: str | None = None
    person_id: int | None = None
    name: str = ""
    device: str | None = None
    text: str | None = None
    chat_id: int | None = None
    message_id: int | None = None


class ContactWordsStep(Step[ContactDraft]):
    """Whom to look for?"""

    name = "words"

    def filled(self, draft: ContactDraft) -> bool:
        return draft.words is not None

    def claims(self, text: str, draft: ContactDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: ContactDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("ticket_contact.words.ask"))

    async def answer(self, draft: ContactDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        words = reply.text.strip()[:60]
        if len(words) < SHORTEST:
            raise Reject("short", least=SHORTEST)
        found = await context.long_read(people.find_members, context.acting, words, FOUND)
        if not found:
            raise Reject("nobody")
        if len(found) == 1:
            return Next(replace(draft, words=words, person_id=found[0].id, name=found[0].name))
        return Next(replace(draft, words=words, person_id=None))


class ContactPersonStep(Step[ContactDraft]):
    """Which of those who were found?"""

    name = "person"

    def filled(self, draft: ContactDraft) -> bool:
        return draft.person_id is not None

    async def ask(self, draft: ContactDraft, context: TurnContext) -> Prompt:
        found = await context.long_read(people.find_members, context.acting, draft.words or "", FOUND)
        rows = tuple(
            (
                Choice(
                    " · ".join([each.name, *(company for company, _, _ in each.companies[:1])]),
                    str(each.id),
                ),
            )
            for each in found
        )
        return Prompt(context.say("ticket_contact.person.ask"), rows)

    async def answer(self, draft: ContactDraft, reply: Reply, context: TurnContext) -> Answer:
        found = await context.long_read(people.find_members, context.acting, draft.words or "", FOUND)
        by_id = {str(each.id): each for each in found}
        person = by_id[chosen(reply, *by_id)]
        return Next(replace(draft, person_id=person.id, name=person.name))

    def value(self, draft: ContactDraft, context: TurnContext) -> str:
        return context.say("ticket_contact.person.value", name=draft.name)


class ContactDeviceStep(Step[ContactDraft]):
    """About which kind of device?"""

    name = "device"

    def filled(self, draft: ContactDraft) -> bool:
        return draft.device is not None

    async def ask(self, draft: ContactDraft, context: TurnContext) -> Prompt:
        choices = tuple(Choice(each.product_name, key) for key, each in DEVICES.items())
        return Prompt(context.say("ticket_contact.device.ask", name=draft.name), (choices,))

    async def answer(self, draft: ContactDraft, reply: Reply, context: TurnContext) -> Answer:
        return Next(replace(draft, device=chosen(reply, *DEVICES)))

    def value(self, draft: ContactDraft, context: TurnContext) -> str:
        product = DEVICES[draft.device].product_name if draft.device is not None else "–"
        return context.say("ticket_contact.device.value", device=product)


class ContactTextStep(Step[ContactDraft]):
    """What are they to read?"""

    name = "text"

    def filled(self, draft: ContactDraft) -> bool:
        return draft.text is not None

    def claims(self, text: str, draft: ContactDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: ContactDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("ticket_contact.text.ask", name=draft.name))

    async def answer(self, draft: ContactDraft, reply: Reply, context: TurnContext) -> Answer:
        text, message = text_of(reply), reply.message if isinstance(reply, Typed) else None
        made = replace(draft, text=text)
        if message is not None:
            made = replace(made, chat_id=message.chat_id, message_id=message.message_id)
        return Next(made)

    def value(self, draft: ContactDraft, context: TurnContext) -> str:
        return context.say("ticket_contact.text.value", text=(draft.text or "")[:300])


class ContactSummaryStep(Summary[ContactDraft]):
    """Is this what they are to read?"""

    def questions(self) -> Flow[ContactDraft]:
        return ContactFlow()

    def heading(self, draft: ContactDraft, context: TurnContext) -> Html:
        return context.say("ticket_contact.confirm.heading", name=draft.name)

    async def confirm(self, draft: ContactDraft, context: TurnContext) -> Answer:
        device = draft.device or next(iter(DEVICES))
        source = Source.of(draft.chat_id, draft.message_id)
        wanted = NewTicket(
            device_type=DEVICES[device],
            category=f"{device}{SEPARATOR}{CONTACT}",
            description=draft.text or "",
            source=source,
        )

        def finish(made: Ticket) -> list[Prompt]:
            return [card_of(context, made, context.say("ticket_contact.done"))]

        return Do(order(tickets.begin, context.acting, draft.person_id or 0, wanted, context.now), finish)


class ContactFlow(TicketFlow[ContactDraft]):
    """Writes to a member of an integrator."""

    name = "ticket_contact"
    draft_type = ContactDraft
    steps = (
        ContactWordsStep(),
        ContactPersonStep(),
        ContactDeviceStep(),
        ContactTextStep(),
        ContactSummaryStep(),
    )


class BeginContact(DeskAction):
    """Write to a member of an integrator."""

    name = "ticket_contact"
    in_staff_group = False
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(ContactFlow.name, ContactDraft())
