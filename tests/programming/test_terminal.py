"""`a486-bridge` in a process of its own, with a gateway: paired, at work for the chat, at work without it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from device_bridge.ab.values import Model
from device_bridge.home import Home, NotPaired
from device_bridge.journal import Journal
from device_bridge.simulator.device import Configuration
from device_bridge.simulator.pty import PtyDevice
from device_bridge.telling import tell
from tests.programming.benches import blank, gateway_of, laptop, paired, pairing_code
from tests.programming.test_programming import POD, assigned
from tests.support import Chat, World, on_sqlite

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")


@dataclass
class Command:
    """A command that runs."""

    process: asyncio.subprocess.Process

    async def line(self, *texts: str) -> str:
        """The next line of its output with these texts; the lines before it are past."""
        assert self.process.stdout is not None
        past = []
        while line := (await self.process.stdout.readline()).decode():
            if all(text in line for text in texts):
                return line
            past.append(line)
        raise AssertionError(f"no line with {texts} in {past}")

    async def event(self, name: str) -> dict[str, Any]:
        """The next such event of its JSON lines."""
        found: dict[str, Any] = json.loads(await self.line(f'"event": "{name}"'))
        return found

    async def rest(self) -> tuple[str, str, int]:
        """What else it says, its errors, and its exit code."""
        out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return out.decode(), err.decode(), self.process.returncode


@asynccontextmanager
async def started(home: Home, *arguments: str) -> AsyncIterator[Command]:
    """A command of the laptop, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from device_bridge.cli import main; main()",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "A486_BRIDGE_HOME": str(home.folder), "A486_LANGUAGE": "it"},
    )
    try:
        yield Command(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def done(home: Home, *arguments: str) -> str:
    """What a command says that goes well."""
    async with started(home, *arguments) as command:
        out, err, code = await command.rest()
    assert code == 0, out + err
    return out


async def refused(home: Home, *arguments: str) -> str:
    """Why a command ends with 1."""
    async with started(home, *arguments) as command:
        out, err, code = await command.rest()
    assert code == 1, out + err
    return err


async def stopped(command: Command, by: signal.Signals = signal.SIGINT) -> str:
    """What a command says when somebody ends it in good order."""
    command.process.send_signal(by)
    out, err, code = await command.rest()
    assert (err, code) == ("", 0)
    return out


@on_sqlite
async def test_a_laptop_is_paired_from_its_terminal(world: World, technician: Chat, tmp_path: Path) -> None:
    home, gateway = laptop(tmp_path), gateway_of(world)
    code = await pairing_code(technician)
    async with started(home, "pair", gateway, code, "--loader", "smp-reference") as command:
        await command.line("Portatile:")
        shown = CODE.search(await command.line("Chiave:"))
        assert shown is not None
        await technician.sees("chiede di essere abbinato", shown.group())
        await technician.press("Sì, è il mio")
        out, err, ended = await command.rest()
    assert ("Abbinato a Tecnico" in out, err, ended) == (True, "", 0)
    said = json.loads(await done(home, "status", "--json"))
    assert (said["person"], said["key"], said["loader"]) == ("Tecnico", shown.group(), "smp-reference")
    assert (said["reachable"], said["at_work"]) == (True, False)
    # The code was used: nobody pairs a second laptop with it, and this one stays paired.
    assert "già stato usato" in await refused(home, "pair", gateway, code, "--again")
    assert "Il servizio risponde" in await done(home, "status")
    log = await done(home, "logs")
    assert '"bridge.paired"' in log
    assert code not in log
    # Paired again: another key, the same way to load.
    async with started(home, "pair", gateway, await pairing_code(technician), "--again", "--json") as command:
        fingerprint = (await command.event("waiting"))["fingerprint"]
        assert fingerprint != shown.group()
        await technician.sees("chiede di essere abbinato", fingerprint)
        await technician.press("Sì, è il mio")
        assert (await command.event("paired"))["person"] == "Tecnico"
    said = json.loads(await done(home, "status", "--json"))
    assert (said["key"], said["loader"], said["reachable"]) == (fingerprint, "smp-reference", True)


@on_sqlite
async def test_a_pairing_that_is_declined_is_none(world: World, technician: Chat, tmp_path: Path) -> None:
    home, gateway = laptop(tmp_path), gateway_of(world)
    code = await pairing_code(technician)
    async with started(home, "pair", gateway, code, "--json") as command:
        assert CODE.fullmatch((await command.event("waiting"))["fingerprint"])
        await technician.sees("chiede di essere abbinato")
        await technician.press("non è il mio")
        _, err, ended = await command.rest()
    assert ("non è stato confermato" in err, ended) == (True, 1)
    assert json.loads(await done(home, "status", "--json"))["paired"] is False
    other = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "Il codice e il servizio non corrispondono" in await refused(home, "pair", gateway, other)


async def test_a_job_of_the_chat_is_done_by_a_laptop_that_runs(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with PtyDevice(device) as port:
        options = ("--port", port.path, "--loader", "smp-reference")
        async with started(home, "run", *options) as command:
            await command.line("Collegato come Tecnico")
            await command.line("Un lavoro su questo portatile")
            assert "Un altro a486-bridge" in await done(home, "status")
            await technician.says("/lavori", button=POD[-8:])
            await technician.press(POD[-8:])
            await technician.press("Collega il dispositivo")
            await technician.sees("È il dispositivo giusto", button="Programma")
            await technician.press("Programma")
            for step in ("comincio", "riconosco", "controllo", "carico", "rileggo", "programmato e riletto"):
                await command.line("Lavoro n.", step)
            await technician.saw("programmato e riletto")
            assert "restano su questo portatile" in await stopped(command)
    assert device.configuration == Configuration(POD, Model.PRIMARY)
    log = (home.logs / "bridge.log").read_text(encoding="utf-8")
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert (events.count("bridge.done"), events[-1]) == (1, "bridge.stopped")
    assert POD not in log


@on_sqlite
async def test_a_job_that_was_done_without_a_network_is_told_when_the_laptop_runs(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    await technician.sees("ti ha dato il lavoro")
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with started(home, "run", "--port", "/dev/none", "--json") as command:
        while not (await command.event("jobs"))["number"]:
            pass
        await stopped(command, signal.SIGTERM)
    assert POD in await done(home, "jobs")
    pairing = home.pairing()
    home.keep(type(pairing)("ws://127.0.0.1:9/bridge", pairing.keys, pairing.person, "smp-reference"))
    async with PtyDevice(device) as port:
        out = await done(home, "program", "--port", port.path)
        assert "programmato e riletto" in out
        assert f"POD {POD} · Standard" in out
        assert "Contatore di scambio: raggiunto" in out
        again = await refused(home, "program", "1", "--port", port.path)
        assert "conterà come un altro tentativo" in again
    assert [each.type for each in Journal(home.journal).untold()] == ["begun", "done"]
    assert json.loads(await done(home, "jobs", "--json"))[0]["told"] is False
    home.keep(pairing)
    async with started(home, "run", "--port", "/dev/none") as command:
        await technician.saw("è programmato e riletto")
        await stopped(command)
    assert Journal(home.journal).untold() == []


@on_sqlite
async def test_a_job_from_the_terminal_is_told_at_once_where_there_is_a_network(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    await technician.sees("ti ha dato il lavoro")
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    journal = Journal(home.journal)
    while not journal.jobs():  # the file is being made
        await tell(home, journal)
    async with PtyDevice(device) as port:
        # Loaded by hand: the device holds the file when the technician presses Enter.
        async with started(home, "program", "--port", port.path, "--json") as command:
            file = Path((await command.event("enter"))["file"])
            assert file.is_file()
            device.configuration = Configuration(POD)
            assert command.process.stdin is not None
            command.process.stdin.write(b"\n")
            result = await command.event("result")
            assert (result["outcome"], result["pod"], result["loader"]) == ("confirmed", POD, "manual")
            assert (await command.event("told"))["number"] == 2
            assert await command.rest() == ("", "", 0)
        assert not file.exists()
        await technician.saw("programmato e riletto")
        options = ("--again", "--port", port.path, "--loader", "smp-reference")
        async with started(home, "program", "1", *options) as command:
            await command.line("programmato e riletto")
            await command.line("Il servizio ha ricevuto il risultato")
            _, err, ended = await command.rest()
        assert ("questo conta come un altro tentativo, il n. 2" in err, ended) == (True, 0)
    assert (journal.jobs(), journal.untold()) == ([], [])  # the service has it, and wants no more of it


@on_sqlite
async def test_nobody_at_the_terminal_loads_nothing_by_hand(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, journal = laptop(tmp_path), Journal(laptop(tmp_path).journal)
    await paired(world, technician, home)
    while not journal.jobs():
        await tell(home, journal)
    async with PtyDevice(blank()) as port:
        async with started(home, "program", "--port", port.path, "--json") as command:
            await command.event("enter")
            assert command.process.stdin is not None
            command.process.stdin.close()
            assert (await command.event("result"))["reason"] == "load.failed"
            assert (await command.rest())[2] == 1
        # Ctrl+C while it waits for Enter: the journal says that it was interrupted.
        async with started(home, "program", "--port", port.path, "--json") as command:
            await command.event("enter")
            command.process.send_signal(signal.SIGINT)
            assert (await command.event("result"))["reason"] == "interrupted"
            assert (await command.event("told"))["number"] == 2
            assert (await command.rest())[2] == 1
    assert list(home.files.iterdir()) == []


@on_sqlite
async def test_the_doctor_is_content_until_the_laptop_is_revoked(
    world: World, technician: Chat, tmp_path: Path
) -> None:
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with PtyDevice(blank()) as port:
        said = await done(home, "doctor", "--port", port.path)
        assert "Il servizio riconosce questo portatile" in said
        found = json.loads(await done(home, "doctor", "--port", port.path, "--json"))
        assert {each["ok"] for each in found} == {True}
        async with started(home, "run", "--port", port.path) as command:
            await command.line("Collegato come Tecnico")
            await technician.says("/portatili", button="🟢")
            await technician.press("🟢")
            await technician.press("Revoca")
            await technician.press("Sì, revoca")
            _, err, ended = await command.rest()
        assert ("è stato revocato" in err, ended) == (True, 1)
        assert not home.journal.exists()
        await not_paired(home, port.path)


async def not_paired(home: Home, path: str) -> None:
    """A laptop that was revoked has forgotten with whom it was paired: the doctor says so."""
    async with started(home, "doctor", "--port", path, "--json") as command:
        out, _, ended = await command.rest()
    found = {each["name"]: each for each in json.loads(out)}
    assert (ended, found["paired"]["ok"]) == (1, False)
    with pytest.raises(NotPaired):
        home.key()


@on_sqlite
async def test_a_process_that_is_killed_in_the_middle_is_said_so_and_leaves_no_file(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, journal, device = laptop(tmp_path), Journal(laptop(tmp_path).journal), blank()
    await paired(world, technician, home)
    while not journal.jobs():
        await tell(home, journal)
    async with PtyDevice(device) as port:
        async with started(home, "program", "--port", port.path, "--json") as command:
            file = Path((await command.event("enter"))["file"])
            command.process.kill()
            await command.rest()
        assert file.exists()
        assert [each.state.value for each in journal.jobs()] == ["running"]
        options = ("--port", port.path, "--loader", "smp-reference", "--json")
        async with started(home, "program", *options) as command:
            result = await command.event("result")
            assert (result["outcome"], result["attempt"]) == ("confirmed", 2)
            assert (await command.event("told"))["number"] == 4  # both tries, and how both ended
        assert not file.exists()
    await technician.saw("programmato e riletto")
