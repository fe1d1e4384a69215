"""Commands for the device on this machine's serial port: `ports`, `identify`, `read`, `simulate`."""

from __future__ import annotations

import asyncio
import csv
import re
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.progress import Progress
from rich.table import Table

from device_bridge import readings
from device_bridge.ab.errors import DeviceError
from device_bridge.ab.session import AbSession
from device_bridge.ab.values import Log, LogKind, Model
from device_bridge.cli.common import (
    JsonOption,
    PortArgument,
    console,
    errors,
    fail,
    show,
    show_json,
    why,
    words,
)
from device_bridge.readings import Readings
from device_bridge.reasons import reason_of
from device_bridge.serial_port import PortUnavailable, SerialTransport, ports
from device_bridge.simulator.device import Configuration, SimulatedDevice
from device_bridge.texts import Texts
from device_bridge.work import identity_json, log_json, readings_json

T = TypeVar("T")


def list_ports(as_json: JsonOption = False) -> None:
    """List the serial ports."""
    found = ports()
    if as_json:
        show_json([asdict(each) for each in found])
    elif not found:
        fail(words()("port.none"))
    for each in () if as_json else found:
        show(f"{each.path}  {each.description}  {each.hardware}")


def identify(port: PortArgument = "", as_json: JsonOption = False) -> None:
    """Say which device is connected, how it is configured, and which meters it reaches."""
    found = _with_device(port, readings.identify)
    if as_json:
        show_json(identity_json(found))
        return
    say = words()
    lines = [say("identify.info", nid=found.info.nid, firmware=found.info.firmware)]
    if found.pod is None:
        lines.append(say("identify.blank"))
    else:
        lines.append(say("identify.pod", pod=found.pod, model=model_of(found.model or 0, say)))
    for meter, refused in found.links.items():
        name = say(f"link.{meter.name.lower()}")
        lines.append(f"{name}: {say('link.ok') if refused is None else why(reason_of(refused), say)}")
    for line in lines:
        show(line)


def read(
    port: PortArgument = "",
    as_json: JsonOption = False,
    log: Annotated[str, typer.Option(help="Also the log: import, export or production.")] = "",
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write the log there: CSV with ; and a decimal comma.")
    ] = None,
) -> None:
    """Read the meter: energy, power, clock, diagnostics, and the log of about ten days."""
    kind = next((each for each in LogKind if each.name.lower() == log), None)
    if csv_file is not None and not log:
        raise typer.BadParameter("--csv needs --log")
    if log and kind is None:
        raise typer.BadParameter("import, export or production")

    async def work(device: AbSession) -> tuple[Readings, Log | None]:
        found = await readings.read(device)
        if kind is None:
            return found, None
        with Progress(console=errors, transient=True, disable=as_json) as progress:
            task = progress.add_task(words()("read.log"))
            return found, await device.log(
                kind, lambda block, blocks: progress.update(task, completed=block, total=blocks)
            )

    found, samples = _with_device(port, work)
    if samples is not None and csv_file is not None:
        _write(samples, csv_file)
    if as_json:
        energy = readings_json(found)
        show_json(energy if samples is None else {**energy, "log": log_json(samples)})
        return
    _show(found)
    if samples is not None and csv_file is not None:
        said = words()("read.written", samples=len(samples.samples), file=str(csv_file))
        show(said)


def simulate(
    pod: Annotated[str, typer.Option(help="The POD of its configuration.")] = "IT001E12345678",
    prosumer: Annotated[bool, typer.Option("--prosumer", help="A Prosumer configuration.")] = False,
    blank: Annotated[bool, typer.Option("--blank", help="Not configured yet.")] = False,
    nid: Annotated[str, typer.Option(help="Its NID, 12 hexadecimal digits; else one by chance.")] = "",
) -> None:
    """Simulate a device on a pseudo-terminal, until Ctrl+C. Not on Windows."""
    try:
        from device_bridge.simulator.pty import PtyDevice
    except ImportError:
        fail(words()("simulate.unavailable"))

    if nid and not re.fullmatch(r"[0-9A-Fa-f]{12}", nid):
        raise typer.BadParameter("a NID has 12 hexadecimal digits")
    model = Model.PROSUMER if prosumer else Model.PRIMARY
    number = bytes.fromhex(nid) if nid else secrets.token_bytes(6)
    device = SimulatedDevice(number, None if blank else Configuration(pod, model))

    async def serve() -> None:
        async with PtyDevice(device) as served:
            said = words()("simulate.ready", port=served.path, nid=device.nid.hex().upper())
            show(said)
            await asyncio.Event().wait()

    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        raise typer.Exit from None


def _with_device(port: str, work: Callable[[AbSession], Coroutine[Any, Any, T]]) -> T:
    """Do something with the device on a port. What goes wrong is said, and ends the program with 1."""

    async def run() -> T:
        transport = await SerialTransport.open(path)
        try:
            device = AbSession(transport)
            await device.open()
            return await work(device)
        finally:
            await transport.close()

    path = port or _only_port()
    try:
        return asyncio.run(run())
    except (DeviceError, PortUnavailable) as error:
        fail(why(reason_of(error), words()))


def _only_port() -> str:
    found = ports()
    if len(found) != 1:
        for each in found:
            errors.print(f"{each.path}  {each.description}", highlight=False, markup=False)
        fail(words()("port.which" if found else "port.none"))
    return found[0].path


def _show(found: Readings) -> None:
    say = words()
    table = Table(show_header=False, box=None, pad_edge=False)
    missing = say("read.missing")
    for name, number, unit in (
        ("imported", found.imported, "kWh"),
        ("exported", found.exported, "kWh"),
        ("produced", found.produced, "kWh"),
        ("today", found.today, "kWh"),
        ("power", found.power, "W"),
        ("contractual", found.contractual, "W"),
        ("available", found.available, "W"),
        ("tariff", found.tariff, ""),
    ):
        table.add_row(say(f"read.{name}"), missing if number is None else f"{_amount(number, unit)} {unit}")
    clock = missing if found.clock is None else found.clock.strftime("%d/%m/%Y %H:%M:%S")
    table.add_row(say("read.clock"), clock)
    codes = ", ".join(f"{each.kind}.{each.code}" for each in found.diagnostics)
    table.add_row(say("read.diagnostics"), codes or say("read.no_diagnostics"))
    console.print(table)


def _amount(number: int, unit: str) -> str:
    return f"{number / 1000:.3f}".replace(".", ",") if unit == "kWh" else str(number)


def _write(log: Log, file: Path) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(("Data", "Ora", "kWh"))
        for each in log.samples:
            writer.writerow((f"{each.at:%d/%m/%Y}", f"{each.at:%H:%M}", _amount(each.energy, "kWh")))


def model_of(model: int, say: Texts) -> str:
    """The configuration that a device says to have."""
    return say(f"model.{model}") if model in set(Model) else say("model.unknown", model=model)
