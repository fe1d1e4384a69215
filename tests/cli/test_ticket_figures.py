"""`a486 tickets figures`: how well the assistance does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.identity import service as identity
from backend.identity.values import Actor
from backend.tickets import satisfaction
from backend.tickets import service as tickets
from backend.tickets.values import Satisfaction
from sandbox import showcase
from tests.cli.conftest import Run
from tests.identity.prepared import TICKET

HOUR = timedelta(hours=1)
MORNING = datetime(2026, 3, 25, 9, tzinfo=ROME)
ASKER, OPERATORS = 700, (701, 702)
WORDS = (Satisfaction.SOLVED, Satisfaction.SOLVED, Satisfaction.UNSOLVED)


def worked(connection: Connection) -> None:
    """Three requests closed by two operators of one name, and one that is late."""

    def actor(user_id: int) -> Actor:
        found = identity.actor_of(connection, user_id)
        assert found is not None
        return found

    for number, word in enumerate(WORDS):
        made = tickets.open_ticket(connection, actor(ASKER), TICKET, MORNING)
        operator = actor(OPERATORS[number % 2])
        tickets.answer(connection, operator, made.id, "Sì", MORNING + HOUR)
        tickets.close(connection, operator, made.id, "Fatto", MORNING + (number + 2) * HOUR)
        satisfaction.rate(connection, actor(ASKER), made.id, word)
    tickets.open_ticket(connection, actor(ASKER), replace(TICKET, answer_minutes=60), MORNING)


def test_the_figures_are_printed_for_people_and_for_programs(run: Run, data: Path) -> None:
    run("members", "add-integrator", showcase.OURS, "Impianti")
    run("members", "add", str(ASKER), "Chi chiede", showcase.OURS, "--enabled")
    for operator in OPERATORS:
        run("staff", "add", str(operator), "Chi risponde", "support")

    async def fill() -> None:
        async with Database(f"sqlite:///{data / 'a486.db'}") as database:
            await database.write(worked)

    asyncio.run(fill())
    assert json.loads(run("tickets", "figures", "--json").stdout) == {
        "open": 1,
        "late": 1,
        "first_answer_hours": 1.0,
        "closing_hours": 3.0,
        "by_category": {TICKET.category: {"solved": 2, "unsolved": 1, "share": 0.667}},
        "by_operator": {
            "Chi risponde (2)": {"solved": 1, "unsolved": 1, "share": 0.5},
            "Chi risponde (3)": {"solved": 1, "unsolved": 0, "share": 1.0},
        },
    }
    shown = run("tickets", "figures").stdout
    for text in ("OEM module (MOME) › Technical › Hardware", "67%", "Chi risponde (2)", "50%", "3.0"):
        assert text in shown


def test_nothing_asked_has_no_medians_and_no_database_no_figures(run: Run) -> None:
    refused = run("tickets", "figures")
    assert refused.exit_code == 1
    assert "There is no database" in refused.stderr
    run("migrations")
    assert "closing, median in working hours" in run("tickets", "figures").stdout
    found = json.loads(run("tickets", "figures", "--json").stdout)
    assert found["first_answer_hours"] is None
    assert found["by_category"] == {}
