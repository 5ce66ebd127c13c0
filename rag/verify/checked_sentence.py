"""One sentence of a text that was verified."""

from dataclasses import dataclass, replace

from rag.answer import Citation, Verdict
from rag.verify.located_claim import LocatedClaim
from rag.verify.problem import Finding, Problem


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence, list item or table row of a text, and what it came to.

    ``text`` is without markers, and ``cited`` are their numbers. ``start`` and ``end``, and those of the finding's problems, are
    positions in the whole text, so that it can be underlined; markers in between are within them. ``citations`` show the passage that
    bears the sentence out, or the one that says otherwise.
    """

    text: str
    start: int
    end: int
    cited: tuple[int, ...]
    finding: Finding
    citations: tuple[Citation, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The finding's."""
        return self.finding.verdict


def checked_sentence(located: LocatedClaim, finding: Finding, citation: Citation | None) -> CheckedSentence:
    """``finding`` has positions in the claim; they become those in the whole text.

    Without a ``citation`` there is no passage of which to say that it lacks a word: then nothing bears the sentence out.
    """
    if citation is None:
        finding = replace(finding, problems=(Problem("wording", located.claim.text, 0, len(located.claim.text)),))
    positions = located.positions
    spans = [(positions[problem.start], positions[problem.end - 1] + 1) for problem in finding.problems]
    problems = tuple(replace(problem, start=start, end=end) for problem, (start, end) in zip(finding.problems, spans, strict=True))
    claim = located.claim
    citations = (citation,) if citation is not None else ()
    return CheckedSentence(claim.text, located.start, located.end, claim.cited, replace(finding, problems=problems), citations)


def with_unknown_markers(sentence: CheckedSentence, located: LocatedClaim, passages: int) -> CheckedSentence:
    """``sentence`` with a problem for each marker that names none of the ``passages``; the verdict is about what it says, and stays."""
    unknown = [marker for marker in located.markers if not 1 <= marker.number <= passages]
    problems = tuple(Problem("citation", str(marker.number), marker.start, marker.end) for marker in unknown)
    return replace(sentence, finding=replace(sentence.finding, problems=(*sentence.finding.problems, *problems)))
