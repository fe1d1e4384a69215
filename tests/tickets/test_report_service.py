"""The report on requests for assistance, as a service: criteria, tenancy, searches, files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, insert, update

from backend.core.blobs import service as blobs
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.core.periods import Period
from backend.core.searches import service as searches
from backend.devices.values import DeviceType
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.identity.models import persons
from backend.identity.permissions import Role, StaffRole
from backend.identity.values import Actor
from backend.tabular.reports import Cell, Format, Link, store_report
from backend.tickets import report
from backend.tickets.models import ticket_messages, tickets
from backend.tickets.report import Criteria
from backend.tickets.values import MessageKind, TicketState
from tests.samples import NID_A, NID_B, OUR_CODE, SID_A, SID_B, START, THEIR_CODE

PODS = ("IT001E10000001", "IT001E100000015", "IT001E10000002", "ITP0A000000021", None)
SIDS, NIDS = (SID_A, SID_B, None), (NID_A, NID_B, None)
NAMES = ("Configuratore Èlite", "configuratore 100%", "Tecnico_élite", "=1+1")
WORDS = ("Il contatore NON risponde", "perché È così", "sconto 50%", "a_b", "", "ÀÈÌÒÙ àèìòù")
NEEDLES = ("contatore", "CONTATORE non", "perché è", "PERCHÉ", "50%", "5_%", "a_b", "a%b", "àè", "ÙÀ", "zz")
DAYS = [START.astimezone(ROME).date() + timedelta(days=number) for number in range(-2, 12)]
NUMBER = 40


@dataclass(frozen=True)
class Made:
    """A ticket as it was written, in the words of the test."""

    id: int
    opened: date
    closed: date | None
    pod: str | None
    production_pod: str | None
    sid: str | None
    nid: str | None
    state: TicketState
    requester_id: int
    requester: str
    integrator_id: int | None
    said: tuple[tuple[MessageKind, str], ...]


@dataclass(frozen=True)
class Served:
    """A database with tickets, and who may look at them."""

    database: Database
    made: tuple[Made, ...]
    actors: dict[str, Actor]


def fill(connection: Connection, us: Actor, them: Actor) -> tuple[Made, ...]:
    """Tickets of two integrators, of four people, in no order."""
    random = Random(7)  # noqa: S311 - the same tickets each time
    people = [(us.person_id, us.integrator_id), (them.person_id, them.integrator_id)]
    for number, code in ((3, OUR_CODE), (4, THEIR_CODE)):
        added = identity.add_member(
            connection,
            telegram_user_id=number,
            display_name="x",
            integrator_code=code,
            role=Role.TECHNICIAN,
            enabled=True,
            at=START,
        )
        people.append((added.person_id, added.integrator_id))
    for (person_id, _), name in zip(people, NAMES, strict=True):
        connection.execute(update(persons).where(persons.c.id == person_id).values(display_name=name))
    made = []
    for _ in range(NUMBER):
        which = random.randrange(len(people))
        person_id, integrator_id = people[which]
        opened = START + timedelta(hours=random.randrange(240))
        state = random.choice(list(TicketState))
        closed = opened + timedelta(hours=random.randrange(72)) if state is TicketState.CLOSED else None
        integrator = random.choice((integrator_id, integrator_id, None))
        values = {
            "pod": random.choice(PODS),
            "production_pod": random.choice(PODS),
            "sid": random.choice(SIDS),
            "nid": random.choice(NIDS),
            "requester_id": person_id,
            "integrator_id": integrator,
        }
        row = insert(tickets).values(
            state=state.value,
            device_type=DeviceType.MOME.value,
            category="mome.technical.hardware.other",
            opened_at=opened,
            closed_at=closed,
            **values,
        )
        ticket_id = int(connection.execute(row.returning(tickets.c.id)).scalar_one())
        said = tuple((random.choice(list(MessageKind)), random.choice(WORDS)) for _ in range(2))
        for kind, text in said:
            connection.execute(
                insert(ticket_messages).values(
                    ticket_id=ticket_id, author_id=person_id, kind=kind.value, text=text, at=opened
                )
            )
        made.append(
            Made(
                id=ticket_id,
                opened=opened.astimezone(ROME).date(),
                closed=closed.astimezone(ROME).date() if closed is not None else None,
                state=state,
                requester=NAMES[which],
                said=said,
                **values,  # type: ignore[arg-type]
            )
        )
    return tuple(made)


@pytest.fixture
async def served(database: Database, us: Actor, them: Actor) -> Served:
    made = await database.write(partial(fill, us=us, them=them))
    assert us.membership is not None
    staff = replace(us, person_id=us.person_id, membership=None, staff_roles=frozenset({StaffRole.SUPPORT}))
    waits = replace(us, membership=replace(us.membership, enabled=False))
    return Served(database, made, {"us": us, "them": them, "staff": staff, "waits": waits})


def expected(made: Sequence[Made], actor: Actor, wanted: Criteria) -> list[int]:
    """The report in plain Python, newest first."""
    staff = StaffRole.SUPPORT in actor.staff_roles
    member = actor.membership

    def seen(ticket: Made) -> bool:
        theirs = member is not None and member.enabled and ticket.integrator_id == member.integrator_id
        return staff or theirs or ticket.requester_id == actor.person_id

    def same(one: str | None, other: str | None) -> bool:
        return other is None or (one is not None and one[:14] == other[:14])

    def within(day: date | None, period: Period | None) -> bool:
        if period is None:
            return True
        if day is None:
            return False
        return (period.first or day) <= day <= (period.last or day)

    def meets(ticket: Made) -> bool:
        read = [text for kind, text in ticket.said if staff or kind is not MessageKind.NOTE]
        words, name = wanted.words, wanted.requester
        return all(
            (
                wanted.number in (None, ticket.id),
                within(ticket.opened, wanted.opened),
                within(ticket.closed, wanted.closed),
                same(ticket.pod, wanted.pod),
                same(ticket.production_pod, wanted.production_pod),
                same(ticket.pod, wanted.any_pod) or same(ticket.production_pod, wanted.any_pod),
                wanted.sid in (None, ticket.sid),
                wanted.nid in (None, ticket.nid),
                wanted.state in (None, ticket.state),
                wanted.integrator_id in (None, ticket.integrator_id),
                name is None or name.lower() in ticket.requester.lower(),
                words is None or any(words.lower() in text.lower() for text in read),
            )
        )

    return sorted((each.id for each in made if seen(each) and meets(each)), reverse=True)


def now_and_then(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Mostly no criterion: with all of them nothing would ever be found."""
    return st.one_of(st.none(), st.none(), st.none(), values)


