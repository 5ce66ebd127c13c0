"""An answer as OpenAI's ``chat.completion``, and the fields that its stream shares with it."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

from kb.scope import Audience
from rag.answer import Answer, Usage
from rag.validity import Validity
from server.chat.rendering import render_content
from server.chat.sources import annotations, sources
from server.links import LinkSigner
from server.scope_fields import CitationStyle


@dataclass(frozen=True, slots=True)
class Reply:
    """What is the same in every part of one reply. ``created`` is in Unix seconds."""

    id: str
    created: int
    model: str
    audience: Audience
    style: CitationStyle
    signer: LinkSigner

    @classmethod
    def begin(cls, model: str, audience: Audience, style: CitationStyle, signer: LinkSigner) -> "Reply":
        """A reply with a fresh id."""
        return cls(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()), model, audience, style, signer)

    def head(self, kind: str) -> dict[str, Any]:
        """The fields that begin the response and each chunk; ``kind`` is the ``object``."""
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def sources(self, answer: Answer) -> list[dict[str, Any]]:
        """The answer's sources as this caller may see them."""
        return sources(answer, self.audience, self.signer)

    def annotations(self, answer: Answer) -> list[dict[str, Any]]:
        """The answer's annotations."""
        return annotations(answer, self.sources(answer), self.style)

    def extension(self, answer: Answer) -> dict[str, Any]:
        """The object ``citedesk``: how the answer came about. What was removed or is missing is shown to internal keys only."""
        about: dict[str, Any] = {
            "abstained": answer.abstained,
            "reason": answer.reason,
            "escalate": answer.escalate,
            "verified": answer.verified,
            "kb_version": answer.kb_version,
            "generator": answer.generator.name,
            "degraded": answer.generator.degraded,
            "conflicts": [{"passage_ids": list(conflict.passage_ids)} for conflict in answer.conflicts],
            "removed_count": len(answer.removed),
            "timings": dict(answer.timings),
            "validity": _validity(answer.validity),
        }
        if self.audience == "internal":
            about["gap"] = answer.gap
            about["conflicts"] = [{"passage_ids": list(conflict.passage_ids), "note": conflict.note} for conflict in answer.conflicts]
            about["removed"] = [{"text": removed.text, "reason": removed.reason} for removed in answer.removed]
        return about


def completion(answer: Answer, reply: Reply) -> dict[str, Any]:
    """The whole response."""
    listed = reply.sources(answer)
    message = {
        "role": "assistant",
        "content": render_content(answer, listed, reply.style),
        "refusal": None,
        "annotations": reply.annotations(answer),
    }
    return reply.head("chat.completion") | {
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish}],
        "usage": usage(answer.usage),
        "sources": listed,
        "citedesk": reply.extension(answer),
    }


def _validity(validity: Validity | None) -> dict[str, Any] | None:
    """For which day and region the answer holds; where and when another rule does."""
    if validity is None:
        return None
    return {
        "as_of": validity.as_of.isoformat(),
        "as_of_from": validity.as_of_from,
        "region": validity.region,
        "region_from": validity.region_from,
        "other_regions": list(validity.other_regions),
        "other_day": validity.other_day.isoformat() if validity.other_day is not None else None,
    }


def usage(counted: Usage) -> dict[str, int]:
    """OpenAI's usage object."""
    prompt, written = counted.prompt_tokens, counted.completion_tokens
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}
