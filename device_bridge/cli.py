"""`a486-bridge`: talk to the device on this machine's serial port."""

from __future__ import annotations

import asyncio
import csv
import json
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from device_bridge import readings
from device_bridge.ab.errors import BadAnswer, DeviceError, DeviceRefused, LinkLost
from device_bridge.ab.session import AbSession
from device_bridge.ab.values import Log, LogKind, Model
from device_bridge.readings import Identity, Readings
from device_bridge.serial_port import Port, PortUnavailable, SerialTransport, ports
from device_bridge.simulator.device import Configuration, SimulatedDevice
from device_bridge.texts import Texts, spoken, texts

T = TypeVar("T")

cli = typer.Typer(
    name="a486-bridge",
    help="The device bridge: identify a Smart Info or MOME over serial, and read it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console()
errors = Console(stderr=True)
PortArgument = Annotated[str, typer.Argument(help="The serial port; none: the only one that there is.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON for other programs.")]


def main() -> None:
    """Run the command line."""
    cli()


@cli.command("ports")
def list_ports(as_json: JsonOption = False) -> None:
    """List the serial ports."""
    found = ports()
    if as_json:
        _json([asdict(each) for each in found])
    elif not found:
        _fail(_say()("port.none"))
    for each in () if as_json else found:
        console.print(f"{each.path}  {each.description}  {each.hardware}", highlight=False, markup=False)


@cli.command("identify")
def identify(port: PortArgument = "", as_json: JsonOption = False) -> None:
    """Say which device is connected, how it is configured, and which meters it reaches."""
    found = _with_device(port, readings.identify)
    if as_json:
        _json(_identity(found))
        return
    say = _say()
    lines = [say("identify.info", nid=found.info.nid, firmware=found.info.firmware)]
    if found.pod is None:
        lines.append(say("identify.blank"))
    else:
        lines.append(say("identify.pod", pod=found.pod, model=_model(found.model or 0, say)))
    for meter, refused in found.links.items():
        name = say(f"link.{meter.name.lower()}")
        lines.append(f"{name}: {say('link.ok') if refused is None else why(refused, say)}")
    for line in lines:
        console.print(line, highlight=False, markup=False)


@cli.command("read")
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
    if log and kind is None:
        raise typer.BadParameter("import, export or production")

    async def work(device: AbSession) -> tuple[Readings, Log | None]:
        found = await readings.read(device)
        if kind is None:
            return found, None
        with Progress(console=errors, transient=True, disable=as_json) as progress:
            task = progress.add_task(_say()("read.log"))
            return found, await device.log(
                kind, lambda block, blocks: progress.update(task, completed=block, total=blocks)
            )

    found, samples = _with_device(port, work)
    if samples is not None and csv_file is not None:
        _write(samples, csv_file)
    if as_json:
        _json({**_readings(found), "log": _log(samples)} if samples is not None else _readings(found))
        return
    _show(found)
    if samples is not None and csv_file is not None:
        said = _say()("read.written", samples=len(samples.samples), file=str(csv_file))
        console.print(said, highlight=False, markup=False)


@cli.command("simulate")
def simulate(
    pod: Annotated[str, typer.Option(help="The POD of its configuration.")] = "IT001E12345678",
    prosumer: Annotated[bool, typer.Option("--prosumer", help="A Prosumer configuration.")] = False,
    blank: Annotated[bool, typer.Option("--blank", help="Not configured yet.")] = False,
) -> None:
    """Simulate a device on a pseudo-terminal, until Ctrl+C. Not on Windows."""
    try:
        from device_bridge.simulator.pty import PtyDevice
    except ImportError:
        _fail("pseudo-terminals are not available on this system")

    model = Model.PROSUMER if prosumer else Model.PRIMARY
    device = SimulatedDevice(secrets.token_bytes(6), None if blank else Configuration(pod, model))

    async def serve() -> None:
        async with PtyDevice(device) as served:
            said = _say()("simulate.ready", port=served.path, nid=device.nid.hex().upper())
            console.print(said, highlight=False, markup=False)
            await asyncio.Event().wait()

    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        raise typer.Exit from None


def why(error: DeviceError, say: Texts) -> str:
    """What went wrong, and what to do about it."""
    match error:
        case DeviceRefused(reason=None, code=code):
            return say("nack.unknown", code=code)
        case DeviceRefused(reason=reason) if reason is not None:
            return say(f"nack.{reason.name}")
        case LinkLost():
            return say("device.lost")
        case BadAnswer():
            return say("device.strange")
        case _:
            return say("device.silent")


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
    except PortUnavailable as error:
        _fail(_say()(f"port.{error.reason}", port=path))
    except DeviceError as error:
        _fail(why(error, _say()))


def _only_port() -> str:
    found: list[Port] = ports()
    if len(found) != 1:
        for each in found:
            errors.print(f"{each.path}  {each.description}", highlight=False, markup=False)
        _fail(_say()("port.which" if found else "port.none"))
    return found[0].path


def _show(found: Readings) -> None:
    say = _say()
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


def _model(model: int, say: Texts) -> str:
    return say(f"model.{model}") if model in set(Model) else say("model.unknown", model=model)


def _identity(found: Identity) -> dict[str, Any]:
    links = {
        meter.name.lower(): "ok" if refused is None else str(refused)
        for meter, refused in found.links.items()
    }
    return {**asdict(found.info), "pod": found.pod, "model": found.model, "links": links}


def _readings(found: Readings) -> dict[str, Any]:
    clock = None if found.clock is None else found.clock.isoformat()
    return {**asdict(found), "clock": clock}


def _log(log: Log) -> dict[str, Any]:
    samples = [[each.at.isoformat(), each.energy] for each in log.samples]
    return {"kind": log.kind.name.lower(), "minutes": log.minutes, "samples": samples}


def _json(what: object) -> None:
    console.print_json(json.dumps(what))


def _say() -> Texts:
    return texts(spoken())


def _fail(message: str) -> NoReturn:
    errors.print(message, style="red", highlight=False, markup=False)
    raise typer.Exit(1)
