"""Watches in the chat: asked for, told once, put off without a budget, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select, update

from backend.core.audit.values import AuditAction
from backend.core.clock import SystemClock
from backend.identity.models import memberships, persons
from backend.supplies.pod import Pod
from backend.supplies.values import Manufacturer, MeterGeneration, MeterRole, Supply
from backend.tabular.reasons import bare_words
from backend.watches import service as watches
from backend.watches.models import watches as table
from backend.watches.values import AT_ONCE, INTERVALS, MOST_WATCHES, PERIOD, WatchState
from bot.supplies.cli import load_register
from sandbox import showcase
from tests.acceptance.walks import PLAIN, associate, data_of
from tests.csvfiles import line_of, write_register
from tests.support import Chat, Switchboard, World, on_sqlite
from tests.watches.meters import BEGIN, FAR, REACHED, Meters, looked, rows

HOUR = timedelta(hours=1)


def limited(**limits: int) -> pytest.MarkDecorator:
    """The bot with these limits, by the settings' names."""
    return pytest.mark.parametrize("bot_settings", [limits], ids=[" ".join(limits)])


async def watched(chat: Chat, pod: str = FAR) -> None:
    """Look a POD up that is out of reach, and ask to be told."""
    await chat.says(pod, "non risponde alla telegestione", button=BEGIN)
    await chat.press(BEGIN)
    await chat.sees("POD in attesa", pod, "Ti scrivo appena il contatore risponde")


async def told(chat: Chat, text: str = REACHED) -> int:
    """How many messages hold this."""
    return sum(text in shown.text for shown in (await chat.screen()).from_bot)


def now(world: World) -> datetime:
    assert world.clock is not None
    return world.clock.now()


async def test_whoever_asked_is_told_once_and_goes_on_with_the_pod(
    world: World, declared: Chat, meters: Meters
) -> None:
    await watched(declared)
    shown = await declared.says(FAR, "non risponde alla telegestione", button="🔔 POD in attesa")
    assert not any(BEGIN in label for label in shown.labels)  # it is watched already
    await declared.press("🔔 POD in attesa", on=shown)
    await declared.sees("POD in attesa", FAR, "fino al", "Il prossimo controllo è il")
    (watch,) = await rows(world)
    assert watch.due_at == now(world) + INTERVALS[0]
    before = len(meters.asked)
    await looked(world)
    assert len(meters.asked) == before  # not yet

    world.later(INTERVALS[0])
    await looked(world)
    await looked(world)
    assert meters.asked[before:] == [FAR]
    (watch,) = await rows(world)
    assert (watch.state, watch.due_at) == (WatchState.WATCHING, now(world) + INTERVALS[1])
    await declared.says("/attese", "Quale vuoi vedere?", button=FAR)
    await declared.press(FAR)
    await declared.sees("Ultimo controllo")

    meters.within_reach.add(FAR)
    world.later(INTERVALS[1])
    await looked(world)
    found = await declared.saw(FAR, REACHED)
    await looked(world)
    assert await told(declared) == 1
    await declared.press("Prosegui con questo POD", on=found)
    await declared.sees("Fornitura ammissibile", button="Associa un dispositivo")
    await world.settled()
    for _ in range(3):
        world.later(timedelta(days=1))
        await looked(world)
    assert await told(declared) == 0  # its message has become the look-up
    assert len(meters.asked) == before + 3
    looked_up = await world.audit(AuditAction.POD_LOOKED_UP, pod=FAR)
    assert [each.detail for each in looked_up] == [{}, {}, {"watched": True}, {"watched": True}, {}]
    assert {each.person_name for each in looked_up} == {"Configuratore"}
    ended = await world.audit(AuditAction.WATCH_BEGUN, AuditAction.WATCH_ENDED, pod=FAR)
    assert [(each.action, each.outcome) for each in ended] == [
        (AuditAction.WATCH_BEGUN, None),
        (AuditAction.WATCH_ENDED, "told"),
    ]


