"""What "without the verifier" means in a measurement: a check that lets every draft out."""

from collections.abc import Sequence

from kb.search import Hit
from rag.draft import Draft
from rag.verify.draft_check import CheckedDraft, DraftCheck


class PassingCheck(DraftCheck):
    """Checks nothing. For measurements alone: what it lets out may be untrue."""

    def __init__(self) -> None:
        """Without a verifier, which the base class would ask."""

    def check(self, draft: Draft, hits: Sequence[Hit], language: str, question: str = "") -> CheckedDraft:
        """``draft`` with the quotes it has, if any."""
        return CheckedDraft(draft.quotes, draft.support)
