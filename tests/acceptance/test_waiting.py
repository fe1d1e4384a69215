"""Questions that wait for the central system, and dialogues begun inside others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from backend.core.audit.values import AuditAction
from backend.core.clock import ManualClock
from backend.core.jobs.models import jobs
from backend.core.jobs.service import end
from backend.core.jobs.values import Job, JobState
from backend.core.outbox.values import Destination
from bot.core.jobs.runner import FAILED
from bot.core.scheduler import Scheduler
from tests.acceptance.walks import MOME, OTHER_MOME, PLAIN, PROSUMER, associate, begin, to_summary
from tests.core.bot.rig import due_checks
from tests.support import Chat, Switchboard, World, on_sqlite

WAITING = "Un momento, verifico la fornitura"
MEANWHILE = "Nel frattempo il dispositivo è stato associato al POD"
BACK_TO = "Torniamo a dove eravamo"


@on_sqlite
async def test_a_refusal_after_the_wait_asks_again_with_the_reason(
    declared: Chat, colleague: Chat, central: Switchboard
) -> None:
    summary = await to_summary(declared)
    gate = central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)

    await associate(colleague, PROSUMER)
    gate.set()
    await declared.saw(MEANWHILE, "Riepilogo", on=summary)
    shown = await declared.message(summary.message_id)
    assert any("Conferma" in label for label in shown.labels)


@on_sqlite
async def test_another_device_can_be_chosen_after_a_late_refusal(
    declared: Chat, colleague: Chat, central: Switchboard, world: World
) -> None:
    summary = await to_summary(declared)
    gate = central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)
    await associate(colleague, PROSUMER)
    gate.set()
    await declared.saw(MEANWHILE, on=summary)

    await declared.press("Dispositivo", on=summary)
    await declared.says(OTHER_MOME, "Riepilogo", OTHER_MOME)
    await declared.press("Conferma")
    await declared.saw("Associazione creata", OTHER_MOME)
    await world.settled()
    assert await world.dialogue() is None


@on_sqlite
async def test_a_message_during_the_wait_is_told_that_the_wait_goes_on(
    declared: Chat, central: Switchboard, world: World
) -> None:
    summary = await to_summary(declared)
    gate = central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)

    again = await declared.says("allora?", WAITING, button="Annulla")
    gate.set()
    await declared.saw("Associazione creata", PLAIN, on=again)
    await world.settled()
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)) == 1
    assert not (await declared.message(summary.message_id)).buttons


@on_sqlite
async def test_a_wait_can_be_cancelled_and_nothing_is_changed(
    declared: Chat, central: Switchboard, world: World
) -> None:
    summary = await to_summary(declared)
    gate = central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)

    await declared.press("Annulla", on=summary)
    await declared.saw("Annullato: non è cambiato nulla", on=summary)
    gate.set()
    await world.settled()
    assert await world.dialogue() is None
    assert not await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)


@on_sqlite
async def test_a_wait_that_expires_is_over(
    declared: Chat, central: Switchboard, world: World, world_clock: ManualClock
) -> None:
    summary = await to_summary(declared)
    gate = central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)

    world_clock.advance(timedelta(minutes=31))
    await Scheduler(world.database, world_clock, due_checks()).look()
    await declared.saw("È passato troppo tempo", on=summary)
    gate.set()
    await world.settled()
    assert not await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)


@on_sqlite
async def test_a_question_is_asked_again_when_its_job_was_lost(
    declared: Chat, central: Switchboard, world: World
) -> None:
    summary = await to_summary(declared)
    central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)
    await world.database.write(lambda connection: connection.execute(jobs.delete()))

    await declared.says("allora?", "Riepilogo", button="Conferma")


async def test_the_result_arrives_while_the_user_does_something_else(
    declared: Chat, central: Switchboard, world: World
) -> None:
    summary = await to_summary(declared)
    gate = central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)

    await begin(declared, PROSUMER)
    gate.set()
    await declared.saw("Associazione creata", PLAIN)
    await declared.sees("Che dispositivo è?", PROSUMER)
    await world.settled()
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)) == 1
    dialogue = await world.dialogue()
    assert dialogue is not None
    assert dialogue.draft["pod"] == PROSUMER
    assert not dialogue.suspended


@on_sqlite
async def test_a_refusal_during_something_else_is_shown_and_keeps_the_dialogue(
    declared: Chat, colleague: Chat, central: Switchboard, world: World
) -> None:
    summary = await to_summary(declared)
    gate = central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)

    await begin(declared, PROSUMER)
    await associate(colleague, PROSUMER)
    gate.set()
    await declared.saw(MEANWHILE)
    await world.settled()
    await declared.press("Annulla")
    await declared.sees(BACK_TO, "Riepilogo", PLAIN, button="Conferma")


async def test_a_dialogue_begun_inside_another_comes_back_to_it(declared: Chat, world: World) -> None:
    await begin(declared, PLAIN)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID o il NID")

    await associate(declared, PROSUMER)
    await world.settled()  # its SCP file has come too: the question stands below it
    await declared.sees("Scrivi il SID o il NID")
    await declared.says(OTHER_MOME, "Quale configurazione?")
    await declared.press("Standard")
    await declared.sees("Riepilogo", PLAIN)
    await declared.press("Conferma")
    await declared.saw("Associazione creata", PLAIN)
    await world.settled()
    assert await world.dialogue() is None
    assert await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)


@on_sqlite
async def test_a_dialogue_survives_the_lapse_of_the_declaration(
    declared: Chat, world: World, world_clock: ManualClock
) -> None:
    await begin(declared, PLAIN)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID o il NID")
    for _ in range(30):  # the dialogue is kept alive until the declaration of the morning has lapsed
        world_clock.advance(timedelta(minutes=29))
        await declared.says("un attimo", "⚠️", "Scrivi il SID o il NID")

    await declared.says(PROSUMER, "Dichiarazione da parte del System Integrator")
    await declared.press("Accetto")
    await declared.saw("Fornitura ammissibile", PROSUMER)
    await declared.sees("Scrivi il SID o il NID", button="Annulla")
    await declared.says(MOME, "Quale configurazione?")
    dialogue = await world.dialogue()
    assert dialogue is not None
    assert dialogue.draft["pod"] == PLAIN


@on_sqlite
async def test_a_dialogue_begun_again_about_the_same_pod_goes_on_where_it_was(
    declared: Chat, world: World
) -> None:
    await begin(declared, PLAIN)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID o il NID")
    await declared.says(PLAIN, "Scrivi il SID o il NID")

    await declared.press("Associa un dispositivo")
    await world.settled()
    await declared.sees("Scrivi il SID o il NID", button="Annulla")
    await declared.press("Annulla")
    await declared.sees("Annullato")
    await world.settled()
    assert await world.dialogue() is None


@on_sqlite
async def test_cancelling_the_inner_dialogue_leads_back_to_the_outer_one(declared: Chat) -> None:
    await begin(declared, PLAIN)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID o il NID")
    await begin(declared, PROSUMER)

    await declared.type("/annulla")
    await declared.saw("Annullato")
    await declared.sees(BACK_TO, "Scrivi il SID o il NID")
    await declared.type("/annulla")
    await declared.sees("Annullato")
    await declared.says("/annulla", "Non c’è nulla da annullare")


@on_sqlite
async def test_a_cancelled_look_up_leaves_the_other_wait_of_the_dialogue_alone(
    declared: Chat, central: Switchboard, world: World
) -> None:
    summary = await to_summary(declared)
    gate, other = central.hold(PLAIN), central.hold(PROSUMER)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)
    looked_up = await declared.says(PROSUMER, "Un momento, cerco", button="Annulla")
    await declared.press("Annulla", on=looked_up)
    await declared.saw("Annullato", on=looked_up)

    gate.set()
    await declared.saw("Associazione creata", PLAIN)
    other.set()
    await world.settled()
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)) == 1
    assert not await world.audit(AuditAction.POD_LOOKED_UP, pod=PROSUMER)


@on_sqlite
async def test_the_final_failure_of_a_job_is_shown_with_the_question(
    declared: Chat, central: Switchboard, world: World
) -> None:
    summary = await to_summary(declared)
    central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.saw(WAITING, on=summary)

    await world.database.write(_fail)
    await declared.saw("Errore Generico contattare l'assistenza", "Riepilogo", on=summary)
    shown = await declared.message(summary.message_id)
    assert any("Conferma" in label for label in shown.labels)


def _fail(connection: Connection) -> None:
    """End the job under way as the job runner does after the last try."""
    row = connection.execute(select(jobs).where(jobs.c.state == JobState.RUNNING)).one()
    destination = Destination(row.bot_id, row.chat_id, row.thread_id, row.lane)
    job = Job(
        id=row.id,
        kind=row.kind,
        arguments=row.arguments,
        destination=destination,
        user_id=row.user_id,
        language=row.language,
        card_id=row.card_id,
        attempt=row.attempts,
        token=row.token,
        correlation=row.correlation,
        action=row.action,
    )
    end(connection, job, FAILED, datetime.now(UTC))