async def test_several_schedulers_at_once_look_up_once_and_tell_once(
    world: World, declared: Chat, meters: Meters
) -> None:
    await watched(declared)
    before = len(meters.asked)
    world.later(INTERVALS[0])
    await looked(world, 3)
    assert len(meters.asked) == before + 1
    meters.within_reach.add(FAR)
    world.later(INTERVALS[1])
    await looked(world, 3)
    await looked(world, 3)
    assert len(meters.asked) == before + 2
    assert await told(declared) == 1


@on_sqlite
async def test_what_was_due_during_an_outage_is_looked_up_once(
    world: World, declared: Chat, meters: Meters
) -> None:
    await watched(declared)
    before = len(meters.asked)
    world.later(timedelta(days=3))
    await looked(world)
    await looked(world)
    assert len(meters.asked) == before + 1
    (watch,) = await rows(world)
    assert watch.due_at == now(world) + INTERVALS[1]


@on_sqlite
async def test_after_an_outage_the_look_ups_come_in_portions(
    world: World, declared: Chat, meters: Meters
) -> None:
    await watched(declared)

    def multiply(connection: Connection) -> None:
        row = connection.execute(select(table)).one()._asdict()
        del row["id"]
        for number in range(2 * AT_ONCE - 1):
            code = showcase.pod_number(100 + number)
            connection.execute(table.insert().values({**row, "point": code[:14], "pod": code}))

    await world.database.write(multiply)
    meters.out_of_reach |= {showcase.pod_number(100 + number) for number in range(2 * AT_ONCE)}
    world.later(timedelta(days=1))
    before = len(meters.asked)
    await looked(world)
    assert len(meters.asked) == before + AT_ONCE
    await looked(world)
    await looked(world)
    assert len(meters.asked) == before + 2 * AT_ONCE


async def test_a_new_register_is_looked_at_within_the_next_check(
    world: World, declared: Chat, tmp_path: Path
) -> None:
    await watched(declared)
    reached = Supply(
        pod=Pod(FAR, FAR),
        eneltel="700000011",
        meter_serial="20E5E0000011",
        meter_role=MeterRole.M1,
        generation=MeterGeneration.G2,
        low_voltage=True,
        remotely_managed=True,
        reachable=False,
        manufacturer=Manufacturer.E_DISTRIBUZIONE,
        exchange_point=None,
        contractual_power_w=3000,
        available_power_w=3300,
        ceased=False,
    )
    for reachable in (False, True):
        lines = [line_of(replace(reached, reachable=reachable), ";")]
        file = write_register(tmp_path / "register.csv", lines, ";", "utf-8")
        await load_register(file, world.database, world.settings, lambda read, lines: None, bare_words)
        (watch,) = await rows(world)
        assert watch.due_at <= SystemClock().now()
        world.later(timedelta(seconds=30))
        await looked(world)
        assert await told(declared) == reachable
    await looked(world)
    assert await told(declared) == 1


@on_sqlite
async def test_an_auditor_sees_which_look_ups_were_made_by_themselves(world: World, declared: Chat) -> None:
    await watched(declared)
    world.later(INTERVALS[0])
    await looked(world)
    async with world.chat(7) as auditor:
        await auditor.says("/registro", "Registro delle operazioni")
        await auditor.press("Cerca nel registro")
        await auditor.sees("Che cosa cerco nel registro?")
        await auditor.says(FAR, "Per quale periodo?")
        await auditor.press("Da sempre")
        shown = await auditor.saw("Avviso su un POD richiesto", "da solo, per un POD in attesa")
    assert shown.text.count("da solo, per un POD in attesa") == 1


@limited(person_look_ups_hour=1)
@on_sqlite
async def test_without_a_budget_the_look_up_is_put_off_and_not_lost(
    world: World, declared: Chat, meters: Meters
) -> None:
    await watched(declared)
    meters.within_reach.add(FAR)
    await world.database.write(lambda connection: watches.register_changed(connection, now(world)))
    await looked(world)
    assert await told(declared) == 0
    (watch,) = await rows(world)
    assert (watch.state, watch.checked_at) == (WatchState.WATCHING, None)
    assert watch.due_at > now(world)
    assert watch.due_at.minute == 0  # the next clock hour, which has room
    assert len(await world.audit(AuditAction.POD_LOOKED_UP)) == 1

    world.later(HOUR)
    await looked(world)
    await declared.saw(FAR, REACHED)
    assert await told(declared) == 1
    await declared.says(PLAIN, "Limite di ricerche raggiunto")  # it was the person's own


