"""Every setting, typed and described, read from `ASKFIRST_…` variables.

A variable of ours that is not a setting refuses to start: a typing error must neither open
nor weaken anything. Secrets never show in a repr, a log or an error.
"""

from __future__ import annotations

import os
import re
from enum import StrEnum
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from askfirst.bootstrap.connections.limits import ConnectionLimits
from askfirst.bootstrap.exports.settings import ExportSettings
from askfirst.bootstrap.sign_on.settings import SignOnSettings
from askfirst.domain.codes.code import DIGITS_MAX, DIGITS_MIN
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_template import CodeVariant
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.signing_secret import EXPECTED, is_signing_secret
from askfirst.domain.values.timestamp import MINUTE, SECOND

PREFIX = "ASKFIRST_"
_OF_THE_TESTS = PREFIX + "TEST_"
_CODES = CodeRules()
_CONNECTIONS = ConnectionLimits()
_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")
_DATABASE = "must be sqlite:///path/to/file.db or postgresql://user:password@host/database"


class LogFormat(StrEnum):
    """How log lines are written."""

    JSON = "json"
    CONSOLE = "console"


class LogLevel(StrEnum):
    """From which weight on lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(ExportSettings, SignOnSettings):
    """What an operator may set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: str = Field(
        default=f"{_SQLITE}var/askfirst.db",
        description="Where the ledger lives: sqlite:///path (four slashes for an absolute one) "
        "or postgresql://user:password@host/database.",
        repr=False,
    )
    keyring_file: Path | None = Field(
        default=None,
        description="The keys that encrypt numbers at rest. By default beside the SQLite file, "
        "and made together with it; must be named for PostgreSQL.",
    )
    head_file: Path | None = Field(
        default=None,
        description="Where the newest position and hash of the ledger are kept outside the "
        "database, so that an older copy of it is noticed. By default beside the keyring; better "
        "on another disk. Any number of processes may share it.",
    )
    head_url: str | None = Field(
        default=None,
        description="The address to which the head is posted once a minute, signed: a server out "
        "of reach for people who can change this machine; https, or on this machine.",
    )
    head_secret: SecretStr | None = Field(
        default=None,
        description="The secret of that signature (Standard Webhooks): whsec_ and base64 of 24 "
        "to 64 bytes.",
    )
    policy_file: Path | None = Field(
        default=None,
        description="The rules in force, as TOML. Without it, the built-in policy.",
    )
    webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="App secrets with which Meta signs webhooks; several, comma separated, "
        "while one is being rotated. Without any, every webhook is refused.",
    )
    webhook_verify_token: SecretStr | None = Field(
        default=None,
        description="The word that Meta repeats in the webhook's handshake.",
    )
    smoothing_seconds: float = Field(
        default=1.0,
        ge=0,
        le=10,
        description="How long the gateway keeps a message that comes faster than Meta takes them, "
        "so that a burst leaves at Meta's pace instead of being refused; 0 refuses at once. It is "
        "decided when its turn has come.",
    )
    graph_url: str = Field(
        default="https://graph.facebook.com",
        description="Where the Graph API is; another one for a simulator.",
    )
    graph_version: str = Field(
        default="v26.0",
        description="The Graph API version for calls of our own, and for clients that name none.",
    )
    gateway_url: str | None = Field(
        default=None,
        description="The address at which clients reach the gateway; addresses in its answers "
        "begin with it. Without it, what the client itself called.",
    )
    media_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("lookaside.fbsbx.com",),
        description="The hosts from which files are fetched with Meta's token, comma separated, "
        "beside that of ASKFIRST_GRAPH_URL. No other host is ever shown it.",
    )
    media_address_of_meta: bool = Field(
        default=False,
        description="Give callers that show Meta's own token Meta's address of a file in place of "
        "askfirst's: for clients that send their token to hosts of Meta's alone. Callers with an "
        "askfirst key always get askfirst's.",
    )
    public_url: str | None = Field(
        default=None,
        description="The address at which customers reach the hosted pages; links and QR codes "
        "are made of it. Without it, http://127.0.0.1 with the port of ASKFIRST_PORT.",
    )
    chat_url: str = Field(
        default="https://wa.me",
        description="Where links into a chat lead; another one for a simulator.",
    )
    prompt_token_seconds: int = Field(
        default=3600,
        ge=60,
        le=86_400,
        description="How long an answer counts as shown after its question was rendered.",
    )
    sms_url: str | None = Field(
        default=None,
        description="Where codes that go by SMS are posted, signed: an adapter of your provider; "
        "https, or on this machine. Without it there is no SMS.",
    )
    sms_secret: SecretStr | None = Field(
        default=None,
        description="The secret of that signature (Standard Webhooks): whsec_ and base64 of 24 "
        "to 64 bytes.",
    )
    events_url: str | None = Field(
        default=None,
        description="Where events about codes are posted, signed: a server of yours; https, or on "
        "this machine. Without it no events are posted.",
    )
    events_secret: SecretStr | None = Field(
        default=None,
        description="The secret of that signature (Standard Webhooks): whsec_ and base64 of 24 "
        "to 64 bytes.",
    )
    subscriptions_to_loopback: bool = Field(
        default=False,
        description="Let subscriptions and receivers name servers on this machine, by http: for "
        "tests. Never where people that you do not know have API keys.",
    )
    code_digits: int = Field(
        default=_CODES.digits,
        ge=DIGITS_MIN,
        le=DIGITS_MAX,
        description="How long a one-time code is.",
    )
    code_minutes: int = Field(
        default=_CODES.life // MINUTE,
        ge=1,
        le=10,
        description="How many minutes a one-time code lives.",
    )
    code_fallback_seconds: int = Field(
        default=_CODES.fallback_after // SECOND,
        ge=1,
        le=300,
        description="When a code that was not delivered is followed by one through the next "
        "channel.",
    )
    code_variant: CodeVariant = Field(
        default=_CODES.variant,
        description="How WhatsApp hands a code over: copy_code, one_tap or zero_tap. The last two "
        "are for Android apps; zero_tap says that you accept Meta's terms for it.",
    )
    code_apps: str = Field(
        default="",
        description="The Android apps for one_tap and zero_tap: package=hash, comma separated.",
    )
    code_whatsapp_cost: int = Field(
        default=_CODES.whatsapp_cost,
        ge=0,
        description="What a code by WhatsApp costs, in millionths.",
    )
    code_sms_cost: int = Field(
        default=_CODES.sms_cost, ge=0, description="What a code by SMS costs, in millionths."
    )
    code_budget_per_day: int = Field(
        default=_CODES.budget,
        ge=0,
        description="What codes may cost one business in a day, in millionths; then it gets none.",
    )
    code_business_per_hour: int = Field(
        default=_CODES.business_most,
        ge=1,
        description="How many codes one business may send in an hour.",
    )
    code_everybody_per_hour: int = Field(
        default=_CODES.everybody_most,
        ge=1,
        description="How many codes all businesses together may send in an hour.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(
        default=8080, ge=0, le=65_535, description="The port to listen on; 0 for a free one."
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="The proxies in front, comma separated: 192.0.2.5, 198.51.100.0/24. What they "
        "say in X-Forwarded-For is where a customer comes from. Without any, it is the address "
        "that connects, and behind a proxy all customers share one limit of answers.",
    )
    connections_max: int = Field(
        default=_CONNECTIONS.connections,
        ge=16,
        le=100_000,
        description="How many connections may be open at once. For one more, the one makes room "
        "that has waited longest for the rest of a request, or for the next; where all are being "
        "answered, the new one gets 503. Needs as many open files, and 256 more.",
    )
    connections_per_address: int = Field(
        default=_CONNECTIONS.connections_per_address,
        ge=1,
        le=100_000,
        description="How many of them may come from one address, or from one IPv6 network of 64 "
        "bits; over it 429. Not for this machine and ASKFIRST_TRUSTED_PROXIES: they stand for "
        "many customers, and limit these themselves.",
    )
    head_bytes_max: int = Field(
        default=_CONNECTIONS.head_bytes,
        ge=8_192,
        le=1_048_576,
        description="How large the head of a request may be, address and header fields together; "
        "over it, or over 100 fields, 431.",
    )
    head_seconds_max: int = Field(
        default=int(_CONNECTIONS.head_seconds),
        ge=1,
        le=120,
        description="How long the head of a request may take to arrive; over it 408.",
    )
    body_bytes_per_second_min: int = Field(
        default=_CONNECTIONS.body_bytes_per_second,
        ge=1,
        le=1_048_576,
        description="How fast a body must come at least, from its fifth second on; slower ones "
        "get 408.",
    )
    waiting_bytes_max: int = Field(
        default=_CONNECTIONS.waiting_bytes,
        ge=4_194_304,
        le=4_294_967_296,
        description="How much memory requests of unknown callers may take before they are "
        "complete. Over it, the one that has waited longest gets 503.",
    )
    waiting_bytes_per_address: int = Field(
        default=_CONNECTIONS.waiting_bytes_per_address,
        ge=4_194_304,
        le=4_294_967_296,
        description="How much of it for one address; over it 429. Behind "
        "ASKFIRST_TRUSTED_PROXIES the address is the customer's; this machine has no such limit.",
    )
    stop_confirmation: bool = Field(
        default=True,
        description="Confirm a stop that was said in the chat: one message of askfirst's, in the "
        "person's language. false: stops are honoured without a word.",
    )
    pass_through_meta_tokens: bool = Field(
        default=False,
        description="Let gateway callers use Meta's own tokens in place of askfirst keys. Meta is "
        "asked whether a token may read the number that is called.",
    )
    body_retention_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="How many days bodies of webhooks and sends are kept, encrypted.",
    )
    code_retention_days: int = Field(
        default=30,
        ge=7,
        le=3650,
        description="How many days requests for one-time codes are kept. Codes themselves are not.",
    )
    dead_letter_retention_days: int = Field(
        default=400,
        ge=30,
        le=3650,
        description="How many days deliveries for a sender that nobody registered are kept, "
        "encrypted. They may hold a stop, which is in force once it is registered.",
    )
    template_refresh_seconds: int = Field(
        default=3600,
        ge=10,
        le=86_400,
        description="How often the list of templates is read from Meta.",
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="debug, info, warning, error.")
    log_format: LogFormat = Field(
        default=LogFormat.JSON, description="json for machines, console for people."
    )

    @field_validator("webhook_secrets", "trusted_proxies", "media_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(str(ip_network(part)) for part in value)
        except ValueError:
            raise ValueError("must be addresses or networks: 192.0.2.5,198.51.100.0/24") from None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value.startswith(_POSTGRES) or (value.startswith(_SQLITE) and value != _SQLITE):
            return value
        raise ValueError(_DATABASE)

    @field_validator("graph_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#]+", value.rstrip("/")):
            raise ValueError("must be an address such as https://graph.facebook.com, no path")
        return value.rstrip("/")

    @field_validator("public_url", "chat_url", "gateway_url")
    @classmethod
    def _address_with_path(cls, value: str | None) -> str | None:
        if value is None:
            return value
        if not re.fullmatch(r"https?://[^\s?#]+", value.rstrip("/")):
            raise ValueError("must be an address such as https://optin.shop.example")
        return value.rstrip("/")

    @field_validator("media_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) for host in value):
            raise ValueError("must be names of hosts: lookaside.fbsbx.com,files.example.com")
        return value

    @field_validator("sms_url", "events_url", "head_url")
    @classmethod
    def _call_out(cls, value: str | None) -> str | None:
        if value is None:
            return value
        if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s#]*)?", value):
            raise ValueError("must be an address such as https://shop.example/askfirst")
        if value.startswith("http:") and not _is_loopback(urlsplit(value).hostname or ""):
            raise ValueError("must begin with https, unless it is on this machine")
        return value

    @field_validator("sms_secret", "events_secret", "head_secret")
    @classmethod
    def _signing_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_signing_secret(value.get_secret_value()):
            raise ValueError(EXPECTED)
        return value

    @field_validator("graph_version")
    @classmethod
    def _version(cls, value: str) -> str:
        if not re.fullmatch(r"v[0-9]{1,3}\.[0-9]", value):
            raise ValueError("must be a version such as v26.0")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.webhook_verify_token and not self.webhook_secrets:
            raise ValueError(
                f"{PREFIX}WEBHOOK_SECRETS is missing: the handshake would succeed, and then "
                "every webhook be refused"
            )
        if self.sms_url and not self.sms_secret:
            raise ValueError(f"{PREFIX}SMS_SECRET is missing: anybody could send SMS at your cost")
        if self.events_url and not self.events_secret:
            raise ValueError(f"{PREFIX}EVENTS_SECRET is missing: anybody could tell you anything")
        if self.head_url and not self.head_secret:
            raise ValueError(f"{PREFIX}HEAD_SECRET is missing: anybody could post another head")
        if self.sqlite_path is None and self.keyring_file is None:
            raise ValueError(f"{PREFIX}KEYRING_FILE must name the keyring of this database")
        return self

    @property
    def sqlite_path(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        if not self.database_url.startswith(_SQLITE):
            return None
        return Path(self.database_url.removeprefix(_SQLITE))

    @property
    def connection_limits(self) -> ConnectionLimits:
        """What strangers may use up."""
        return ConnectionLimits(
            connections=self.connections_max,
            connections_per_address=self.connections_per_address,
            head_bytes=self.head_bytes_max,
            head_seconds=self.head_seconds_max,
            body_bytes_per_second=self.body_bytes_per_second_min,
            waiting_bytes=self.waiting_bytes_max,
            waiting_bytes_per_address=self.waiting_bytes_per_address,
        )

    @property
    def keyring_path(self) -> Path:
        """The keyring's file, named or beside the database."""
        path = self.sqlite_path
        if self.keyring_file is not None or path is None:
            return self.keyring_file or Path()
        return path.with_name(path.name + ".keys")

    @property
    def head_path(self) -> Path:
        """The head's file, named or beside the keyring."""
        keyring = self.keyring_path
        return self.head_file or keyring.with_name(keyring.name.removesuffix(".keys") + ".head")


def _is_loopback(host: str) -> bool:
    """Return whether a host is this machine: what goes there is on no network."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load_settings(**given: Any) -> Settings:
    """Read the environment; what is `given` (and not None) wins over it.

    Raises:
        InvalidInput: one line that names the variable and says what would be right.
    """
    for variable in sorted(map(str.upper, os.environ)):
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX) or variable.startswith(_OF_THE_TESTS):
            continue
        if name not in Settings.model_fields:
            message = f"{variable} is not a setting; askfirst serve --settings lists them"
            raise InvalidInput(variable, message)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _refusal(first["loc"], first["msg"]) from None


def isolated_settings(**given: Any) -> Settings:
    """Make settings that the environment has no part in, for worlds that are thrown away."""
    defaults = {name: field.get_default() for name, field in Settings.model_fields.items()}
    return Settings(**(defaults | given))


def _refusal(place: tuple[int | str, ...], told: str) -> InvalidInput:
    message = told.removeprefix("Value error, ")
    variable = PREFIX + str(place[0]).upper() if place else ""
    return InvalidInput(variable, f"{variable}: {message}" if variable else message)
