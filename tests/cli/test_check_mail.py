"""`a486 check-mail` as an operator types it."""

from __future__ import annotations

import asyncio

import pytest

from tests.cli.conftest import Run
from tests.smtp_server import HOST, smtp_server


@pytest.fixture
def settings(data: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A486_SMTP_HOST", HOST)
    monkeypatch.setenv("A486_SMTP_PORT", "1")
    monkeypatch.setenv("A486_MAIL_FROM", "Servizio A486 <a486@example.it>")


async def test_a_test_message_is_sent_and_a_refusal_is_told_in_the_servers_words(
    settings: None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with smtp_server() as server:
        monkeypatch.setenv("A486_SMTP_PORT", str(server.port))
        sent = await asyncio.to_thread(run, "check-mail", " Mario@Example.it")
        server.rcpt = "550 5.1.1 <mario@example.it> is unknown"
        refused = await asyncio.to_thread(run, "check-mail", "mario@example.it")

    where = f"{HOST}:{server.port} (none)"
    assert (sent.exit_code, sent.stdout) == (0, f"{where} has taken the message for mario@example.it\n")
    (message,) = server.messages
    assert message["Subject"] == "A486: test message"
    assert message["From"] == "Servizio A486 <a486@example.it>"
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"{where}: the server refuses the address (550) (for good): 5.1.1 <mario@example.it> is unknown\n"
    )


def test_a_server_that_does_not_answer_is_named(settings: None, run: Run) -> None:
    result = run("check-mail", "mario@example.it")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"{HOST}:1 (none): no connection (")
    assert result.stderr.count("\n") == 1


def test_an_address_that_is_none_is_not_sent_anything(settings: None, run: Run) -> None:
    result = run("check-mail", "Mario <mario@example.it>")

    assert (result.exit_code, result.stderr) == (1, "that is not an e-mail address\n")


def test_without_a_server_the_command_says_that_mail_is_off(run: Run) -> None:
    result = run("check-mail", "mario@example.it")

    assert (result.exit_code, result.stderr) == (1, "A486_SMTP_HOST is not set: e-mail is off\n")
