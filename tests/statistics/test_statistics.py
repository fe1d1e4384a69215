"""Statistics: the same figures as counting by hand, each sees their own, and charts of them."""

from __future__ import annotations

import base64
import io
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Connection, insert, update

from backend.associations.models import associations
from backend.bulk.models import bulk_requests, bulk_rows, bulk_uploads
from backend.bulk.values import RequestState, RowState
from backend.core.child import run_in_child
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.json_values import to_json
from backend.devices.models import devices
from backend.identity import service as identity
from backend.identity.models import memberships
from backend.identity.permissions import StaffRole
from backend.identity.values import Actor
from backend.statistics import service
from backend.statistics.drawing import COLORS, PIXELS, Chart, Series
from backend.statistics.values import CONFIRMATION_AGES, TICKET_AGES, WEEKS, Statistics
from backend.tickets.models import tickets
from backend.tickets.values import TicketState
from bot.statistics.feature import DRAW, LIMITS
from conversations.core.texts import texts
from conversations.statistics.charts import chart_of
from sandbox.client import Shown
from tests.acceptance.walks import associate
from tests.samples import SID_A
from tests.statements import seen
from tests.support import Chat, World, on_sqlite
from tests.tickets.test_files import opened, received

AT = datetime(2026, 3, 30, 10, 0, tzinfo=UTC)
"""A Monday, the day after the clocks changed in Rome."""
STATEMENTS = 4
OUTCOMES = (
    (RowState.CREATED, "created"),
    (RowState.REFUSED, "unknown"),
    (RowState.FAILED, "unavailable"),
    (RowState.WAITING, "waiting"),
)


@dataclass(frozen=True)
class Row:
    """Something that was made for an integrator, and when."""

    integrator_id: int
    at: datetime
    ended: datetime | None = None
    word: str = ""


def times(random: Random, number: int) -> list[datetime]:
    """Moments of the last months, many of them at the edges of days and weeks."""
    found = []
    for _ in range(number):
        at = AT - timedelta(hours=random.randrange(24 * 120), minutes=random.randrange(60))
        if random.random() < 0.3:
            day = at.astimezone(ROME).replace(hour=0, minute=0, second=0, microsecond=0)
            at = day.astimezone(UTC) - timedelta(seconds=random.randrange(2))
        found.append(at)
    return found


def fill(connection: Connection, us: Actor, them: Actor) -> dict[str, list[Row]]:
    """Associations, rows of bulk requests and tickets of two integrators, at random times."""
    random = Random(486)  # noqa: S311 - the same each time
    made: dict[str, list[Row]] = {"associations": [], "bulk": [], "tickets": []}
    device = connection.scalar(devices.select().where(devices.c.sid == SID_A))
    for number, at in enumerate(times(random, 80)):
        actor = random.choice((us, us, them))
        ended = min(AT, at + timedelta(days=random.randrange(60))) if random.random() < 0.4 else None
        confirmed = at if random.random() < 0.3 else None
        connection.execute(
            insert(associations).values(
                integrator_id=actor.integrator_id,
                point=f"IT001E{number:08d}" if ended is None else "IT001E99999999",
                pod=f"IT001E{number:08d}",
                device_id=_device(connection, number, actor) if ended is None else device,
                device_type="MOME",
                configuration="STANDARD",
                eneltel="100000001",
                meter_serial="000000",
                gesis=False,
                over_65_kw=False,
                created_at=at,
                created_by=actor.person_id,
                deleted_at=ended,
                confirmed_at=confirmed,
            )
        )
        made["associations"].append(Row(actor.integrator_id, at, ended, "confirmed" if confirmed else ""))
    for at in times(random, 20):
        actor = random.choice((us, us, them))
        made["bulk"] += _request(connection, actor, at, random)
    for at in times(random, 60):
        actor, closed = random.choice((us, us, them)), random.random() < 0.3
        operator = us.person_id if random.random() < 0.5 else None
        state = TicketState.CLOSED if closed else TicketState.OPEN
        connection.execute(
            insert(tickets).values(
                state=state.value,
                device_type="MOME",
                category="mome.technical.hardware.other",
                requester_id=actor.person_id,
                integrator_id=actor.integrator_id,
                operator_id=operator,
                opened_at=at,
            )
        )
        if not closed:
            made["tickets"].append(Row(actor.integrator_id, at, word="assigned" if operator else ""))
    return made


def _device(connection: Connection, number: int, actor: Actor) -> int:
    values = {
        "sid": f"SID{number:014d}",
        "nid": f"{number:012X}",
        "type": "MOME",
        "integrator_id": actor.integrator_id,
    }
    return int(connection.execute(insert(devices).values(values).returning(devices.c.id)).scalar_one())


