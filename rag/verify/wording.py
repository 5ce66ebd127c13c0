"""Whether a passage's sentence says what a claim says: the reader's logit, held against what it is known to overlook.

The reader forgives a "not" and a dropped condition more easily than a person does. So the claim's negations, sweeping words
("always", "every") and conditions are counted beside the sentence's, and shared words are weighed the other way round: of two claims
that the reader likes equally, the one in the passage's own words with one thing turned round is the likelier forgery. A logistic
regression, fitted on the tuning half of ``eval/verification`` by ``citedesk eval fit-wording``.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from rag.verify.words import content_words

NEGATIONS = (
    r"\b(?:not|no|never|without|neither|nor|none|nothing|nobody|cannot|unable|excluded|refus\w*|declin\w*|free)\b|n[’']t\b"
    r"|\b(?:nicht|kein\w*|nie|ohne|weder|ne|pas|jamais|sans|aucun\w*|nunca|sin|ningun\w*|non|mai|senza|nessun\w*)\b"
    r"|不(?![同锈错止仅断少久足到])|没|无(?!线|人机)|非(?!常)|勿|未|禁|拒"
)
SWEEPING = (
    r"\b(?:always|any|every|all|anywhere|everyone|everybody|anytime|whenever|whatever|regardless|ever)\b"
    r"|\b(?:immer|jede\w*|alle\w*|überall|toujours|tout\w*|chaque|partout|siempre|tod[oa]s?|cualquier\w*|sempre|ogni|tutt[oaie])\b"
    r"|任何|所有|全部|都|随时|一律|始终|总是|无论|不管"
)
CONDITIONS = (
    r"\b(?:if|only|unless|except|provided|within|until|before|after|when|but|however|must|as long as|at least|up to|from|unopened)\b"
    r"|\b(?:wenn|nur|außer|innerhalb|bis|vor|nach|sofern|si|seulement|sauf|avant|après|jusqu|solo|salvo|antes|después|hasta|se|entro|prima|dopo)\b"
    r"|如果|仅|只|除|若|须|前|内|时|但|需|以上|以下|才|未"
)
MOST = 4.0
"""Logits beyond this tell no more."""
FEW = 0.4
"""Below this share of its words a claim is about something else; above, more of the passage's own words speak for a forgery."""
MANY_WORDS = 20
"""The unit in which the length of a claim is counted."""
ACROSS_LANGUAGES = (0.6, 0.5)
"""The shares of words taken for granted where claim and passage are in different languages."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What speaks for and against a claim's wording.

    ``shared`` are shares of its words, in the passage and in the sentence; ``words`` is how many it has.
    """

    logit: float
    negated_otherwise: bool
    negations_odd: bool
    more_sweeping: bool
    fewer_conditions: bool
    shared_with_passage: float
    shared_with_sentence: float
    words: int

    @property
    def features(self) -> tuple[float, ...]:
        """As the regression takes them."""
        capped = min(self.logit, MOST)
        flags = (self.negated_otherwise, self.negations_odd, self.more_sweeping, self.fewer_conditions)
        shares = (self.shared_with_passage, self.shared_with_sentence)
        few = tuple(min(share, FEW) for share in shares)
        return (capped, max(0.0, capped), *map(float, flags), *shares, *few, self.words / MANY_WORDS)


@dataclass(frozen=True, slots=True)
class WordingModel:
    """The regression: ``weights`` in the order of `Wording.features`, and ``bias``; ``needed`` is the least support that suffices."""

    weights: tuple[float, ...]
    bias: float
    needed: float

    def support(self, wording: Wording) -> float:
        """The probability, in [0, 1], that the sentence bears the claim out."""
        total = self.bias + sum(weight * feature for weight, feature in zip(self.weights, wording.features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


LOGIT_ALONE = WordingModel((1.0, *[0.0] * 10), 0.0, 0.5)
"""For readers whose logits are all that is known of them."""
WORDS_ALONE = WordingModel((1.0, 0.0, -8.0, -8.0, *[0.0] * 7), 0.0, 0.5)
"""For shared words alone: "cannot" shares all of them with "can", so a claim that denies what the sentence does not is never borne out."""


def compare_wording(claim: str, sentence: str, passage: str, logit: float, claim_language: str, passage_language: str) -> Wording:
    """The wording of ``claim`` beside the ``sentence`` that it leans on; ``logit`` is the claim reader's for the whole passage."""
    denied, denied_there = _count(NEGATIONS, claim), _count(NEGATIONS, sentence)
    words = content_words(claim, claim_language)
    shared = ACROSS_LANGUAGES
    if claim_language == passage_language:
        most = max(1, len(words))
        shared = len(words & content_words(passage, passage_language)) / most, len(words & content_words(sentence, passage_language)) / most
    return Wording(
        logit,
        (denied > 0) != (denied_there > 0),
        denied % 2 != denied_there % 2,
        _count(SWEEPING, claim) > _count(SWEEPING, sentence),
        _count(CONDITIONS, claim) < _count(CONDITIONS, sentence),
        *shared,
        len(words),
    )


def _count(pattern: str, text: str) -> int:
    return len(_compiled(pattern).findall(text))


@lru_cache(maxsize=8)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
