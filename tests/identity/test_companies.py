"""Users of several integrators choose for which one they act; the staff see the state of the service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from backend.core.audit.values import AuditAction
from backend.identity import service as identity
from backend.identity.permissions import Role, StaffRole
from sandbox import showcase
from sandbox.client import UserClient
from tests.acceptance.walks import MOME, PLAIN, THEIR_MOME, begin, to_summary
from tests.support import Chat, Switchboard, World


def joins(world: World, code: str, *, enabled: bool = True) -> Callable[[Connection], object]:
    """Add the first persona to this integrator too."""
    return lambda connection: identity.add_member(
        connection,
        telegram_user_id=world.people[0].id,
        display_name="Configuratore",
        integrator_code=code,
        role=Role.CONFIGURATOR,
        enabled=enabled,
        at=datetime.now(UTC),
    )


async def test_a_user_of_one_company_is_not_asked_to_choose(chat: Chat) -> None:
    home = await chat.says("/start", "Lavori per")
    assert not any("Cambia azienda" in label for label in home.labels)


async def test_a_company_is_chosen_and_stays_chosen(declared: Chat, world: World) -> None:
    ours, theirs = showcase.INTEGRATORS[showcase.OURS], showcase.INTEGRATORS[showcase.OTHERS]
    await world.database.write(joins(world, showcase.OTHERS))
    await declared.says("/start", f"Lavori per {ours}", button="Cambia azienda")
    await declared.press("Cambia azienda")
    await declared.sees(f"Ora lavori per {ours}", button=theirs)
    await declared.press(theirs)
    await declared.sees(f"Da ora lavori per {theirs}", button="Associazioni")

    await declared.says("/start", f"Lavori per {theirs}")
    await declared.press("Associazioni")  # a declaration holds for one integrator
    await declared.press("Accetto")
    await declared.sees(theirs)


async def test_the_choice_of_a_company_of_others_changes_nothing(declared: Chat, world: World) -> None:
    await world.database.write(joins(world, showcase.OTHERS))
    await declared.says("/start", "Lavori per", button="Cambia azienda")
    await declared.press("Cambia azienda")
    theirs = showcase.INTEGRATORS[showcase.OTHERS]
    await declared.sees("Per quale azienda", button=theirs)
    # Meanwhile the membership is gone.
    await world.database.write(
        lambda connection: connection.exec_driver_sql(
            "DELETE FROM memberships WHERE id = (SELECT max(id) FROM memberships)"
        )
    )
    await declared.press(theirs)
    await declared.sees("Ora lavori per", button=showcase.INTEGRATORS[showcase.OURS])


async def test_the_staff_see_how_the_service_runs(chat: Chat, world: World) -> None:
    phone = await UserClient.create(world.api.base_url, "Operatore", language_code="it")
    async with Chat(phone) as operator:
        await operator.says("/start", "riservato ai System Integrator")
        await world.database.write(
            lambda connection: identity.add_staff(
                connection,
                telegram_user_id=operator.phone.user_id,
                display_name="Chi amministra",
                role=StaffRole.ADMINISTRATOR,
                at=datetime.now(UTC),
            )
        )
        await operator.says("/start", "personale del servizio", button="Stato")
        await operator.press("Stato")
        await operator.sees("Da riprendere: 0")
        await operator.says("IT001E48600001", "riservato ai System Integrator")
    assert "Da riprendere" not in (await chat.says("/stato", "Stato")).text


async def test_a_user_disabled_during_a_dialogue_is_told_so_and_it_ends(declared: Chat, world: World) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile", button="Associa un dispositivo")
    await declared.press("Associa un dispositivo")
    await declared.press("MOME")
    asked = await declared.sees("Scrivi il SID")
    await world.database.write(joins(world, showcase.OURS, enabled=False))
    await declared.says(showcase.sid("MOME", 2), "non è ancora abilitata")
    await world.settled()
    assert not (await declared.message(asked.message_id)).buttons
    assert await world.dialogue() is None
    await declared.says(PLAIN, "non è ancora abilitata")


async def test_a_user_disabled_while_confirming_is_told_so_and_creates_nothing(
    declared: Chat, world: World, central: Switchboard
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile", button="Associa un dispositivo")
    await declared.press("Associa un dispositivo")
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    await declared.says(showcase.sid("MOME", 2), "Quale configurazione?")
    await declared.press("Standard")
    await declared.sees("Riepilogo", button="Conferma")
    gate = central.hold(PLAIN)
    await declared.press("Conferma")
    await declared.sees("Un momento")
    await world.database.write(joins(world, showcase.OURS, enabled=False))
    gate.set()
    await declared.sees("non è ancora abilitata")
    await world.settled()
    assert await world.dialogue() is None
    assert await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN) == []


async def changes_company(chat: Chat, world: World) -> None:
    """Act for the other integrator from now on; its declaration is not accepted yet."""
    theirs = showcase.INTEGRATORS[showcase.OTHERS]
    await world.database.write(joins(world, showcase.OTHERS))
    await chat.type("/start")
    await chat.press("Cambia azienda")
    await chat.saw("Per quale azienda", on=None)
    await chat.press(theirs)
    await chat.saw(f"Da ora lavori per {theirs}")


async def test_a_dialogue_begun_for_one_company_does_not_end_for_another(
    declared: Chat, world: World
) -> None:
    await begin(declared)
    await declared.press("MOME")
    asked = await declared.sees("Scrivi il SID")
    await declared.says("/start", "Scrivi il SID")
    await changes_company(declared, world)

    await world.settled()
    assert await world.dialogue() is None
    await declared.saw("era per un’altra azienda")
    assert not (await declared.message(asked.message_id)).buttons
    await declared.says(THEIR_MOME, "Dichiarazione da parte del System Integrator")
    assert await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN) == []


async def test_a_dialogue_is_over_as_soon_as_its_company_is_no_longer_the_users(
    declared: Chat, world: World
) -> None:
    await world.database.write(joins(world, showcase.OTHERS))
    await begin(declared)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    await world.database.write(  # done by the operator: no turn of this chat
        lambda connection: connection.exec_driver_sql("UPDATE memberships SET enabled = (id > 1)")
    )

    await declared.type(MOME)
    await declared.saw("era per un’altra azienda")
    await declared.sees("Dichiarazione da parte del System Integrator")  # the other one's, to see the device
    await world.settled()
    dialogue = await world.dialogue()
    assert dialogue is not None
    assert (dialogue.flow, dialogue.suspended) == ("declaration", ())


@pytest.mark.parametrize("waits_in", ["a look-up", "a confirmation"])
async def test_an_answer_requested_for_one_company_is_not_given_to_another(
    declared: Chat, world: World, central: Switchboard, waits_in: str
) -> None:
    if waits_in == "a confirmation":
        await to_summary(declared)
    gate = central.hold(PLAIN)
    await (declared.type(PLAIN) if waits_in == "a look-up" else declared.press("Conferma"))
    await declared.sees("Un momento")
    before = [record.id for record in await world.audit(AuditAction.POD_LOOKED_UP, pod=PLAIN)]
    await changes_company(declared, world)
    gate.set()
    await world.settled()

    assert [record.id for record in await world.audit(AuditAction.POD_LOOKED_UP, pod=PLAIN)] == before
    assert await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN) == []
    assert not any(
        "Un momento" in shown.text and shown.buttons for shown in (await declared.screen()).from_bot
    )
    assert await world.dialogue() is None


async def test_an_answer_for_a_company_that_the_user_has_left_says_so(
    declared: Chat, world: World, central: Switchboard
) -> None:
    await world.database.write(joins(world, showcase.OTHERS))
    gate = central.hold(PLAIN)
    waits = await declared.says(PLAIN, "Un momento")
    await world.database.write(
        lambda connection: connection.exec_driver_sql("UPDATE memberships SET enabled = (id > 1)")
    )
    gate.set()
    await declared.saw("richiesta fatta per un’altra azienda", on=waits)
