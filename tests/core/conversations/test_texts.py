"""The texts: the same keys and variables in every language, each used somewhere, none missing."""

from __future__ import annotations

import ast
import html.parser
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

import bot
import conversations
from backend.associations.errors import (
    AlreadyDeleted,
    AssociationNotFound,
    AssociationRefused,
    DeviceRefused,
    PointChanged,
    SupplyAssociated,
)
from backend.associations.values import Configuration
from backend.bridges.values import CommandKind
from backend.budgets.errors import BudgetSpent
from backend.budgets.values import Budget
from backend.bulk.files import STATES as SCP_STATES
from backend.bulk.values import RequestState, RowState
from backend.contracts.values import ContractState
from backend.core.audit.values import AuditAction
from backend.gesis.values import GesisFault
from backend.identity.fields import Fault
from backend.identity.permissions import Role, StaffRole
from backend.invitations.values import InvitationState
from backend.programming.errors import ProgrammingRefused
from backend.programming.values import ProgrammingState
from backend.registrations.values import OPEN as REGISTRATION_OPEN
from backend.registrations.values import Doubt, RegistrationState
from backend.scp.errors import ScpAssociationGone, ScpNotReady
from backend.supplies.near_pod import PodFault
from backend.supplies.values import LookUpOutcome
from backend.tabular.reasons import FileReason, Reason
from backend.tickets.errors import TicketRefused
from backend.tickets.lateness import TARGETS
from backend.tickets.values import FileKind, MessageKind, Queue, Satisfaction, TicketState
from conversations.associations.filters import FILTERS as ASSOCIATION_FILTERS
from conversations.audit.criteria import PERIODS
from conversations.audit.search import MadeFile as AuditFile
from conversations.audit.wording import COLUMNS, REPORT_COLUMNS
from conversations.bulk.requests import MadeFile
from conversations.core.answers import Reject
from conversations.core.feature import SlashCommand
from conversations.core.filters import PERIODS as FILTER_PERIODS
from conversations.core.flow import Flow, Step
from conversations.core.prompts import Html
from conversations.core.summary import Summary
from conversations.core.texts import LANGUAGES, MissingTextError, entries, files, texts
from conversations.documents.adding import REASONS as WHY_NO_DOCUMENT
from conversations.home.screens import FOR_MEMBERS, FOR_STAFF
from conversations.identity.told import REMOVED, RESTORED, ROLE, SUSPENDED
from conversations.product import FEATURES, catalogue
from conversations.programming.readings import ENERGY, POWER
from conversations.registrations.form import Clause, Registering
from conversations.scp.attaching import KINDS
from conversations.statistics.charts import CHARTS
from conversations.tickets.files import REASONS as WHY_NOT_TAKEN
from conversations.tickets.filters import FILTERS
from conversations.tickets.saying import SayingFlow
from device_bridge.ab.values import LogKind, Meter, Model
from device_bridge.programmer import Step as BridgeStep
from device_bridge.reasons import WORDS
from device_bridge.wire.report import Outcome

HOSTILE = "<b>\"&'</b>{ $pod }"
ENDED_WITHOUT_QUESTION = (SupplyAssociated, AssociationNotFound, AlreadyDeleted)
"""Refusals that end the dialogue with a text of their own."""


@cache
def patterns(language: str) -> dict[str, ftl.Pattern]:
    """The patterns of a language by the key that the code uses."""
    found = {}
    for file in files(language):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{file}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice in {language}"
                assert entry.value is not None
                found[entry.id.name] = entry.value
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_parsed_alone_is_the_text_of_its_file(language: str) -> None:
    alone = {
        key: entry
        for key, text in entries(language).items()
        for entry in FluentParser().parse(text).body
        if isinstance(entry, ftl.Message)
    }
    whole = patterns(language)
    assert alone.keys() == whole.keys()
    assert all(entry.value is not None and entry.value.equals(whole[key]) for key, entry in alone.items())


