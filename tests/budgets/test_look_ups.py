"""Budgets of look-ups as people meet them: in a look-up, an association, a bulk file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.budgets.models import look_up_counts
from backend.core.audit.values import AuditAction
from backend.core.clock import ROME
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from sandbox.client import UserClient
from tests.acceptance.walks import OTHER_MOME, OURS, PLAIN, PROSUMER, associate, begin, to_summary
from tests.bulk.sheets import good, plain_pods, send
from tests.support import Chat, Switchboard, World, on_sqlite

SPENT = "Limite di ricerche raggiunto"
HOUR = timedelta(hours=1)


def limited(**limits: int) -> pytest.MarkDecorator:
    """The bot with these limits, by the settings' names."""
    return pytest.mark.parametrize("bot_settings", [limits], ids=[" ".join(limits)])


def again(world: World) -> str:
    """When there is room again, in local time."""
    assert world.clock is not None
    return (world.clock.now() + HOUR).astimezone(ROME).strftime("%H:00 del %d/%m")


async def made(world: World) -> int:
    """The look-ups counted so far, of everybody."""
    await world.settled()
    query = select(func.coalesce(func.sum(look_up_counts.c.number), 0))
    return int(await world.database.long_read(lambda connection: connection.scalar(query)) or 0)


async def recorded(world: World) -> list[tuple[object, object, object]]:
    """The audit's entries of spent budgets."""
    await world.settled()
    found = await world.audit(AuditAction.LOOK_UP_BUDGET_SPENT)
    return [(each.person_name, each.integrator_name, each.detail["whose"]) for each in found]


@pytest.fixture
async def administrator(world: World) -> AsyncIterator[Chat]:
    """An administrator of the service, whom the bot may write to."""
    phone = await UserClient.create(world.api.base_url, "Chi amministra", language_code="it")
    assert world.clock is not None
    at = world.clock.now()
    async with Chat(phone) as chat:
        await world.database.write(
            lambda connection: identity.add_staff(
                connection,
                telegram_user_id=phone.user_id,
                display_name="Chi amministra",
                role=StaffRole.ADMINISTRATOR,
                at=at,
            )
        )
        await chat.says("/start", "personale del servizio")
        yield chat


async def told(world: World, administrator: Chat, number: int) -> list[str]:
    """The notices of spent budgets, once there are so many of them."""
    await world.settled()
    found = [shown.text for shown in (await administrator.screen()).from_bot if SPENT in shown.text]
    assert len(found) == number, found
    return found


