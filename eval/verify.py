"""How well the verifier tells true claims from corrupted ones: what share of each kind it refuses, by half and language.

``citedesk eval verify``
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from eval.claim import Claim, ClaimKind
from eval.metrics import mean
from eval.question import Half, half_of
from eval.verification import CitedClaim
from rag.draft import Draft
from rag.verify.draft_check import DraftCheck
from rag.verify.problem import Finding
from rag.verify.verifier import Verifier


@dataclass(frozen=True, slots=True)
class VerifiedClaim:
    """A claim and what the verifier made of it.

    ``held_back``: it would not be sent if a language model had written it, which takes more than the verdict "supported"; None where
    that was not asked.
    """

    claim: Claim
    finding: Finding
    held_back: bool | None = None

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the claim's id."""
        return half_of(self.claim.id)

    @property
    def refused(self) -> bool:
        """Whether the verifier would not let it out."""
        return self.finding.verdict != "supported"

    @property
    def right(self) -> bool:
        """Whether it did what it should."""
        return self.refused != self.claim.true


@dataclass(frozen=True, slots=True)
class VerifyRow:
    """How many claims of one kind, and the share of them refused, in each half; None where there are none.

    ``held_back_tune`` and ``held_back_test`` are the shares that would not be sent if a language model had written them.
    """

    kind: str
    claims: int
    tune: float | None
    test: float | None
    held_back_tune: float | None
    held_back_test: float | None


def run(
    claims: Sequence[CitedClaim], verifier: Verifier, check: DraftCheck | None = None, advance: Callable[[int], None] = lambda _: None
) -> list[VerifiedClaim]:
    """Hold each claim against the passage it cites, and no other; ``advance`` is told after each one.

    ``check``, if any, is asked about it as of a sentence that a model wrote, with that citation, for somebody who asked in its language.
    """
    verified = []
    for cited in claims:
        finding = verifier.verify(cited.claim.sentence, cited.claim.language, (), [cited.hit])
        verified.append(VerifiedClaim(cited.claim, finding, None if check is None else _is_held_back(cited, check)))
        advance(1)
    return verified


def _is_held_back(cited: CitedClaim, check: DraftCheck) -> bool:
    draft = Draft(cited.claim.sentence, cited=(cited.hit,))
    return check.check(draft, [cited.hit], cited.claim.language).problem is not None


def tabulate(verified: Iterable[VerifiedClaim]) -> list[VerifyRow]:
    """A row for each kind, and one for all true claims."""
    collected = list(verified)
    rows = [_row(kind, [one for one in collected if one.claim.kind == kind]) for kind in get_args(ClaimKind)]
    return [*rows, _row("true", [one for one in collected if one.claim.true])]


def _row(kind: str, verified: Sequence[VerifiedClaim]) -> VerifyRow:
    tune = [one for one in verified if one.half == "tune"]
    test = [one for one in verified if one.half == "test"]
    shares = (_share([one.refused for one in half]) for half in (tune, test))
    return VerifyRow(kind, len(verified), *shares, *(_share([one.held_back for one in half]) for half in (tune, test)))


def _share(flags: Sequence[bool | None]) -> float | None:
    known = [flag for flag in flags if flag is not None]
    return mean(known) if known else None
