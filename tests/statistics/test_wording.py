"""What is said of the figures, and what the charts show of them; whose jobs wait for a word."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, insert

from backend.bulk.values import RowState
from backend.core.db.database import Database
from backend.identity.permissions import StaffRole
from backend.identity.values import Actor
from backend.programming.models import programming_jobs
from backend.programming.values import ProgrammingState
from backend.statistics import service
from backend.statistics.drawing import Chart
from backend.statistics.values import Outcome, Statistics, Week
from conversations.core.texts import texts
from conversations.statistics.charts import chart_of, details
from conversations.statistics.wording import associations_line, bulk_line, confirmations_line
from tests.associations.test_report_service import add
from tests.samples import START

SAY = texts("it")
MONDAY = date(2026, 3, 2)
FOUND = Statistics(
    of_all=False,
    weeks=tuple(
        Week(MONDAY + timedelta(weeks=number), created, deleted)
        for number, (created, deleted) in enumerate(((1, 2), (3, 4), (5, 6)))
    ),
    live=70,
    outcomes=(
        Outcome(RowState.CREATED, "created", 90),
        Outcome(RowState.REFUSED, "unknown", 80),
        Outcome(RowState.FAILED, "unavailable", 50),
        Outcome(RowState.WAITING, "waiting", 40),
        Outcome(RowState.CREATED, "created", 30),
        Outcome(RowState.REFUSED, "unknown", 20),
        Outcome(RowState.FAILED, "unavailable", 9),
    ),
    unassigned=(1, 2, 3, 4, 5),
    assigned=(10, 20, 30, 40, 50),
    oldest_ticket=datetime(2026, 1, 1, tzinfo=UTC),
    unconfirmed=(1000, 200, 30, 4),
    to_confirm=2,
)


def chart(which: str) -> Chart:
    found = chart_of(which, FOUND, SAY)
    assert found is not None
    return found


def test_the_chart_of_associations_shows_created_and_deleted_by_week() -> None:
    shown = chart("associations")
    assert shown.labels == ("02/03", "09/03", "16/03")
    assert [(each.name, each.values, each.colors) for each in shown.series] == [
        ("create", (1, 3, 5), (0,)),
        ("eliminate", (2, 4, 6), (1,)),
    ]


def test_the_chart_of_bulk_requests_adds_the_rows_of_what_has_no_bar() -> None:
    shown = chart("bulk")
    (bars,) = shown.series
    assert bars.values == (90, 80, 50, 40, 30, 29)
    assert bars.colors == (0, 1, 1, 2, 0, 2)
    assert shown.labels[-1] == "altri esiti"
    assert shown.below == "righe delle ultime 3 settimane"


def test_the_charts_of_ages_show_what_is_late_in_another_colour() -> None:
    shown = chart("confirmations")
    (bars,) = shown.series
    assert (bars.values, bars.colors) == ((1000, 200, 30, 4), (0, 0, 1, 1))
    assert shown.labels == ("0–6", "7–29", "30–89", "da 90")
    assert [(each.name, each.values) for each in chart("tickets").series] == [
        ("prese in carico", FOUND.assigned),
        ("da prendere in carico", FOUND.unassigned),
    ]


@pytest.mark.parametrize("which", ["associations", "bulk", "tickets", "confirmations"])
def test_nothing_is_drawn_of_nothing(which: str) -> None:
    none = replace(
        FOUND,
        weeks=tuple(Week(each.monday, 0, 0) for each in FOUND.weeks),
        outcomes=(),
        unassigned=(0,) * 5,
        assigned=(0,) * 5,
        unconfirmed=(0,) * 4,
    )
    assert chart_of(which, none, SAY) is None


def plain(text: str) -> str:
    return re.sub("<[^>]+>", "", text)


def test_the_words_say_each_number_in_its_place() -> None:
    assert plain(associations_line(FOUND, SAY)).splitlines() == [
        "🔗 Associazioni attive: 70",
        "Questa settimana – create: 5 · eliminate: 6",
        "La settimana scorsa – create: 3 · eliminate: 4",
    ]
    assert plain(bulk_line(FOUND, SAY)).splitlines() == [
        "📑 Righe delle massive: 319 in 3 settimane",
        "Associazioni create: 120 · non riuscite: 59",
    ]
    assert plain(confirmations_line(FOUND, SAY)).splitlines() == [
        "🛠 Da confermare in campo: 1.234",
        "Da più di 30 giorni: 34",
        "2 lavori aspettano solo la conferma del tecnico",
    ]
    assert "lavor" not in confirmations_line(replace(FOUND, to_confirm=0), SAY)
    assert details("confirmations", FOUND, SAY) == confirmations_line(FOUND, SAY)


async def test_the_jobs_that_wait_for_a_word_are_one_s_own_and_of_no_other_state(
    database: Database, us: Actor, them: Actor
) -> None:
    waiting = ProgrammingState.PROGRAMMED
    others = [each for each in ProgrammingState if each is not waiting]

    def prepare(connection: Connection) -> None:
        states = [(us, waiting), (us, waiting), (them, waiting), *((us, each) for each in others)]
        for number, (actor, state) in enumerate(states):
            association = add(connection, number, actor.integrator_id, actor.person_id, START)
            connection.execute(
                insert(programming_jobs).values(
                    association_id=association,
                    integrator_id=actor.integrator_id,
                    technician_id=actor.person_id,
                    assigned_by=actor.person_id,
                    place="",
                    note="",
                    state=state.value,
                    created_at=START,
                    attempt=1,
                    done=0,
                    of=0,
                    repeated=False,
                    by_hand=False,
                )
            )

    await database.write(prepare)
    staff = replace(us, membership=None, staff_roles=frozenset({StaffRole.SUPPORT}))
    for actor, number in ((us, 2), (them, 1), (staff, 3)):
        found = await database.long_read(partial(service.statistics, actor=actor, at=START))
        assert found.to_confirm == number
