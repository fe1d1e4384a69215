"""`a486-bridge` at work on a simulated device in a process of its own, and what it needs to be installed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from device_bridge.ab.errors import BadAnswer, DeviceRefused, LinkLost, NoAnswer
from device_bridge.ab.values import Nack
from device_bridge.cli import cli
from device_bridge.cli.common import why
from device_bridge.link import NO_LINK
from device_bridge.reasons import WORDS, Reason, reason_of
from device_bridge.texts import LANGUAGES, MissingTextError, texts
from device_bridge.wire.messages import Refused

ROOT = Path(__file__).parents[2]


@contextmanager
def simulated(*options: str) -> Iterator[str]:
    """The port of a simulated device."""
    command = [sys.executable, "-c", "from device_bridge.cli import main; main()", "simulate", *options]
    environment = {**os.environ, "A486_LANGUAGE": "it", "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Dispositivo simulato su /dev/")
        try:
            yield line.split()[3]
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0


def run(*arguments: str) -> str:
    result = CliRunner(env={"A486_LANGUAGE": "it", "COLUMNS": "200"}).invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_device_is_identified_and_read(tmp_path: Path) -> None:
    with simulated("--pod", "IT001E00000001", "--prosumer") as port:
        assert "POD IT001E00000001 · Prosumer" in (said := run("identify", port))
        assert "Contatore di produzione: raggiunto" in said
        found = json.loads(run("identify", port, "--json"))
        assert (found["pod"], found["model"], found["links"]) == (
            "IT001E00000001",
            2,
            {"primary": "ok", "production": "ok"},
        )
        file = tmp_path / "registro.csv"
        said = run("read", port, "--log", "import", "--csv", str(file))
        assert "2000,000 kWh" in said
        assert "960 campioni" in said
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        assert (lines[0], len(lines)) == ("Data;Ora;kWh", 961)
        assert lines[-1].endswith(";2000,000")
        assert len(json.loads(run("read", port, "--log", "import", "--json"))["log"]["samples"]) == 960


def test_a_device_that_is_not_configured_is_named_so() -> None:
    with simulated("--blank") as port:
        assert "Non configurato" in run("identify", port)
        assert "non disponibile" in run("read", port)
        result = CliRunner(env={"A486_LANGUAGE": "it"}).invoke(cli, ["read", port, "--log", "import"])
    assert result.exit_code == 1
    assert "nessun file SCP è stato caricato" in result.stderr


def test_a_port_that_is_not_there_says_what_to_do() -> None:
    result = CliRunner(env={"A486_LANGUAGE": "it"}).invoke(cli, ["identify", "/dev/ttyACM-none"])
    assert result.exit_code == 1
    assert "Controlla il cavo USB" in result.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_can_go_wrong_has_a_sentence(language: str) -> None:
    say = texts(language)
    failures = [*(DeviceRefused(code) for code in range(256)), LinkLost(), NoAnswer(), BadAnswer()]
    assert all(len(why(reason_of(each), say)) > 20 for each in failures)
    assert "200" in why(reason_of(DeviceRefused(200)), say)
    values: dict[str, str | int] = {
        "port": "/dev/x",
        "code": 7,
        "connected": "A",
        "expected": "B",
        "why": "c",
    }
    said = [why(Reason("", word, values), say) for word in WORDS]
    assert len(set(said)) == len(WORDS)
    for reason in ("missing", "busy", "permission", "failed"):
        assert "/dev/x" in say(f"port.{reason}", port="/dev/x")
    with pytest.raises(MissingTextError):
        say("no.such.key")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_of_the_gateway_has_a_sentence(language: str) -> None:
    say = texts(language)
    reasons = get_args(Refused.model_fields["reason"].annotation)
    said = [
        *(say(f"away.{reason}") for reason in reasons),
        *(say(f"nolink.{word}") for word in NO_LINK),
        say("server.other"),
        say("server.unencrypted"),
    ]
    assert len(set(said)) == len(reasons) + len(NO_LINK) + 2 == 17
    assert all(len(each) > 40 for each in said)


def test_each_language_says_the_same_things() -> None:
    def keys(language: str) -> list[str]:
        lines = (ROOT / "device_bridge" / f"{language}.ftl").read_text(encoding="utf-8").splitlines()
        return [line.split(" = ")[0] for line in lines if " = " in line]

    assert keys("it") == keys("en")
    assert {f"nack-{reason.name}" for reason in Nack} <= set(keys("it"))


def test_a_laptop_needs_nothing_of_the_server(tmp_path: Path) -> None:
    """The commands run where only the packages of its extra can be imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    server = project["optional-dependencies"]["server"]
    names = {line.split(">")[0].split("[")[0] for line in server} - {"fluent.runtime"}
    modules = {
        "python-telegram-bot": "telegram",
        "python-calamine": "python_calamine",
        "python-stdnum": "stdnum",
    }
    forbidden = sorted(modules.get(name, name) for name in names)
    code = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({forbidden!r}))\n"
        "from typer.testing import CliRunner\n"
        "from device_bridge.cli import cli\n"
        "for command in (['ports', '--json'], ['status', '--json'], ['logs']):\n"
        "    assert CliRunner().invoke(cli, command).exit_code == 0, command\n"
        "for command in (['jobs'], ['run'], ['program'], ['doctor'], ['pair', 'localhost', 'x']):\n"
        "    result = CliRunner().invoke(cli, command)\n"
        "    assert result.exit_code == 1 and isinstance(result.exception, SystemExit), command\n"
        "ours = {'bot', 'backend', 'conversations', 'handlers', 'sandbox'}\n"
        "assert not ours & {name.split('.')[0] for name in sys.modules}\n"
    )
    environment = {**os.environ, "A486_BRIDGE_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)
