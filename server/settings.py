"""Every setting of Citedesk. This file is the only reader of the environment; all else is handed a `Settings`."""

import difflib
import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from kb.errors import ConfigurationError
from kb.region import ALLOWED, region_code
from rag.privacy.phone import DEFAULT_REGIONS, PhoneRules

PREFIX = "CITEDESK_"
GIVEN_TO_CLIENTS = frozenset({"CITEDESK_PUBLIC_KEY", "CITEDESK_INTERNAL_KEY"})
"""Stand in keys.env for whoever asks, and are no settings."""
CLOSE_SPELLING = 0.6  # difflib ratio, without the prefix, from which a setting is offered for an unknown name


def _default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "citedesk"


def _known_zone(name: str) -> str:
    try:
        zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; use a name such as Europe/Berlin") from None
    return name


def _region(text: str) -> str:
    code = region_code(text)
    if code is None:
        raise ValueError(f"it must be {ALLOWED}, or a region that your documents name")
    return code


def _phone_regions(regions: tuple[str, ...]) -> tuple[str, ...]:
    try:
        PhoneRules(regions)
    except ConfigurationError as error:
        raise ValueError(str(error)) from None
    return regions


def _bare_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("it must begin with http:// or https://")
    return url.rstrip("/")


def _absolute_folders(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    if not all(folder.is_absolute() for folder in folders):
        raise ValueError("its folders must begin with /")
    return folders


def _webhook_url(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("http://", "https://")):
        raise ValueError("it must begin with http:// or https://")
    return url


def _state_url(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError("it must begin with sqlite:/// or postgresql+psycopg://")
    return url


def _host(name: str) -> str:
    if not re.fullmatch(r"(?:[\w-]+\.)*[\w-]+", name):
        raise ValueError(f"{name!r} is not the name of a host; write it without https:// and path, such as shop.example")
    return name.lower()


def _host_or_address(name: str) -> str:
    try:
        return str(ip_address(name.strip("[]")))
    except ValueError:
        return _host(name)


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or text != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(f"{text!r} is not the origin of a page; write scheme and host, such as https://shop.example; '*' is not taken")
    return text.lower()


def _versioned_url(url: str) -> str:
    bare = _bare_url(url)
    if not bare.endswith("/v1"):
        raise ValueError("it must end in /v1, the root of an OpenAI-compatible API")
    return bare


class Settings(BaseSettings):
    """All settings, frozen. Each can be given as an environment variable ``CITEDESK_<NAME>``.

    ``state_url`` is the database of keys, runs and the like: a file of SQLite (in ``data`` when not given), or one of PostgreSQL, which
    several servers may share.
    ``encoder`` and ``reranker`` name a model or a folder; ``bundled`` is the encoder that comes with Citedesk,
    run at ``encoder_precision``. ``reader`` decides whether anything answers; ``words`` needs no weights and is weak.
    ``entailment`` names a cross-encoder that verifies in its place.
    ``ocr`` says whether PDF pages without usable text are read from their pictures: ``auto`` does if the extra is installed.
    ``ocr_seconds`` is the processor time for it that each file has.
    ``parse_seconds`` and ``parse_memory_mib`` bound what reading one document may take; more seconds are given for each page of a PDF.
    ``timezone`` is the shop's: it decides which day's rules hold "today". ``public_base_url`` is where shoppers
    reach this service; links to originals begin with it. ``request_seconds`` bounds one answer, and ``top_k`` is how
    many passages a search returns that names no number. ``query_batch`` is how many simultaneous questions are embedded together at most;
    1 embeds each by itself. ``remember_questions`` is how many of the last questions are kept for comparing
    versions; none by default, for customers' texts may hold personal data.

    ``max_answers`` are written or picked at once (when not given: as many as there are processors, 32 with a language model), and
    ``max_lookups`` searches and verifications; ``queue_length`` requests of each kind wait, at most ``queue_seconds``; others are refused.
    A request's body must have come within ``body_seconds``. Keys and end users have the requests and tokens ``_per_minute`` that their
    settings say, 0 for as many as they like; ``limits_store`` is where they are counted: in each server process or the state database.
    ``unknown_fields`` says whether a request's fields that nobody knows are ignored and named in a header, or refused. ``cors_origins`` are
    the origins whose pages may call the API from a browser, and ``allowed_hosts`` the names under which it answers; all, without any.
    ``plain_model_id`` is the model of a chat front end's own calls (titles, tags), written without the knowledge base and unverified:
    ``plain_model`` says whose keys may use it. ``embedding_aliases`` are further names of the encoder, and ``max_embed_batch`` bounds the
    texts of one request to it.

    ``llm_url`` is where an OpenAI-compatible server writes the answers; without it they are picked from the passages.
    ``llm_model`` is its name for the model (the first that it lists, when not given) and ``llm_key`` its key. When it fails and
    ``llm_fallback`` is set, the answer is picked and labelled instead. ``llm_max_tokens`` bounds one answer, and
    ``llm_first_token_seconds`` is how long its first word may take. ``llm_style`` is what it may write: ``free`` sentences of its own,
    the default; ``marked``, the same, each made to end in the marker of a passage; ``quoted``, nothing but sentences of the passages,
    the default of the bundled model. The last two need a server that decodes by a grammar, as vLLM does.

    ``mask_llm`` puts placeholders in the place of shoppers' personal data before the language model sees it, and ``phone_regions`` are the
    regions whose phone numbers are recognised in their national form.
    ``client_instructions`` says whether the messages of the roles ``system`` and ``developer`` in a request reach it, below our rules.
    ``link_domains`` are hosts, with all below them, that any answer may link to; others only where a document with such a public address
    is cited.

    ``web_hosts`` are the hosts whose pages ``ingest`` may fetch, ``http://name`` over plain HTTP as well; none, and it fetches nothing.
    ``golden`` is the folder of the shop's golden questions, ``golden`` in the data folder when not given. ``gate_tolerance`` is the share
    of them that may break, and ``gate_floor`` the share that must pass, for a new version to be published (`eval.gate_rule`).
    ``ingest_roots`` are the folders from which ``POST /v1/ingest`` may read; without any it is off. ``webhook_url`` is told of ingest runs
    that went wrong, or of every one (``webhook_on``); ``webhook_secret`` signs what it is told.
    ``audit_anchors`` is a file, best on another disk, that gets the audit log's end after every ingest, backup and deletion of a customer.

    ``metrics_access`` says who may read ``/metrics``: with ``key``, keys of the scope ``metrics`` or ``admin``; with ``loopback`` also
    whoever connects from this machine; with ``open`` anybody. ``otlp_url`` is where traces are sent, those of ``trace_share`` of all
    requests. ``log_passages`` says whether the log names, by id, the passages that were found for each request, and those it cited.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=None, frozen=True, extra="ignore")

    data: Path = Path("var/data")
    state_url: Annotated[SecretStr, AfterValidator(_state_url)] | None = None
    cache: Path = Field(default_factory=_default_cache)
    encoder: str = "bundled"
    encoder_precision: Literal["float32", "mixed", "int8"] = "mixed"
    reader: Literal["bundled", "words"] = "bundled"
    reranker: str | None = None
    entailment: str | None = None
    ocr: Literal["auto", "off"] = "auto"
    ocr_seconds: int = Field(default=900, ge=30, le=86_400)
    parse_seconds: int = Field(default=15, ge=1, le=900)
    parse_memory_mib: int = Field(default=480, ge=256, le=65_536)
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    default_region: Annotated[str, AfterValidator(_region)] | None = None
    public_base_url: Annotated[str, AfterValidator(_bare_url)] = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    model_id: str = Field(default="citedesk", pattern=r"^[A-Za-z0-9._/-]{1,64}$")
    model_aliases: tuple[str, ...] = ()
    plain_model_id: str = Field(default="citedesk-plain", pattern=r"^[A-Za-z0-9._/-]{1,64}$")
    plain_model: Literal["off", "internal", "all"] = "internal"
    embedding_aliases: tuple[str, ...] = ()
    max_question_chars: int = Field(default=8000, ge=1)
    max_verify_chars: int = Field(default=20_000, ge=1)
    max_body_bytes: int = Field(default=1 << 20, ge=1024)
    max_embed_batch: int = Field(default=2048, ge=1)
    unknown_fields: Literal["ignore", "refuse"] = "ignore"
    cors_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    allowed_hosts: tuple[Annotated[str, AfterValidator(_host_or_address)], ...] = ()
    max_search_batch: int = Field(default=256, ge=1)
    query_batch: int = Field(default=8, ge=1, le=1024)
    max_search_k: int = Field(default=100, ge=1)
    top_k: int = Field(default=10, ge=1)
    request_seconds: float = Field(default=120.0, gt=0)
    keep_alive_seconds: float = Field(default=10.0, gt=0)
    drain_seconds: int = Field(default=30, ge=0)
    body_seconds: float = Field(default=30.0, gt=0)
    max_answers: int | None = Field(default=None, ge=1)
    max_lookups: int = Field(default=32, ge=1)
    queue_length: int = Field(default=64, ge=0)
    queue_seconds: float = Field(default=5.0, gt=0)
    key_requests_per_minute: int = Field(default=0, ge=0)
    key_tokens_per_minute: int = Field(default=0, ge=0)
    user_requests_per_minute: int = Field(default=60, ge=0)
    user_tokens_per_minute: int = Field(default=0, ge=0)
    limits_store: Literal["memory", "state"] = "memory"
    refresh_seconds: float = Field(default=0.5, gt=0)
    keep_versions: int = Field(default=10, ge=1)
    link_ttl_days: int = Field(default=30, ge=1, le=3650)
    remember_questions: int = Field(default=0, ge=0, le=10_000)
    llm_url: Annotated[str, AfterValidator(_versioned_url)] | None = None
    llm_model: str | None = None
    llm_key: SecretStr | None = None
    llm_fallback: bool = True
    llm_max_tokens: int = Field(default=400, ge=1)
    llm_first_token_seconds: float = Field(default=30.0, gt=0)
    llm_style: Literal["free", "marked", "quoted"] | None = None
    client_instructions: bool = True
    link_domains: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    web_hosts: tuple[str, ...] = ()
    golden: Path | None = None
    mask_llm: bool = True
    phone_regions: Annotated[tuple[str, ...], AfterValidator(_phone_regions)] = DEFAULT_REGIONS
    gate_tolerance: float = Field(default=0.05, ge=0, le=1)
    gate_floor: float = Field(default=0.5, ge=0, le=1)
    ingest_roots: Annotated[tuple[Path, ...], AfterValidator(_absolute_folders)] = ()
    webhook_url: Annotated[SecretStr, AfterValidator(_webhook_url)] | None = None
    webhook_secret: SecretStr | None = None
    audit_anchors: Path | None = None
    webhook_on: Literal["failures", "always"] = "failures"
    metrics_access: Literal["key", "loopback", "open", "off"] = "key"
    otlp_url: Annotated[str, AfterValidator(_bare_url)] | None = None
    trace_share: float = Field(default=1.0, ge=0, le=1)
    log_passages: bool = True

    @property
    def tz(self) -> tzinfo:
        """The shop's time zone."""
        return zone(self.timezone)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that no log line may hold."""
        given = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in given if isinstance(value, SecretStr))

    def today(self) -> date:
        """Today in the shop's time zone: the day whose rules hold when a question names none."""
        return datetime.now(self.tz).date()


def zone(name: str) -> tzinfo:
    """The time zone called ``name``. UTC needs no zone database. Raises ZoneInfoNotFoundError."""
    return UTC if name == "UTC" else ZoneInfo(name)


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, with ``overrides`` (``None`` means not given) above it.

    Raises ConfigurationError naming the first setting that is wrong.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise ConfigurationError(f"The setting CITEDESK_{name.upper()} is wrong: {reason}. Correct or unset it.") from error
    except SettingsError as error:  # a list in the environment that is not JSON; the error names the field in double quotes
        name = str(error).partition('"')[2].partition('"')[0]
        raise ConfigurationError(f'The setting CITEDESK_{name.upper()} is wrong: write a JSON list such as ["/srv/shop"].') from error


def unread_variables() -> dict[str, str | None]:
    """The environment's variables that are named like settings and that nobody reads, each with the setting spelt most like it, if any is.

    Case does not count, as it does not where settings are read.
    """
    known = GIVEN_TO_CLIENTS.union(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)
    unread = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    return {name: _nearest_setting(name) for name in unread}


def _nearest_setting(variable: str) -> str | None:
    names = [name.upper() for name in Settings.model_fields]
    close = difflib.get_close_matches(variable.upper().removeprefix(PREFIX), names, n=1, cutoff=CLOSE_SPELLING)
    return f"{PREFIX}{close[0]}" if close else None


def own_environment(**settings: object) -> dict[str, str]:
    """All environment variables of another Citedesk process with these ``settings``, and otherwise those of this one."""
    return {**os.environ, **{f"CITEDESK_{name.upper()}": str(value) for name, value in settings.items()}}


def child_environment(programs: Path, given: Mapping[str, str]) -> dict[str, str]:
    """All environment variables of a server that this process starts: its own ones without Citedesk's settings, and ``given``.

    ``programs`` is searched first for executables. Citedesk's keys are none of the child's business.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CITEDESK_")}
    path = os.pathsep.join([str(programs), inherited.get("PATH", os.defpath)])
    return {**inherited, **given, "PATH": path}
