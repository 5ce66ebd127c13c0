"""What one key may give to another: never more than it has."""

from collections.abc import Iterable
from datetime import datetime

from kb.errors import ScopeDeniedError
from kb.scope import Audience
from server.state.keys import ApiKey


def may_see(viewer: ApiKey, key: ApiKey) -> bool:
    """Whether ``viewer``, an admin key, may know of ``key``: internal keys are no business of a public one."""
    return viewer.audience == "internal" or key.audience == "public"


def granted_until(giver: ApiKey, audience: Audience, scopes: Iterable[str], expires_at: datetime | None) -> datetime | None:
    """When a key that ``giver`` makes ends: as asked, at the latest with the giver itself.

    Raises ScopeDeniedError for an audience or a scope that the giver lacks, or a longer life than its own.
    """
    lacking = sorted(set(scopes) - giver.scopes)
    if lacking:
        raise ScopeDeniedError(f"A key can give only scopes that it has itself. This one lacks: {', '.join(lacking)}.")
    if audience == "internal" and giver.audience != "internal":
        raise ScopeDeniedError("A public key cannot make an internal one. Use an internal admin key, or `citedesk keys create`.")
    if giver.expires_at is not None and expires_at is not None and expires_at > giver.expires_at:
        raise ScopeDeniedError(f"A key cannot make one that outlives it. This one expires at {giver.expires_at.isoformat()}.")
    return expires_at or giver.expires_at