class Variables(Visitor):
    """A visitor that gathers the variables of a pattern."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)


def variables(pattern: ftl.Pattern) -> set[str]:
    visitor = Variables()
    visitor.visit(pattern)
    return visitor.names


SAID_BY_KEY = (TicketRefused, ProgrammingRefused)
"""Refusals whose keys are those of their texts."""


@cache
def sources() -> list[ast.Module]:
    """The source files that use texts."""
    return [
        ast.parse(path.read_text(encoding="utf-8"))
        for package in (bot, conversations)
        for path in sorted(Path(package.__path__[0]).rglob("*.py"))
    ]


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    below: list[type[Any]] = kind.__subclasses__()
    for each in below:
        yield each
        yield from subclasses(each)


def said_in_full() -> set[str]:
    """Keys that are literals in the code: any literal that is a key counts, wherever it is passed."""
    literals = {
        node.value
        for module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in literals if re.fullmatch(r"[a-z_]+(\.[a-z_0-9-]+)+", text)}


def called_with() -> Iterator[tuple[str, set[str]]]:
    """Keys used as literals, with the names of their values; calls with `**` are left out."""
    for module in sources():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or not node.args or not _speaks(node.func):
                continue
            key = node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                names = {keyword.arg for keyword in node.keywords}
                if None not in names:
                    yield key.value, {name for name in names if name is not None}


def _speaks(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="say") | ast.Attribute(attr="say"):
            return True
        case ast.Call(func=ast.Name(id="texts")):
            return True
        case _:
            return False


def composed() -> set[str]:
    """Prefixes and suffixes of composed keys; each must be one of `families`."""
    shapes = set()
    for module in sources():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or not node.args or not _speaks(node.func):
                continue
            if isinstance(node.args[0], ast.JoinedStr):
                parts = node.args[0].values
                shapes.add(
                    "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
                )
    return shapes


def steps() -> Iterator[tuple[Flow[object], Step[object]]]:
    for flow in catalogue().flows.values():
        for step in flow.steps:
            yield flow, step


def refusal_keys() -> set[str]:
    leaves = {each for each in subclasses(AssociationRefused) if not each.__subclasses__()}
    return {each.key for each in leaves if not issubclass(each, ENDED_WITHOUT_QUESTION)}


def commands() -> list[SlashCommand]:
    return [command for feature in FEATURES for command in feature.commands]


def families() -> dict[str, set[str]]:
    """The keys that each composed key can become."""
    summaries = [(flow, step) for flow, step in steps() if isinstance(step, Summary)]
    in_summary = [
        (flow, step)
        for flow, _ in summaries
        for step in flow.steps
        if type(step).value is not Step.value and not isinstance(step, Summary)
    ]
    return {
        "look_up.pod.error.*": {f"look_up.pod.error.{fault}" for fault in PodFault},
        "help.can.*": {f"help.can.{key}" for key, _ in (*FOR_MEMBERS, *FOR_STAFF)},
        "gesis.fault.*": {f"gesis.fault.{fault}" for fault in GesisFault},
        "import.reason.*": {f"import.reason.{reason}" for reason in Reason},
        "import.file.*": {f"import.file.{reason}" for reason in FileReason},
        "association.untold.*.*": {
            f"association.untold.{about}.{state}"
            for about in ("association", "deletion")
            for state in ("waiting", "refused")
        },
        "bulk.count.*": {f"bulk.count.{state}" for state in RowState},
        "bulk.state.*": {f"bulk.state.{state}" for state in RequestState},
        "bulk.state_short.*": {f"bulk.state_short.{state}" for state in RequestState},
        "bulk.outcome.*": {f"bulk.outcome.{key}" for key in row_outcomes()},
        "bulk.several_of.*": {"bulk.several_of.same_pod", "bulk.several_of.same_device"},
        "bulk.rows_heading.*": {"bulk.rows_heading.all", "bulk.rows_heading.failures"},
        "bulk.button.show_*": {"bulk.button.show_all", "bulk.button.show_failures"},
        "bulk.file.*": {f"bulk.file.{made.what}" for made in MadeFile.__subclasses__()},
        **{
            f"statistics.{what}.*": {f"statistics.{what}.{each}" for each in CHARTS}
            for what in ("button", "chart", "empty")
        },
        "scp_attach.kind.*": {f"scp_attach.kind.{kind}" for kind in KINDS},
        "bulk.scp.*": {f"bulk.scp.{state}" for state in SCP_STATES},
        "registration.*.ask": {f"registration.{step.name}.ask" for step in Registering.steps[:-1]},
        "registration.error.*": {f"registration.error.{fault}" for fault in Fault},
        "registration.button.*": {
            f"registration.button.{step.button}" for step in Registering.steps if isinstance(step, Clause)
        },
        "told.*": {f"told.{what}" for what in (REMOVED, ROLE, SUSPENDED, RESTORED)},
        "registrations.state.*": {
            f"registrations.state.{state}" for state in set(RegistrationState) - set(REGISTRATION_OPEN)
        },
        "registrations.doubt.*": {f"registrations.doubt.{doubt}" for doubt in Doubt},
        "registrations.button.*": {f"registrations.button.{role.value}" for role in Role},
        "role.*": {f"role.{role.value}" for role in Role},
        "staff_role.*": {f"staff_role.{role.value}" for role in StaffRole},
        "team.button.make_*": {f"team.button.make_{role.value}" for role in Role},
        "invitations.state.*": {f"invitations.state.{state}" for state in InvitationState},
        "notice.*": {f"notice.{each.kind}" for each in catalogue().optional_notices},
        "contracts.state.*": {f"contracts.state.{state}" for state in ContractState},
        "contracts.bad.*": {f"contracts.bad.{reason}" for reason in bad_people()},
        "programming.asking.*": {f"programming.asking.{kind.value}" for kind in CommandKind},
        "programming.button.*": {
            f"programming.button.{key}"
            for key in (
                "connect",
                "without",
                "loaded",
                "refresh",
                "again",
                "blink",
                "replace",
                "help",
                "confirm",
            )
        },
        "documents.why.*": {f"documents.why.{why}" for why in WHY_NO_DOCUMENT},
        "desk.head.*": {f"desk.head.{queue.value}" for queue in Queue},
        "desk.none.*": {f"desk.none.{queue.value}" for queue in Queue},
        "desk.queue.*": {f"desk.queue.{queue.value}" for queue in Queue},
        "ticket.button.*": {
            f"ticket.button.{key}"
            for key in ("take", "answer", "note", "close", "give_back", "hand_over", "scp", "add", "reopen")
        }
        | {f"ticket.button.{word.value}" for word in Satisfaction},
        "ticket.rated.*": {f"ticket.rated.{word.value}" for word in Satisfaction},
        "ticket.thanks.*": {f"ticket.thanks.{word.value}" for word in Satisfaction},
        **{
            f"ticket.{said}.*": {f"ticket.{said}.{target}" for target in TARGETS}
            for said in ("due", "overdue", "told_late", "told_escalated")
        },
        "ticket.mark.*": {f"ticket.mark.{state.value}" for state in TicketState},
        "ticket.state.*": {f"ticket.state.{state.value}" for state in TicketState},
        "ticket.topic_*": {f"ticket.topic_{kind.value}" for kind in MessageKind},
        "ticket.said.*": {f"ticket.said.{kind.value}" for kind in MessageKind},
        "canned.language.*": {f"canned.language.{each}" for each in (*LANGUAGES, "any")},
        "ticket_transcript.state.*": {f"ticket_transcript.state.{state.value}" for state in TicketState},
        "ticket_transcript.said.*": {f"ticket_transcript.said.{kind.value}" for kind in MessageKind},
        "ticket_report.filter.*": {f"ticket_report.filter.{name}" for name in FILTERS},
        "ticket_report.ask.*": {f"ticket_report.ask.{name}" for name in FILTERS},
        "association_report.filter.*": {f"association_report.filter.{name}" for name in ASSOCIATION_FILTERS},
        "association_report.ask.*": {f"association_report.ask.{name}" for name in ASSOCIATION_FILTERS},
        "association_report.*.*": {
            f"association_report.{name}.{word}" for name in ("confirmed", "live") for word in ("yes", "no")
        },
        "association_report.line_*": {
            f"association_report.line_{state}" for state in ("made", "confirmed", "deleted")
        },
        "calendar.month.*": {f"calendar.month.{number}" for number in range(1, 13)},
        "calendar.weekday.*": {f"calendar.weekday.{number}" for number in range(1, 8)},
        "filters.period.*": {f"filters.period.{name}" for name in FILTER_PERIODS},
        "ticket.files.*": {f"ticket.files.{kind.value}" for kind in FileKind},
        "ticket.files.one.*": {f"ticket.files.one.{kind.value}" for kind in FileKind},
        "ticket.files.from.*": {f"ticket.files.from.{kind.value}" for kind in MessageKind},
        "ticket.files.why.*": {f"ticket.files.why.{why}" for why in WHY_NOT_TAKEN},
        "*.text.ask": {f"{flow.name}.text.ask" for flow in SayingFlow.__subclasses__()},
        "*.send.ask": {f"{flow.name}.send.ask" for flow in SayingFlow.__subclasses__()},
        "*.button.send": {f"{flow.name}.button.send" for flow in SayingFlow.__subclasses__()},
        "*.done": {f"{flow.name}.done" for flow in SayingFlow.__subclasses__()},
        "programming.log.*": {f"programming.log.{kind.name.lower()}" for kind in LogKind},
        "programming.mark.*": {f"programming.mark.{state.value}" for state in ProgrammingState},
        "programming.state.*": {f"programming.state.{state.value}" for state in ProgrammingState},
        "programming.model_*": {f"programming.model_{model.value}" for model in Model},
        "programming.outcome.*": {f"programming.outcome.{outcome}" for outcome in Outcome},
        "programming.read_link_*": {f"programming.read_link_{meter.name.lower()}" for meter in Meter},
        "programming.report.*": report_keys(),
        "programming.step.*": {f"programming.step.{step}" for step in BridgeStep},
        "programming.value.*": {f"programming.value.{name}" for name in (*ENERGY, *POWER)},
        "programming.why.*": {f"programming.why.{word}" for word in WORDS},
        "look_ups.limit.*": {f"look_ups.limit.{budget}" for budget in Budget},
        "outcome.*": {f"outcome.{each.value}" for each in LookUpOutcome},
        "configuration.*": {f"configuration.{each.value.lower()}" for each in Configuration},
        "dialogue.*": {f"dialogue.{how}" for how in ("cancelled", "expired", "other_company", "outdated")},
        "audit.action.*": {f"audit.action.{each.value}" for each in AuditAction},
        "audit.outcome.*": {f"audit.outcome.{each.value}" for each in LookUpOutcome},
        "audit.period.*": {f"audit.period.{each}" for each in PERIODS},
        "audit.column.*": {f"audit.column.{each}" for each in {*COLUMNS, *REPORT_COLUMNS}},
        "audit.file.*": {f"audit.file.{made.what}" for made in AuditFile.__subclasses__()},
        "command.*": {f"command.{command.names['it']}" for command in commands()},
        "associate.configuration.*": {"associate.configuration.ask", "associate.configuration.ask_single"},
        "associate.confirm.*": {"associate.confirm.heading", "associate.confirm.heading_change"},
        "*.error.*": {f"associate.confirm.error.{key}" for key in refusal_keys()} | rejections(),
        "*.*.label": {f"{flow.name}.{step.name}.label" for flow, step in in_summary},
        "*.*.edit": {f"{flow.name}.{step.name}.edit" for flow, step in in_summary},
        "*.*.button": {f"{flow.name}.{step.name}.button" for flow, step in summaries},
    }


def report_keys() -> set[str]:
    """Every key of the installation report."""
    source = next(
        module for module in sources() if "document_of" in ast.dump(module) and "plain" in ast.dump(module)
    )
    given = {
        str(node.args[0].value)
        for node in ast.walk(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "plain"
        and isinstance(node.args[0], ast.Constant)
    }
    words = {"note_read", "note_by_hand", "photo_below", "photo_none"}
    outcomes = {f"outcome_{outcome}" for outcome in Outcome}
    links = {f"link_{meter.name.lower()}" for meter in Meter}
    return {f"programming.report.{key}" for key in given | words | outcomes | links}


def bad_people() -> set[str]:
    """Every reason why a line of a file of contracts is left out."""
    return {"number", "broken", "role", "two_companies", "twice", *Fault}


def row_outcomes() -> set[str]:
    """Every verdict and outcome that a row of a bulk request can have."""
    leaves = {each for each in subclasses(AssociationRefused) if not each.__subclasses__()}
    refused = {each.key for each in leaves - {AlreadyDeleted, AssociationNotFound, PointChanged}}
    scp = {ScpNotReady.key, ScpAssociationGone.key}
    own = {
        "waiting",
        "ready",
        "created",
        "unanswered",
        "not-permitted",
        "other-device",
        "other-configuration",
        BudgetSpent.key,
    }
    looked_up = {each.value for each in LookUpOutcome if each is not LookUpOutcome.ELIGIBLE}
    return own | looked_up | refused | scp


def rejections() -> set[str]:
    """The keys of rejections: `dialogue.error.…` if all steps share it, else the step's own."""
    shared = {"press", "text"}
    found = {f"dialogue.error.{key}" for key in shared}
    for module in sources():
        for owner in ast.walk(module):
            if not isinstance(owner, ast.ClassDef):
                continue
            named = [each for each in steps() if type(each[1]).__name__ == owner.name]
            keys = {
                node.args[0].value
                for node in ast.walk(owner)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == Reject.__name__
                and node.args
                and isinstance(node.args[0], ast.Constant)
            } - shared
            found |= {
                str(key) if "." in str(key) else f"{flow.name}.{step.name}.error.{key!s}"
                for flow, step in named
                for key in keys
            }
    device = {each.key for each in subclasses(DeviceRefused)}
    return found | {f"associate.device.error.{key}" for key in device}


