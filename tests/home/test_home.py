"""The first screen, commands and languages; strangers and groups."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from backend.core.audit.values import AuditAction
from backend.identity.permissions import StaffRole
from sandbox.client import UserClient
from tests.acceptance.walks import MOME, PLAIN, PROSUMER, data_of
from tests.fixtures.worlds import declare
from tests.support import Chat, World, on_sqlite

pytestmark = on_sqlite


@pytest.fixture
async def stranger(world: World) -> AsyncIterator[Chat]:
    """A person who found the bot and acts for no integrator."""
    async with Chat(await UserClient.create(world.api.base_url, "Passante", language_code="it")) as chat:
        yield chat


async def test_a_stranger_sees_the_way_in_and_their_number(stranger: Chat) -> None:
    number = str(stranger.phone.user_id)
    await stranger.says("/start", "riservato ai System Integrator", button="Registrati")
    shown = await stranger.says("/stato", number)
    assert any(button.copy_text == number for button in shown.buttons)


async def test_a_stranger_can_do_nothing_else(world: World, stranger: Chat) -> None:
    for wish in (PLAIN, MOME, f"{PLAIN} IT001E48600002", PLAIN.replace("IT", "1T")):
        shown = await stranger.says(wish, "riservato ai System Integrator")
        assert "ammissibile" not in shown.text
    await stranger.says("/stato", "Non risulti tra gli utenti abilitati")
    await stranger.says("/aiuto", "Che cosa posso fare")
    await stranger.says("ciao", "Qui non trovo né un POD né il codice")

    shown = await stranger.says("/start", "riservato")
    post = data_of(shown, "Aiuto").split(".")[0]
    chat = world.api.world.private_chat(world.bot, world.api.world.users[stranger.phone.user_id])
    for entry in (
        "look_up.",
        "recent.",
        "associations.",
        "association.1",
        "scp.1",
        "delete.1",
        f"associate.{PLAIN}",
    ):
        message = chat.messages[shown.message_id]
        world.api.world.press(message, world.api.world.users[stranger.phone.user_id], f"{post}.e.{entry}")
        await world.settled()
        await stranger.sees("riservato ai System Integrator")
    assert (
        await world.audit(
            AuditAction.POD_LOOKED_UP, AuditAction.DECLARATION_ACCEPTED, AuditAction.ASSOCIATION_DELETED
        )
        == []
    )


COMMANDS = {
    "/start": ("Lavori per Impianti Demo", "You work for Elettro Demo"),
    "/aiuto": ("Che cosa posso fare", "What I can do"),
    "/help": ("Che cosa posso fare", "What I can do"),
    "/stato": ("Configuratore · Impianti Demo", "Installer · Elettro Demo"),
    "/status": ("Configuratore · Impianti Demo", "Installer · Elettro Demo"),
    "/lingua": ("In quale lingua", "Which language"),
    "/language": ("In quale lingua", "Which language"),
    "/annulla": ("Non c’è nulla da annullare", "There is nothing to cancel"),
    "/cancel": ("Non c’è nulla da annullare", "There is nothing to cancel"),
    "/START": ("Lavori per Impianti Demo", "You work for Elettro Demo"),
    "/start@a486_demo_bot": ("Lavori per Impianti Demo", "You work for Elettro Demo"),
    "/quanto costa": ("Non conosco questo comando", "I don’t know this command"),
}


async def test_every_command_answers_in_the_language_of_the_users_telegram(world: World) -> None:
    async with world.chat() as italian, world.chat(2) as english:
        for command, (in_italian, in_english) in COMMANDS.items():
            await italian.says(command, in_italian)
            await english.says(command, in_english)


STAFF = -1


async def test_the_help_lists_what_the_person_may_do_and_no_other_command(
    world: World, chat: Chat, stranger: Chat
) -> None:
    listed = {name for name in (await chat.screen()).commands if name != "start"}
    ours = await chat.says("/aiuto", "Che cosa posso fare", "contatore GESIS", "report delle associazioni")
    assert all(f"/{name} – " in ours.text for name in listed)
    assert "/richieste – Richieste di assistenza" in ours.text
    for command in ("/contratti", "/persone", "/registro", "/gruppo", "Che cosa fai nel servizio"):
        assert command not in ours.text

    await world.give_staff_role(StaffRole.COMMERCIAL, world.people[STAFF].id)
    async with world.chat(STAFF) as staff:
        theirs = await staff.says(
            "/aiuto", "Che cosa fai nel servizio", "Registrazioni e contratti", "Assistenza"
        )
        for command in ("/contratti – ", "/richieste – ", "/report – ", "/statistiche – ", "/documenti – "):
            assert command in theirs.text
        for other in (
            "/massiva",
            "/lavori",
            "/attese",
            "/registro",
            "/persone",
            "Cercare un POD",
            "Registro",
        ):
            assert other not in theirs.text

    nobody = await stranger.says("/aiuto", "Che cosa posso fare", "Cercare un POD", "/registrati – ")
    assert "/report" not in nobody.text
    assert "Invitare persone" not in nobody.text


async def test_an_unsupported_language_falls_back_to_a_supported_one(world: World) -> None:
    async with Chat(await UserClient.create(world.api.base_url, "Passantin", language_code="de")) as german:
        await german.says("/start", "This bot is for System Integrators")


async def test_a_chosen_language_stays_and_the_commands_follow(world: World, chat: Chat) -> None:
    assert (await chat.screen()).commands == (
        "start",
        "aiuto",
        "annulla",
        "stato",
        "lingua",
        "attese",
        "report",
        "lavori",
        "portatili",
        "massiva",
        "assistenza",
        "documenti",
        "statistiche",
        "squadra",
        "profilo",
        "registrati",
        "privacy",
    )
    await chat.says("/lingua", "In quale lingua preferisci")
    await chat.press("English")
    await chat.sees("From now on I’ll write in English", button="Home")
    await chat.phone.wait_for(
        lambda screen: (
            screen.commands
            == (
                "start",
                "help",
                "cancel",
                "status",
                "language",
                "watched",
                "report",
                "jobs",
                "laptops",
                "bulk",
                "assistance",
                "documents",
                "statistics",
                "team",
                "profile",
                "register",
                "privacy",
            )
        )
    )

    await world.stop()
    await world.start()
    await chat.says("/start", "You work for Impianti Demo")
    await chat.says(PLAIN, "Declaration by the System Integrator")
    await chat.press("I accept")
    await chat.sees("Eligible supply", button="Associate a device")


async def test_every_button_of_the_first_screen_leads_somewhere(declared: Chat) -> None:
    for button, answer in {
        "Cerca un POD": "Scrivi o incolla il POD",
        "Ultimi POD": "Non hai ancora cercato",
        "Associazioni": "Associazioni di Impianti Demo",
        "Aiuto": "Che cosa posso fare",
    }.items():
        first = await declared.says("/start", "Incolla un POD")
        await declared.press(button, on=first)
        await declared.saw(answer)
        await declared.says("/annulla")


async def test_groups_see_nothing_about_supplies_or_people(world: World) -> None:
    person = world.people[0]
    group = world.api.add_group("Cantiere", world.bot, [person])
    async with (
        world.chat() as private,
        Chat(UserClient(world.api.base_url, person.id, chat=group.id)) as chat,
    ):
        await declare(private)
        first = await chat.says("/start", "Scrivimi in privato")
        await chat.type(PLAIN)  # a group's own talk
        await world.settled()
        assert (await chat.screen()).from_bot[-1].message_id == first.message_id
        for command in ("/stato", "/aiuto", "/lingua", "/annulla", "/boh"):
            await chat.type(command)
        for text in (PLAIN, MOME, f"{PLAIN} {PROSUMER}", PLAIN.replace("0", "O"), "boh"):
            await chat.phone.type(text, reply_to=first.message_id)
        await world.settled()
        shown = (await chat.screen()).from_bot

    assert len(shown) == 10  # /boh is meant for another bot
    for message in shown:
        for private_matter in (
            "Impianti",
            "Configuratore",
            PLAIN,
            PROSUMER,
            MOME,
            "Dichiarazione",
            "ammissibile",
        ):
            assert private_matter not in message.text
    assert await world.audit(AuditAction.POD_LOOKED_UP) == []
