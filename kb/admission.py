"""Which passages one search may use: the only place where scopes are enforced, as one mask over all passages."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from kb.scope import Audience, Scope, SearchScope, admits, visible_to
from kb.scoped_document import ScopedDocument
from kb.supersession import Chain, superseding_chains

CACHED_MASKS = 32  # a mask is one byte per passage; a shop's searches differ in day, region, channel and audience


@dataclass(frozen=True, slots=True)
class AdmissionRule:
    """What decides about a passage: its own scope, its document's audience, and the chains that supersede its document."""

    scope: Scope
    document_audience: Audience
    superseded_by: tuple[Chain, ...]

    def visible(self, reader: Audience) -> bool:
        """Whether ``reader`` may ever see the passage, whatever the day and place."""
        return visible_to(self.document_audience, reader) and visible_to(self.scope.audience, reader)

    def admits(self, search: SearchScope) -> bool:
        """Whether the passage may be used for ``search``."""
        return (
            visible_to(self.document_audience, search.audience)
            and admits(self.scope, search)
            and not any(all(admits(scope, search) for scope in chain) for chain in self.superseded_by)
        )


class Admission:
    """Masks over the passages of one version. Few rules are distinct, so each is asked once per search, not once per passage.

    ``codes`` [passages] gives the number of each passage's rule. Safe for several threads.
    """

    def __init__(self, rules: Sequence[AdmissionRule], codes: NDArray[np.int32]) -> None:
        self._rules = tuple(rules)
        self._codes = codes
        self._masks: OrderedDict[SearchScope, NDArray[np.bool_]] = OrderedDict()
        self._lock = Lock()

    def mask(self, scope: SearchScope) -> NDArray[np.bool_]:
        """True for each passage that ``scope`` admits: read-only, [passages], by ordinal."""
        with self._lock:
            known = self._masks.get(scope)
            if known is not None:
                self._masks.move_to_end(scope)
                return known
        mask = self._spread([rule.admits(scope) for rule in self._rules])
        with self._lock:
            self._masks[scope] = mask
            if len(self._masks) > CACHED_MASKS:
                self._masks.popitem(last=False)
        return mask

    def ordinals(self, audience: Audience) -> NDArray[np.int32]:
        """The ordinals of the passages that ``audience`` may ever see, ascending: what its indexes are built from."""
        visible = self._spread([rule.visible(audience) for rule in self._rules])
        return np.flatnonzero(visible).astype(np.int32)

    def regions(self, audience: Audience) -> frozenset[str]:
        """The regions that the scopes of the passages which ``audience`` may ever see name."""
        return frozenset(region for rule in self._rules if rule.visible(audience) for region in rule.scope.regions)

    def _spread(self, decisions: Sequence[bool]) -> NDArray[np.bool_]:
        mask = np.array(decisions, dtype=np.bool_)[self._codes]
        mask.flags.writeable = False
        return mask


def build_admission(
    documents: Sequence[ScopedDocument],
    scopes: Sequence[Scope],
    passage_documents: NDArray[np.int32],
    passage_scopes: NDArray[np.int32],
) -> Admission:
    """The admission of a version. ``passage_documents`` and ``passage_scopes`` [passages] point into the first two."""
    owners, owner_codes = _owner_codes(documents)
    combined = passage_scopes.astype(np.int64) * max(len(owners), 1) + owner_codes[passage_documents]
    distinct, codes = np.unique(combined, return_inverse=True)
    rules = [AdmissionRule(scopes[code // len(owners)], *owners[code % len(owners)]) for code in distinct.tolist()]
    return Admission(rules, codes.astype(np.int32))


def _owner_codes(documents: Sequence[ScopedDocument]) -> tuple[list[tuple[Audience, tuple[Chain, ...]]], NDArray[np.int64]]:
    numbers: dict[tuple[Audience, tuple[Chain, ...]], int] = {}
    codes = np.empty(len(documents), dtype=np.int64)
    for position, (document, chains) in enumerate(zip(documents, superseding_chains(documents), strict=True)):
        codes[position] = numbers.setdefault((document.scope.audience, chains), len(numbers))
    return list(numbers), codes
