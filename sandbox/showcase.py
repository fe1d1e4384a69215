"""The demo's made-up world: 1,000 supplies in which every outcome of a look-up occurs, devices, and who
owns them.

Nothing here is real: the PODs are made by counting, the partite IVA only satisfy their check digit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from backend.supplies.central import Fault, FaultKind
from backend.supplies.pod import POINT_LENGTH, Pod
from backend.supplies.values import Manufacturer, MeterGeneration, MeterRole, Supply

SUPPLIES = 1000
DEVICES_EACH = 250
SLOW_SECONDS = 4.0
ON_BENCH = (2, 3, 4)
"""Numbers of the MOME and Smart Info devices that are connected to the technician's laptop."""
OURS = "12345670017"
"""The partita IVA of the integrator that the first two personas act for."""
OTHERS = "76543210017"
"""The partita IVA of the third persona's integrator."""
INTEGRATORS = {OURS: "Impianti Demo", OTHERS: "Elettro Demo"}


@dataclass(frozen=True)
class Row:
    """A line of the register of supplies."""

    pod: str
    eneltel: str
    meter_serial: str
    meter_role: str = "M1"
    generation: str = "2G"
    low_voltage: int = 1
    remotely_managed: int = 1
    reachable: int = 1
    manufacturer: str = "e-distribuzione"
    exchange_pod: str = ""
    contractual_power_w: int = 3000
    available_power_w: int = 3300
    ceased: int = 0


def pod_number(number: int) -> str:
    """The made-up POD of a number."""
    return f"IT001E{48_600_000 + number:08d}"


def _plain(number: int, **changes: object) -> Row:
    serial = f"{17 + number % 8}E5E{number:07d}"
    row = Row(pod_number(number), f"{700_000_000 + number}", serial)
    return replace(row, **changes)  # type: ignore[arg-type]  # the names are those of the fields


@dataclass(frozen=True)
class Case:
    """One POD to try, what it shows, and the rows of the register behind it."""

    title: str
    rows: tuple[Row, ...]
    fault: Fault | None = None
    associated_by: str | None = None

    @property
    def pod(self) -> str:
        """The POD to paste."""
        return self.rows[0].pod


def _household(number: int, productions: int) -> tuple[Row, ...]:
    exchange = _plain(number, contractual_power_w=6000, available_power_w=6600)
    panels = [
        _plain(number + index, meter_role="M2", exchange_pod=exchange.pod, contractual_power_w=6000)
        for index in range(1, productions + 1)
    ]
    return (exchange, *panels)


def cases() -> tuple[Case, ...]:
    """Every outcome, in the order in which one would try them."""
    prosumer = _household(20, 2)
    return (
        Case("ammissibile", (_plain(1),)),
        Case("ammissibile, Prosumer con due POD di produzione", prosumer),
        Case("un POD di produzione dello stesso impianto", (prosumer[1],)),
        Case("già associato da Impianti Demo", (_plain(2),), associated_by=OURS),
        Case("già associato da Elettro Demo", (_plain(3),), associated_by=OTHERS),
        Case(
            "contatore GESIS (fattore K)",
            (_plain(4, meter_serial="21E5EN0000004", contractual_power_w=50_000),),
        ),
        Case("oltre 65 kW", (_plain(5, contractual_power_w=80_000, available_power_w=88_000),)),
        Case("inesistente: non è nel registro", (_plain(9_999),)),
        Case("inesistente: fornitura cessata", (_plain(6, ceased=1),)),
        Case("inesistente: altro distributore", (replace(_plain(7), pod="IT002E48600007"),)),
        Case("non in bassa tensione", (_plain(8, low_voltage=0),)),
        Case("contatore non telegestito", (_plain(9, remotely_managed=0),)),
        Case("contatore non idoneo", (_plain(10, manufacturer="other"),)),
        Case("non raggiungibile adesso", (_plain(11, reachable=0),)),
        Case("Servizio non disponibile", (_plain(12),), fault=Fault(FaultKind.UNAVAILABLE)),
        Case("Errore Interno", (_plain(13, meter_role="M2", exchange_pod=pod_number(9_998)),)),
        Case("Errore Generico", (_plain(14),), fault=Fault(FaultKind.GENERIC)),
        Case("risposta lenta", (_plain(15),), fault=Fault(FaultKind.SLOW, SLOW_SECONDS)),
    )


def faults() -> Mapping[Pod, Fault]:
    """The faults of the demo's central system: outcomes that a healthy register cannot show."""
    return {Pod(case.pod, case.pod): case.fault for case in cases() if case.fault is not None}


