"""A claim that says "always" or "anyone" where the passage sets a condition: "Points can be redeemed, however few you have"."""

import re
from collections.abc import Sequence

from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage
from rag.verify.clause import clauses_of
from rag.verify.problem import Problem
from rag.verify.words import content_words

LEAST_SHARED = 0.4
"""The share of the claim's words that the sentence with the condition must have. On the claims that the reader learns from one in six
dropped conditions is found so (in Chinese one in five), and one true claim in 150 is taken for one."""
_SWEEPING = {
    "en": r"\b(?:always|any|anyone|anybody|anything|anytime|anywhere|every(?! (?:day|week|month|year|time|\d|other|two|three|few))|everyone"
    r"|everybody|all(?! (?:day|year|the way|in))|regardless|whatever|however|whichever|even (?:if|when|after|without|though)|whether"
    r"|no matter|unconditionally|without (?:having|any|needing)|from the (?:very )?(?:first|start))\b",
    "zh": r"随时|一律|任何|无论|不论|不管|哪怕|即使|就算|与否|也行|也可以|也能|都行|都可以|都能|都算|全部|所有|始终|无条件|没关系",
}
_LIMITING = {
    "en": r"\b(?:only|if|unless|except|provided|within|until|must|at least|at most|as long as|unopened|before|after|up to|from|needs?"
    r"|requires?|when|while|where|once|with)\b",
    "zh": r"仅|只|须|如|若|除|内|前|后|未|满|凭|限|且|起|时|者|以上|以下",
}


def find_swept_conditions(claim: ClaimFacts, passage: CheckedPassage, leant_on: Sequence[int]) -> list[Problem]:
    """The first sweeping word of ``claim``, where the sentence that it leans on most sets conditions that the claim has not; else nothing.

    A sweeping word in a clause that denies ("not in any case") widens nothing. Across languages no conditions are compared.
    """
    if claim.language != passage.language or claim.language not in _SWEEPING or not leant_on:
        return []
    told = passage.statements[leant_on[0]].text
    sweeping = re.compile(_SWEEPING[claim.language], re.IGNORECASE)
    found = list(sweeping.finditer(claim.text))
    if len(found) <= len(sweeping.findall(told)) or not _sets_more(told, claim) or _denied(claim, sweeping):
        return []
    return [Problem("condition", found[0].group(), found[0].start(), found[0].end(), told)]


def _sets_more(told: str, claim: ClaimFacts) -> bool:
    """Whether ``told`` has more conditions than the claim, and enough of its words to be about the same."""
    limiting = re.compile(_LIMITING[claim.language], re.IGNORECASE)
    words = content_words(claim.text, claim.language)
    shared = len(words & content_words(told, claim.language))
    return len(limiting.findall(told)) > len(limiting.findall(claim.text)) and shared >= LEAST_SHARED * max(1, len(words))


def _denied(claim: ClaimFacts, sweeping: re.Pattern[str]) -> bool:
    """In Chinese a "no" anywhere will do, for its clauses are short and hang together ("资料不是必填的，空着也能下单")."""
    clauses = clauses_of(claim.text, claim.language)
    return any(clause.negations and (claim.language == "zh" or sweeping.search(clause.text)) for clause in clauses)
