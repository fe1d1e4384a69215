"""Contracts as commercial staff see them: the list, one of them, its end."""

from __future__ import annotations

from backend.contracts import service as contracts
from backend.contracts.errors import ContractEnded, ContractNotFound, ContractOfAnother
from backend.contracts.values import Contract, ContractState
from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Entry, Prompt, Rows, join

PEOPLE_SHOWN = 15


class ContractAction(Action):
    """What every action here shares: its permission, and the words for what is refused."""

    permission = Permission.MANAGE_CONTRACTS

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        return refused(refusal, context)


def refused(refusal: Refused, context: TurnContext) -> Answer:
    """The answer to a refusal of the contracts' service."""
    say = context.say
    match refusal:
        case ContractNotFound():
            text = say("contracts.gone")
        case ContractEnded():
            text = say("contracts.ended")
        case ContractOfAnother():
            text = say("contracts.of_another", number=refusal.data.get("number", ""))
        case _:
            text = say("dialogue.refused")
    return show(Prompt(text, (_back(context),)))


def _back(context: TurnContext) -> tuple[Entry, ...]:
    return (Entry(context.say("contracts.menu"), ListContracts.name), home_button(context))


class ListContracts(ContractAction):
    """The contracts, newest first. The argument is where a page begins."""

    name = "contracts"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument))
        found = await context.short_read(contracts.latest, context.acting, page.wanted, page.at)
        load = Entry(say("contracts.button.load"), "contracts_load")
        template = Entry(say("contracts.button.template"), "contracts_load", "template")
        rows: Rows = tuple(
            (Entry(f"{_mark(each)} {each.number} · {each.business_name}", ShowContract.name, str(each.id)),)
            for each in found[: page.size]
        )
        turning = page.turning(context, [each.id for each in found])
        text = say("contracts.title" if found else "contracts.none")
        return show(Prompt(text, (*rows, *turning, (load, template), (home_button(context),))))


def _mark(contract: Contract) -> str:
    return "✅" if contract.state is ContractState.STANDING else "⏹"


class ShowContract(ContractAction):
    """A contract and whom it names. The argument is its id."""

    name = "contract"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(contracts.get, context.acting, id_of(argument) or 0)
        return show(await _card(found, context))


async def _card(found: Contract, context: TurnContext) -> Prompt:
    say = context.say
    people = await context.short_read(contracts.people_of, context.acting, found.id)
    lines = [say("contracts.person", email=each.email) for each in people[:PEOPLE_SHOWN]]
    if len(people) > PEOPLE_SHOWN:
        lines.append(say("contracts.more", number=len(people) - PEOPLE_SHOWN))
    head = say(
        "contracts.card",
        number=found.number,
        company=found.business_name,
        iva=found.integrator_code,
        people=found.people,
        enabled=found.enabled,
    )
    state = say(f"contracts.state.{found.state}")
    rows: Rows = (_back(context),)
    if found.state is ContractState.STANDING:
        rows = ((Entry(say("contracts.button.end"), AskEnd.name, str(found.id)),), *rows)
    return Prompt(join([head, join(lines), state], "\n\n"), rows)


class AskEnd(ContractAction):
    """Is the contract to end? The argument is its id."""

    name = "contract_ask_end"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        found = await context.short_read(contracts.get, context.acting, id_of(argument) or 0)
        rows = (
            (Entry(say("contracts.button.end_now"), EndContract.name, str(found.id)),),
            (Entry(say("contracts.button.keep"), ShowContract.name, str(found.id)),),
        )
        return show(Prompt(say("contracts.ask_end", number=found.number), rows))


class EndContract(ContractAction):
    """End a contract. The argument is its id."""

    name = "contract_end"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        ended = order(contracts.end, context.acting, id_of(argument) or 0, context.now)
        return Do(
            ended,
            lambda found: [Prompt(context.say("contracts.is_ended", number=found.number), (_back(context),))],
        )
