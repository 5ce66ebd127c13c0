"""Whom a deletion is about: what the shop's program calls a person, and the addresses and numbers by which he may be mentioned."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.errors import ConfigurationError
from rag.privacy.finder import PersonalDataFinder
from rag.privacy.found import plain
from server.state.user_hash import UserHasher

MIN_SEARCHED = 6
"""Characters. A shorter name such as ``42`` occurs everywhere; it is only looked for as a hash."""
_BETWEEN_DIGITS = r"[\s\-./()]{0,3}"
_MIN_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Customer:
    """``users`` are what requests call him (``safety_identifier`` or ``user``)."""

    users: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ConfigurationError when it names nobody."""
        if not any(name.strip() for name in self.names):
            raise ConfigurationError("Say whom to forget: the name that requests give the user, an e-mail address or a phone number.")
        if wrong := next((one for one in self.emails if "@" not in one), None):
            raise ConfigurationError(f"'{wrong}' is no e-mail address.")
        if wrong := next((one for one in self.phones if len(_digits(one)) < _MIN_DIGITS), None):
            raise ConfigurationError(f"'{wrong}' is no phone number: it has fewer than {_MIN_DIGITS} digits.")

    @property
    def names(self) -> tuple[str, ...]:
        """All that he is called; a shop's program may well send an address or number as the user's name."""
        return (*self.users, *self.emails, *self.phones)

    def hashes(self, hasher: UserHasher) -> tuple[str, ...]:
        """As what the state knows him."""
        hashed = (hasher.hash(name) for name in self.names)
        return tuple(dict.fromkeys(one for one in hashed if one is not None))


class Mentions:
    """Tells whether a text mentions ``customer``, however his addresses and numbers are written there."""

    def __init__(self, customer: Customer, finder: PersonalDataFinder) -> None:
        self._finder = finder
        names = [re.escape(plain(name.strip()).casefold()) for name in customer.names if len(name.strip()) >= MIN_SEARCHED]
        self._names = re.compile(rf"(?<![^\W_])(?:{'|'.join(names)})(?![^\W_])") if names else None
        given = (*customer.emails, *(f"tel: {phone}" for phone in customer.phones))
        self._keys = frozenset(found.key for text in given for found in finder.find(text))
        # Whatever else is written otherwise, these are not: searching a text for all personal data takes a thousand times as long.
        hints = [re.escape(mail.strip().partition("@")[0].casefold()) for mail in customer.emails]
        hints += [_BETWEEN_DIGITS.join(_digits(phone)[-_MIN_DIGITS:]) for phone in customer.phones]
        self._hints = re.compile("|".join(hints)) if hints else None

    def __contains__(self, text: str) -> bool:
        lowered = plain(text).casefold()
        if self._names is not None and self._names.search(lowered):
            return True
        return self._hints is not None and self._hints.search(lowered) is not None and self._is_found(text)

    def _is_found(self, text: str) -> bool:
        return any(found.key in self._keys for found in self._finder.find(text))


def byte_patterns(customer: Customer, hashes: Sequence[str]) -> tuple[bytes, ...]:
    """What to look for in files, in lower case: his hashes, and his names as UTF-8, as JSON writes them, and as digits alone."""
    written = (*hashes, *(one for name in customer.names for one in _spellings(name.strip(), name in customer.phones)))
    return tuple(dict.fromkeys(one.lower().encode() for one in written if len(one) >= MIN_SEARCHED))


def _spellings(name: str, is_phone: bool) -> Iterator[str]:
    yield name
    yield json.dumps(name)[1:-1]
    if is_phone:
        yield _digits(name)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
