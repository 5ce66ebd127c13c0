"""Claims held against a whole knowledge base, as ``/v1/verify`` holds them: each of the passages found may bear a claim out by mistake.

``citedesk eval verify --everywhere``
"""

from collections.abc import Callable, Sequence
from datetime import date

from eval.claim import SHOP_PREFIX, Claim
from eval.verify import VerifiedClaim
from kb.scope import SearchScope
from kb.version import Version
from rag.verify.problem import Finding
from rag.verify.text import TextVerifier

NOTHING_SAID = Finding("not_found", 0.0, None, "")


def about_the_sample_shop(claims: Sequence[Claim]) -> list[Claim]:
    """Those of ``claims`` that cite a document of the sample shop."""
    return [claim for claim in claims if not claim.source.startswith(SHOP_PREFIX)]


def run_everywhere(
    claims: Sequence[Claim], verifier: TextVerifier, version: Version, today: date, advance: Callable[[int], None] = lambda _: None
) -> list[VerifiedClaim]:
    """Hold each claim against what an agent may see in ``version``, wherever and whenever it holds; ``advance`` is told after each one.

    A claim of several sentences is refused when one of them is.
    """
    scope = SearchScope(as_of=today, audience="internal", anywhere=True)
    verified = []
    for claim in claims:
        sentences = verifier.verify(claim.sentence, version, scope, claim.language)
        verified.append(VerifiedClaim(claim, min((one.finding for one in sentences), key=_standing, default=NOTHING_SAID)))
        advance(1)
    return verified


def _standing(finding: Finding) -> tuple[bool, float]:
    return finding.verdict == "supported", finding.support
