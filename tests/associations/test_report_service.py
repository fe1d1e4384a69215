"""The report on associations, as a service: criteria, tenancy, files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, insert, update

from backend.associations import extract, report, subscriptions
from backend.associations.errors import AssociationNotFound, NothingWanted
from backend.associations.models import associations
from backend.associations.report import Criteria
from backend.associations.values import Configuration
from backend.core.blobs import service as blobs
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.core.periods import Period
from backend.devices.models import devices
from backend.devices.values import DeviceType
from backend.gesis import service as gesis
from backend.gesis.values import read_factor
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.identity.models import persons
from backend.identity.permissions import Role, StaffRole
from backend.identity.values import Actor
from backend.tabular.extracts import LEAST_PART
from backend.tabular.reports import Format
from backend.tabular.spooling import Spooled, spool
from backend.tabular.writing import safe_cell
from tests.samples import OUR_CODE, START, THEIR_CODE, not_enabled
from tests.tabular.test_cells import HOSTILE

NAMES = ("Configuratore Èlite", "configuratore 100%", "Tecnico_élite", "=1+1")
DAYS = [START.astimezone(ROME).date() + timedelta(days=number) for number in range(-2, 12)]
NOW = START + timedelta(days=11, hours=5)
NUMBER = 40
PRODUCTIONS = ("ITP0A000000021", "IT001E100000229", None)
FIRST_DEVICE = 100
EVERYTHING = Criteria(created=Period())
"""Of all times."""


@dataclass(frozen=True)
class Made:
    """An association as it was written, in the words of the test."""

    id: int
    pod: str
    sid: str
    nid: str
    device_type: DeviceType
    configuration: Configuration
    production_pod: str | None
    person: str
    integrator_id: int
    created: date
    confirmed: bool
    live: bool


@dataclass(frozen=True)
class Served:
    """A database with associations, and who may look at them."""

    database: Database
    made: tuple[Made, ...]
    actors: dict[str, Actor]


def add(
    connection: Connection, number: int, integrator_id: int, person_id: int, at: datetime, **values: object
) -> int:
    """Write an association with a device of its own. Returns its id."""
    kind = values.pop("device_type", DeviceType.MOME)
    assert isinstance(kind, DeviceType)
    device = {"id": FIRST_DEVICE + number, "sid": f"SID{number:014}", "nid": f"{number:012X}"}
    connection.execute(insert(devices).values(**device, type=kind.value, integrator_id=integrator_id))
    pod = f"IT001E{number:08}"
    row = {
        "integrator_id": integrator_id,
        "point": pod,
        "pod": f"{pod}7" if number % 2 else pod,
        "device_id": device["id"],
        "device_type": kind.value,
        "configuration": Configuration.STANDARD.value,
        "eneltel": "100000001",
        "meter_serial": "20G2A000000001",
        "gesis": False,
        "over_65_kw": False,
        "created_at": at,
        "created_by": person_id,
    }
    made = insert(associations).values(row | values).returning(associations.c.id)
    return int(connection.execute(made).scalar_one())


def fill(connection: Connection, us: Actor, them: Actor) -> tuple[Made, ...]:
    """Associations of two integrators, of four people, in no order."""
    random = Random(7)  # noqa: S311 - the same associations each time
    people = [(us.person_id, us.integrator_id), (them.person_id, them.integrator_id)]
    for number, code in ((3, OUR_CODE), (4, THEIR_CODE)):
        added = identity.add_member(
            connection,
            telegram_user_id=number,
            display_name="x",
            integrator_code=code,
            role=Role.CONFIGURATOR,
            enabled=True,
            at=START,
        )
        people.append((added.person_id, added.integrator_id))
    for (person_id, _), name in zip(people, NAMES, strict=True):
        connection.execute(update(persons).where(persons.c.id == person_id).values(display_name=name))
    made = []
    for number in range(NUMBER):
        which = random.randrange(len(people))
        person_id, integrator_id = people[which]
        at = START + timedelta(hours=random.randrange(240))
        production = random.choice(PRODUCTIONS)
        configuration = Configuration.STANDARD if production is None else Configuration.PROSUMER
        kind = random.choice(list(DeviceType))
        confirmed, live = random.random() < 0.5, random.random() < 0.7
        association_id = add(
            connection,
            number,
            integrator_id,
            person_id,
            at,
            device_type=kind,
            configuration=configuration.value,
            production_pod=production,
            confirmed_at=at if confirmed else None,
            deleted_at=None if live else at,
        )
        made.append(
            Made(
                id=association_id,
                pod=f"IT001E{number:08}",
                sid=f"SID{number:014}",
                nid=f"{number:012X}",
                device_type=kind,
                configuration=configuration,
                production_pod=production,
                person=NAMES[which],
                integrator_id=integrator_id,
                created=at.astimezone(ROME).date(),
                confirmed=confirmed,
                live=live,
            )
        )
    return tuple(made)


@pytest.fixture
async def served(database: Database, us: Actor, them: Actor) -> Served:
    made = await database.write(partial(fill, us=us, them=them))
    staff = replace(us, membership=None, staff_roles=frozenset({StaffRole.AUDITOR}))
    return Served(database, made, {"us": us, "them": them, "staff": staff, "waits": not_enabled(us)})


def expected(made: Sequence[Made], actor: Actor, wanted: Criteria) -> list[int]:
    """The report in plain Python, newest first."""
    staff, member, today = bool(actor.staff_roles), actor.membership, NOW.astimezone(ROME).date()

    def seen(each: Made) -> bool:
        return staff or (member is not None and member.enabled and each.integrator_id == member.integrator_id)

    def within(day: date, period: Period | None) -> bool:
        if period is None:
            return True
        if period.days is not None:
            return timedelta() <= today - day < timedelta(days=period.days)
        return (period.first or day) <= day <= (period.last or day)

    def meets(each: Made) -> bool:
        production, name = wanted.production_pod, wanted.configurator
        return all(
            (
                wanted.pod is None or each.pod[:14] == wanted.pod[:14],
                wanted.sid in (None, each.sid),
                wanted.nid in (None, each.nid),
                wanted.device_type in (None, each.device_type),
                wanted.configuration in (None, each.configuration),
                production is None or (each.production_pod or "")[:14] == production[:14],
                name is None or name.lower() in each.person.lower(),
                wanted.integrator_id in (None, each.integrator_id),
                within(each.created, wanted.created),
                wanted.confirmed in (None, each.confirmed),
                wanted.live in (None, each.live),
            )
        )

    return sorted((each.id for each in made if seen(each) and meets(each)), reverse=True)


def now_and_then(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Mostly no criterion: with all of them nothing would ever be found."""
    return st.one_of(st.none(), st.none(), st.none(), values)


