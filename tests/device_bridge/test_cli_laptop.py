"""`a486-bridge` without a network: what the laptop holds, what it checks, what the support gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest
import serial
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner, Result

from device_bridge.cli import cli
from device_bridge.cli.display import line_of
from device_bridge.cli.running import watching_the_clock
from device_bridge.home import Home, Pairing
from device_bridge.journal import JobState, Journal
from device_bridge.log import BridgeLog, last_lines
from device_bridge.reasons import Reason
from device_bridge.simulator.device import REFERENCE
from device_bridge.texts import texts
from device_bridge.wire.envelope import seal_envelope
from device_bridge.wire.messages import JobOrder
from device_bridge.wire.pairing import fingerprint_of, grouped, make_code
from device_bridge.wire.signing import SigningKeys
from tests.device_bridge.test_cli import ROOT, simulated

POD, PLACE, NOTE, PERSON = "IT001E00000001", "Via Segreta 7", "Chiedere di Bianchi", "Rosa Verdi"
SECRET = b"what the file says"
NOBODY = "ws://127.0.0.1:9"
"""An address where nobody answers."""


@dataclass
class Laptop:
    """A laptop that was paired, and the keys of its server."""

    home: Home
    server: SigningKeys
    key: Ed25519PrivateKey

    def order(
        self,
        job: int = 1,
        lease: timedelta = timedelta(hours=1),
        *,
        nid: str = "0A1B2C3D4E5F",
        content: bytes = SECRET,
        **others: Any,
    ) -> JobOrder:
        """A job of this laptop."""
        now = datetime.now(UTC)
        envelope = seal_envelope(
            content,
            sid="A486-SID-1",
            nid=nid,
            pods=(POD,),
            sequence=1,
            issued_at=now,
            expires_at=now + timedelta(days=3),
            signer=self.server,
        )
        fields: dict[str, Any] = {
            "job": job,
            "attempt": 0,
            "sid": "A486-SID-1",
            "nid": nid,
            "device": "MOME",
            "pods": [POD],
            "configuration": "STANDARD",
            "place": PLACE,
            "note": NOTE,
            "sequence": 1,
            "last": 0,
            "envelope": envelope,
            "leased_until": int((now + lease).timestamp()),
        }
        return JobOrder(**{**fields, **others})

    @property
    def journal(self) -> Journal:
        """Its journal."""
        return Journal(self.home.journal)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the laptop that the commands use."""
    monkeypatch.setenv("A486_BRIDGE_HOME", str(tmp_path / "laptop"))
    return tmp_path / "laptop"


@pytest.fixture
def laptop(folder: Path) -> Laptop:
    server, key, home = SigningKeys.generate(), Ed25519PrivateKey.generate(), Home(folder)
    home.pair(Pairing(NOBODY, (server.public_key.public_bytes_raw().hex(),), PERSON, "smp-reference"), key)
    return Laptop(home, server, key)


def invoke(*arguments: str) -> Result:
    environment = {"A486_LANGUAGE": "it", "COLUMNS": "200"}
    return CliRunner(env=environment).invoke(cli, arguments)


def done(*arguments: str) -> str:
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    result = invoke(*arguments)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.output
    return result.stderr


@pytest.mark.parametrize("command", ["run", "program", "jobs"])
def test_a_laptop_that_is_not_paired_says_how_to_pair_it(folder: Path, command: str) -> None:
    assert "Chiedi un codice nella chat con /portatili" in refused(command)


def test_the_status_of_a_laptop_that_is_not_paired_is_told(folder: Path) -> None:
    assert str(folder) in done("status")
    assert json.loads(done("status", "--json")) == {"paired": False, "folder": str(folder)}


def test_what_is_typed_wrong_is_said_before_anything_is_sent(folder: Path) -> None:
    code = str(make_code(bytes(32)))
    assert "sette gruppi di quattro" in refused("pair", "localhost", code[:-1])
    assert "«ftp://x» non è un indirizzo" in refused("pair", "ftp://x", code)
    assert "non è cifrato" in refused("pair", "ws://example.com", code)
    assert "Ci sono: manual, smp-reference" in refused("pair", NOBODY, code, "--loader", "other")
    assert "non è raggiungibile" in refused("pair", NOBODY, code)
    assert done("status", "--json").count('"paired": false') == 1


