"""The verification of a text, as ``POST /v1/verify`` and ``citedesk verify`` give it."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from kb.scope import SearchScope
from kb.tally import note_found
from kb.version import Version
from rag.answer import Citation, Verdict
from rag.verify.checked_sentence import CheckedSentence
from rag.verify.claim import split_claims
from rag.verify.given_passage import GivenPassage
from rag.verify.problem import Problem
from rag.verify.text import TextVerifier
from server.chat.sources import source_fields
from server.errors import RequestError
from server.links import LinkSigner
from server.settings import Settings

MAX_SENTENCES = 400
MAX_PASSAGES = 50
MAX_PASSAGES_CHARS = 100_000
"""Of all given passages together, titles included."""


@dataclass(frozen=True, slots=True)
class TextToVerify:
    """A text within the limits, its language if it was named, and the ``question`` that it answers if that is known."""

    text: str
    language: str | None
    deadline: float
    question: str = ""

    @classmethod
    def checked(cls, text: str, language: str | None, settings: Settings, question: str | None = None) -> "TextToVerify":
        """Raises RequestError when ``text`` is empty or too long or has too many sentences, or when ``question`` is too long."""
        limit = settings.max_verify_chars
        if not text.strip():
            raise RequestError("The text is empty. Send the sentences to verify.", code="empty_text", param="text")
        if len(text) > limit:
            raise RequestError(
                f"The text has {len(text)} characters; at most {limit} are verified at once. Send it in parts.",
                code="text_too_long",
                param="text",
            )
        count = len(split_claims(text, language or "und"))
        if count > MAX_SENTENCES:
            raise RequestError(
                f"The text has {count} sentences; at most {MAX_SENTENCES} are verified at once. Send it in parts.",
                code="text_too_long",
                param="text",
            )
        longest = settings.max_question_chars
        if question is not None and len(question) > longest:
            raise RequestError(
                f"The question has {len(question)} characters; at most {longest} are read. Send the question alone.",
                code="text_too_long",
                param="question",
            )
        tag = language.partition("-")[0].lower() if language else None
        return cls(text, tag, time.monotonic() + settings.request_seconds, question or "")


def check_passages(passages: Sequence[GivenPassage]) -> None:
    """Raise RequestError when one is empty, or they are none, too many or too long."""
    if not 1 <= len(passages) <= MAX_PASSAGES:
        raise RequestError(
            f"There are {len(passages)} passages; give 1 to {MAX_PASSAGES}, or leave 'passages' out to verify against the knowledge base.",
            code="invalid_value" if not passages else "too_many_passages",
            param="passages",
        )
    for place, passage in enumerate(passages):
        if not passage.text.strip():
            raise RequestError("The passage is empty. Give its text, or leave it out.", code="empty_text", param=f"passages[{place}].text")
    length = sum(len(passage.text) + len(passage.title or "") for passage in passages)
    if length > MAX_PASSAGES_CHARS:
        raise RequestError(
            f"The passages have {length} characters; at most {MAX_PASSAGES_CHARS} are taken. Leave out what the text is not about.",
            code="text_too_long",
            param="passages",
        )


def verified_in(version: Version, scope: SearchScope, asked: TextToVerify, verifier: TextVerifier, signer: LinkSigner) -> dict[str, Any]:
    """``asked`` against the knowledge base, as the scope's audience may see it. Raises DeadlineError, EncoderMismatchError."""
    sentences = verifier.verify(asked.text, version, scope, asked.language, asked.deadline, asked.question)
    note_found(version.id, dict.fromkeys(one.passage_id for sentence in sentences for one in sentence.citations))
    shown = [
        _sentence(sentence, [source_fields(one, version.id, scope.audience, signer) for one in sentence.citations])
        for sentence in sentences
    ]
    return _verification(sentences, shown, version.id)


def verified_against(passages: Sequence[GivenPassage], asked: TextToVerify, verifier: TextVerifier) -> dict[str, Any]:
    """``asked`` against the given passages. Raises RequestError, DeadlineError."""
    check_passages(passages)
    sentences = verifier.verify_against(asked.text, passages, asked.language, asked.deadline, asked.question)
    shown = [_sentence(sentence, [_given_fields(one) for one in sentence.citations]) for sentence in sentences]
    return _verification(sentences, shown, None)


def _verification(sentences: Sequence[CheckedSentence], shown: list[dict[str, Any]], kb_version: str | None) -> dict[str, Any]:
    counted = Counter(sentence.verdict for sentence in sentences)
    summary: Mapping[str, int] = {verdict: counted[verdict] for verdict in get_args(Verdict)}
    return {"object": "verification", "sentences": shown, "summary": summary, "kb_version": kb_version}


def _sentence(sentence: CheckedSentence, citations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "verdict": sentence.verdict,
        "support": sentence.finding.support,
        "cited": list(sentence.cited),
        "citations": citations,
        "problems": [_problem(problem) for problem in sentence.finding.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "text": problem.text,
        "start": problem.start,
        "end": problem.end,
        "told": problem.told,
        "message": problem.message,
    }


def _given_fields(citation: Citation) -> dict[str, Any]:
    """The fields of a source, without what only a document of the knowledge base has."""
    return {
        "number": citation.number,
        "passage_id": citation.passage_id,
        "document_id": None,
        "source": None,
        "document": None,
        "title": citation.title,
        "url": None,
        "public_url": None,
        "original": None,
        "page": None,
        "quote": citation.quote,
        "language": citation.language,
    }
