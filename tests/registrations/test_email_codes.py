"""Codes by e-mail: only the newest counts, and nobody uses up what others may ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from backend.core.db.database import Database
from backend.core.mail.mailer import MemoryMailer
from backend.email_codes import service as codes
from backend.email_codes.errors import CodeWrong, TooManyCodes
from backend.email_codes.service import Try
from tests.registrations.walks import EMAIL, begin, fill, verify
from tests.samples import START
from tests.support import World

ME, OTHER = 901, 902
MINUTE = timedelta(minutes=1)
FIRST, SECOND = "111111", "222222"


async def test_a_code_that_was_replaced_never_counts_again(database: Database) -> None:
    def check(connection: Connection) -> None:
        codes.issue(connection, ME, EMAIL, FIRST, START)
        assert codes.attempt(connection, ME, EMAIL, FIRST, START).result is Try.RIGHT
        newer = codes.issue(connection, ME, EMAIL, SECOND, START + MINUTE)
        assert newer is not None
        assert codes.attempt(connection, ME, EMAIL, FIRST, START + MINUTE).result is Try.WRONG
        codes.withdraw(connection, newer)
        assert codes.attempt(connection, ME, EMAIL, FIRST, START + MINUTE).result is Try.VOID
        with pytest.raises(CodeWrong):
            codes.use(connection, ME, EMAIL, FIRST, START + MINUTE)
        assert codes.issue(connection, ME, EMAIL, SECOND, START + MINUTE) is not None
        codes.use(connection, ME, EMAIL, SECOND, START + MINUTE)

    await database.write(check)


async def test_the_code_of_another_person_or_address_is_not_replaced(database: Database) -> None:
    def check(connection: Connection) -> None:
        codes.issue(connection, ME, EMAIL, FIRST, START)
        codes.issue(connection, OTHER, EMAIL, SECOND, START)
        codes.issue(connection, ME, "altra@esempio.it", SECOND, START + MINUTE)
        codes.use(connection, ME, EMAIL, FIRST, START + MINUTE)

    await database.write(check)


async def test_one_person_cannot_use_up_the_codes_for_anothers_address(database: Database) -> None:
    def check(connection: Connection) -> None:
        for number in range(codes.MOST_SENT):
            assert codes.issue(connection, OTHER, EMAIL, FIRST, START + number * MINUTE) is not None
        with pytest.raises(TooManyCodes):
            codes.issue(connection, OTHER, EMAIL, FIRST, START + timedelta(hours=1))
        assert codes.issue(connection, ME, EMAIL, FIRST, START + timedelta(hours=1)) is not None

    await database.write(check)


async def test_a_mailbox_gets_so_many_codes_and_nobody_learns_that_others_asked(
    world: World, mailer: MemoryMailer
) -> None:
    assert world.clock is not None
    now = world.clock.now()

    def ask(connection: Connection) -> None:
        for number in range(codes.MOST_TO_ADDRESS - 1):
            at = now - timedelta(hours=2) + number * MINUTE
            assert codes.issue(connection, 7000 + number % 4, EMAIL, FIRST, at) is not None

    await world.database.write(ask)
    async with world.chat(9) as visitor:
        await begin(visitor)
        await fill(visitor)
        await verify(visitor, mailer)  # the last one that is sent
        assert len(mailer.sent) == 1
        world.later(MINUTE)
        await visitor.press("Invia un altro codice")
        await world.settled()
        shown = await visitor.sees("codice di sei cifre", button="Invia un altro codice")
        assert "⚠️" not in shown.text
        assert len(mailer.sent) == 1
