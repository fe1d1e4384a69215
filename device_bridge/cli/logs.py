"""`logs`: the bridge's own log, and a bundle of all that the support needs."""

from __future__ import annotations

import json
import platform
import sys
import zipfile
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

from device_bridge.cli.common import sentences, show, words
from device_bridge.cli.status import status_json
from device_bridge.home import Home
from device_bridge.journal import Journal
from device_bridge.loaders import registry
from device_bridge.log import files, last_lines, scrub
from device_bridge.serial_port import ports

PACKAGES = (
    "a486",
    "cbor2",
    "cryptography",
    "platformdirs",
    "pydantic",
    "pyserial",
    "smpclient",
    "websockets",
)


def logs(
    bundle: Annotated[
        Path | None, typer.Option("--bundle", help="Write a ZIP file for the support there.")
    ] = None,
    lines: Annotated[int, typer.Option("--lines", min=1, help="How many lines to show.")] = 50,
) -> None:
    """Show the last lines of the log, or write a ZIP file for the support. No secret is in either."""
    say, home = words(), Home.usual()
    with sentences():
        if bundle is not None:
            write_bundle(home, bundle)
            show(say("logs.written", file=str(bundle)))
            return
        found = last_lines(home.logs, lines)
    for line in found:
        show(line)
    if not found:
        show(say("logs.none"))


def write_bundle(home: Home, file: Path) -> None:
    """The log, the state, versions, ports and the states of the jobs. No PODs, places, notes, names, keys,
    codes or SCP files. Raises OSError or sqlite3.Error.
    """
    state = status_json(home)
    state.pop("person", None)
    parts = {
        "status.json": state,
        "versions.json": _versions(),
        "ports.json": [asdict(each) for each in ports()],
        "journal.json": _journal(home) if state["paired"] else [],
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, what in parts.items():
            out.writestr(name, scrub(json.dumps(what, indent=1, ensure_ascii=False)))
        for each in files(home.logs):
            out.writestr(f"logs/{each.name}", scrub(each.read_text(encoding="utf-8", errors="replace")))


def _versions() -> dict[str, Any]:
    return {
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "python": sys.version,
        "platform": platform.platform(),
        "machine": platform.machine(),
        "loaders": registry.names(),
    }


def _journal(home: Home) -> dict[str, Any]:
    """The states of the jobs, without what they are about."""
    journal = Journal(home.journal)
    jobs = [
        {
            "job": job.number,
            "state": job.state.value,
            "attempt": job.attempt,
            "step": job.step,
            "reason": None if job.reason is None else asdict(job.reason),
            "told": job.told,
            "device": job.order.device,
            "sequence": job.order.sequence,
            "leased_until": job.order.leased_until,
            "file_bytes": len(job.order.envelope),
        }
        for job in journal.jobs()
    ]
    untold = [{"what": each.type, "job": each.job, "attempt": each.attempt} for each in journal.untold()]
    return {"jobs": jobs, "untold": untold}
