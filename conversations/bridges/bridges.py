"""Pairing a laptop, and the list of one's laptops."""

from __future__ import annotations

from backend.bridges import service as bridges
from backend.bridges.errors import BridgeGone, PairingOver
from backend.bridges.values import Bridge
from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Copy, Entry, Html, Prompt, Rows, join
from device_bridge.wire.pairing import grouped, make_code


class BridgeAction(Action):
    """What every action here shares: its permission, and the words for what is refused."""

    permission = Permission.PROGRAM

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        match refusal:
            case BridgeGone():
                key = "bridges.gone"
            case PairingOver():
                key = "bridges.over"
            case _:
                return await super().refused(refusal, context)
        return show(Prompt(context.say(key), (_back(context),)))


def _back(context: TurnContext) -> tuple[Entry, ...]:
    return (Entry(context.say("bridges.menu"), Bridges.name), home_button(context))


class Bridges(BridgeAction):
    """One's laptops."""

    name = "bridges"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        found = await context.short_read(bridges.mine, context.acting, context.now)
        rows: Rows = tuple((Entry(_label(each, context), ShowBridge.name, str(each.id)),) for each in found)
        said = say("bridges.list", number=len(found)) if found else say("bridges.none")
        pair = (Entry(say("bridges.button.pair"), PairBridge.name),)
        return show(Prompt(said, (*rows, pair, (home_button(context),))))


def _label(bridge: Bridge, context: TurnContext) -> str:
    key = "bridges.listed_connected" if bridge.connected else "bridges.listed_away"
    return context.say(key, host=bridge.host[:32])


class ShowBridge(BridgeAction):
    """A laptop. The argument is its id."""

    name = "bridge"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(bridges.get, context.acting, id_of(argument) or 0, context.now)
        return show(_card(found, context))


def _card(bridge: Bridge, context: TurnContext) -> Prompt:
    say, number = context.say, str(bridge.id)
    lines = [
        say("bridges.card", host=bridge.host, platform=bridge.platform, program=bridge.program),
        say("bridges.key", fingerprint=grouped(bridge.fingerprint)),
        _state(bridge, context),
    ]
    revoke = Entry(say("bridges.button.revoke"), AskRevocation.name, number)
    return Prompt(join(lines), ((revoke,), _back(context)))


def _state(bridge: Bridge, context: TurnContext) -> Html:
    if bridge.connected:
        return context.say("bridges.state_connected")
    if bridge.seen_at is None:
        return context.say("bridges.state_never")
    return context.say("bridges.state_seen", at=bridge.seen_at)


class PairBridge(BridgeAction):
    """A code for a laptop. One from before does not count any more."""

    name = "bridge_pair"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, services = context.say, context.services
        if not services.gateway:
            return show(Prompt(say("bridges.no_gateway"), (_back(context),)))
        code = make_code(services.server_key)
        command = f"a486-bridge pair {services.gateway} {code}"
        buttons: Rows = (
            (Copy(say("bridges.button.copy"), command),),
            (Entry(say("bridges.button.pair_again"), self.name),),
            _back(context),
        )
        said = say("bridges.pair", code=str(code), gateway=services.gateway)
        return Do(
            order(bridges.offer, context.acting, code, context.now),
            lambda _: [Prompt(said, buttons, passing=True)],
        )


class Decide(BridgeAction):
    """Whether a laptop that gave the code is one's own. The argument is `<id>_<yes|no>`."""

    name = "bridge_decide"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, word = argument.partition("_")
        yes = word == "yes"
        decided = order(bridges.decide, context.acting, id_of(number) or 0, yes, context.now)

        def finish(found: Bridge) -> list[Prompt]:
            key = "bridges.paired" if yes else "bridges.declined"
            jobs = Entry(context.say("programming.menu"), "my_jobs")
            return [Prompt(context.say(key, host=found.host), ((jobs,), _back(context)))]

        return Do(decided, finish)


class AskRevocation(BridgeAction):
    """Is a laptop to be revoked? The argument is its id."""

    name = "bridge_ask_revocation"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        found = await context.short_read(bridges.get, context.acting, id_of(argument) or 0, context.now)
        rows = (
            (Entry(say("bridges.button.revoke_now"), Revoke.name, str(found.id)),),
            (Entry(say("bridges.button.keep"), ShowBridge.name, str(found.id)),),
        )
        return show(Prompt(say("bridges.ask_revocation", host=found.host), rows))


class Revoke(BridgeAction):
    """Revoke a laptop. The argument is its id."""

    name = "bridge_revoke"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Do(
            order(bridges.revoke, context.acting, id_of(argument) or 0, context.now),
            lambda found: [Prompt(context.say("bridges.revoked", host=found.host), (_back(context),))],
        )
