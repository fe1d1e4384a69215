"""Every command as an operator types it, on an empty data folder."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.core.keys.store import KeyStore
from sandbox import showcase
from tests.cli.conftest import Run

OURS = showcase.OURS


@contextmanager
def opened(data: Path) -> Iterator[sqlite3.Connection]:
    """The database, read without the product."""
    with closing(sqlite3.connect(data / "a486.db")) as connection:
        yield connection
        connection.commit()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A register of supplies and one of devices."""
    folder = tmp_path / "files"
    folder.mkdir()
    return showcase.write_files(folder)


def spoil(file: Path, line: str) -> None:
    """Append an unreadable line."""
    file.write_text(file.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def test_the_version_is_printed(run: Run) -> None:
    result = run("version")

    assert result.exit_code == 0
    assert result.stdout.strip() == "0.1.0"


def test_the_help_is_shown_without_a_command(run: Run) -> None:
    for arguments in (
        (),
        ("keys",),
        ("members",),
        ("staff",),
        ("audit",),
        ("inbox",),
        ("supplies",),
        ("devices",),
    ):
        assert "Usage:" in run(*arguments).output


def test_a_staff_role_is_given_listed_and_taken(run: Run) -> None:
    assert run("staff", "add", "700", "Chi amministra", "administrator").exit_code == 0
    listed = run("staff", "list").stdout
    assert "700" in listed
    assert "administrator" in listed
    assert run("staff", "remove", "700", "administrator").exit_code == 0
    assert "700" not in run("staff", "list").stdout

    again = run("staff", "remove", "700", "administrator")
    assert again.exit_code == 1
    assert "700 is no administrator" in again.stderr
    assert run("staff", "add", "700", "Chi amministra", "king").exit_code == 2


def test_data_about_a_person_is_written_as_json_and_erased(run: Run) -> None:
    run("members", "add-integrator", OURS, "Impianti")
    run("members", "add", "700", "Una Persona", OURS)

    written = json.loads(run("members", "export", "700").stdout)
    assert written["persons.id"][0]["display_name"] == "Una Persona"
    assert run("members", "erase", "700", typed="n\n").exit_code == 1
    assert run("members", "erase", "700", "--yes").exit_code == 0
    for command in (("export", "700"), ("erase", "700", "--yes")):
        gone = run("members", *command)
        assert gone.exit_code == 1
        assert "nobody is known as 700" in gone.stderr


@pytest.mark.parametrize("fault", ["lost:sendMesage", "twice:sendMessage", "gone", "lost:sendMessage:2"])
def test_the_demo_refuses_a_fault_that_never_happens(run: Run, fault: str) -> None:
    result = run("demo", "--fault", fault)

    assert result.exit_code == 1
    assert "fault" in result.stderr or "Nothing is called" in result.stderr


def test_migrations_make_the_database_and_can_be_run_again(run: Run, data: Path) -> None:
    for _ in range(2):
        result = run("migrations")
        assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")

    with opened(data) as connection:
        assert connection.execute("SELECT count(*) FROM inbox").fetchone() == (0,)


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────


def test_keys_are_created_once_and_never_overwritten(run: Run, data: Path) -> None:
    assert run("keys", "init").exit_code == 0
    before = (data / "keys" / "signing.pem").read_bytes()

    again = run("keys", "init")

    assert (again.exit_code, again.stderr) == (1, "there are keys already, and they are not written over\n")
    assert (data / "keys" / "signing.pem").read_bytes() == before


def test_keys_are_listed_without_their_values(run: Run, data: Path) -> None:
    run("keys", "init")

    listed = run("keys", "list").stdout

    assert KeyStore(data / "keys").signing().key_id in listed
    assert "1 vault key(s)" in listed
    assert (data / "keys" / "vault.keys").read_text().strip() not in listed


def test_a_new_signing_key_is_announced_and_the_old_one_stays_trusted(run: Run, data: Path) -> None:
    run("keys", "init")
    old = KeyStore(data / "keys").signing().key_id

    assert run("keys", "rotate-signing").exit_code == 0

    new = KeyStore(data / "keys").signing().key_id
    listed = run("keys", "list").stdout
    assert new != old
    assert old in listed
    assert new in listed


def test_data_sealed_by_an_old_vault_key_opens_after_a_rotation(run: Run, data: Path) -> None:
    run("keys", "init")
    sealed = KeyStore(data / "keys").vault().encrypt(b"riservato")

    assert run("keys", "rotate-vault").exit_code == 0

    assert KeyStore(data / "keys").vault().decrypt(sealed) == b"riservato"
    assert "2 vault key(s)" in run("keys", "list").stdout


@pytest.mark.parametrize("command", ["list", "rotate-signing", "rotate-vault"])
def test_a_command_without_keys_says_so(run: Run, command: str) -> None:
    result = run("keys", command)

    assert result.exit_code == 1
    assert "is missing" in result.stderr
    assert result.stderr.count("\n") == 1


def test_keys_readable_by_others_are_refused(run: Run, data: Path) -> None:
    run("keys", "init")
    (data / "keys" / "signing.pem").chmod(0o644)

    result = run("keys", "list")

    assert (result.exit_code, result.stderr) == (1, "signing.pem can be read by others\n")


# ── members ───────────────────────────────────────────────────────────────────────────────────────


def test_an_integrator_and_its_people_are_added_and_listed(run: Run) -> None:
    assert run("members", "add-integrator", OURS, "Impianti [Demo]").exit_code == 0
    assert run("members", "add", "1001", "Configuratore [A]", OURS).exit_code == 0
    assert run("members", "add", "1002", "Collega", OURS, "--no-enabled").exit_code == 0

    listed = run("members", "list").stdout

    first, second = sorted(line for line in listed.splitlines() if "100" in line)
    assert "Configuratore [A]" in first
    assert f"Impianti [Demo] ({OURS})" in first
    assert "yes" in first
    assert "no" in second


def test_a_person_added_again_is_changed(run: Run) -> None:
    run("members", "add-integrator", OURS, "Impianti Demo")
    run("members", "add", "1001", "Prima", OURS)

    result = run("members", "add", "1001", "Dopo", OURS, "--no-enabled")
    listed = run("members", "list").stdout

    assert result.stdout == "Dopo: configurator, not enabled\n"
    assert "Dopo" in listed
    assert "Prima" not in listed


def test_an_integrator_needs_a_partita_iva(run: Run) -> None:
    result = run("members", "add-integrator", "12345678901", "Impianti Demo")

    assert (result.exit_code, result.stderr) == (1, "12345678901 is not a partita IVA\n")


def test_a_person_needs_an_integrator(run: Run) -> None:
    result = run("members", "add", "1001", "Configuratore", OURS)

    assert result.exit_code == 1
    assert "add-integrator" in result.stderr


# ── registers ─────────────────────────────────────────────────────────────────────────────────────


def test_supplies_are_loaded_and_loaded_again(run: Run, files: tuple[Path, Path], data: Path) -> None:
    for _ in range(2):
        result = run("supplies", "import", str(files[0]))
        assert result.exit_code == 0
        assert result.stdout.startswith(
            "1,000 supplies loaded.\n1 production POD loaded without the exchange POD"
        )
        assert files[0].name in result.stderr  # the progress

    with closing(sqlite3.connect(data / "register.db")) as connection:
        assert connection.execute("SELECT count(*) FROM register_supplies").fetchone() == (1000,)


def test_unreadable_lines_are_left_out_and_listed(run: Run, files: tuple[Path, Path]) -> None:
    spoil(files[0], "questo;non;è;una;riga")

    result = run("supplies", "import", str(files[0]))

    assert result.exit_code == 0
    assert "1,000 supplies loaded." in result.stdout
    assert "1 bad line, with reasons" in result.stdout
    listed = Path(result.stdout.splitlines()[1].rsplit(" in ", 1)[1])
    assert "1002" in listed.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("language", "reason"), [("it", "5 colonne invece di 13"), ("en", "5 columns instead of 13")]
)
def test_reasons_are_in_the_requested_language(
    run: Run, files: tuple[Path, Path], language: str, reason: str
) -> None:
    spoil(files[0], "questo;non;è;una;riga")

    result = run("supplies", "import", str(files[0]), "--language", language)
    listed = Path(result.stdout.splitlines()[1].rsplit(" in ", 1)[1])
    assert listed.read_text(encoding="utf-8").splitlines()[1:] == [f"1002;;{reason}"]


