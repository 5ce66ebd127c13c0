"""What becomes of a draft sentence: sent with its quotes, or removed with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.search import Hit
from kb.text.languages import detect_language
from rag.draft import Draft
from rag.verify.claim import Claim
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
        finding = self._verifier.verify(claim.plain, _language(draft.text, language), hits, draft.cited)
        if finding.verdict != "supported" or finding.hit is None:
            return CheckedDraft((), finding.support, finding.reason)
        return CheckedDraft(((finding.hit, finding.quote),), finding.support)


def _language(text: str, asked_in: str) -> str:
    """A short sentence is taken to be in the question's language; a long one may be in another."""
    return detect_language(text) if len(text) > 30 else asked_in
