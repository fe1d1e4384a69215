"""The watch over the log finds what is private, and leaves alone what only resembles it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import cbor2
import pytest
import structlog
from structlog.testing import capture_logs

from backend.associations.values import Configuration
from backend.devices.values import DeviceType
from backend.scp.source import FORMAT
from bot.core import logs
from tests.log_watch import Watch, complaints, private_in, watch
from tests.samples import HOME
from tests.scripted_api import TOKEN

CONTENT = cbor2.dumps({"format": FORMAT, "sequence": 1}, canonical=True)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a POD", f'{{"pod": "{HOME.pod.code}"}}'),
        ("a POD", HOME.pod.code.lower()),
        ("a POD", f"pod_{HOME.pod.code}A"),
        ("a phone number", "+393331234567"),
        ("a phone number", "chiama il +39 333 123 4567"),
        ("a phone number", "'+447911123456'"),
        ("a phone number", '"phone": "3331234567"'),
        ("a phone number", "phone_number=0612345678"),
        ("a phone number", "tel: 06 1234 5678"),
        ("a phone number", "telefono='333-123-4567'"),
        ("an e-mail address", "mario.rossi@example.it"),
        ("an e-mail address", '"to": "a+b@posta.example.com"'),
        ("a bot token", TOKEN),
        ("a bot token", "https://api.telegram.org/bot4242424242:AAFakeFakeFakeFakeFakeFakeFakeFakeFa/getMe"),
        ("a bot token", "4242424242%3AAAFakeFakeFakeFakeFakeFakeFakeFakeFa"),
        ("SCP content", repr(CONTENT)),
        ("SCP content", str({"authentication_key": b"x"})),
        ("SCP content in hexadecimal", CONTENT.hex()),
    ],
)
def test_each_private_thing_is_found(kind: str, text: str) -> None:
    assert private_in(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        HOME.pod.masked,
        logs.scrub(f"{HOME.pod.code} {TOKEN}"),
        '{"event": "scp.stand_in", "format": "a486-reference-scp-1"}',
        '{"timestamp": "2025-03-10T08:00:00.000000+00:00", "lane": "1234567890"}',
        '"telegram_user_id": 1234567890, "telephony": true',
        '"number": "+5", "up": "+10%"',
        "postgresql://someone:***@127.0.0.1:5432/a486",
        "a486_demo_bot @a486_demo_bot",
        "http://127.0.0.1:8486/health",
        f"{Configuration.STANDARD} {DeviceType.MOME}",
    ],
)
def test_what_only_resembles_something_private_is_left_alone(text: str) -> None:
    assert private_in(text) == []


def test_a_registered_secret_is_found_before_and_after_it_was_registered() -> None:
    own = Watch()
    own.begin("a test")
    own.saw("the code is QX4-77Z")
    own.secret("QX4-77Z")
    own.saw('{"code": "QX4-77Z"}')
    own.saw("QX4-77ZZ is another word")
    assert [line.split(":")[0] for line in own.findings] == ["a test", "a test"]

    own.begin("another test")
    own.saw("QX4-77Z")  # of no meaning here
    assert len(own.findings) == 2


def test_a_secret_registered_outside_of_tests_holds_in_all() -> None:
    own = Watch()
    own.secret("lasting-secret")
    own.begin("a test")
    own.saw("lasting-secret")
    assert own.findings == ["a test: a registered secret was logged: lasting-secret"]


def test_a_secret_that_would_be_found_anywhere_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Watch().secret("12345")


def test_the_log_of_a_process_is_looked_at_line_by_line() -> None:
    own = Watch()
    own.begin("a test")
    own.saw_all("fine\n+393331234567\n")
    assert (own.events, len(own.findings)) == (2, 1)


@pytest.mark.parametrize("name", ["structlog", "logging", "captured"])
def test_every_way_to_the_log_is_watched(name: str) -> None:
    before = watch.events
    if name == "structlog":
        structlog.get_logger("prova").info("something.happened", pod=HOME.pod.code)
    elif name == "logging":
        logging.getLogger("some.library").warning("about %s", HOME.pod.code)
    else:
        with capture_logs():
            structlog.get_logger("prova").info("something.happened", pod=HOME.pod.code)
    assert watch.events == before + 1
    assert watch.findings == []  # it is masked by then


def test_a_session_whose_log_nobody_watched_fails() -> None:
    assert list(complaints(0, 2, [])) == []
    assert list(complaints(100, 50, [])) == []
    assert list(complaints(100, 50, ["a leak"])) == ["a leak"]
    (complaint,) = complaints(10, 50, [])
    assert "not being watched" in complaint


LEAKS = """
import structlog

def test_that_leaks():
    structlog.get_logger("prova").info("user.wrote", sender="+393331234567")

def test_that_does_not():
    structlog.get_logger("prova").info("user.wrote")
"""
NOT_WATCHED = """
import pytest

@pytest.fixture
def world():
    pass

@pytest.mark.parametrize("number", range(5))
def test_that_logs_nothing(world, number):
    pass
"""


@pytest.mark.parametrize("at_once", ["0", "1"])
@pytest.mark.parametrize(
    ("tests", "complaint"),
    [
        (LEAKS, "test_that_leaks: a phone number was logged"),
        (NOT_WATCHED, "the log is not being watched"),
        (LEAKS.replace("+393331234567", "nobody"), ""),
    ],
)
def test_a_session_fails_for_what_was_logged_in_any_of_its_processes(
    tmp_path: Path, at_once: str, tests: str, complaint: str
) -> None:
    (tmp_path / "test_it.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"]
    ended = subprocess.run(
        [*command, "-p", "tests.fixtures.privacy", "-n", at_once, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == (1 if complaint else 0), ended.stdout + ended.stderr
    assert complaint in ended.stdout
    assert "failed" not in ended.stdout  # the tests themselves have passed
