"""The values at the primary in the chat: K is asked for, and remembered with the association."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, func, select

from backend.associations import report
from backend.associations import service as associations
from backend.associations.errors import AlreadyDeleted, AssociationNotFound, NotGesis
from backend.associations.values import Association
from backend.core.audit.values import AuditAction
from backend.core.db.database import Database
from backend.gesis.models import meter_factors
from backend.gesis.values import Factor, read_factor
from backend.identity.values import Actor
from tests.acceptance.scripts import GESIS
from tests.acceptance.walks import MOME, OTHER_MOME, OURS, associate, data_of
from tests.samples import HOME, PROSUMER, SID_B, START, facts, wanted
from tests.support import Chat, World, on_sqlite

PRIMARY = "Valori al primario"


async def kept(world: World) -> int:
    """How many factors are remembered."""
    query = select(func.count()).select_from(meter_factors)
    return await world.database.long_read(lambda connection: connection.execute(query).scalar_one())


async def forged(
    world: World, chat: Chat, data: str, *, start: str = "Incolla un POD", person: int = 0
) -> None:
    """Press a button on the first screen that no such screen has."""
    shown = await chat.says("/start", start)
    post, _, _ = next(button.data for button in shown.buttons if button.data).partition(".")
    world.forge(f"{post}.e.{data}", person=person, message_id=shown.message_id)


async def test_a_supply_without_association_uses_the_factor_and_forgets_it(
    world: World, declared: Chat
) -> None:
    await declared.says(GESIS, "Fornitura ammissibile", "Contatore GESIS", button=PRIMARY)
    await declared.press(PRIMARY)
    await declared.sees("Qual è il fattore K?", GESIS)
    await declared.says("250/5", "K = 50 (250/5)", "Per ricordarlo, prima associa", "Scrivi le letture")
    shown = await declared.says(
        "F1: 820,4 kWh\n3,25 kW",
        PRIMARY,
        "K = 50 (250/5)",
        "F1: 820,4 kWh → 41\u202f020,0 kWh",
        "3,25 kW → 162,50 kW",
    )
    assert await kept(world) == 0
    assert await world.audit(AuditAction.FACTOR_KEPT) == []

    await declared.press("Altri valori", on=shown)
    await declared.sees("K = 50 (250/5)", "Scrivi le letture")
    await declared.says("1 kWh", "1 kWh → 50 kWh")
    await declared.press("Cambia K")
    await declared.sees("Qual è il fattore K?")


async def test_an_association_remembers_the_factor_for_the_whole_integrator(
    world: World, declared: Chat, colleague: Chat
) -> None:
    card, _, _ = await associate(declared, GESIS)
    assert "Fattore K: non ancora indicato" in card.text
    await declared.press(PRIMARY, on=card)
    await declared.sees("Qual è il fattore K?")
    await declared.says("250/5", "ricordato con l’associazione", "Scrivi le letture")
    await declared.says("1234,5 kWh", "1234,5 kWh → 61\u202f725,0 kWh")
    (entry,) = await world.audit(AuditAction.FACTOR_KEPT, pod=GESIS)
    assert (entry.detail, entry.person_name) == ({"factor": "250/5"}, "Configuratore")

    await colleague.says(GESIS, "Fattore K: 50 (250/5)", button=PRIMARY)
    await colleague.press(PRIMARY)
    await colleague.sees("K = 50 (250/5)", "Scrivi le letture")
    await colleague.press("Indietro")
    await colleague.sees("Qual è il fattore K?", "Adesso K è 50 (250/5).")
    await colleague.says("62,5", "K = 62,5", "Scrivi le letture")
    await colleague.press("Annulla")
    await colleague.saw("Associazione n.", "Fattore K: 62,5")
    assert await kept(world) == 1
    await forged(world, colleague, f"gesis_factor.{data_of(card, PRIMARY).rpartition('.')[2]}", person=1)
    await colleague.sees("Qual è il fattore K?", "Adesso K è 62,5.")
    assert len(await world.audit(AuditAction.FACTOR_KEPT)) == 2


@on_sqlite
async def test_what_is_typed_is_refused_kindly_and_asked_again(world: World, declared: Chat) -> None:
    await declared.says(GESIS, "Fornitura ammissibile")
    await declared.press(PRIMARY)
    for typed, said in (
        ("cinquanta", "Non è un numero che so leggere"),
        ("<b>1</b>", "Non è un numero che so leggere"),
        ("1.250", "1.250 si può leggere in due modi"),
        ("5001", "in bassa tensione non supera 5000"),
        ("0,2", "K non può essere minore di 1"),
        ("250/3", "Il secondo numero del rapporto"),
        ("9" * 20, "troppe cifre"),
    ):
        await declared.says(typed, "⚠️", said, "Qual è il fattore K?")
    await declared.says("50", "Scrivi le letture")
    for typed, said in (
        ("tante", "Non leggo un numero in tante"),
        ("<i>5</i> kWh", "Non leggo un numero in <i>5</i> kWh"),
        ("1234", "In 1234 manca l’unità"),
        ("230 V", "manca l’unità, o non è una di quelle"),
        ("1.234 kWh", "si può leggere in due modi"),
        ("1 kWh\n" * 13, "troppe letture"),
    ):
        await declared.says(typed, "⚠️", said, "Scrivi le letture")
    await declared.says("12 kWh", "12 kWh → 600 kWh")


@on_sqlite
async def test_other_meters_and_other_integrators_have_no_such_button(
    world: World, declared: Chat, rival: Chat
) -> None:
    shown = await declared.says(OURS, "Fornitura già associata")
    assert not any(PRIMARY in label for label in shown.labels)
    assert "Fattore K" not in shown.text
    card, _, _ = await associate(declared, GESIS)
    await declared.press(PRIMARY, on=card)
    await declared.says("250/5", "Scrivi le letture")
    data = data_of(await declared.message(card.message_id), PRIMARY)
    number = data.rpartition(".")[2]
    for action in ("gesis", "gesis_factor"):
        await forged(world, rival, f"{action}.{number}", start="Paste a POD", person=2)
        await rival.sees("not your company’s")
    screen = await rival.screen()
    assert not any("250/5" in shown.text for shown in screen.from_bot)


@on_sqlite
async def test_hostile_buttons_lead_nowhere(world: World, declared: Chat) -> None:
    for argument in ("", "x", "999999999999999999", "-1", "1_2"):
        for action in ("gesis", "gesis_factor"):
            await forged(world, declared, f"{action}.{argument}")
            await declared.sees("non è della tua azienda")
    await forged(world, declared, "gesis_supply.nothing")
    await declared.sees("Non è un POD che posso cercare")
    await forged(world, declared, f"gesis_supply.{GESIS}_9e9")
    await declared.sees("Qual è il fattore K?")  # what is no factor is asked for


@on_sqlite
async def test_an_association_that_is_deleted_meanwhile_keeps_no_factor(
    world: World, declared: Chat, colleague: Chat
) -> None:
    card, _, _ = await associate(declared, GESIS)
    await declared.press(PRIMARY, on=card)
    await declared.sees("Qual è il fattore K?")
    await colleague.says(GESIS, "Fornitura già associata")
    await colleague.press("Elimina")
    await colleague.press("Sì, elimina")
    await colleague.saw("Associazione eliminata")
    await declared.type("250/5")
    await declared.saw("Eliminata il")
    assert await kept(world) == 0


@on_sqlite
async def test_a_changed_association_has_the_factor_of_its_meter_again(world: World, declared: Chat) -> None:
    card, _, _ = await associate(declared, GESIS, codes=MOME)
    await declared.press(PRIMARY, on=card)
    await declared.says("50", "Scrivi le letture")
    await declared.press("Annulla")
    await declared.press("Modifica", on=await declared.saw("Associazione n.", "Fattore K: 50"))
    await declared.sees("Modifica dell’associazione")
    await declared.press("Dispositivo")
    await declared.says(OTHER_MOME, "Modifica dell’associazione")
    await declared.press("Conferma")
    changed = await declared.saw("Associazione modificata", "Fattore K: 50")
    assert OTHER_MOME in changed.text


def gesis_association(connection: Connection, actor: Actor) -> Association:
    """An association of the sample with a GESIS meter."""
    return associations.create(connection, actor, wanted(PROSUMER), facts(PROSUMER), START)


async def test_the_factor_is_the_integrators_own_and_of_that_meter_alone(
    database: Database, us: Actor, them: Actor
) -> None:
    fifty = read_factor("250/5")
    made = await database.write(partial(gesis_association, actor=us))
    assert (made.gesis, made.factor) == (True, None)
    found = await database.write(lambda c: associations.keep_factor(c, us, made.id, fifty, START))
    assert found.factor == fifty
    with pytest.raises(AssociationNotFound):
        await database.write(lambda c: associations.keep_factor(c, them, made.id, Factor(fifty.value), START))
    with pytest.raises(AssociationNotFound):
        await database.short_read(lambda c: associations.get(c, them, made.id))
    (listed,) = await database.long_read(lambda c: associations.latest(c, us, 8))
    assert listed.factor == fifty
    query, columns = report.source(us, report.Criteria(live=True), START)
    factors = {column.title: column.value for column in columns}["FATTORE K"]
    rows = await database.long_read(lambda c: c.execute(query.with_only_columns(factors)).scalars().all())
    assert rows == ["250/5"]

    gone = await database.write(lambda c: associations.delete(c, us, made.id, START))
    assert gone.factor == fifty
    with pytest.raises(AlreadyDeleted):
        await database.write(lambda c: associations.keep_factor(c, us, made.id, fifty, START))
    again = await database.write(partial(gesis_association, actor=us))
    assert again.factor == fifty  # the same meter


async def test_a_meter_that_is_no_gesis_has_no_factor(database: Database, us: Actor) -> None:
    plain = await database.write(
        lambda c: associations.create(c, us, wanted(HOME, sid=SID_B), facts(HOME), START)
    )
    with pytest.raises(NotGesis):
        await database.write(lambda c: associations.keep_factor(c, us, plain.id, read_factor("50"), START))