def _request(connection: Connection, actor: Actor, at: datetime, random: Random) -> list[Row]:
    about = {"integrator_id": actor.integrator_id, "person_id": actor.person_id, "created_at": at}
    upload = insert(bulk_uploads).values(
        name="x", fingerprint="x", heading=[], sheets=[], loaded=True, **about
    )
    upload_id = connection.execute(upload.returning(bulk_uploads.c.id)).scalar_one()
    cancelled = random.random() < 0.2
    state = RequestState.CANCELLED if cancelled else RequestState.DONE
    request = insert(bulk_requests).values(
        upload_id=upload_id, state=state.value, rows=5, left=0, runs=1, cards_due=False, **about
    )
    request_id = connection.execute(request.returning(bulk_requests.c.id)).scalar_one()
    rows = []
    for line in range(5):
        state_of, outcome = random.choice(OUTCOMES)
        connection.execute(
            insert(bulk_rows).values(
                upload_id=upload_id,
                request_id=request_id,
                line=line,
                cells=[],
                state=state_of.value,
                outcome=outcome,
                values={},
            )
        )
        if not cancelled:
            rows.append(Row(actor.integrator_id, at, word=outcome))
    return rows


def by_age(rows: list[Row], days: tuple[int, ...]) -> tuple[int, ...]:
    counted = Counter(sum(AT - row.at > timedelta(days=each) for each in days) for row in rows)
    return tuple(counted[place] for place in range(len(days) + 1))


def expected(made: dict[str, list[Row]], of: set[int]) -> dict[str, Any]:
    """The figures, counted by hand."""
    own = {name: [row for row in rows if row.integrator_id in of] for name, rows in made.items()}

    def week(at: datetime) -> int:
        day = at.astimezone(ROME).date()
        return (AT.date() - (day - timedelta(days=day.weekday()))).days // 7

    created = Counter(week(row.at) for row in own["associations"])
    deleted = Counter(week(row.ended) for row in own["associations"] if row.ended is not None)
    live = [row for row in own["associations"] if row.ended is None]
    return {
        "created": [created[number] for number in reversed(range(WEEKS))],
        "deleted": [deleted[number] for number in reversed(range(WEEKS))],
        "live": len(live),
        "unconfirmed": by_age([row for row in live if not row.word], CONFIRMATION_AGES),
        "outcomes": dict(Counter(row.word for row in own["bulk"] if week(row.at) < WEEKS)),
        "assigned": by_age([row for row in own["tickets"] if row.word], TICKET_AGES),
        "unassigned": by_age([row for row in own["tickets"] if not row.word], TICKET_AGES),
        "oldest_ticket": min(row.at for row in own["tickets"]),
    }


def shown(found: Statistics) -> dict[str, Any]:
    """The figures as the service gives them."""
    return {
        "created": [week.created for week in found.weeks],
        "deleted": [week.deleted for week in found.weeks],
        "live": found.live,
        "unconfirmed": found.unconfirmed,
        "outcomes": {each.outcome: each.rows for each in found.outcomes},
        "assigned": found.assigned,
        "unassigned": found.unassigned,
        "oldest_ticket": found.oldest_ticket,
    }


async def test_figures_are_what_counting_by_hand_gives_and_only_ones_own(
    database: Database, us: Actor, them: Actor
) -> None:
    made = await database.write(lambda connection: fill(connection, us, them))
    staff = replace(us, staff_roles=frozenset({StaffRole.AUDITOR}))
    everybody = {us.integrator_id, them.integrator_id}
    for actor, of in ((us, {us.integrator_id}), (them, {them.integrator_id}), (staff, everybody)):
        found = await database.long_read(partial(service.statistics, actor=actor, at=AT))
        assert found.of_all is (actor is staff)
        assert [week.monday.weekday() for week in found.weeks] == [0] * WEEKS
        assert found.weeks[-1].monday == AT.date()
        assert shown(found) == expected(made, of)

    def count(connection: Connection) -> int:
        with seen(connection.dialect) as ran:
            service.statistics(connection, staff, AT)
        return len(ran)

    assert await database.long_read(count) == STATEMENTS


async def pictures(chat: Chat, after: Shown) -> Shown:
    """The next picture below, with its way on."""
    (photo,) = await received(chat, "photo", after.message_id)
    content = await chat.phone.download(photo)
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == PIXELS
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 20
    return photo


