"""The report on associations as files: the part of the child process that writes them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.associations import report
from backend.associations.report import Criteria
from backend.core.child_main import tell
from backend.core.json_values import from_json, to_json
from backend.gesis.values import read_factor
from backend.identity.values import Actor
from backend.tabular import extracts
from backend.tabular.extracts import SHEET_LINES, Extract
from backend.tabular.reports import Format
from backend.tabular.spooling import PART_BYTES

WORK = "backend.associations.extract:write"
NAME, SHEET = "associazioni", "Associazioni"


def order(
    url: str,
    actor: Actor,
    wanted: Criteria,
    at: datetime,
    part_bytes: int = PART_BYTES,
    sheet_lines: int = SHEET_LINES,
) -> dict[str, Any]:
    """What the child is told. `url` is the database's, with its password."""
    return {
        "url": url,
        "actor": to_json(actor),
        "wanted": to_json(wanted),
        "at": at.isoformat(),
        "part_bytes": part_bytes,
        "sheet_lines": sheet_lines,
    }


def write(content: bytes, folder: str, kind: str) -> dict[str, Any]:
    """Write the files of an order into the folder."""
    told = json.loads(content)
    actor, wanted = from_json(Actor, told["actor"]), from_json(Criteria, told["wanted"])
    source, columns = report.source(actor, wanted, datetime.fromisoformat(told["at"]))
    extract = Extract(
        told["url"],
        source,
        columns,
        NAME,
        told["part_bytes"],
        told["sheet_lines"],
        sheet=SHEET,
        numbers={report.FACTOR: lambda written: float(read_factor(written).value)},
    )
    written = extracts.write(extract, Format(kind), Path(folder), tell)
    return {"files": list(written.files), "lines": written.lines}
