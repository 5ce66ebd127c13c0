"""What becomes of a draft sentence: sent with its quotes, or removed with the reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.search import Hit
from kb.text.tokens import HAN
from rag.draft import Draft
from rag.privacy.found import PLACEHOLDER
from rag.reason import Reason
from rag.verify.checked_passage import known_passage
from rag.verify.claim import Claim
from rag.verify.likely_language import likely_language
from rag.verify.literal import find_problem
from rag.verify.translation import SAYS
from rag.verify.verifier import Verifier
from rag.verify.vicinity import KNOWN_SHARE, LEAST_WORDS, is_said_near
from rag.verify.words import meaning_words

SENT = 0.8
"""The least support, a probability, of a written sentence that is sent (docs/decisions/0014-verifier.md)."""
SENT_ACROSS = 0.95
"""The same where sentence and passage are in different languages."""
_HAN = re.compile(f"[{HAN}]")
_LETTERS = re.compile(r"[a-z]{3} .*[a-z]{3}")
_LETTER = re.compile(r"[^\W\d_]")
_WRITTEN_IN_HAN = ("zh", "ja")
OTHER_SCRIPT = Reason("language", "It is not in the question's language.")
PLACEHOLDER_LEFT = Reason("placeholder", "It speaks of something that was masked before the language model saw it.")
UNSURE = Reason("unsure", "It is not sure enough that the passage says this.")
OTHER_WORDS = Reason("other_words", "Too few of its words stand in the passage.")
SCATTERED = Reason("other_words", "Too few of its words stand where the passage is said to say this.")
NO_TRANSLATION = Reason("other_words", "It is not near enough to what the passage says in another language.")
SAYS_NOTHING = Reason("empty", "It says nothing that a passage could bear out.")


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """``quotes`` bear the draft out, each literally in its passage; ``problem`` is why it may not be sent, or None."""

    quotes: tuple[tuple[Hit, str], ...]
    support: float
    problem: str | None = None


class DraftCheck:
    """Checks drafts of every generator: quoted ones literally, written ones by the verifier."""

    def __init__(self, verifier: Verifier) -> None:
        """Where ``verifier`` has nothing that judges translations, no written sentence leaves across languages."""
        self._verifier = verifier

    def check(self, draft: Draft, hits: Sequence[Hit], language: str, question: str = "") -> CheckedDraft:
        """``hits`` are what was retrieved for the question; nothing else can bear a sentence out. ``language`` is the question's.

        ``question`` is what the shopper wrote: a case that it states need not stand in the sentence.
        """
        if draft.quotes:
            return CheckedDraft(draft.quotes, draft.support, find_problem(draft))
        claim = Claim(draft.text, ())
        if not claim.says_something:
            return CheckedDraft((), 0.0, SAYS_NOTHING)
        if _is_in_another_script(claim.text, language):
            return CheckedDraft((), 0.0, OTHER_SCRIPT)
        if any(match.group() not in hit.passage.text for match in PLACEHOLDER.finditer(claim.text) for hit in hits):
            return CheckedDraft((), 0.0, PLACEHOLDER_LEFT)
        known = [language, *dict.fromkeys(hit.passage.language for hit in hits)]
        spoken = likely_language(claim.plain, known)
        possible = [hit for hit in hits if _may_bear_out(claim.plain, spoken, hit, draft.cited)]
        if not possible:
            return CheckedDraft((), 0.0, OTHER_WORDS)
        finding = self._verifier.verify(claim.plain, spoken, possible, [hit for hit in draft.cited if hit in possible], question)
        if finding.verdict != "supported" or finding.hit is None:
            return CheckedDraft((), finding.support, finding.reason)
        if finding.support < support_to_send(spoken, finding.hit.passage.language):
            return CheckedDraft((), finding.support, UNSURE)
        return CheckedDraft(((finding.hit, finding.quote),), finding.support, self._strays(claim.plain, spoken, finding.hit, finding.quote))

    def _strays(self, text: str, language: str, hit: Hit, quote: str) -> Reason | None:
        """Why ``quote`` does not seem to be about what ``text`` says, by other means than the reader's; None where it does."""
        passage = known_passage(hit)
        if language == passage.language:
            return None if is_said_near(text, passage, quote) else SCATTERED
        translation = self._verifier.translation
        is_near = translation is not None and translation.height(text, quote, passage.reading.context) >= SAYS
        return None if is_near else NO_TRANSLATION


def _is_in_another_script(text: str, language: str) -> bool:
    """Whether somebody who asks in ``language`` cannot read ``text``: it has no Chinese character, or mostly such."""
    han = len(_HAN.findall(text))
    if language == "zh":
        return not han and _LETTERS.search(text) is not None
    return language not in _WRITTEN_IN_HAN and 2 * han > len(_LETTER.findall(text))


def support_to_send(language: str, passage_language: str) -> float:
    """The least support, a probability, at which a sentence in ``language`` that a model wrote is sent."""
    return SENT if language == passage_language else SENT_ACROSS


def _may_bear_out(text: str, language: str, hit: Hit, cited: Sequence[Hit]) -> bool:
    """Whether ``hit`` is asked at all. An agent's draft is held against every passage; what nobody reads first has to be surer.

    Small models write sentences about nothing in the passages, for which no judge was made. So most of the words have to be the
    passage's, and across languages, where that cannot be told, the model has to have named the passage. To ask first what costs
    nothing also saves most of the reading.
    """
    if language != hit.passage.language:
        return hit in cited
    words = meaning_words(text, language)
    known = words & meaning_words(hit.passage.encoded_text, language)
    return text in hit.passage.text or (len(known) >= LEAST_WORDS and len(known) >= KNOWN_SHARE * len(words))

