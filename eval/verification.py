"""Finds the passages that claims are about, through the product's own ingest.

No vectors are needed for that: a hashing encoder stands in for the real one.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from eval.claim import SHOP_PREFIX, Claim
from eval.shop import Shop, holds_answer, read_shops
from eval.shop_answers import ingested_shop
from ingest.options import IngestOptions
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoders.hashing import HashingEncoder
from kb.errors import ConfigurationError
from kb.passage import Passage
from kb.search import Hit
from kb.store import VersionStore
from kb.text.tokens import tokenize
from kb.version import Version

SAMPLE_SHOP = Path(__file__).parent.parent / "kb" / "sample" / "brightnook"
DIMENSION = 16


@dataclass(frozen=True, slots=True)
class CitedClaim:
    """A claim and the passage that it cites."""

    claim: Claim
    hit: Hit


def cited_claims(claims: Sequence[Claim], shops: Sequence[Shop] | None = None) -> list[CitedClaim]:
    """Each claim with its passage, grouped by source.

    Raises:
        ConfigurationError: a claim's source does not exist.
    """
    known = {shop.name: shop for shop in (read_shops() if shops is None else shops)}
    found = []
    for shop_name, group in groupby(sorted(claims, key=_shop_of), key=_shop_of):
        with _version(shop_name, known) as version:
            found += list(_cited(group, version))
    return found


def _shop_of(claim: Claim) -> str:
    return claim.source.removeprefix(SHOP_PREFIX) if claim.source.startswith(SHOP_PREFIX) else ""


@contextmanager
def _version(shop_name: str, known: dict[str, Shop]) -> Iterator[Version]:
    """A version of the named invented shop, or of the sample shop when there is no name."""
    encoder = HashingEncoder(DIMENSION)
    if shop_name:
        if shop_name not in known:
            raise ConfigurationError(f"There is no invented shop {shop_name!r} in eval/shops.")
        with ingested_shop(known[shop_name], encoder) as version:
            yield version
        return
    with tempfile.TemporaryDirectory(prefix="citedesk-verify-") as folder:
        store = VersionStore(Path(folder))
        ingest(store, encoder, [SourceSpec("sample", SAMPLE_SHOP)], IngestOptions())
        version = store.open_current()
        try:
            yield version
        finally:
            version.close()


def _cited(claims: Iterable[Claim], version: Version) -> Iterator[CitedClaim]:
    passages = [passage for document in version.all_documents() for passage in version.passages_of(document.id)]
    names = {document_id: version.document_name(document_id) for document_id in {passage.document_id for passage in passages}}
    for claim in claims:
        anywhere = claim.source.startswith(SHOP_PREFIX)
        own = [passage for passage in passages if anywhere or names[passage.document_id].path == claim.source]
        if not own:
            raise ConfigurationError(f"There is no document {claim.source}, which claim {claim.id} cites.")
        passage = next((passage for passage in own if holds_answer(passage.text, claim.quote)), None) or _nearest(own, claim)
        name = names[passage.document_id]
        yield CitedClaim(claim, Hit(passage, name.source, name.path, 0.0, 0.0, 0.0, 0.0))


def _nearest(passages: Sequence[Passage], claim: Claim) -> Passage:
    """Where the chunks were cut inside the quote: the passage with most of its words."""
    words = set(tokenize(claim.quote, claim.language))
    return max(passages, key=lambda passage: len(words.intersection(tokenize(passage.text, claim.language))))
