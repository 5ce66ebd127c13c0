"""The two queues of the service, and which request stands in which."""

import os
from dataclasses import dataclass

from server.limits.admission import Admission
from server.settings import Settings

ANSWERS_WITH_LLM = 32
"""Answers at once when a language model writes them: most of their time is spent waiting for it."""
_ANSWERS = frozenset({"/v1/chat/completions"})
_LOOKUPS = frozenset({"/v1/search", "/v1/verify", "/v1/embeddings"})


@dataclass(frozen=True, slots=True)
class Queues:
    """``answers`` are written or picked; ``lookups`` are everything else that costs computing time: search, verify, embeddings."""

    answers: Admission
    lookups: Admission

    @classmethod
    def of(cls, settings: Settings) -> "Queues":
        """The queues that ``settings`` describe."""
        length, patience = settings.queue_length, settings.queue_seconds
        return cls(Admission(_answers(settings), length, patience), Admission(settings.max_lookups, length, patience))

    def before(self, method: str, path: str) -> Admission | None:
        """The queue in which such a request will stand; None for those that never wait: health, models, lists of documents."""
        if method != "POST":
            return None
        return self.answers if path in _ANSWERS else self.lookups if path in _LOOKUPS else None


def _answers(settings: Settings) -> int:
    """Picked answers are nothing but computing: more of them at once than processors would only make each slower."""
    if settings.max_answers is not None:
        return settings.max_answers
    return ANSWERS_WITH_LLM if settings.llm_url is not None else len(os.sched_getaffinity(0))