PERIODS = st.builds(Period, st.sampled_from([None, *DAYS]), st.sampled_from([None, *DAYS]))
CRITERIA = st.builds(
    Criteria,
    number=now_and_then(st.integers(0, NUMBER + 1)),
    opened=now_and_then(PERIODS),
    closed=now_and_then(PERIODS),
    pod=now_and_then(st.sampled_from(PODS[:-1])),
    production_pod=now_and_then(st.sampled_from(PODS[:-1])),
    sid=now_and_then(st.sampled_from(SIDS[:-1])),
    nid=now_and_then(st.sampled_from(NIDS[:-1])),
    state=now_and_then(st.sampled_from(TicketState)),
    requester=now_and_then(st.sampled_from(("élite", "CONFIGURATORE", "100%", "o_é", "0_", "="))),
    integrator_id=now_and_then(st.integers(1, 3)),
    any_pod=now_and_then(st.sampled_from(PODS[:-1])),
    words=now_and_then(st.sampled_from(NEEDLES)),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=CRITERIA, who=st.sampled_from(("us", "them", "staff", "waits")))
async def test_the_report_finds_what_plain_python_finds(served: Served, wanted: Criteria, who: str) -> None:
    actor = served.actors[who]
    found = await served.database.long_read(partial(report.newest, actor=actor, wanted=wanted, limit=100))
    assert [line.id for line in found] == expected(served.made, actor, wanted)
    number = await served.database.long_read(partial(report.count, actor=actor, wanted=wanted))
    assert number == len(found)


async def test_a_report_is_read_in_pages_that_miss_and_repeat_nothing(served: Served) -> None:
    actor, read, before = served.actors["staff"], list[int](), None
    while True:
        page = await served.database.long_read(
            partial(report.newest, actor=actor, wanted=Criteria(), limit=7, before=before)
        )
        if not page:
            break
        read, before = read + [line.id for line in page], page[-1].id
    assert read == expected(served.made, actor, Criteria())


async def test_tickets_and_requesters_of_another_integrator_never_appear(served: Served) -> None:
    us, them = served.actors["us"], served.actors["them"]
    ours = await served.database.long_read(partial(report.newest, actor=us, wanted=Criteria(), limit=100))
    theirs = await served.database.long_read(partial(report.newest, actor=them, wanted=Criteria(), limit=100))
    assert ours
    assert theirs
    assert not {line.id for line in ours} & {line.id for line in theirs}
    other = Criteria(integrator_id=them.integrator_id)
    assert await served.database.long_read(partial(report.count, actor=us, wanted=other)) == 0
    names = await served.database.long_read(partial(report.requesters, actor=us, limit=8))
    assert {NAMES[0]} <= set(names) <= {NAMES[0], NAMES[2]}


async def test_time_is_counted_in_whole_days_and_until_now_for_open_ones() -> None:
    line = report.Line(1, START, None, None, None, None, None, TicketState.OPEN, "")
    almost = timedelta(days=2, seconds=-1)
    assert line.days(START + almost) == 1
    assert line.days(START + timedelta(days=2)) == 2
    assert replace(line, closed_at=START + almost).days(START + timedelta(days=90)) == 1


