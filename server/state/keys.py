"""API keys: made, listed, revoked, and checked on every request."""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias, cast, get_args

import structlog
from sqlalchemy import or_, select, update

from kb.errors import ConfigurationError, InvalidKeyError, ScopeDeniedError, StateUnavailableError
from kb.scope import AUDIENCES, Audience
from server.state import utc
from server.state.audit import AuditEvent, append
from server.state.database import StateDatabase
from server.state.known_keys import KnownKeys
from server.state.tables import ApiKeyRow

KeyScope: TypeAlias = Literal["chat", "search", "verify", "ingest", "feedback", "admin", "metrics"]
KEY_SCOPES: tuple[KeyScope, ...] = get_args(KeyScope)

_LOG = structlog.get_logger(__name__)
_PREFIX = "cd_live_"
_LONGEST_NAME = 200
_USE_NOTED_EVERY = timedelta(minutes=1)
_PATTERN = re.compile(r"cd_live_[0-9a-f]{12}_[A-Za-z0-9_-]{43}")
_INVALID = "The API key is missing or not valid. Send a valid one as `Authorization: Bearer cd_live_…`; `citedesk keys create` makes one."


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. Times are UTC; ``last_used_at`` is right to a minute or so."""

    id: str
    name: str
    audience: Audience
    scopes: frozenset[KeyScope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = None

    def usable(self, now: datetime) -> bool:
        """Whether the key is neither revoked nor expired at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def use_unnoted(self) -> bool:
        """Whether it is time to write again that the key is in use."""
        return self.last_used_at is None or datetime.now(UTC) - self.last_used_at >= _USE_NOTED_EVERY

    def to_json(self) -> dict[str, Any]:
        """The key as plain JSON values, with its ``state``."""
        state = "revoked" if self.revoked_at else "active" if self.usable(datetime.now(UTC)) else "expired"
        moments = {name: getattr(self, name) for name in ("created_at", "expires_at", "revoked_at", "last_used_at")}
        told = {name: None if moment is None else moment.isoformat() for name, moment in moments.items()}
        return {"id": self.id, "name": self.name, "audience": self.audience, "scopes": sorted(self.scopes), "state": state} | told

    def require(self, scope: KeyScope) -> None:
        """Raise ScopeDeniedError unless the key has ``scope``."""
        if scope not in self.scopes:
            raise ScopeDeniedError(
                f"This API key may not do this: it lacks the scope '{scope}'. Make a key that has it with `citedesk keys create`."
            )


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. ``secret`` is the whole key, and is shown only now."""

    key: ApiKey
    secret: str


class KeyStore:
    """The API keys of one data folder."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database
        self._known: KnownKeys[ApiKey] = KnownKeys()

    def create_key(
        self, name: str, audience: Audience, scopes: Iterable[KeyScope], expires_at: datetime | None = None, by: str = "service"
    ) -> NewKey:
        """Make a key: ``cd_live_<id>_<secret>`` with 256 random bits. ``by`` is who makes it, for the audit log.

        Raises ConfigurationError for a wrong name, audience or scope.
        """
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise ConfigurationError(f"A key's name has 1 to {_LONGEST_NAME} characters, all of them printable.")
        granted = _checked(audience, scopes)
        identifier = secrets.token_hex(6)
        secret = f"{_PREFIX}{identifier}_{secrets.token_urlsafe(32)}"
        row = ApiKeyRow(
            id=identifier, hash=_digest(secret), name=name, audience=audience, scopes=" ".join(granted),
            created_at=utc.now(), expires_at=utc.stored(expires_at), revoked_at=None,
        )  # fmt: skip
        with self._database.session() as session:
            session.add(row)
            session.flush()
            append(session, AuditEvent(by, "key.create", f"key:{identifier}", details={"audience": audience, "scopes": granted}))
            return NewKey(_key(row), secret)

    def list_keys(self) -> list[ApiKey]:
        """Every key, revoked and expired ones too, oldest first."""
        with self._database.session() as session:
            return [_key(row) for row in session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_at, ApiKeyRow.id))]

    def get_key(self, identifier: str) -> ApiKey | None:
        """The key with this id."""
        with self._database.session() as session:
            row = session.get(ApiKeyRow, identifier)
            return None if row is None else _key(row)

    def revoke_key(self, identifier: str, by: str = "service") -> ApiKey:
        """Revoke the key with this id: at once here, within `known_keys.SECONDS` in other processes. ``by`` is who does.

        Raises ConfigurationError when there is none.
        """
        with self._database.exclusive("keys") as session:
            row = session.get(ApiKeyRow, identifier)
            if row is None:
                raise ConfigurationError(f"There is no key with the id '{identifier}'. `citedesk keys list` shows all ids.")
            if row.revoked_at is None:
                row.revoked_at = utc.now()
                session.flush()
                append(session, AuditEvent(by, "key.revoke", f"key:{identifier}"))
            revoked = _key(row)
        self._known.drop(identifier)
        return revoked

    def recall(self, secret: str | None) -> ApiKey | None:
        """The key that ``secret`` is, from memory; ``None`` when the database has to be asked. Raises InvalidKeyError."""
        look = self._known.get(_digest(_well_formed(secret)), time.monotonic())
        return None if look is None else _usable(look.key)

    def was_good(self, secret: str) -> bool:
        """Whether ``secret`` was a key when this process last looked."""
        return self._known.was_good(_digest(secret))

    def authenticate(self, secret: str | None) -> ApiKey:
        """The key that ``secret`` is, from the database. Raises InvalidKeyError, the same sentence whatever is wrong with it."""
        text = _well_formed(secret)
        digest, began = _digest(text), time.monotonic()
        with self._database.session() as session:
            row = session.get(ApiKeyRow, text.removeprefix(_PREFIX).partition("_")[0])
            key = _key(row) if row is not None and hmac.compare_digest(row.hash, digest) else None
        self._known.put(digest, key, began)
        return _usable(key)

    def note_use(self, key: ApiKey) -> None:
        """Write that ``key`` is in use, unless another process did within the last minute. A failure is logged, and costs nothing else."""
        now = datetime.now(UTC)
        unnoted = or_(ApiKeyRow.last_used_at.is_(None), ApiKeyRow.last_used_at < utc.stored(now - _USE_NOTED_EVERY))
        try:
            with self._database.session() as session:
                session.execute(update(ApiKeyRow).where(ApiKeyRow.id == key.id, unnoted).values(last_used_at=utc.stored(now)))
        except StateUnavailableError as error:
            _LOG.warning("key_use_not_noted", key=key.id, reason=str(error))


