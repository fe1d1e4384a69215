"""`a486-bridge`: the device bridge's command line, on a technician's laptop."""

from __future__ import annotations

import io
import sys

import typer

from device_bridge.cli import devices, doctor, jobs, logs, pairing, programming, running, status

cli = typer.Typer(
    name="a486-bridge",
    help="The device bridge: program and read a Smart Info or MOME over serial, from the chat or from here.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for _name, _command in (
    ("pair", pairing.pair),
    ("run", running.run),
    ("jobs", jobs.list_jobs),
    ("program", programming.program),
    ("status", status.status),
    ("doctor", doctor.doctor),
    ("logs", logs.logs),
    ("ports", devices.list_ports),
    ("identify", devices.identify),
    ("read", devices.read),
    ("simulate", devices.simulate),
):
    cli.command(_name)(_command)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our characters shows others
    cli()