def test_a_pairing_is_kept_until_another_is_wanted(laptop: Laptop) -> None:
    code, server = str(make_code(bytes(32))), laptop.server
    said = refused("pair", NOBODY, code)
    assert PERSON in said
    assert "--again" in said
    laptop.journal.hold([laptop.order()])
    attempt = laptop.journal.begin(1, datetime.now(UTC))
    laptop.journal.failed(1, attempt, Reason("identify", "device.lost"), datetime.now(UTC))
    assert "--anyway" in refused("pair", NOBODY, code, "--again")
    assert "non è raggiungibile" in refused("pair", NOBODY, code, "--again", "--anyway")
    assert server.key_id in laptop.home.pairing().trusted
    assert len(laptop.journal.untold()) == 2


def test_only_one_process_works(laptop: Laptop) -> None:
    with laptop.home.at_work():
        assert "Un altro a486-bridge" in refused("run")
        assert "Un altro a486-bridge" in refused("program")
        assert "Un altro a486-bridge" in done("status", "--offline")


def test_the_jobs_are_listed_without_a_network(laptop: Laptop) -> None:
    assert "Nessun lavoro" in done("jobs")
    journal, now = laptop.journal, datetime.now(UTC)
    other = laptop.order(4, envelope=b"no envelope")
    journal.hold([laptop.order(1), laptop.order(2), laptop.order(3, timedelta(hours=-1)), other])
    journal.failed(2, journal.begin(2, now), Reason("load", "load.failed", {"why": "refused"}), now)
    said = done("jobs")
    assert POD in said
    assert "Il dispositivo non ha preso il file" in said
    assert said.count("(passato)") == 1
    listed = json.loads(done("jobs", "--json"))
    assert [(each["job"], each["state"], each["reason"]) for each in listed] == [
        (1, "waiting", None),
        (2, "failed", "load.failed"),
        (3, "waiting", None),
        (4, "waiting", None),
    ]
    assert [each["lease_over"] for each in listed] == [False, False, True, False]
    assert [each["file"] for each in listed] == ["ready", "ready", "ready", "changed"]
    assert (listed[0]["pods"], listed[0]["place"], listed[1]["told"]) == ([POD], PLACE, False)


def test_which_job_is_programmed_is_asked_where_it_is_not_clear(laptop: Laptop) -> None:
    journal = laptop.journal
    assert "Nessun lavoro da fare" in refused("program")
    journal.hold([laptop.order(1), laptop.order(2)])
    result = invoke("program")
    assert (result.exit_code, PLACE in result.stdout) == (1, True)
    assert "scrivi il numero" in result.stderr
    assert "n. 9 non è su questo portatile" in refused("program", "9")
    journal.done(1, journal.begin(1, datetime.now(UTC)), b"report")
    assert "--again" in refused("program", "1")
    assert journal.jobs()[0].state is JobState.DONE


def test_a_job_whose_lease_is_over_is_done_only_when_asked_for(laptop: Laptop) -> None:
    laptop.journal.hold([laptop.order(1, timedelta(hours=-1))])
    assert "--anyway" in refused("program", "1")
    assert laptop.journal.jobs()[0].attempt == 0
    with busy() as port:
        result = invoke("program", "1", "--anyway", "--port", port)
    assert result.exit_code == 1
    assert "Chiudilo e riprova" in result.stdout
    assert "Il servizio può non accettare il risultato" in result.stderr
    assert laptop.journal.jobs()[0].attempt == 1


def test_what_a_program_was_cut_off_from_has_failed(laptop: Laptop) -> None:
    journal = laptop.journal
    journal.hold([laptop.order(1)])
    journal.begin(1, datetime.now(UTC))
    lines = invoke("program", "7", "--json")
    assert lines.exit_code == 1
    found = journal.jobs()[0]
    assert (found.state, found.reason and found.reason.word) == (JobState.FAILED, "interrupted")


def test_a_failure_is_told_with_what_to_do_and_waits_for_the_network(laptop: Laptop) -> None:
    laptop.journal.hold([laptop.order(1)])
    with simulated("--blank") as port:  # another device than the job's
        result = invoke("program", "--port", port)
        assert result.exit_code == 1
        assert "È collegato un altro dispositivo" in result.stdout
        assert "al dispositivo" not in result.stderr
        assert "il servizio lo riceve con il prossimo «a486-bridge run»" in result.stderr
        said = [json.loads(line) for line in invoke("program", "--port", port, "--json").stdout.splitlines()]
    assert [each["event"] for each in said] == ["begun", "progress", "ended", "result", "untold"]
    assert (said[3]["outcome"], said[3]["reason"], said[4]["number"]) == ("failed", "device.wrong", 4)
    assert [each.type for each in laptop.journal.untold()] == ["begun", "failed"] * 2


