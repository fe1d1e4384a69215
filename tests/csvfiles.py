"""CSV files for the import tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from backend.supplies.csvline import COLUMNS
from backend.supplies.values import Supply


def cells_of(supply: Supply) -> dict[str, str]:
    return {
        "pod": supply.pod.code,
        "eneltel": supply.eneltel,
        "meter_serial": supply.meter_serial,
        "meter_role": supply.meter_role.value,
        "generation": supply.generation.value,
        "low_voltage": str(int(supply.low_voltage)),
        "remotely_managed": str(int(supply.remotely_managed)),
        "reachable": str(int(supply.reachable)),
        "manufacturer": supply.manufacturer.value,
        "exchange_pod": supply.exchange_point or "",
        "contractual_power_w": str(supply.contractual_power_w),
        "available_power_w": str(supply.available_power_w),
        "ceased": str(int(supply.ceased)),
    }


def line_of(supply: Supply, separator: str = ";", **changed: str) -> str:
    return separator.join({**cells_of(supply), **changed}.values())


def write_register(path: Path, lines: Iterable[str], separator: str = ";", encoding: str = "utf-8") -> Path:
    text = "\r\n".join([separator.join(COLUMNS), *lines]) + "\r\n"
    path.write_bytes(text.encode(encoding))
    return path
