"""Verifies a text from anywhere: an agent's draft, or another service's answer."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from kb.errors import DeadlineError
from kb.scope import SearchScope
from kb.search import Hit, HybridSearch
from kb.tally import timed
from kb.version import Version
from rag.citation_list import CitationList
from rag.products import ModelGuard, guard_for
from rag.verify.checked_sentence import CheckedSentence, checked_sentence, with_unknown_markers
from rag.verify.context import SentenceInContext, sentences_in_context
from rag.verify.given_passage import GivenPassage, NumberedHit, cite_given, numbered_hits
from rag.verify.problem import Finding
from rag.verify.verifier import Verifier

PASSAGES = 8
"""Passages that each sentence is held against, as many as a reader reads for a question."""

NEAR = 0.25
"""The least support at which a passage is shown beside a sentence that it does not bear out."""


class TextVerifier:
    """Verifies every sentence of a text. Safe for several threads; holds no state between texts."""

    def __init__(self, verifier: Verifier, search: HybridSearch) -> None:
        """``search`` finds the passages of a knowledge base, and its encoder the nearest of many given ones."""
        self._verifier = verifier
        self._search = search

    def verify(
        self,
        text: str,
        version: Version,
        scope: SearchScope,
        language: str | None = None,
        deadline: float | None = None,
        question: str = "",
    ) -> list[CheckedSentence]:
        """The sentences of ``text`` against the passages of ``version`` that ``scope`` admits.

        ``language`` is detected when not given; ``deadline`` is a reading of `time.monotonic`; ``question`` is what the text answers.
        Markers in the text name nothing here.

        Raises:
            EncoderMismatchError: the version was embedded with another encoder.
            DeadlineError: the deadline passed.
        """
        sentences = sentences_in_context(text, language, version.languages_of(scope.audience))
        guard = guard_for(version.titles(scope.audience))
        citations = CitationList(version)
        checked = []
        for sentence, hits in zip(sentences, self._found(sentences, version, scope), strict=True):
            _keep(deadline)
            with timed("verify"):
                finding = self._verifier.verify(sentence.plain, sentence.language, _of_same_models(guard, sentence, hits), (), question)
            cited = _quoted(finding)
            checked.append(checked_sentence(sentence.located, finding, citations.cite(*cited)[0] if cited else None))
        return checked

    def verify_against(
        self,
        text: str,
        passages: Sequence[GivenPassage],
        language: str | None = None,
        deadline: float | None = None,
        question: str = "",
    ) -> list[CheckedSentence]:
        """The sentences of ``text``, which answers ``question``, against ``passages``, which its markers ``[1]``, … mean.

        Raises:
            DeadlineError: the deadline passed.
        """
        pieces = numbered_hits(passages)
        told_in = Counter(piece.hit.passage.language for piece in pieces)
        sentences = sentences_in_context(text, language, [language for language, _ in told_in.most_common()])
        guard = guard_for(frozenset(piece.hit.passage.title for piece in pieces))
        checked = []
        for sentence, near in zip(sentences, self._nearest(sentences, pieces), strict=True):
            _keep(deadline)
            own = [piece.hit for piece in pieces if piece.number in sentence.located.claim.cited]
            with timed("verify"):
                finding = self._verifier.verify(sentence.plain, sentence.language, _of_same_models(guard, sentence, near), own, question)
            cited = _quoted(finding)
            one = checked_sentence(sentence.located, finding, cite_given(pieces, *cited) if cited else None)
            checked.append(with_unknown_markers(one, sentence.located, len(passages)))
        return checked

    def _found(self, sentences: Sequence[SentenceInContext], version: Version, scope: SearchScope) -> Iterator[list[Hit]]:
        """The best passages for each sentence. All are embedded at once."""
        questions = list(dict.fromkeys(question for sentence in sentences for question in sentence.questions))
        found = dict(zip(questions, self._search.search(version, questions, PASSAGES, scope), strict=True)) if questions else {}
        known: dict[str, Hit] = {}
        for sentence in sentences:
            hits = sorted((hit for question in sentence.questions for hit in found[question]), key=lambda hit: -hit.score)
            # A passage found for several sentences stays one object, whatever its scores: the verifier then cuts it up once.
            once = {hit.passage.id: known.setdefault(hit.passage.id, hit) for hit in hits}
            yield list(once.values())[:PASSAGES]

    def _nearest(self, sentences: Sequence[SentenceInContext], pieces: Sequence[NumberedHit]) -> Iterator[list[Hit]]:
        """The nearest of ``pieces`` for each sentence; all when they are few."""
        if len(pieces) <= PASSAGES or not sentences:
            yield from ([piece.hit for piece in pieces] for _ in sentences)
            return
        encoder = self._search.encoder
        told = encoder.encode_passages([piece.hit.passage.encoded_text for piece in pieces])
        asked = encoder.encode_queries([sentence.questions[-1] for sentence in sentences])
        for cosines in asked @ told.T:
            yield [pieces[int(place)].hit for place in np.argsort(-cosines, kind="stable")[:PASSAGES]]


def _of_same_models(guard: ModelGuard, sentence: SentenceInContext, hits: Sequence[Hit]) -> list[Hit]:
    """Without the passages about other models than those named by the sentence and what it leans on."""
    named = guard.asked_models(sentence.questions[-1])
    return [hit for hit in hits if guard.admits(named, hit.passage.title, hit.passage.text)]


def _quoted(finding: Finding) -> tuple[Hit, str] | None:
    """The passage to cite and its words: what bears the sentence out, says otherwise, or says all of it but a word or number."""
    near = finding.support >= NEAR and any(problem.kind != "wording" for problem in finding.problems)
    return (finding.hit, finding.quote) if finding.hit is not None and (finding.verdict != "not_found" or near) else None


def _keep(deadline: float | None) -> None:
    if deadline is not None and time.monotonic() > deadline:
        raise DeadlineError("The deadline passed before all sentences were verified. Send a shorter text, or allow more time.")