@on_sqlite
async def test_while_the_central_system_fails_the_watch_goes_on(
    world: World, declared: Chat, central: Switchboard, meters: Meters
) -> None:
    await watched(declared)
    central.fail(FAR, times=2)
    for _ in range(2):
        world.later(INTERVALS[0])
        await looked(world)
        (watch,) = await rows(world)
        assert (watch.state, watch.step, watch.outcome) == (WatchState.WATCHING, 0, watch.outcome)
        assert watch.due_at == now(world) + INTERVALS[0]
    meters.within_reach.add(FAR)
    world.later(INTERVALS[0])
    await looked(world)
    await declared.saw(FAR, REACHED)


@on_sqlite
async def test_a_watch_ends_after_its_period_with_a_word_and_can_begin_again(
    world: World, declared: Chat
) -> None:
    await watched(declared)
    for _ in range(40):
        world.later(timedelta(hours=12))
        await looked(world)
    said = await declared.saw("Per 14 giorni ho controllato il POD", FAR, "Ora smetto")
    assert await told(declared, "Ora smetto") == 1
    (watch,) = await rows(world)
    assert watch.state is WatchState.EXPIRED
    assert watch.ended_at is not None
    assert watch.ended_at >= watch.ends_at == watch.started_at + PERIOD
    await declared.press("Avvisami ancora", on=said)
    await declared.sees("Dichiarazione")  # the one before is no longer valid
    await declared.press("Accetto")
    await declared.sees("POD in attesa", FAR)


@on_sqlite
async def test_a_watch_is_ended_by_its_person(world: World, declared: Chat, meters: Meters) -> None:
    await declared.says("/attese", "Nessun POD in attesa")
    await watched(declared)
    await declared.press("Non avvisarmi più")
    await declared.sees(f"✅ Non controllo più il POD {FAR}.", button="Avvisami ancora")
    await declared.press("Avvisami ancora")
    await declared.sees("POD in attesa", FAR, "Ti scrivo appena il contatore risponde")
    await declared.press("Non avvisarmi più")
    await declared.sees("Non controllo più il POD")
    meters.within_reach.add(FAR)
    world.later(timedelta(days=1))
    await looked(world)
    assert await told(declared) == 0
    assert [each.outcome for each in await world.audit(AuditAction.WATCH_ENDED)] == ["stopped"] * 2
    await declared.type("/attese")
    await declared.saw("Nessun POD in attesa")


@on_sqlite
async def test_a_person_watches_only_so_many(world: World, declared: Chat, meters: Meters) -> None:
    plain = [number for number in range(200, 300) if number % 10 not in (0, 1)]  # no household with two
    pods = [showcase.pod_number(number) for number in plain[: MOST_WATCHES + 1]]
    meters.out_of_reach |= set(pods)
    for pod in pods[:MOST_WATCHES]:
        await watched(declared, pod)
    await declared.says(pods[MOST_WATCHES], "non risponde alla telegestione")
    await declared.press(BEGIN)
    await declared.sees("Hai già 20 POD in attesa")
    await declared.press("POD in attesa")
    await declared.sees("Quale vuoi vedere?", button="Precedenti")
    for on_page in (pods[8], pods[0]):
        await declared.press("Precedenti")
        await declared.sees("Quale vuoi vedere?", button=on_page)
    await declared.press(pods[0])
    card = await declared.sees("POD in attesa", pods[0])
    await declared.press("Non avvisarmi più", on=card)
    await declared.sees("Non controllo più")
    await watched(declared, pods[MOST_WATCHES])