async def test_a_search_belongs_to_who_made_it_and_is_forgotten_after_a_month(
    database: Database, us: Actor, them: Actor
) -> None:
    wanted = Criteria(opened=Period(DAYS[0]), state=TicketState.CLOSED, words="contatore")
    number = await database.write(partial(report.keep, actor=us, wanted=wanted, at=START))

    async def kept(actor: Actor) -> Criteria | None:
        return await database.short_read(partial(report.kept, actor=actor, search_id=number))

    assert await kept(us) == wanted
    assert await kept(them) is None
    other_kind = partial(
        searches.find, person_id=us.person_id, kind="others", search_id=number, shape=Criteria
    )
    assert await database.short_read(other_kind) is None
    forget = partial(searches.forget_old, at=START + searches.KEPT_FOR)
    assert await database.write(forget) == 0
    later = partial(searches.forget_old, at=START + searches.KEPT_FOR + timedelta(seconds=1))
    assert await database.write(later) == 1
    assert await kept(us) is None


async def test_criteria_of_another_version_are_no_search(database: Database, us: Actor) -> None:
    store = partial(
        searches.store, person_id=us.person_id, kind=report.SEARCH, criteria=Period(DAYS[0]), at=START
    )
    number = await database.write(store)
    assert await database.short_read(partial(report.kept, actor=us, search_id=number)) is None


async def test_only_the_staff_looks_integrators_up(database: Database, us: Actor) -> None:
    with pytest.raises(NotPermitted):
        await database.short_read(partial(report.integrators_like, actor=us, text="uno"))


HOSTILE = [
    "=1+1",
    "+39 333",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://x";"y")',
    "=cmd|' /C calc'!A0",
    '"; =1+1',
    "a;b\n=1+1",
    "'=1+1",
    "ordinario",
    "http://esempio.it",
    "1E5",
    "0012",
]


def in_portions(lines: Sequence[Sequence[Cell]], size: int) -> AsyncIterator[Sequence[Sequence[Cell]]]:
    async def portions() -> AsyncIterator[Sequence[Sequence[Cell]]]:
        for at in range(0, len(lines), size):
            yield lines[at : at + size]

    return portions()


LINES: list[list[Cell]] = [
    [text, number, START, Link("https://t.me/x"), None] for number, text in enumerate(HOSTILE)
]
HEADING = ("TESTO", "NUMERO", "DATA", "LINK", "NIENTE")


async def stored(database: Database, vault: Vault, kind: Format, part_lines: int = 1000) -> list[bytes]:
    digests, number = await store_report(
        database, vault, HEADING, in_portions(LINES, 4), kind, part_lines=part_lines
    )
    assert number == len(LINES)
    files = []
    for digest in digests:
        pieces = [piece async for piece in blobs.chunks(database, digest, vault)]
        files.append(b"".join(pieces))
    return files


async def test_no_cell_of_a_csv_report_is_a_formula_and_every_value_is_intact(
    database: Database, vault: Vault
) -> None:
    (content,) = await stored(database, vault, Format.CSV)
    assert content.startswith(b"\xef\xbb\xbfTESTO;NUMERO;DATA;LINK;NIENTE\r\n")
    assert content.count(b"\xef\xbb\xbf") == 1
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]
    for row, text in zip(rows, HOSTILE, strict=True):
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert row[0] in (text, f"'{text}")
        assert row[2:] == ["10/03/2025 09:00", "https://t.me/x", ""]


async def test_a_workbook_has_real_dates_and_texts_that_are_texts(database: Database, vault: Vault) -> None:
    (content,) = await stored(database, vault, Format.WORKBOOK)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert tuple(rows[0]) == HEADING
    at = datetime(2025, 3, 10, 9, 0)  # noqa: DTZ001 - what Rome's clocks say
    for number, (row, text) in enumerate(zip(rows[1:], HOSTILE, strict=True)):
        assert str(row[0]).replace("_x000D_", "\r") == text
        assert row[1:4] == [number, at, "https://t.me/x"]
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert re.search(r'<pane ySplit="1"[^>]*state="frozen"', sheet)
    assert f'<autoFilter ref="A1:E{len(LINES) + 1}"' in sheet


@pytest.mark.parametrize("kind", Format)
async def test_a_long_report_is_several_files_each_with_the_heading(
    database: Database, vault: Vault, kind: Format
) -> None:
    files = await stored(database, vault, kind, part_lines=8)
    assert len(files) == 2
    if kind is Format.CSV:
        assert all(file.startswith(b"\xef\xbb\xbfTESTO;") for file in files)


async def test_a_report_of_nothing_is_a_heading(database: Database, vault: Vault) -> None:
    digests, number = await store_report(database, vault, HEADING, in_portions([], 4), Format.CSV)
    assert (len(digests), number) == (1, 0)
    blob = await database.long_read(partial(blobs.get, digest=digests[0], vault=vault))
    assert blob.data == b"\xef\xbb\xbfTESTO;NUMERO;DATA;LINK;NIENTE\r\n"


def test_a_line_stands_under_its_columns() -> None:
    line = report.Line(7, START, None, "IT001E10000001", None, SID_A, NID_A, TicketState.IN_PROGRESS, "Chi")
    cells = dict(zip(report.COLUMNS, report.cells(line, "https://t.me/x", datetime.now(UTC)), strict=True))
    assert cells["#SEGNALAZIONE"] == 7
    assert cells["STATO"] == "In Lavorazione"
    assert cells["RICHIEDENTE"] == "Chi"
    assert cells["DETTAGLI"] == Link("https://t.me/x")