DAY = st.sampled_from([None, *DAYS])
CRITERIA = st.builds(
    Criteria,
    pod=now_and_then(st.integers(0, NUMBER).map(lambda number: f"IT001E{number:08}3")),
    sid=now_and_then(st.integers(0, NUMBER).map(lambda number: f"SID{number:014}")),
    nid=now_and_then(st.integers(0, NUMBER).map(lambda number: f"{number:012X}")),
    device_type=now_and_then(st.sampled_from(DeviceType)),
    configuration=now_and_then(st.sampled_from(Configuration)),
    production_pod=now_and_then(st.sampled_from(("ITP0A0000000219", "IT001E10000022"))),
    configurator=now_and_then(st.sampled_from(("élite", "CONFIGURATORE", "100%", "o_é", "0_", "="))),
    integrator_id=now_and_then(st.integers(1, 3)),
    created=now_and_then(
        st.one_of(st.builds(Period, DAY, DAY), st.integers(1, 12).map(lambda days: Period(days=days)))
    ),
    confirmed=now_and_then(st.booleans()),
    live=now_and_then(st.booleans()),
).filter(lambda wanted: not wanted.is_empty)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=CRITERIA, who=st.sampled_from(("us", "them", "staff", "waits")))
async def test_the_report_finds_what_plain_python_finds(served: Served, wanted: Criteria, who: str) -> None:
    actor = served.actors[who]
    found = await served.database.long_read(
        partial(report.newest, actor=actor, wanted=wanted, at=NOW, limit=100)
    )
    ids = expected(served.made, actor, wanted)
    assert [each.id for each in found] == ids
    assert await served.database.long_read(partial(report.count, actor=actor, wanted=wanted, at=NOW)) == len(
        ids
    )
    query, _ = report.source(actor, wanted, NOW)
    assert await served.database.long_read(lambda connection: list(connection.scalars(query))) == ids