def supplies() -> Iterator[Row]:
    """The register: the cases' rows, and eligible supplies up to `SUPPLIES`, one in ten a prosumer's."""
    absent = {"inesistente: non è nel registro", "inesistente: altro distributore"}
    rows = {row.pod: row for case in cases() if case.title not in absent for row in case.rows}
    yield from rows.values()
    left, number = SUPPLIES - len(rows), 100
    while left > 0:
        household = _household(number, 1) if number % 10 == 0 and left > 1 else (_plain(number),)
        yield from household
        left -= len(household)
        number += len(household)


def as_supplies() -> Iterator[Supply]:
    """The same, as a central system has them."""
    for row in supplies():
        pod = Pod(row.pod, row.pod)
        yield Supply(
            pod=pod,
            eneltel=row.eneltel,
            meter_serial=row.meter_serial,
            meter_role=MeterRole(row.meter_role),
            generation=MeterGeneration(row.generation),
            low_voltage=bool(row.low_voltage),
            remotely_managed=bool(row.remotely_managed),
            reachable=bool(row.reachable),
            manufacturer=Manufacturer(row.manufacturer),
            exchange_point=row.exchange_pod[:POINT_LENGTH] or None,
            contractual_power_w=row.contractual_power_w,
            available_power_w=row.available_power_w,
            ceased=bool(row.ceased),
        )


def sid(kind: str, number: int) -> str:
    """The made-up SID of a device."""
    return f"{'MOM' if kind == 'MOME' else 'SIN'}48600{number:09d}"


def nid(kind: str, number: int) -> str:
    """The made-up NID of a device."""
    return f"{0x0486_0000_0000 + (0 if kind == 'MOME' else 0x0100_0000) + number:012X}"


def devices() -> Iterator[tuple[str, str, str, str]]:
    """The devices: SID, NID, type, integrator."""
    for base, integrator in ((0, OURS), (500, OTHERS)):
        for kind in ("MOME", "SMART_INFO"):
            for number in range(base + 1, base + DEVICES_EACH + 1):
                yield sid(kind, number), nid(kind, number), kind, integrator


def write_files(folder: Path) -> tuple[Path, Path]:
    """Write the two registers as the CSV files that `a486 supplies import` and `a486 devices import` read."""
    supplies_file, devices_file = folder / "supplies.csv", folder / "devices.csv"
    with supplies_file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fieldnames=list(Row.__dataclass_fields__), delimiter=";")
        writer.writeheader()
        for row in supplies():
            writer.writerow({name: getattr(row, name) for name in Row.__dataclass_fields__})
    with devices_file.open("w", newline="", encoding="utf-8") as out:
        device_writer = csv.writer(out, delimiter=";")
        device_writer.writerow(("sid", "nid", "type", "integrator"))
        device_writer.writerows(devices())
    return supplies_file, devices_file


def bulk_example() -> str:
    """A file to send to the bot: a line for each thing that the check can say."""
    lines = [
        ("POD", "MOME-ID/SID", "Tipo di Configurazione", "Cliente"),
        *((pod_number(number), sid("MOME", number), "Standard", "Rossi") for number in (102, 103, 104)),
        (pod_number(20), sid("MOME", 20), "Prosumer", "Bianchi"),
        (pod_number(2), sid("MOME", 1), "Standard", "già associata"),
        (pod_number(3), sid("MOME", 30), "Standard", "associata da altri"),
        (pod_number(11), sid("MOME", 31), "Standard", "contatore non raggiungibile"),
        (pod_number(102), sid("MOME", 32), "Standard", "lo stesso POD"),
        (pod_number(9_999), sid("MOME", 33), "Standard", "POD inesistente"),
        (pod_number(105), nid("MOME", 34), "Standard", "un NID"),
        (pod_number(106), "4,86E+16", "Standard", "un SID rovinato da Excel"),
        (pod_number(107), sid("MOME", 35), "Forse", ""),
    ]
    return "".join(";".join(line) + "\r\n" for line in lines)


def write_bulk_example(folder: Path) -> Path:
    """Write the file to send to the bot."""
    path = folder / "massiva.csv"
    path.write_text(bulk_example(), encoding="utf-8-sig", newline="")
    return path


def notes() -> list[dict[str, object]]:
    """The cheat sheet on the page: which POD shows what, and devices to associate."""
    own = [
        {"code": sid(kind, number), "text": f"{name} di Impianti Demo, sul banco del Tecnico"}
        for kind, name in (("MOME", "MOME"), ("SMART_INFO", "Smart Info"))
        for number in ON_BENCH
    ]
    elsewhere = {"code": sid("MOME", 8), "text": "MOME di Impianti Demo, non collegato"}
    by_nid = {"code": nid("SMART_INFO", 5), "text": "Smart Info di Impianti Demo, dal NID"}
    other = {"code": sid("MOME", 502), "text": "MOME di Elettro Demo"}
    return [
        {"title": "Forniture", "rows": [{"code": case.pod, "text": case.title} for case in cases()]},
        {"title": "Dispositivi", "rows": [*own, elsewhere, by_nid, other]},
    ]
