"""Every setting of the product: environment variables that begin with `A486_`, or a `.env` file beside the
process.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.exc import ArgumentError

from backend.budgets.values import Budget, Limits
from backend.core.db.database import async_url
from backend.core.mail.address import read_sender
from backend.devices.codes import SID_PATTERN
from backend.tickets.times import WorkingHours, read_hours
from device_bridge.wire.address import is_loopback, is_protected


class ScpOrigin(StrEnum):
    """Where the content of SCP files comes from."""

    GENERATED = "generated"
    """The service makes reference content."""
    UPLOADED = "uploaded"
    """The staff attaches the distributor's files."""
    CENTRAL = "central"
    """The distributor's central system makes them."""


class CentralKind(StrEnum):
    """Which central system is asked."""

    LOCAL = "local"
    """The register of supplies on this machine. Nobody is told of associations."""
    HTTP = "http"
    """The distributor's, over HTTP."""


class Settings(BaseSettings):
    """The typed settings. Each field says what it is for; the variable is its name in capitals after
    `A486_`.
    """

    model_config = SettingsConfigDict(env_prefix="A486_", env_file=".env", extra="ignore")

    bot_token: SecretStr = Field(description="The bot's token, as BotFather gave it. Never logged.")
    bot_api: str = Field(
        "https://api.telegram.org",
        description="Where the Bot API is: Telegram's own, or a server of the same kind.",
        pattern=r"^https?://[^/]+$",
    )
    data: Path = Field(
        Path("var"), description="The folder for the database, the register of supplies and the keys."
    )
    database_url: str = Field(
        "",
        description="The database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME. "
        "Empty: a SQLite file in `data`.",
    )
    webhook_url: str = Field(
        "",
        description="The public https address for updates; Telegram calls /telegram below it. "
        "Empty: the bot asks for updates itself (long polling).",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="What Telegram repeats in each webhook call (1-256 of A-Z a-z 0-9 _ -). "
        "Needed with webhook_url.",
    )
    listen_host: str = Field("127.0.0.1", description="Where webhook and health answers are served.")
    listen_port: int = Field(8486, description="The port for them; 0 takes any free one.", ge=0, le=65535)
    public_url: str = Field(
        "",
        description="The public https address that leads to listen_host and listen_port: files too large for "
        "Telegram are handed over by links below it, /documents/. Empty: they are not handed over.",
        pattern=r"^(https?://[^/?#\s]+(/[^?#\s]*)?)?$",
    )
    send_megabytes: int = Field(
        50,
        description="The largest file that the Bot API sends, in MB: 50 for Telegram's own, up to 2000 for a "
        "server of one's own.",
        ge=1,
        le=2000,
    )
    workers: int = Field(16, description="Lanes that are processed at the same time.", ge=1, le=256)
    turn_seconds: float = Field(20.0, description="The time limit for one turn.", gt=0, le=600)
    lease_seconds: float = Field(
        30.0, description="How long a worker may hold a lane without a sign of life.", gt=1, le=3600
    )
    stuck_seconds: float = Field(
        60.0,
        description="Seconds without a sign of life after which a process ends itself, to be restarted.",
        ge=1,
        le=3600,
    )
    declaration_hours: float = Field(
        12.0, description="How long an accepted declaration holds: one access.", gt=0, le=8760
    )
    declaration_version: Annotated[str, StringConstraints(min_length=1, max_length=32)] = Field(
        "1", description="The version of the declaration's text, kept with each acceptance."
    )
    dead_letter_days: int = Field(
        30,
        description="How many days what failed three times keeps its content, which holds personal data.",
        ge=1,
        le=3650,
    )
    person_look_ups_hour: int = Field(
        2000, description="Look-ups of one person for one integrator in a clock hour; 0 sets no limit.", ge=0
    )
    person_look_ups_day: int = Field(
        5000,
        description="Look-ups of one person for one integrator in 24 clock hours; 0 sets no limit.",
        ge=0,
    )
    integrator_look_ups_hour: int = Field(
        5000, description="Look-ups of all who act for an integrator in a clock hour; 0 sets no limit.", ge=0
    )
    integrator_look_ups_day: int = Field(
        20000,
        description="Look-ups of all who act for an integrator in 24 clock hours; 0 sets no limit.",
        ge=0,
    )
    job_days: int = Field(
        7,
        description="How many days a job that ended is kept, with what it was asked and what came of it.",
        ge=1,
        le=365,
    )
    notice_days: int = Field(
        90,
        description="How many days a notice that ended is kept. Until then nobody gets the same one again.",
        ge=1,
        le=3650,
    )
    registration_days: int = Field(
        365,
        description="Days for which decided registrations, expired invitations and strangers are kept.",
        ge=1,
        le=3650,
    )
    post_days: int = Field(
        400,
        description="How many days the bot remembers its messages. The buttons of older ones do nothing.",
        ge=30,
        le=3650,
    )
    bulk_correction_days: int = Field(
        30,
        description="How many days the lines of a bulk file that were not loaded can be corrected.",
        ge=1,
        le=365,
    )
    bulk_days: int = Field(
        400,
        description="How many days a bulk request is kept, with its file and its rows.",
        ge=2,
        le=3650,
    )
    programming_days: int = Field(
        1825,
        description="How many days a programming job is kept after its end, with photo, place and report.",
        ge=30,
        le=7300,
    )
    ticket_days: int = Field(
        730,
        description="How many days a request for assistance is kept after it was closed.",
        ge=30,
        le=7300,
    )
    support_hours: str = Field(
        "mon-fri 8:30-17:30",
        description="When assistance works, in Rome, without public holidays. Targets count these hours.",
    )
    sid_pattern: str = Field(
        SID_PATTERN,
        description="What a SID or MOME-ID looks like (a regular expression); its structure is not public.",
        min_length=1,
    )
    scp_source: ScpOrigin = Field(
        ScpOrigin.GENERATED,
        description="Where the content of SCP files comes from: `generated` makes reference content; "
        "`uploaded` waits for the staff to attach the distributor's files; "
        "`central` asks the central system.",
    )
    central: CentralKind = Field(
        CentralKind.LOCAL,
        description="Which central system is asked: `local` is the loaded register of supplies; "
        "`http` is the distributor's, at central_url, which is told of associations too.",
    )
    central_url: str = Field(
        "",
        description="The address of the central system: https://HOST, perhaps with a path. "
        "http:// for this machine alone. Needed with `http`.",
    )
    central_token: SecretStr = Field(
        SecretStr(""), description="The token for the central system. Needed with `http`. Never logged."
    )
    central_seconds: float = Field(
        4.0, description="How long one call of the central system may take.", ge=0.1, le=10
    )
    smtp_host: str = Field(
        "",
        description="The server that sends e-mail. Empty: e-mail is off.",
        pattern=r"^[A-Za-z0-9.:_-]*$",
    )
    smtp_port: int = Field(
        0,
        description="Its port; 0 is the usual one: 25 for none, 587 for starttls, 465 for tls.",
        ge=0,
        le=65535,
    )
    smtp_security: Literal["", "none", "starttls", "tls"] = Field(
        "",
        description="How the connection to it is protected. Empty: none to this machine, else starttls.",
    )
    smtp_user: str = Field("", description="The user to sign in with. Empty: the bot does not sign in.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The user's password. Never logged.")
    mail_from: str = Field(
        "",
        description="Who the bot's e-mail is from: `address` or `Name <address>`. Needed with smtp_host.",
    )
    bridge_url: str = Field(
        "",
        description="The public address of the gateway of device bridges: wss://HOST (they add /bridge). "
        "Empty: there is no gateway.",
    )
    bridge_host: str = Field(
        "127.0.0.1",
        description="Where the gateway is served. Without a certificate on this machine alone: "
        "what ends TLS must stand beside it.",
    )
    bridge_port: int = Field(8487, description="The gateway's port; 0 takes any free one.", ge=0, le=65535)
    bridge_certificate: str = Field(
        "", description="The file of the gateway's TLS certificate (PEM, with its chain). Empty: no TLS."
    )
    bridge_certificate_key: str = Field(
        "", description="The file of the certificate's private key. Empty: it is in the same file."
    )
    bridge_simulated: bool = Field(
        False, description="Whether reports of simulated devices count. For tests and demos only."
    )
    log_format: Literal["console", "json"] = Field("console", description="How the log is written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is logged at least."
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            if value:
                async_url(value)
        except ArgumentError:
            raise ValueError("is not a database URL") from None  # the error repeats it, password and all
        return value

    @field_validator("bot_token")
    @classmethod
    def _given(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().strip():
            raise ValueError("is empty")
        return value

    @field_validator("sid_pattern")
    @classmethod
    def _a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"is not a regular expression: {error}") from error
        return value

    @field_validator("support_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        read_hours(value)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _as_telegram_takes_it(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("takes 1-256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("central_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("is not an address: https://HOST")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("takes no user, query or fragment")
        return value

    @field_validator("central_token")
    @classmethod
    def _a_token(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{0,4096}", value.get_secret_value()):
            raise ValueError("takes A-Z a-z 0-9 . _ ~ + / = -")
        return value

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, value: str) -> str:
        if value and read_sender(value) is None:
            raise ValueError("is neither an address nor Name <address>")
        return value

    @property
    def database(self) -> str:
        """The database's URL, the default filled in."""
        return self.database_url or f"sqlite:///{self.data / 'a486.db'}"

    @property
    def look_up_limits(self) -> Limits:
        """The limits of the budgets of look-ups."""
        return {
            Budget.PERSON_HOUR: self.person_look_ups_hour,
            Budget.PERSON_DAY: self.person_look_ups_day,
            Budget.INTEGRATOR_HOUR: self.integrator_look_ups_hour,
            Budget.INTEGRATOR_DAY: self.integrator_look_ups_day,
        }

    @property
    def working_hours(self) -> WorkingHours:
        """When assistance works."""
        return read_hours(self.support_hours)

    @property
    def register_file(self) -> Path:
        """The register of supplies, where the database is SQLite."""
        return self.data / "register.db"

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        return self.data / "keys"


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one readable line that names it."""


def load(**overrides: object) -> Settings:
    """Read the settings. Raises SettingsError."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # the environment fills the rest
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "A486_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {_plain(first['type'], first['msg'])}") from None
    if settings.webhook_url and not settings.webhook_secret.get_secret_value():
        raise SettingsError("A486_WEBHOOK_SECRET: needed with A486_WEBHOOK_URL")
    if (
        settings.webhook_url
        and not settings.webhook_url.startswith("https://")
        and urlsplit(settings.webhook_url).hostname != "127.0.0.1"
    ):
        raise SettingsError("A486_WEBHOOK_URL: Telegram calls https addresses only")
    if settings.public_url.startswith("http://") and urlsplit(settings.public_url).hostname != "127.0.0.1":
        raise SettingsError("A486_PUBLIC_URL: https is needed; http is for this machine alone")
    if settings.bridge_url and not is_protected(settings.bridge_url):
        raise SettingsError("A486_BRIDGE_URL: wss:// is needed; ws:// is for this machine alone")
    if settings.bridge_url and not settings.bridge_certificate and not is_loopback(settings.bridge_host):
        raise SettingsError("A486_BRIDGE_HOST: without A486_BRIDGE_CERTIFICATE this machine alone")
    _check_central(settings)
    if settings.smtp_host and not settings.mail_from:
        raise SettingsError("A486_MAIL_FROM: needed with A486_SMTP_HOST")
    if settings.smtp_user and not settings.smtp_password.get_secret_value():
        raise SettingsError("A486_SMTP_PASSWORD: needed with A486_SMTP_USER")
    return settings


def _check_central(settings: Settings) -> None:
    http = settings.central is CentralKind.HTTP
    if http and not settings.central_url:
        raise SettingsError("A486_CENTRAL_URL: needed with A486_CENTRAL=http")
    parts = urlsplit(settings.central_url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise SettingsError("A486_CENTRAL_URL: https:// is needed; http:// is for this machine alone")
    if http and not settings.central_token.get_secret_value():
        raise SettingsError("A486_CENTRAL_TOKEN: needed with A486_CENTRAL=http")
    if settings.scp_source is ScpOrigin.CENTRAL and not http:
        raise SettingsError("A486_SCP_SOURCE: central needs A486_CENTRAL=http")


def _plain(kind: str, message: str) -> str:
    return "is not set" if kind == "missing" else message.removeprefix("Value error, ")


def table() -> str:
    """The settings as a table in Markdown: variable, default, what it is for."""
    lines = ["| Variable | Default | What it is for |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        if field.is_required():
            shown = "*needed*"
        else:
            value = default.get_secret_value() if isinstance(default, SecretStr) else default
            shown = f"`{value}`" if value != "" else "*empty*"
        description = (field.description or "").replace("|", "\\|")
        lines.append(f"| `A486_{name.upper()}` | {shown} | {description} |")
    return "\n".join(lines) + "\n"