async def test_a_report_is_read_in_pages_that_miss_and_repeat_nothing(served: Served) -> None:
    actor, found, before = served.actors["us"], list[int](), None
    while page := await served.database.long_read(
        partial(report.newest, actor=actor, wanted=EVERYTHING, at=NOW, limit=7, before=before)
    ):
        found, before = found + [each.id for each in page], page[-1].id
    assert found == expected(served.made, actor, EVERYTHING)


async def test_nothing_of_another_integrator_appears_in_any_way(served: Served) -> None:
    us, them, staff = (served.actors[name] for name in ("us", "them", "staff"))
    theirs = next(each for each in served.made if each.integrator_id == them.integrator_id)
    read = served.database.long_read
    for wanted in (Criteria(integrator_id=them.integrator_id), Criteria(sid=theirs.sid)):
        assert await read(partial(report.count, actor=us, wanted=wanted, at=NOW)) == 0
    with pytest.raises(AssociationNotFound):
        await read(partial(report.get, actor=us, association_id=theirs.id))
    assert (await read(partial(report.get, actor=staff, association_id=theirs.id))).sid == theirs.sid
    names = await read(partial(report.configurators, actor=us, limit=8))
    assert set(names) == {each.person for each in served.made if each.integrator_id == us.integrator_id}
    assert await read(partial(report.configurators, actor=served.actors["waits"], limit=8)) == []
    with pytest.raises(NotPermitted):
        await read(partial(report.integrators_like, actor=us, text="uno"))


@pytest.mark.parametrize("who", ["us", "staff"])
async def test_a_search_without_a_filter_is_refused_everywhere(served: Served, who: str) -> None:
    actor, nothing = served.actors[who], Criteria()
    for look in (
        partial(report.count, actor=actor, wanted=nothing, at=NOW),
        partial(report.newest, actor=actor, wanted=nothing, at=NOW, limit=7),
    ):
        with pytest.raises(NothingWanted):
            await served.database.long_read(look)
    with pytest.raises(NothingWanted):
        report.source(actor, nothing, NOW)
    with pytest.raises(NothingWanted):
        await served.database.write(partial(subscriptions.subscribe, actor=actor, wanted=nothing, at=NOW))


async def files_of(
    database: Database, vault: Vault, actor: Actor, kind: Format, wanted: Criteria = EVERYTHING, **limits: int
) -> tuple[Spooled, list[bytes], list[int]]:
    """The files of a report as the job makes them, their contents, and what was told of its progress."""
    progress = list[int]()

    async def told(lines: int) -> None:
        progress.append(lines)

    url = database.url.render_as_string(hide_password=False)
    order = extract.order(url, actor, wanted, NOW, **limits)
    made = await spool(database, vault, extract.WORK, order, kind, told)
    contents = []
    for digest, _ in made.files:
        contents.append(b"".join([piece async for piece in blobs.chunks(database, digest, vault)]))
    return made, contents, progress