def test_a_terminal_shows_how_far_it_is(laptop: Laptop) -> None:
    with simulated("--blank") as port:
        nid = json.loads(done("identify", port, "--json"))["nid"]
        said = {
            "format": REFERENCE,
            "device": {"nid": bytes.fromhex(nid)},
            "meters": [{"pod": POD}],
            "model": 0,
            "filling": bytes(20_000),
        }
        laptop.journal.hold([laptop.order(nid=nid, content=cbor2.dumps(said))])
        shown, code = on_a_terminal("program", "--port", port)
        identified = done("identify", port)
    assert code == 0, shown
    assert "━" in shown
    assert "carico il file" in shown
    assert "Lavoro n. 1: programmato e riletto." in shown
    assert f"POD {POD} · Standard" in shown
    assert f"POD {POD} · Standard" in identified
    assert laptop.journal.jobs()[0].state is JobState.DONE


def on_a_terminal(*arguments: str) -> tuple[str, int]:
    """What a command shows on a terminal, and its exit code."""
    terminal, end = os.openpty()
    environment = {**os.environ, "A486_LANGUAGE": "it", "COLUMNS": "120", "TERM": "xterm"}
    command = [sys.executable, "-c", "from device_bridge.cli import main; main()", *arguments]
    shown = b""
    with subprocess.Popen(command, stdin=end, stdout=end, stderr=end, cwd=ROOT, env=environment) as process:
        os.close(end)
        with suppress(OSError):  # the terminal is over when the process is
            while part := os.read(terminal, 4096):
                shown += part
    os.close(terminal)
    return shown.decode(), process.returncode


def test_the_status_says_what_waits(laptop: Laptop) -> None:
    laptop.journal.hold([laptop.order(1)])
    attempt = laptop.journal.begin(1, datetime.now(UTC))
    laptop.journal.failed(1, attempt, Reason("identify", "device.lost"), datetime.now(UTC))
    said = json.loads(done("status", "--json"))
    key = laptop.key.public_key().public_bytes_raw()
    assert said["key"] == grouped(fingerprint_of(key))
    assert (said["person"], said["loader"], said["untold"]) == (PERSON, "smp-reference", 1)
    assert said["jobs"] == {"waiting": 0, "running": 0, "done": 0, "failed": 1}
    assert (said["reachable"], said["why"]) == (False, "unreachable")
    shown = done("status")
    assert "non è raggiungibile" in shown
    assert "Un risultato aspetta la rete" in shown
    assert "raggiungibile" not in done("status", "--offline")
    assert json.loads(done("status", "--offline", "--json"))["reachable"] is None


@contextmanager
def busy() -> Iterator[str]:
    """A port that another program uses."""
    device, end = os.openpty()
    try:
        with serial.Serial(os.ttyname(end), exclusive=True):
            yield os.ttyname(end)
    finally:
        os.close(device)
        os.close(end)


@contextmanager
def checked(*arguments: str) -> Iterator[dict[str, tuple[bool | None, str]]]:
    """What the doctor finds; it ends with 1 where something is wrong."""
    result = invoke("doctor", *arguments, "--json")
    found = {each["name"]: (each["ok"], each["said"]) for each in json.loads(result.stdout)}
    assert result.exit_code == (1 if any(ok is False for ok, _ in found.values()) else 0)
    yield found


def test_the_doctor_finds_a_device(laptop: Laptop) -> None:
    with simulated() as port, checked("--port", port) as found:
        assert [found[name][0] for name in ("port", "permission", "free", "device")] == [True] * 4
        assert "A486SIM1" in found["device"][1]
        assert [found[name][0] for name in ("folder", "alone", "loader")] == [True] * 3
        assert found["gateway"][0] is False
        assert "Controlla la connessione" in found["gateway"][1]
        assert [found[name][0] for name in ("paired", "clock")] == [None] * 2


def test_the_doctor_says_what_to_do_about_a_port(laptop: Laptop) -> None:
    with checked("--port", "/dev/ttyACM-none") as found:
        assert [found[name][0] for name in ("port", "permission", "free", "device")] == [
            False,
            None,
            None,
            None,
        ]
        assert "Controlla il cavo USB" in found["port"][1]
    silent, end = os.openpty()
    try:
        with checked("--port", os.ttyname(end)) as found:
            assert [found[name][0] for name in ("port", "free", "device")] == [True, True, False]
            assert "Controlla che sia alimentato" in found["device"][1]
    finally:
        os.close(silent)
        os.close(end)
    with busy() as port, checked("--port", port) as found:
        states = [found[name][0] for name in ("port", "permission", "free", "device")]
        assert states == [True, True, False, None]
        assert "Chiudilo e riprova" in found["free"][1]


