"""The settings: each is described, a wrong value is named in one line, their page agrees with the code."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.core.mail.mailer import NoMailer
from bot.cli import cli
from bot.core import logs
from bot.core.mail import mailer_for, server_of
from bot.core.settings import Settings, SettingsError, load, table

ROOT = Path(__file__).parents[3]
FIELDS = Settings.model_fields


@pytest.fixture(autouse=True)
def _nothing_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in FIELDS:
        monkeypatch.delenv(f"A486_{name.upper()}", raising=False)


WRONG = [
    ("A486_BOT_TOKEN", " ", "is empty"),
    ("A486_BOT_API", "api.telegram.org", "pattern"),
    ("A486_BOT_API", "https://api.telegram.org/", "pattern"),
    ("A486_DATABASE_URL", "nonsense", "not a database URL"),
    ("A486_DATABASE_URL", "mysql://user:geheim@host/name", "neither sqlite nor postgresql"),
    ("A486_LISTEN_PORT", "eight", "integer"),
    ("A486_LISTEN_PORT", "70000", "65535"),
    ("A486_WORKERS", "0", "greater than or equal to 1"),
    ("A486_WORKERS", "257", "less than or equal to 256"),
    ("A486_TURN_SECONDS", "0", "greater than 0"),
    ("A486_LEASE_SECONDS", "1", "greater than 1"),
    ("A486_DECLARATION_HOURS", "-1", "greater than 0"),
    ("A486_DECLARATION_VERSION", "", "at least 1"),
    ("A486_SID_PATTERN", "[0-9", "not a regular expression"),
    ("A486_SUPPORT_HOURS", "8:30-17:30", "is not like mon-fri 8:30-17:30"),
    ("A486_SUPPORT_HOURS", "mon-fri 17:30-8:30", "ends before it begins"),
    ("A486_JOB_DAYS", "0", "greater than or equal to 1"),
    ("A486_NOTICE_DAYS", "0", "greater than or equal to 1"),
    ("A486_POST_DAYS", "29", "greater than or equal to 30"),
    ("A486_BULK_CORRECTION_DAYS", "366", "less than or equal to 365"),
    ("A486_BULK_DAYS", "1", "greater than or equal to 2"),
    ("A486_LOG_FORMAT", "xml", "'console' or 'json'"),
    ("A486_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
    ("A486_WEBHOOK_SECRET", "with spaces", "1-256"),
    ("A486_WEBHOOK_SECRET", "x" * 257, "1-256"),
    ("A486_SMTP_HOST", "smtp.example.it\nx", "pattern"),
    ("A486_SMTP_PORT", "65536", "65535"),
    ("A486_SMTP_SECURITY", "ssl", "'none', 'starttls' or 'tls'"),
    ("A486_MAIL_FROM", "Uno <due>", "neither an address nor"),
    ("A486_CENTRAL", "remote", "'local' or 'http'"),
    ("A486_CENTRAL_URL", "central.example.it", "is not an address"),
    ("A486_CENTRAL_URL", "ftp://central.example.it", "is not an address"),
    ("A486_CENTRAL_URL", "https://user:geheim@central.example.it", "takes no user"),
    ("A486_CENTRAL_URL", "https://central.example.it/?key=geheim", "takes no user, query"),
    ("A486_CENTRAL_URL", "http://central.example.it", "https:// is needed"),
    ("A486_CENTRAL_TOKEN", "geheim\r\nX-More: 1", "takes A-Z"),
    ("A486_CENTRAL_SECONDS", "0", "greater than or equal to 0.1"),
    ("A486_SCP_SOURCE", "central", "needs A486_CENTRAL=http"),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_wrong_value_ends_the_start_with_one_line_that_names_it(name: str, value: str, words: str) -> None:
    result = CliRunner().invoke(cli, ["serve"], env={"A486_BOT_TOKEN": "1:x", name: value})

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"{name}: ")
    assert words in result.stderr
    assert "geheim" not in result.output


def test_a_missing_token_is_reported() -> None:
    result = CliRunner().invoke(cli, ["serve"])

    assert result.exit_code == 1
    assert result.stderr == "A486_BOT_TOKEN: is not set\n"


def test_a_webhook_needs_its_secret() -> None:
    with pytest.raises(SettingsError, match=r"^A486_WEBHOOK_SECRET: needed"):
        load(bot_token="1:x", webhook_url="https://example.org")


def test_a_webhook_must_have_an_address_that_telegram_calls() -> None:
    with pytest.raises(SettingsError, match=r"^A486_WEBHOOK_URL: .*https"):
        load(bot_token="1:x", webhook_url="http://example.org", webhook_secret="s")


def test_a_mail_server_needs_a_sender_and_a_user_a_password() -> None:
    with pytest.raises(SettingsError, match=r"^A486_MAIL_FROM: needed"):
        load(bot_token="1:x", smtp_host="smtp.example.it")
    with pytest.raises(SettingsError, match=r"^A486_SMTP_PASSWORD: needed"):
        load(bot_token="1:x", smtp_host="smtp.example.it", mail_from="a@example.it", smtp_user="a486")


def test_a_central_system_over_http_needs_an_address_and_a_token() -> None:
    with pytest.raises(SettingsError, match=r"^A486_CENTRAL_URL: needed"):
        load(bot_token="1:x", central="http", central_token="geheim")
    with pytest.raises(SettingsError, match=r"^A486_CENTRAL_TOKEN: needed"):
        load(bot_token="1:x", central="http", central_url="https://central.example.it/a486")
    settings = load(bot_token="1:x", central="http", central_url="http://[::1]:8000", central_token="geheim")
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("host", "security", "expected"),
    [
        ("smtp.example.it", "", "SmtpServer(smtp.example.it:587, starttls)"),
        ("smtp.example.it", "tls", "SmtpServer(smtp.example.it:465, tls)"),
        ("smtp.example.it", "none", "SmtpServer(smtp.example.it:25, none)"),
        ("127.0.0.1", "", "SmtpServer(127.0.0.1:25, none)"),
        ("::1", "", "SmtpServer(::1:25, none)"),
        ("localhost", "starttls", "SmtpServer(localhost:587, starttls)"),
    ],
)
def test_mail_leaves_this_machine_in_the_clear_only_where_the_operator_says_so(
    host: str, security: str, expected: str
) -> None:
    settings = load(bot_token="1:x", smtp_host=host, smtp_security=security, mail_from="a@example.it")

    assert repr(server_of(settings)) == expected


@pytest.fixture
def warnings() -> Iterator[Callable[[], list[str]]]:
    """The warnings logged so far, as JSON."""
    stream = io.StringIO()
    logs.configure("json", "warning", stream)
    yield lambda: stream.getvalue().splitlines()
    logs.configure("console", "error")


def test_a_start_without_a_mail_server_says_that_mail_is_off(warnings: Callable[[], list[str]]) -> None:
    assert isinstance(mailer_for(load(bot_token="1:x")), NoMailer)
    (said,) = warnings()
    assert "mail.off" in said
    assert "A486_SMTP_HOST" in said


def test_a_start_that_will_sign_in_in_the_clear_says_so(warnings: Callable[[], list[str]]) -> None:
    known = {"bot_token": "1:x", "smtp_user": "a", "smtp_password": "geheim", "mail_from": "a@example.it"}
    mailer_for(load(**known, smtp_host="smtp.example.it", smtp_security="none"))
    mailer_for(load(**known, smtp_host="smtp.example.it"))
    mailer_for(load(**known, smtp_host="127.0.0.1"))

    (said,) = warnings()
    assert "mail.unencrypted" in said
    assert "geheim" not in said


@pytest.mark.parametrize("value", ["inf", "nan", "1e9", "0", "-1"])
@pytest.mark.parametrize("name", ["turn_seconds", "lease_seconds", "stuck_seconds", "declaration_hours"])
def test_a_senseless_time_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^A486_{name.upper()}: "):
        load(bot_token="1:x", **{name: value})


def test_an_empty_sid_pattern_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^A486_SID_PATTERN: "):
        load(bot_token="1:x", sid_pattern="")


def test_the_default_values_are_valid() -> None:
    settings = load(bot_token="1:x")

    assert settings.database == "sqlite:///var/a486.db"
    assert settings.register_file == Path("var/register.db")
    assert settings.keys == Path("var/keys")


def test_the_settings_file_is_read_and_the_environment_overrides_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("A486_BOT_TOKEN=1:from-file\nA486_WORKERS=3\nA486_LISTEN_PORT=1234\n")
    monkeypatch.setenv("A486_LISTEN_PORT", "4321")

    settings = load()

    assert settings.bot_token.get_secret_value() == "1:from-file"
    assert (settings.workers, settings.listen_port) == (3, 4321)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = load(bot_token="1:geheim", webhook_secret="geheim", smtp_password="geheim")

    assert "geheim" not in repr(settings)
    assert "geheim" not in str(settings.model_dump())


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_has_a_description(name: str) -> None:
    description = FIELDS[name].description or ""

    assert len(description) > 15
    assert description.endswith(".")


def test_the_settings_page_agrees_with_the_code() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert table() in page, "docs/settings.md: put there what bot.core.settings.table() gives"
    assert page.count("| `A486_") == len(FIELDS)
