"""The keys that were looked up lately, so that a busy service does not read its database on every request."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Generic, Protocol, TypeVar

SECONDS = 2.0
"""How long a look holds: a key revoked in another process stops working within this time."""
_MOST = 4096


class Identified(Protocol):
    """A key, as far as it matters here."""

    @property
    def id(self) -> str:
        """Its id."""


Key = TypeVar("Key", bound=Identified)


@dataclass(frozen=True, slots=True)
class Look(Generic[Key]):
    """What a look into the database found: a ``key``, or that there is none. ``until`` is on the monotonic clock."""

    key: Key | None
    until: float


class KnownKeys(Generic[Key]):
    """Looks by the digest of the secret, never by the secret. Good keys and wrong ones have room of their own, at most ``most`` each.

    A flood of wrong keys takes little memory, and no good key's place.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._good: OrderedDict[str, Look[Key]] = OrderedDict()
        self._wrong: OrderedDict[str, Look[Key]] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str, now: float) -> Look[Key] | None:
        """The look at ``digest``, if it still holds at ``now``."""
        look = self._good.get(digest) or self._wrong.get(digest)
        return look if look is not None and now < look.until else None

    def was_good(self, digest: str) -> bool:
        """Whether ``digest`` was a key when it was last looked up, however long ago."""
        return digest in self._good

    def put(self, digest: str, key: Key | None, now: float) -> None:
        """Remember a look that was begun at ``now``."""
        room, other = (self._wrong, self._good) if key is None else (self._good, self._wrong)
        with self._lock:
            other.pop(digest, None)
            room[digest] = Look(key, now + SECONDS)
            room.move_to_end(digest)
            while len(room) > self._most:
                room.popitem(last=False)

    def drop(self, identifier: str) -> None:
        """Forget all looks at the key with this id."""
        with self._lock:
            for digest in [digest for digest, look in self._good.items() if look.key is not None and look.key.id == identifier]:
                del self._good[digest]