def widths_of(book: bytes) -> list[float]:
    """The widths of a workbook's columns, in characters."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    return [float(width) for width in re.findall(r'<col min="[0-9]+" max="[0-9]+" width="([0-9.]+)"', sheet)]


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_files_hold_what_the_actor_may_see_and_hostile_names_run_nowhere(
    served: Served, vault: Vault
) -> None:
    us = served.actors["us"]

    def rename(connection: Connection) -> None:
        for number, name in enumerate(HOSTILE):
            who = identity.add_member(
                connection,
                telegram_user_id=1000 + number,
                display_name=name,
                integrator_code=OUR_CODE,
                role=Role.CONFIGURATOR,
                enabled=True,
                at=START,
            )
            add(connection, 500 + number, us.integrator_id, who.person_id, START)

    await served.database.write(rename)
    mine = [each for each in served.made if each.integrator_id == us.integrator_id]
    made, (content,), progress = await files_of(served.database, vault, us, Format.CSV)
    assert [name for _, name in made.files] == ["associazioni.csv"]
    rows = rows_of(content)
    assert tuple(rows[0]) == report.TITLES
    assert made.lines == len(rows) == len(mine) + len(HOSTILE) == progress[-1]
    names = [row["NOME CONFIGURATORE"] for row in rows[: len(HOSTILE)]]
    assert names == [safe_cell(name) for name in reversed(HOSTILE)]
    assert [row["SID"] for row in rows[len(HOSTILE) :]] == [each.sid for each in reversed(mine)]

    _, (book,), _ = await files_of(served.database, vault, us, Format.WORKBOOK)
    head, *body = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert tuple(head) == report.TITLES
    column = report.TITLES.index("NOME CONFIGURATORE")
    assert [line[column] for line in body[: len(HOSTILE)]] == list(reversed(HOSTILE))

    texts = [str(line[column]) for line in body]
    widths = widths_of(book)
    assert widths[column] > len(max(texts, key=len)) or widths[column] > 60
    assert widths[report.TITLES.index("DITTA CONFIGURATRICE")] > len("DITTA CONFIGURATRICE")
    assert widths[0] != widths[column]
    assert CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names == ["Associazioni"]

    waits = served.actors["waits"]
    made, (content,), _ = await files_of(served.database, vault, waits, Format.CSV)
    assert made.lines == 0
    assert rows_of(content) == []


async def test_the_factor_k_is_a_number_in_a_workbook(database: Database, us: Actor, vault: Vault) -> None:
    def fill_in(connection: Connection) -> None:
        for number, factor in enumerate(("250/5", "62,5", None)):
            made = add(connection, number, us.integrator_id, us.person_id, START, gesis=True)
            if factor is not None:
                about = (f"IT001E{number:08}", "20G2A000000001", read_factor(factor), START)
                gesis.keep(connection, us, *about, association_id=made)

    await database.write(fill_in)
    _, (book,), _ = await files_of(database, vault, us, Format.WORKBOOK)
    _, *body = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [line[report.TITLES.index("FATTORE K")] for line in body] == ["", 62.5, 50.0]
    _, (content,), _ = await files_of(database, vault, us, Format.CSV)
    assert [row["FATTORE K"] for row in rows_of(content)] == ["", "62,5", "250/5"]


async def test_a_report_above_the_limit_is_zipped_and_divided_and_loses_no_line(
    database: Database, us: Actor, vault: Vault
) -> None:
    chance = Random(3)  # noqa: S311 - the same associations each time
    number = 16_000

    def many(connection: Connection, first: int) -> None:
        numbers = range(first, first + 4000)
        kinds = {"type": "MOME", "integrator_id": us.integrator_id}
        codes = [
            {
                "id": FIRST_DEVICE + at,
                "sid": f"{chance.getrandbits(68):017X}",
                "nid": f"{chance.getrandbits(48):012X}",
            }
            for at in numbers
        ]
        connection.execute(insert(devices), [each | kinds for each in codes])
        row = {
            "integrator_id": us.integrator_id,
            "device_type": "MOME",
            "configuration": "STANDARD",
            "eneltel": "100000001",
            "meter_serial": "20G2A000000001",
            "gesis": False,
            "over_65_kw": False,
            "created_at": START,
            "created_by": us.person_id,
        }
        pods = [f"IT001E{at:08}" for at in numbers]
        connection.execute(
            insert(associations),
            [
                row | {"pod": pod, "point": pod, "device_id": FIRST_DEVICE + at}
                for at, pod in zip(numbers, pods, strict=True)
            ],
        )

    for first in range(0, number, 4000):
        await database.write(partial(many, first=first))
    made, contents, progress = await files_of(
        database, vault, us, Format.CSV, Criteria(live=True), part_bytes=LEAST_PART
    )
    assert [name for _, name in made.files] == [
        f"associazioni-{at}.zip" for at in range(1, len(contents) + 1)
    ]
    assert len(contents) > 1
    assert all(len(content) <= LEAST_PART for content in contents)
    pods = list[str]()
    for content in contents:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            pods += [row["POD"] for name in archive.namelist() for row in rows_of(archive.read(name))]
    assert pods == [f"IT001E{at:08}" for at in reversed(range(number))]
    assert progress == sorted(progress)
    assert progress[-1] == number == made.lines

    made, contents, _ = await files_of(
        database, vault, us, Format.WORKBOOK, Criteria(created=Period(START.date())), sheet_lines=10_000
    )
    assert [name for _, name in made.files] == ["associazioni-1.xlsx", "associazioni-2.xlsx"]
