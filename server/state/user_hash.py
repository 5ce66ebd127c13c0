"""End users as keyed hashes: told apart and found again, without their names or addresses being kept."""

import hashlib
import hmac
import unicodedata

from server.state.database import StateDatabase
from server.state.secret import get_secret

USER_HASH = "user-hash"
"""The secret's name. Without it nobody can try names until a hash fits."""


class UserHasher:
    """HMAC-SHA256 of what a shop's program calls an end user (``safety_identifier`` or ``user`` of a request)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of(cls, database: StateDatabase) -> "UserHasher":
        """The one of ``database``, whose secret is made on the first call."""
        return cls(get_secret(database, USER_HASH))

    def hash(self, identifier: str | None) -> str | None:
        """Hexadecimal, the same whatever the case, width or blanks around it; None for an empty or missing name."""
        normal = unicodedata.normalize("NFKC", identifier or "").strip().casefold()
        return hmac.new(self._secret, normal.encode(), hashlib.sha256).hexdigest() if normal else None