def test_a_register_can_come_by_standard_input(run: Run, files: tuple[Path, Path], data: Path) -> None:
    heading, first, *_ = files[0].read_text(encoding="utf-8-sig").splitlines()

    result = run("supplies", "import", "-", typed="\n".join([heading, first, "corta"]))
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("1 supply loaded.\n1 bad line, with reasons, in ")
    assert Path("stdin.bad-lines.csv").read_text(encoding="utf-8").splitlines()[1].startswith("3;;")
    assert run("supplies", "import", "-", typed="a;b\n").exit_code == 1


def test_a_file_that_is_no_register_changes_nothing(
    run: Run, files: tuple[Path, Path], tmp_path: Path
) -> None:
    run("supplies", "import", str(files[0]))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a;b;c\n1;2;3\n")

    result = run("supplies", "import", str(wrong))

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].endswith("Nothing was changed.")


def test_a_missing_file_is_named(run: Run) -> None:
    result = run("supplies", "import", "nowhere.csv")

    assert result.exit_code == 2
    assert "nowhere.csv" in result.stderr


def test_devices_are_loaded_and_loaded_again(run: Run, files: tuple[Path, Path], data: Path) -> None:
    for code, name in showcase.INTEGRATORS.items():
        run("members", "add-integrator", code, name)
    spoil(files[1], "CORTO;;MOME;" + OURS)

    for _ in range(2):
        result = run("devices", "import", str(files[1]))
        assert result.exit_code == 0
        assert "devices loaded." in result.stdout
        assert "1 bad line, with reasons" in result.stdout

    with opened(data) as connection:
        number = connection.execute("SELECT count(*) FROM devices").fetchone()[0]
    assert number == len(list(showcase.devices()))