def needed() -> set[str]:
    written = {key.replace(".", "-") for key in said_in_full()} & set(patterns(LANGUAGES[0]))
    literal = {key.replace(".", "-") for key, _ in called_with()}
    dynamic = {key.replace(".", "-") for key in chain(*families().values())}
    refused = {each.key.replace(".", "-") for kind in SAID_BY_KEY for each in subclasses(kind)}
    return written | literal | dynamic | refused


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_code_uses_exists(language: str) -> None:
    assert needed() - set(patterns(language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_used_by_the_code(language: str) -> None:
    assert set(patterns(language)) - needed() == set()


def test_every_composed_key_belongs_to_a_known_family() -> None:
    assert composed() == set(families())


def packages(language: str) -> list[str]:
    return [file.parent.name for file in files(language) if isinstance(file, Path)]


def test_the_languages_have_the_same_files_and_the_same_keys() -> None:
    first, *others = LANGUAGES
    for other in others:
        assert packages(other) == packages(first) != []
        assert set(patterns(other)) == set(patterns(first))


def test_a_text_has_the_same_variables_in_every_language() -> None:
    first, *others = LANGUAGES
    expected = {key: variables(pattern) for key, pattern in patterns(first).items()}
    for other in others:
        assert {key: variables(pattern) for key, pattern in patterns(other).items()} == expected


def test_the_code_gives_each_text_the_values_that_it_shows() -> None:
    shown = {key: variables(pattern) for key, pattern in patterns(LANGUAGES[0]).items()}
    wrong = {
        (key, tuple(sorted(given)))
        for key, given in called_with()
        if not shown[key.replace(".", "-")] <= given
    }
    assert wrong == set()


class Reader(html.parser.HTMLParser):
    """A parser of Telegram's HTML that complains of anything Telegram would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "u", "s", "code", "pre"), tag
        assert not attributes
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> str:
    """The text as the user sees it; fails where Telegram would refuse it."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    assert not re.search(r"&(?!lt;|gt;|amp;|quot;|#)", text), text
    return reader.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2, 11])
def test_every_text_is_valid_html_that_shows_hostile_values_as_they_are(language: str, number: int) -> None:
    for key, pattern in patterns(language).items():
        numeric = {"number", "total", "shown", "more", "power"} if key != "entry-stranger" else set()
        values = {name: number if name in numeric else HOSTILE for name in variables(pattern)}
        text = read(texts(language)(key.replace("-", "."), **values))
        if any(value == HOSTILE for value in values.values()):
            assert HOSTILE in text, key
        assert "{" not in text.replace(HOSTILE, ""), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_fits_into_a_message_or_a_caption(language: str) -> None:
    for key, pattern in patterns(language).items():
        numeric = {"number", "total", "shown", "more", "power"}
        values = {name: 99 if name in numeric else "W" * 60 for name in variables(pattern)}
        text = read(texts(language)(key.replace("-", "."), **values))
        assert len(text) < (1024 if key == "scp-caption" else 4096), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_with_a_shorter_limit_keep_it(language: str) -> None:
    say = texts(language)
    assert 0 < len(say("about.short")) <= 120
    assert 0 < len(say("about.long")) <= 512
    for command in commands():
        assert 0 < len(say(f"command.{command.names['it']}")) <= 256


def test_a_value_that_is_text_already_is_not_escaped_twice() -> None:
    say = texts("it")
    inner = say("association.pod", pod="<&>")

    assert "&lt;&amp;&gt;" in say("dialogue.answer", label="A", value=Html(inner))


def test_a_missing_key_raises_an_error() -> None:
    with pytest.raises(MissingTextError, match="nowhere"):
        texts("it")("nowhere.at_all")


def test_a_missing_value_raises_an_error() -> None:
    with pytest.raises(MissingTextError, match=r"look_up\.moment"):
        texts("it")("look_up.moment")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_emoji_can_be_shown_without_a_system_font(language: str) -> None:
    style = (Path(__file__).parents[3] / "sandbox" / "page" / "style.css").read_text(encoding="utf-8")
    listed = re.search(r"unicode-range:([^;]*);", style)
    assert listed is not None
    drawn = {int(code, 16) for code in re.findall(r"U\+([0-9A-F]+)", listed[1])}
    said = {
        ord(letter)
        for file in files(language)
        for letter in file.read_text(encoding="utf-8")
        if ord(letter) >= 0x1F000 or unicodedata.category(letter) == "So"
    }
    assert said - {ord("✕"), ord("°")} <= drawn
