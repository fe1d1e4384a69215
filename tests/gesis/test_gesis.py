"""The values at the primary in the chat: K is asked for, and remembered with the association."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, func, select, update

from backend.associations import report
from backend.associations import service as associations
from backend.associations.errors import AlreadyDeleted, AssociationNotFound, NotGesis
from backend.associations.values import Association
from backend.core.audit.models import audit_entries
from backend.core.audit.values import AuditAction
from backend.core.db.database import Database
from backend.devices.values import DeviceType
from backend.gesis import service as gesis
from backend.gesis.models import meter_factors
from backend.gesis.values import Factor, read_factor
from backend.identity.models import memberships
from backend.identity.values import Actor
from backend.supplies.values import Supply
from sandbox import showcase
from tests.acceptance.scripts import GESIS
from tests.acceptance.walks import MOME, OTHER_MOME, OURS, PLAIN, associate, data_of
from tests.samples import HOME, PROSUMER, SID_A, SID_B, SID_THEIRS, START, facts, wanted
from tests.support import Chat, World, on_sqlite
from tests.watches.meters import Meters

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
        ("-5 kWh", "Scrivi la lettura senza segno"),
        ("5 mWh", "la m minuscola vuol dire millesimi"),
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


def supply_of(code: str) -> Supply:
    """The demo's supply of a POD."""
    return next(supply for supply in showcase.as_supplies() if supply.pod.code == code)


@on_sqlite
async def test_of_a_meter_that_was_replaced_the_factor_before_is_not_used(
    world: World, declared: Chat, meters: Meters
) -> None:
    card, _, _ = await associate(declared, GESIS)
    await declared.press(PRIMARY, on=card)
    await declared.says("250/5", "ricordato con l’associazione")
    before = supply_of(GESIS)
    shown = await declared.says(GESIS, "Fattore K: 50 (250/5)")
    assert "sostituito" not in shown.text

    meters.replaced[GESIS] = replace(before, meter_serial="21E5EN999999")
    shown = await declared.says(
        GESIS,
        "Fornitura già associata",
        "Il contatore è stato sostituito: matricola 21E5EN999999.",
        f"L’associazione riporta ancora la precedente, {before.meter_serial}.",
        "Un fattore K ricordato con l’associazione vale per il contatore precedente",
        button=PRIMARY,
    )
    assert "250/5" not in shown.text
    assert any("Vedi l’associazione" in label for label in shown.labels)
    await declared.press(PRIMARY)
    asked = await declared.sees("Qual è il fattore K?", GESIS)
    assert "Ora è" not in asked.text
    await declared.says("100/5", "K = 20 (100/5)", "lo uso per questo calcolo")
    await declared.says("1 kWh", "1 kWh → 20 kWh")
    assert await kept(world) == 1


@on_sqlite
async def test_a_plain_meter_that_was_replaced_by_a_gesis_one_has_values_at_the_primary(
    world: World, declared: Chat, meters: Meters
) -> None:
    await associate(declared, PLAIN)
    meters.replaced[PLAIN] = replace(supply_of(PLAIN), meter_serial="21E5EN888888")
    assert meters.replaced[PLAIN].gesis
    await declared.says(PLAIN, "Il contatore è stato sostituito", "Contatore GESIS", button=PRIMARY)
    await declared.press(PRIMARY)
    await declared.sees("Qual è il fattore K?", PLAIN)


@on_sqlite
async def test_who_may_keep_no_factor_by_now_calculates_all_the_same(world: World, declared: Chat) -> None:
    card, _, _ = await associate(declared, GESIS)
    await declared.press(PRIMARY, on=card)
    await declared.sees("Qual è il fattore K?")
    await world.database.write(lambda c: c.execute(update(memberships).values(enabled=False)))
    await declared.says("250/5", "K = 50 (250/5)", "Scrivi le letture")
    await declared.says("1 kWh", "1 kWh → 50 kWh")
    assert await kept(world) == 0


def gesis_association(
    connection: Connection, actor: Actor, supply: Supply = PROSUMER, sid: str = SID_A
) -> Association:
    """An association of the sample with a GESIS meter."""
    kind = DeviceType.SMART_INFO if sid == SID_THEIRS else DeviceType.MOME
    request = wanted(supply, sid=sid, device_type=kind)
    return associations.create(connection, actor, request, facts(supply), START)


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


async def test_each_meter_of_a_point_has_its_own_factor_for_each_integrator(
    database: Database, us: Actor, them: Actor
) -> None:
    after = replace(PROSUMER, meter_serial=f"{PROSUMER.meter_serial[:6]}99999999")
    written = iter(["10", "20", "30", "40"])
    found = dict[int, tuple[Actor, str]]()
    for actor, sid in ((us, SID_A), (them, SID_THEIRS)):
        for supply in (PROSUMER, after):
            make = partial(gesis_association, actor=actor, supply=supply, sid=sid)
            made = await database.write(make)
            assert made.factor is None
            found[made.id] = actor, next(written)
            keep = partial(
                associations.keep_factor,
                actor=actor,
                association_id=made.id,
                factor=read_factor(found[made.id][1]),
                at=START,
            )
            await database.write(keep)
            await database.write(partial(associations.delete, actor=actor, association_id=made.id, at=START))
    for number, (actor, factor) in found.items():
        read = await database.short_read(partial(associations.get, actor=actor, association_id=number))
        assert read.factor == read_factor(factor)


async def test_a_factor_that_is_kept_already_is_no_entry_in_the_audit(database: Database, us: Actor) -> None:
    made = await database.write(partial(gesis_association, actor=us))
    count = select(func.count()).where(audit_entries.c.action == AuditAction.FACTOR_KEPT.value)

    def keep(connection: Connection, typed: str, at: datetime) -> bool:
        factor, meter = read_factor(typed), (made.point, made.meter_serial)
        return gesis.keep(connection, us, *meter, factor, at, association_id=made.id)

    for typed, changed, entries in (
        ("250/5", True, 1),
        ("250/5", False, 1),
        ("50", True, 2),
        ("50", False, 2),
    ):
        at = START + timedelta(hours=entries)
        assert await database.write(partial(keep, typed=typed, at=at)) is changed
        assert await database.long_read(lambda c: c.execute(count).scalar_one()) == entries