# ── audit ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_audit_verifies(run: Run) -> None:
    run("keys", "init")
    run("migrations")

    result = run("audit", "verify")

    assert result.exit_code == 0
    assert "The chain holds." in result.stdout


def test_a_search_for_an_invalid_pod_or_an_unknown_person_says_so(run: Run) -> None:
    run("migrations")
    assert run("audit", "search", "--pod", "pizza").stderr == "pizza is not a POD\n"
    assert "nobody is known" in run("audit", "search", "--person", "7").stderr


@pytest.mark.parametrize(
    "command",
    [("audit", "verify"), ("audit", "search"), ("inbox", "failed"), ("inbox", "retry", "ABCDEFGH")],
    ids=" ".join,
)
def test_read_only_commands_create_no_database(run: Run, data: Path, command: tuple[str, ...]) -> None:
    run("keys", "init")

    result = run(*command)

    assert result.exit_code == 1
    assert result.stderr.startswith("There is no database at ")
    assert not (data / "a486.db").exists()


def test_a_period_includes_its_last_day(run: Run, data: Path) -> None:
    run("migrations")
    with opened(data) as connection:
        connection.execute(
            "INSERT INTO audit_entries (at, action, detail, correlation)"
            " VALUES ('2025-03-10 22:59:59.000000', 'pod-looked-up', '{}', 'that-day'),"
            " ('2025-03-10 23:00:00.000000', 'pod-looked-up', '{}', 'the-next')"
        )
        connection.commit()

    found = run("audit", "search", "--since", "2025-03-10", "--until", "2025-03-10").stdout

    assert "that-day" in found
    assert "the-next" not in found


# ── inbox ─────────────────────────────────────────────────────────────────────────────────────────


def test_dead_letters_are_listed_and_put_back(run: Run, data: Path) -> None:
    run("migrations")
    at = datetime(2025, 3, 10, 7, 0, tzinfo=UTC).replace(tzinfo=None).isoformat(" ")
    with opened(data) as connection:
        connection.execute(
            "INSERT INTO inbox (bot_id, update_id, lane, kind, payload, not_before_ms, state,"
            " correlation, error,"
            " reference, received_at, ended_at) VALUES (1, 5, '7', 'update', '{}', 0, 'set_aside', 'c',"
            " 'KeyError: [/b] [parameters]', 'ABCD2345', ?, ?)",
            (at, at),
        )

    listed = run("inbox", "failed")
    assert listed.exit_code == 0
    assert "ABCD2345" in listed.stdout
    assert "10/03/2025 08:00:00" in listed.stdout
    assert "KeyError: [/b] [parameters]" in listed.stdout

    assert run("inbox", "retry", "abcd2345").stdout == "abcd2345 is back in its lane.\n"
    with opened(data) as connection:
        assert connection.execute("SELECT state FROM inbox").fetchone() == ("waiting",)
        assert connection.execute("SELECT ready_at_ms FROM lanes").fetchone() == (0,)

    again = run("inbox", "retry", "ABCD2345")
    assert (again.exit_code, again.stderr) == (1, "there is no dead letter ABCD2345\n")


def test_old_dead_letters_are_listed_and_cannot_be_put_back(run: Run, data: Path) -> None:
    run("migrations")
    with opened(data) as connection:
        connection.execute(
            "INSERT INTO inbox (bot_id, update_id, lane, kind, not_before_ms, state, correlation, error,"
            " reference, received_at, ended_at) VALUES (1, 5, '7', 'update', 0, 'set_aside', 'c', 'KeyError',"
            " 'ABCD2345', '2025-03-10 07:00:00', '2025-03-10 07:00:00')"
        )

    listed = run("inbox", "failed").stdout
    assert "ABCD2345" in listed
    assert "too late" in listed

    again = run("inbox", "retry", "ABCD2345")
    assert again.exit_code == 1
    assert again.stderr.startswith("the dead letter ABCD2345 is too old: its content was deleted")
    with opened(data) as connection:
        assert connection.execute("SELECT state FROM inbox").fetchone() == ("set_aside",)


# ── a database out of reach ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "command", [("migrations",), ("members", "list"), ("inbox", "failed"), ("audit", "search")]
)
def test_a_database_out_of_reach_is_reported_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("A486_DATABASE_URL", "postgresql://someone:geheim@127.0.0.1:1/a486")

    result = run(*command)

    assert result.exit_code == 1
    assert result.stderr.startswith("The database cannot be used (A486_DATABASE_URL): ")
    assert result.stderr.count("\n") == 1
    assert "geheim" not in result.stderr
