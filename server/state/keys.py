"""API keys: made, listed, revoked, and checked on every request."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias, cast, get_args

from sqlalchemy import select

from kb.errors import ConfigurationError, InvalidKeyError, ScopeDeniedError
from kb.scope import AUDIENCES, Audience
from server.state.database import StateDatabase
from server.state.tables import ApiKeyRow

KeyScope: TypeAlias = Literal["chat", "search", "verify", "ingest", "feedback", "admin", "metrics"]
KEY_SCOPES: tuple[KeyScope, ...] = get_args(KeyScope)

_PREFIX = "cd_live_"
_PATTERN = re.compile(r"cd_live_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_INVALID = "The API key is missing or not valid. Send a valid one as `Authorization: Bearer cd_live_…`; `citedesk keys create` makes one."


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. Times are UTC."""

    id: str
    name: str
    audience: Audience
    scopes: frozenset[KeyScope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def usable(self, now: datetime) -> bool:
        """Whether the key is neither revoked nor expired at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

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

    def create_key(self, name: str, audience: Audience, scopes: Iterable[KeyScope], expires_at: datetime | None = None) -> NewKey:
        """Make a key: ``cd_live_<id>_<secret>`` with 256 random bits. Raises ConfigurationError for an unknown audience or scope."""
        granted = _checked(audience, scopes)
        identifier = secrets.token_hex(6)
        secret = f"{_PREFIX}{identifier}_{secrets.token_urlsafe(32)}"
        row = ApiKeyRow(
            id=identifier, hash=_digest(secret), name=name, audience=audience, scopes=" ".join(granted),
            created_at=_now(), expires_at=_naive(expires_at), revoked_at=None,
        )  # fmt: skip
        with self._database.session() as session:
            session.add(row)
            session.flush()
            return NewKey(_key(row), secret)

    def list_keys(self) -> list[ApiKey]:
        """Every key, revoked and expired ones too, oldest first."""
        with self._database.session() as session:
            return [_key(row) for row in session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_at, ApiKeyRow.id))]

    def revoke_key(self, identifier: str) -> ApiKey:
        """Revoke the key with this id, from the next request on. Raises ConfigurationError when there is none."""
        with self._database.session() as session:
            row = session.get(ApiKeyRow, identifier)
            if row is None:
                raise ConfigurationError(f"There is no key with the id '{identifier}'. `citedesk keys list` shows all ids.")
            row.revoked_at = row.revoked_at or _now()
            session.flush()
            return _key(row)

    def authenticate(self, secret: str | None) -> ApiKey:
        """The key that ``secret`` is. Raises InvalidKeyError with one and the same sentence whatever is wrong with it."""
        match = _PATTERN.fullmatch(secret or "")
        if secret is None or match is None:
            raise InvalidKeyError(_INVALID)
        with self._database.session() as session:
            row = session.get(ApiKeyRow, match[1])
            if row is None or not hmac.compare_digest(row.hash, _digest(secret)) or not _key(row).usable(datetime.now(UTC)):
                raise InvalidKeyError(_INVALID)
            return _key(row)


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


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        audience=cast(Audience, row.audience),
        scopes=frozenset(cast(list[KeyScope], row.scopes.split())),
        created_at=row.created_at.replace(tzinfo=UTC),
        expires_at=_aware(row.expires_at),
        revoked_at=_aware(row.revoked_at),
    )
