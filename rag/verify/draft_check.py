"""What becomes of a draft sentence: sent with its quotes, or removed with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.search import Hit
from rag.draft import Draft
from rag.verify.claim import Claim
from rag.verify.likely_language import likely_language
from rag.verify.literal import find_problem
from rag.verify.verifier import Verifier

SAYS_NOTHING = "It says nothing that a passage could bear out."


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """``quotes`` bear the draft out, each literally in its passage; ``problem`` is why it may not be sent, or None."""

    quotes: tuple[tuple[Hit, str], ...]
    support: float
    problem: str | None = None


class DraftCheck:
    """Checks drafts of every generator: quoted ones literally, written ones by the verifier."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def check(self, draft: Draft, hits: Sequence[Hit], language: str) -> CheckedDraft:
        """``hits`` are what was retrieved for the question; nothing else can bear a sentence out. ``language`` is the question's."""
        if draft.quotes:
            return CheckedDraft(draft.quotes, draft.support, find_problem(draft))
        claim = Claim(draft.text, ())
        if not claim.says_something:
            return CheckedDraft((), 0.0, SAYS_NOTHING)
        known = [language, *dict.fromkeys(hit.passage.language for hit in hits)]
        finding = self._verifier.verify(claim.plain, likely_language(claim.plain, known), hits, draft.cited)
        if finding.verdict != "supported" or finding.hit is None:
            return CheckedDraft((), finding.support, finding.reason)
        return CheckedDraft(((finding.hit, finding.quote),), finding.support)