@on_sqlite
@pytest.mark.parametrize("how", ["removed", "not enabled", "suspended", "technician"])
async def test_a_watch_ends_with_the_right_to_look_up(
    world: World, declared: Chat, meters: Meters, how: str
) -> None:
    await watched(declared)

    def change(connection: Connection) -> None:
        self_ = persons.c.telegram_user_id == world.people[0].id
        mine = select(persons.c.id).where(self_).scalar_subquery()
        places = memberships.c.person_id == mine
        match how:
            case "removed":
                connection.execute(update(persons).values(chosen_membership_id=None))
                connection.execute(delete(memberships).where(places))
            case "not enabled":
                connection.execute(update(memberships).where(places).values(enabled=False))
            case "technician":
                connection.execute(update(memberships).where(places).values(role="technician"))
            case _:
                connection.execute(update(persons).where(self_).values(suspended_at=now(world)))

    await world.database.write(change)
    meters.within_reach.add(FAR)
    before = len(meters.asked)
    world.later(INTERVALS[0])
    await looked(world)
    (watch,) = await rows(world)
    assert watch.state is WatchState.CLOSED
    assert len(meters.asked) == before
    assert await told(declared) == 0


@on_sqlite
async def test_a_watch_is_erased_with_its_person(world: World, declared: Chat, meters: Meters) -> None:
    await watched(declared)
    await declared.says("/privacy", "I tuoi dati")
    await declared.press("Cancella i miei dati")
    await declared.press("Sì, cancella tutto")
    await declared.saw("I tuoi dati sono cancellati")
    await world.settled()
    assert await rows(world) == []
    world.later(INTERVALS[0])
    await looked(world)


@on_sqlite
async def test_who_looks_up_by_hand_and_reaches_the_meter_is_not_told_afterwards(
    world: World, declared: Chat, colleague: Chat, meters: Meters
) -> None:
    await watched(declared)
    await watched(colleague)
    meters.within_reach.add(FAR)
    await declared.says(FAR, "Fornitura ammissibile")
    mine, other = await rows(world)
    assert (mine.state, other.state) == (WatchState.TOLD, WatchState.WATCHING)
    await declared.says("/attese", "Nessun POD in attesa")
    before = len(meters.asked)
    world.later(INTERVALS[0])
    await looked(world)
    assert len(meters.asked) == before + 1  # the colleague's
    assert (await told(declared), await told(colleague)) == (0, 1)
    ended = await world.audit(AuditAction.WATCH_ENDED, pod=FAR)
    assert [each.outcome for each in ended] == ["told", "told"]


@on_sqlite
async def test_colleagues_watch_each_for_themselves_and_a_rival_sees_nothing(
    world: World, declared: Chat, colleague: Chat, rival: Chat, meters: Meters
) -> None:
    await watched(declared)
    await watched(colleague)
    card = await colleague.sees("POD in attesa")
    number = data_of(card, "Non avvisarmi più").rpartition(".")[2]
    for action in ("watch_show", "watch_end"):
        theirs = await rival.says("/start", "Paste a POD")
        post, _, _ = next(button.data for button in theirs.buttons if button.data).partition(".")
        world.forge(f"{post}.e.{action}.{number}", person=2, message_id=theirs.message_id)
        await rival.sees("not being watched any more")
    await rival.says("/watched", "No POD is being watched")
    meters.within_reach.add(FAR)
    world.later(INTERVALS[0])
    await looked(world)
    assert (await told(declared), await told(colleague), await told(rival, FAR)) == (1, 1, 0)


@on_sqlite
async def test_what_ones_own_company_has_associated_meanwhile_is_not_told(
    world: World, declared: Chat, colleague: Chat, meters: Meters
) -> None:
    meters.out_of_reach.add(PLAIN)
    await watched(declared, PLAIN)
    meters.out_of_reach.clear()
    await associate(colleague)
    world.later(INTERVALS[0])
    await looked(world)
    (watch,) = await rows(world)
    assert watch.state is WatchState.MOOT
    assert await told(declared, PLAIN) == 2  # the look-up and the watch