def id_in(text: str) -> str:
    """The id of the key that ``text`` is the whole of; else ``text``: who finds a key in the open has no id for it."""
    return text.removeprefix(_PREFIX).partition("_")[0] if text.startswith(_PREFIX) else text


def _well_formed(secret: str | None) -> str:
    if secret is None or _PATTERN.fullmatch(secret) is None:
        raise InvalidKeyError(_INVALID)
    return secret


def _usable(key: ApiKey | None) -> ApiKey:
    if key is None or not key.usable(datetime.now(UTC)):
        raise InvalidKeyError(_INVALID)
    return key


def _checked(audience: str, scopes: Iterable[str]) -> list[KeyScope]:
    if audience not in AUDIENCES:
        raise ConfigurationError(f"'{audience}' is not an audience. Use one of: {', '.join(AUDIENCES)}.")
    wanted = set(scopes)
    unknown = sorted(wanted - set(KEY_SCOPES))
    if unknown or not wanted:
        wrong = f"Not among them: {', '.join(unknown)}." if unknown else "None was named."
        raise ConfigurationError(f"A key needs at least one of these scopes: {', '.join(KEY_SCOPES)}. {wrong}")
    return [scope for scope in KEY_SCOPES if scope in wanted]


def _digest(secret: str) -> str:
    """A plain SHA-256: the secret has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        audience=cast(Audience, row.audience),
        scopes=frozenset(cast(list[KeyScope], row.scopes.split())),
        created_at=row.created_at.replace(tzinfo=UTC),
        expires_at=utc.read(row.expires_at),
        revoked_at=utc.read(row.revoked_at),
        last_used_at=utc.read(row.last_used_at),
    )