@on_sqlite
async def test_figures_at_a_glance_and_a_chart_of_each(world: World, declared: Chat) -> None:
    await associate(declared)
    await world.database.write(lambda connection: opened(connection, world))
    card = await declared.says(
        "/statistiche", "Statistiche · Impianti Demo", "create", "Richieste aperte: 1", button="Conferme"
    )
    for button, words, title in (
        ("Associazioni", "Associazioni attive", "Associazioni per settimana"),
        ("Richieste", "Richieste aperte: 1", "Da quanto sono aperte le richieste"),
        ("Conferme", "Da confermare in campo", "Associazioni da confermare in campo"),
    ):
        before = (await declared.screen()).messages[-1]
        await declared.press(button, on=card)
        photo = await pictures(declared, before)
        assert title in photo.text
        assert "Impianti Demo" in photo.text
        assert any("Inizio" in label for label in photo.labels)
        await declared.saw(words)
        assert card.buttons == (await declared.message(card.message_id)).buttons
    await declared.press("Massive")
    await declared.sees("Nelle ultime settimane nessuna richiesta massiva", button="Inizio")


@on_sqlite
async def test_ages_are_told_by_spans_that_do_not_overlap(world: World, declared: Chat) -> None:
    await associate(declared)
    await world.database.write(lambda connection: opened(connection, world))

    def read(connection: Connection) -> Statistics:
        actor = identity.actor_of(connection, world.people[0].id)
        assert actor is not None
        assert world.clock is not None
        return service.statistics(connection, actor, world.clock.now())

    found, say = await world.database.long_read(read), texts("it")
    tickets, confirmations = chart_of("tickets", found, say), chart_of("confirmations", found, say)
    assert tickets is not None
    assert confirmations is not None
    assert tickets.labels == ("0", "1–2", "3–6", "7–29", "da 30")
    assert confirmations.labels == ("0–6", "7–29", "30–89", "da 90")
    card = await declared.says("/statistiche", "Questa settimana – create: ", " · eliminate: 0")
    assert "La settimana scorsa – create: " in card.text


async def test_one_bar_does_not_fill_the_picture(tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = str(tmp_path_factory.getbasetemp() / "fonts")

    async def filled(labels: int) -> float:
        """How much of the picture is of the bars' colour."""
        values = Series("", (3,) * labels, (0,))
        chart = Chart("Esiti delle massive", ("associazione creata",) * labels, (values,), lying=True)
        made = await run_in_child(DRAW, b"", LIMITS, chart=to_json(chart), cache=cache)
        with Image.open(io.BytesIO(base64.b64decode(made["png"]))) as picture:
            blue = Image.new("RGB", (1, 1), COLORS[0]).getpixel((0, 0))
            counted = picture.convert("RGB").getcolors(1 << 24) or ()
            return sum(number for number, color in counted if color == blue) / (PIXELS[0] * PIXELS[1])

    assert await filled(1) < 0.12
    assert await filled(4) > 2 * await filled(1)


@on_sqlite
async def test_each_company_sees_its_own_and_the_staff_sees_all(
    world: World, declared: Chat, rival: Chat
) -> None:
    await world.database.write(lambda connection: opened(connection, world))
    await declared.says("/start", button="Statistiche")
    await declared.press("Statistiche")
    await declared.sees("Impianti Demo", "Richieste aperte: 1")
    await rival.says("/statistics", "Statistics · Elettro Demo", "Open requests: 0")
    await world.give_staff_role(StaffRole.SUPPORT, world.people[6].id)
    async with world.chat(6) as staff:
        shown = await staff.says("/statistiche", "tutte le aziende", "Richieste aperte: 1")
        await staff.press("Richieste", on=shown)
        assert "tutte le aziende" in (await pictures(staff, shown)).text
    async with world.chat(9) as stranger:
        await stranger.says("/statistiche", "riservato ai System Integrator")


@on_sqlite
async def test_who_is_not_enabled_sees_no_figures(world: World, declared: Chat) -> None:
    person = world.people[0].id

    def disable(connection: Connection) -> None:
        actor = identity.actor_of(connection, person)
        assert actor is not None
        where = memberships.c.id == actor.acting_for.id
        connection.execute(update(memberships).where(where).values(enabled=False))

    await world.database.write(disable)
    await declared.says("/statistiche", "non è ancora abilitata")


@pytest.mark.parametrize(
    "chart",
    [
        Chart("Vuoto", ("a", "b"), (Series("", (0, 0), (0,)),)),
        Chart("Molti", tuple("12345678"), (Series("x", (10**6,) * 8, (0,)), Series("y", (1,) * 8, (1,)))),
        Chart("Alti", ("a", "b"), (Series("x", (5, 0), (0,)), Series("y", (1, 0), (1,))), stacked=True),
        Chart("Lunghi", ("parola " * 30, "$x_1$ <b>"), (Series("", (3, 1), (0, 1)),), lying=True),
    ],
)
async def test_odd_numbers_and_words_are_drawn(
    chart: Chart, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cache = str(tmp_path_factory.getbasetemp() / "fonts")
    made = await run_in_child(DRAW, b"", LIMITS, chart=to_json(chart), cache=cache)
    with Image.open(io.BytesIO(base64.b64decode(made["png"]))) as picture:
        assert picture.size == PIXELS