@on_sqlite
@limited(person_look_ups_hour=2)
async def test_a_person_reaches_their_limit_and_goes_on_in_the_next_hour(
    world: World, declared: Chat, colleague: Chat, rival: Chat, administrator: Chat
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile")
    await declared.says(OURS, "Fornitura già associata")
    for _ in range(3):
        await declared.says(PLAIN, SPENT, "2 ricerche all’ora per persona", again(world))
    assert await recorded(world) == [("Configuratore", "Impianti Demo", "person")]
    assert len(await world.audit(AuditAction.POD_LOOKED_UP)) == await made(world) == 2
    await colleague.says(PLAIN, "Fornitura ammissibile")
    await rival.says(PLAIN, "Eligible")
    await administrator.saw(SPENT)
    (notice,) = await told(world, administrator, 1)
    assert "Configuratore, Impianti Demo\n2 ricerche all’ora per persona" in notice

    world.later(HOUR)
    await declared.says(PLAIN, "Fornitura ammissibile")
    await declared.says(PLAIN, "Fornitura ammissibile")
    await declared.says(PLAIN, SPENT, again(world))
    assert len(await recorded(world)) == 2


@limited(integrator_look_ups_hour=2, person_look_ups_hour=2)
async def test_an_integrator_reaches_its_limit_together(
    world: World, declared: Chat, colleague: Chat, rival: Chat, administrator: Chat
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile")
    await colleague.says(PLAIN, "Fornitura ammissibile")
    for chat in (declared, colleague, declared):
        await chat.says(PLAIN, SPENT, "2 ricerche all’ora per tutta l’azienda", again(world))
    assert await recorded(world) == [("Configuratore", "Impianti Demo", "integrator")]
    await rival.says(PLAIN, "Eligible")
    await administrator.saw(SPENT)
    (notice,) = await told(world, administrator, 1)
    assert "Impianti Demo\n2 ricerche all’ora per tutta l’azienda" in notice
    assert "Configuratore" not in notice


@on_sqlite
@limited(person_look_ups_day=1)
async def test_a_limit_is_said_in_english_too(world: World, rival: Chat) -> None:
    await rival.says(PLAIN, "Eligible")
    await rival.says(PLAIN, "Look-up limit reached", "1 look-up in 24 hours per person", "Try again from")


@on_sqlite
@limited(person_look_ups_hour=1)
async def test_a_look_up_that_waits_for_the_central_system_is_counted_with_its_answer(
    world: World, declared: Chat, central: Switchboard
) -> None:
    gate = central.hold(PLAIN)
    await declared.says(PLAIN, "Un momento")
    gate.set()
    await declared.sees("Fornitura ammissibile")
    await declared.says(PLAIN, SPENT)
    assert len(await world.audit(AuditAction.POD_LOOKED_UP)) == await made(world) == 1


@on_sqlite
@limited(person_look_ups_hour=1)
async def test_an_association_does_not_begin_over_the_limit(world: World, declared: Chat) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile", button="Associa un dispositivo")
    await declared.press("Associa un dispositivo")
    await declared.sees(SPENT, again(world))
    assert len(await recorded(world)) == 1


@on_sqlite
@limited(person_look_ups_hour=2)
async def test_an_association_is_not_confirmed_over_the_limit(world: World, declared: Chat) -> None:
    summary = await to_summary(declared)
    await declared.press("Conferma", on=summary)
    await declared.sees("Non posso verificare la fornitura", "2 ricerche all’ora", again(world), "Riepilogo")
    assert len(await recorded(world)) == 1
    assert await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN) == []


@on_sqlite
@limited(person_look_ups_hour=4)
async def test_each_question_of_an_association_counts(world: World, declared: Chat) -> None:
    card, _, _ = await associate(declared)  # the look-up, the beginning, the confirmation
    assert await made(world) == 3
    await declared.press("Modifica", on=card)
    await declared.saw("Modifica dell’associazione")
    assert await made(world) == 4
    await declared.press("Annulla")
    await declared.press("Modifica", on=await declared.saw("Associazione n.", "Dispositivo MOME"))
    await declared.sees(SPENT)
    assert await made(world) == 4


@on_sqlite
@pytest.mark.parametrize("remote", [False, True], ids=["at hand", "remote"])
async def test_a_confirmation_that_is_refused_counts_all_the_same(
    world: World, declared: Chat, colleague: Chat, central: Switchboard, remote: bool
) -> None:
    summary = await to_summary(declared)
    await associate(colleague, codes=OTHER_MOME)
    before = await made(world)
    if remote:
        central.hold(PLAIN).set()
    await declared.press("Conferma", on=summary)
    await declared.saw("Nel frattempo")
    assert await made(world) == before + 1


@on_sqlite
async def test_a_confirmation_that_the_central_system_does_not_answer_counts(
    world: World, declared: Chat, central: Switchboard
) -> None:
    summary = await to_summary(declared)
    before = await made(world)
    central.fail(PLAIN, times=1)
    await declared.press("Conferma", on=summary)
    await declared.sees("Non ho potuto confermare")
    assert await made(world) == before + 1


@limited(person_look_ups_hour=3)
async def test_a_file_over_the_budget_is_refused_as_a_whole_before_anything_is_asked(
    world: World, declared: Chat, administrator: Chat
) -> None:
    shown = await send(declared, good(4), "Non posso usare impianti.csv", "richiede 4 ricerche", "Dividilo")
    assert "Mandalo di nuovo" not in shown.text
    assert await made(world) == 0
    await send(declared, good(2), "2 righe da creare")
    assert await made(world) == 2
    await send(declared, good(2), "Non posso usare impianti.csv", "quelle rimaste non bastano", again(world))
    assert len(await world.audit(AuditAction.POD_LOOKED_UP)) == await made(world) == 2
    assert await recorded(world) == [("Configuratore", "Impianti Demo", "person")]
    await administrator.saw(SPENT)
    await told(world, administrator, 1)

    world.later(HOUR)
    await send(declared, good(2), "2 righe da creare")


@on_sqlite
@limited(person_look_ups_hour=2)
async def test_rows_over_the_budget_fail_at_once_and_can_run_again_later(
    world: World, declared: Chat, colleague: Chat
) -> None:
    await send(declared, good(2), "2 righe da creare")
    await declared.press("Carica le 2 righe buone")
    await declared.saw("Richiesta n. 1 elaborata", "2 da riprovare")
    await world.settled()
    assert await made(world) == 2
    assert await recorded(world) == [("Configuratore", "Impianti Demo", "person")]
    assert world.events("job.put_off") == []
    card = await declared.saw("Richiesta n. 1", "☑️ Elaborata", "2 da riprovare")
    await declared.press("Esiti", on=card)
    await declared.sees(plain_pods(1)[0], "limite di ricerche raggiunto")

    world.later(HOUR)
    await declared.press("Riprova 2 righe", on=card)
    await declared.saw("Richiesta n. 1 elaborata", "2 create")
    assert await made(world) == 4


@on_sqlite
async def test_a_household_with_production_pods_counts_as_one_look_up(world: World, declared: Chat) -> None:
    await begin(declared, PROSUMER)
    assert await made(world) == 2