def test_the_doctor_finds_what_is_missing_on_the_laptop(
    laptop: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with checked("--port", "/dev/ttyACM-none", "--loader", "other") as found:
        assert found["loader"][0] is False
        assert "manual, smp-reference" in found["loader"][1]
    with laptop.home.at_work(), checked("--port", "/dev/ttyACM-none") as found:
        assert found["alone"] == (True, "«a486-bridge run» è al lavoro.")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("A486_BRIDGE_HOME", str(tmp_path / "file" / "laptop"))
    with checked("--port", "/dev/ttyACM-none") as found:
        assert found["folder"][0] is False
        assert found["paired"][0] is False
    assert "non si può usare" in refused("logs", "--bundle", str(tmp_path / "file" / "x.zip"))


def test_a_clock_that_is_wrong_is_said_once_a_connection() -> None:
    heard: list[tuple[str, dict[str, Any]]] = []
    watched = watching_the_clock(lambda event, values: heard.append((event, values)))
    now = int(datetime.now(UTC).timestamp())
    for seconds in (now, now + 60, now - 3_630):
        watched("online", {"person": PERSON, "clock": seconds})
    watched("jobs", {"number": 0})
    assert [event for event, _ in heard] == ["online", "online", "online", "clock_differs", "jobs"]
    assert line_of(*heard[3], texts("it")).startswith("L’orologio del portatile e quello del servizio")
    assert "60 minuti" in line_of(*heard[3], texts("it"))
    assert line_of(*heard[4], texts("it")) == "Nessun lavoro su questo portatile."


def test_the_log_holds_events_and_no_more(folder: Path) -> None:
    log = BridgeLog(folder)
    code = str(make_code(bytes(32)))
    log.heard("online", {"person": PERSON, "clock": 1})
    log.heard("offline", {"why": f"{POD} 100% {code} it001e00000002"})
    for done_bytes in (0, 10, 20):
        log.heard("progress", {"job": 1, "step": "load", "done": done_bytes, "of": 20})
    log.heard("by_hand", {"file": "/home/rosa/x.scp"})
    log.close()
    found = [json.loads(line) for line in last_lines(folder, 10)]
    assert [{name: each[name] for name in each if name != "at"} for each in found] == [
        {"event": "bridge.online"},
        {"event": "bridge.offline", "why": "IT001E…0001 100% [code] it001E…0002".replace("it001E", "it001e")},
        {"event": "bridge.step", "job": 1, "step": "load"},
        {"event": "bridge.by_hand"},
    ]


def test_a_log_stays_small_and_its_last_lines_are_shown(laptop: Laptop) -> None:
    assert "Il registro è vuoto" in done("logs")
    log = BridgeLog(laptop.home.logs)
    for number in range(30_000):
        log.heard("jobs", {"number": number})
    log.close()
    assert sum(each.stat().st_size for each in laptop.home.logs.iterdir()) < 2_100_000
    shown = done("logs", "--lines", "3").splitlines()
    assert [json.loads(line)["number"] for line in shown] == [29_997, 29_998, 29_999]


def test_a_bundle_holds_what_the_support_needs_and_nothing_secret(laptop: Laptop, tmp_path: Path) -> None:
    laptop.journal.hold([laptop.order(1)])
    with busy() as port:
        assert invoke("program", "--port", port).exit_code == 1
    file = tmp_path / "bundle.zip"
    assert str(file) in done("logs", "--bundle", str(file))
    with zipfile.ZipFile(file) as bundle:
        parts = {name: bundle.read(name) for name in bundle.namelist()}
    assert set(parts) == {"status.json", "versions.json", "ports.json", "journal.json", "logs/bridge.log"}
    journal = json.loads(parts["journal.json"])
    assert (journal["jobs"][0]["state"], journal["jobs"][0]["reason"]["word"]) == ("failed", "port.busy")
    assert [each["what"] for each in journal["untold"]] == ["begun", "failed"]
    assert json.loads(parts["status.json"])["gateway"] == NOBODY
    assert json.loads(parts["versions.json"])["packages"]["pyserial"]
    events = [json.loads(line)["event"] for line in parts["logs/bridge.log"].splitlines()]
    assert events[:2] == ["bridge.started", "bridge.begun"]
    assert "bridge.ended" in events
    envelope = laptop.journal.jobs()[0].order.envelope
    private = laptop.key.private_bytes_raw()
    secrets = [text.encode() for text in (POD, PLACE, NOTE, PERSON, private.hex(), "PRIVATE KEY")]
    for name, part in parts.items():
        for secret in (*secrets, SECRET, private, envelope, envelope[-64:], envelope.hex().encode()):
            assert secret not in part, name
