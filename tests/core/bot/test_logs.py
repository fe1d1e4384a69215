"""The log: readable, traceable, and free of secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text

from backend.core.db.database import Database
from backend.core.inbox.models import inbox
from bot.core import logs

TOKEN = "4242424242:AAFakeFakeFakeFakeFakeFakeFakeFakeFa"
SECRET = TOKEN.partition(":")[2]
POD = "IT001E48600001"


@pytest.fixture(params=["json", "console"])
def stream(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The output of the log, in each style."""
    stream = io.StringIO()
    logs.configure(request.param, "debug", stream)
    yield stream
    logs.configure("console", "error")


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"https://api.telegram.org/file/bot{TOKEN}/documents/1.scp",
        f"bot{TOKEN.replace(':', '%3A')}/getMe",
        f"token={TOKEN}&x=1",
        f"'{TOKEN}'",
        f"x{TOKEN}",
    ],
)
def test_a_token_is_masked_wherever_it_stands(text: str) -> None:
    assert SECRET not in logs.scrub(text)
    assert "[token]" in logs.scrub(text)


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_token_is_masked_whatever_surrounds_it(before: str, after: str) -> None:
    assert SECRET not in logs.scrub(f"{before}{TOKEN}{after}")


@pytest.mark.parametrize(
    "pod",
    [
        POD,
        f"{POD}A",
        POD.lower(),
        "ITP0A000012345",
        "ITP0A0000123456",
        f"pod:{POD}",
        f"('{POD}',)",
        f"5.e.pod.{POD}",
    ],
)
def test_a_pod_is_masked_except_at_its_ends(pod: str) -> None:
    scrubbed = logs.scrub(pod)

    assert pod not in scrubbed
    assert "…" in scrubbed


@pytest.mark.parametrize("before", ["", "<", "to ", "550 5.1.1 <", "mailto:", "(1, "])
def test_an_email_address_is_masked_wherever_it_stands(before: str) -> None:
    text = f"{before}mario.rossi+a486@posta.example.it> is unknown"

    assert logs.scrub(text) == f"{before}[e-mail]> is unknown"


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-10T08:00:00.000000Z",
        "127.0.0.1:8486",
        "http://localhost:54321/health",
        "lane 1234567",
        "ITALIANISSIMO",
        "ITERATIONLIMIT",
        "audit.sealed",
        "@a486_demo_bot",
    ],
)
def test_text_that_only_resembles_a_secret_is_left_alone(text: str) -> None:
    assert logs.scrub(text) == text


def test_event_values_hold_no_secret(stream: io.StringIO) -> None:
    class Holder:
        def __str__(self) -> str:
            return f"holder of {TOKEN} and {POD}"

    structlog.get_logger("prova").info(
        "something.happened",
        url=f"http://x/bot{TOKEN}/getMe",
        nested={"deep": [POD, (TOKEN,), {"deeper": POD.lower()}]},
        thing=Holder(),
        raw=TOKEN.encode(),
        number=5,
        nothing=None,
    )

    assert_clean(stream)
    assert "something.happened" in stream.getvalue()


def test_exceptions_and_their_causes_hold_no_secret(stream: io.StringIO) -> None:
    try:
        try:
            raise ValueError(f"first {TOKEN}")
        except ValueError as error:
            raise RuntimeError(f"then {POD}") from error
    except RuntimeError:
        structlog.get_logger("prova").exception("something.failed")

    assert_clean(stream)
    assert "RuntimeError" in stream.getvalue()


def test_entries_of_other_libraries_hold_no_secret(stream: io.StringIO) -> None:
    foreign = logging.getLogger("some.library")
    foreign.warning("calling http://x/bot%s/getMe for %s", TOKEN, POD)
    try:
        raise ValueError(TOKEN)
    except ValueError:
        foreign.exception("failed for %s", POD)

    assert_clean(stream)
    assert "some.library" in stream.getvalue() or "calling" in stream.getvalue()


async def test_a_database_error_holds_no_parameters(database: Database, stream: io.StringIO) -> None:
    log = structlog.get_logger("prova")
    private = "riserva" + "tissimo"  # in two pieces: a traceback quotes the lines of this test
    secret = {"message": {"text": f"{private} it 001 e 4860 0001 {TOKEN}"}}

    def fail(connection: Any) -> None:
        connection.execute(insert(inbox).values(bot_id=1, lane="1", payload=secret))

    try:
        await database.write(fail)
    except Exception:
        log.exception("write.failed")
    try:
        await database.long_read(
            lambda connection: connection.execute(text("SELECT :it FROM nowhere"), {"it": private})
        )
    except Exception:
        log.exception("read.failed")

    assert_clean(stream)
    assert private not in stream.getvalue()
    assert "write.failed" in stream.getvalue()
    assert "read.failed" in stream.getvalue()


def test_an_event_is_one_line_of_json_with_its_time_and_level() -> None:
    stream = io.StringIO()
    logs.configure("json", "info", stream)
    structlog.get_logger("prova").info("something.happened", lane="7")
    structlog.get_logger("prova").debug("not.this")
    logging.getLogger("telegram").info("nor this")
    logs.configure("console", "error")

    entry = json.loads(stream.getvalue())

    assert (entry["event"], entry["lane"], entry["level"]) == ("something.happened", "7", "info")
    assert entry["timestamp"].endswith("Z")


def assert_clean(stream: io.StringIO) -> None:
    written = stream.getvalue()
    assert written
    assert SECRET not in written
    assert POD not in written.upper()
