"""Every metric of Citedesk's own, with its labels. docs/watching.md has the same table, and a test compares them.

Labels take few values, all of them ours: codes, names of stages, route templates. Never a question, an address, a key or an id.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric family. ``buckets`` are a histogram's upper bounds in seconds."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


_LONG = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0)
_SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

STAGES = ("queue", "rewrite", "retrieve", "embed", "search", "rerank", "weigh", "first_token", "generate", "verify")
"""The stages that are told apart. ``retrieve`` holds those of ``embed``, ``search`` and ``rerank`` that fall into it."""
LLM_RESULTS = ("ok", "stopped", "busy", "down", "refused", "turned_away")

REQUESTS = Metric("citedesk_requests", "counter", "Requests by route and class of status; 499: left.", ("route", "method", "status_class"))
REQUEST_SECONDS = Metric("citedesk_request_seconds", "histogram", "From a request to the end of its response.", ("route",), _LONG)
IN_PROGRESS = Metric("citedesk_requests_in_progress", "gauge", "Requests that are being answered.")
ERRORS = Metric("citedesk_errors", "counter", "Errors sent, also within a stream, by the code in OpenAI's error object.", ("code",))
ANSWERS = Metric(
    "citedesk_answers", "counter", "Answers asked for, by what became of them.", ("outcome", "audience", "generator", "degraded")
)
DECLINES = Metric("citedesk_declines", "counter", "Questions that were declined, by reason.", ("reason", "audience"))
ESCALATIONS = Metric("citedesk_escalations", "counter", "Questions that a person has to see, answered or not.", ("audience",))
FIRST_SENTENCE = Metric("citedesk_first_sentence_seconds", "histogram", "From a request to its first verified sentence.", (), _LONG)
ANSWER_SECONDS = Metric("citedesk_answer_seconds", "histogram", "From a request to the end of its complete answer.", (), _LONG)
STAGE_SECONDS = Metric("citedesk_stage_seconds", "histogram", "What one request spent in a stage, all in all.", ("stage",), _SHORT)
SENTENCES = Metric("citedesk_sentences", "counter", "Verified sentences sent.")
REMOVED = Metric("citedesk_removed_sentences", "counter", "Written sentences that were not sent, by what was wrong.", ("problem",))
CONFLICTS = Metric("citedesk_conflicts", "counter", "Pairs of passages found to contradict each other.")
TOKENS = Metric("citedesk_tokens", "counter", "Tokens by the generator's own count.", ("kind", "generator"))
MASKED = Metric("citedesk_masked", "counter", "Pieces of personal data kept from the language model.", ("kind",))
LLM_CALLS = Metric("citedesk_llm_calls", "counter", "Completions asked of the language model, by how they ended.", ("result",))
LLM_RETRIES = Metric("citedesk_llm_retries", "counter", "Completions that were asked for once more.")

BREAKER_OPEN = Metric("citedesk_llm_breaker_open", "gauge", "1 while the language model is taken to be down.")
BREAKER_OPENINGS = Metric("citedesk_llm_breaker_openings", "counter", "How often the language model was found to be down.")
QUEUE_WAITING = Metric("citedesk_queue_waiting", "gauge", "Requests that wait to be let in.", ("queue",))
QUEUE_RUNNING = Metric("citedesk_queue_running", "gauge", "Requests that were let in and are under way.", ("queue",))

READY = Metric("citedesk_ready", "gauge", "1 when questions can be answered (/readyz).")
KB_VERSION = Metric("citedesk_kb_version", "gauge", "The number of the version that is served; 0 for none.")
KB_AGE = Metric("citedesk_kb_age_seconds", "gauge", "How long ago the version that is served was made.")
KB_PASSAGES = Metric("citedesk_kb_passages", "gauge", "Passages that an audience may see.", ("audience",))
KB_DOCUMENTS = Metric("citedesk_kb_documents", "gauge", "Documents in the version that is served.")
KB_FALLBACK = Metric("citedesk_kb_fallback", "gauge", "1 when the current version cannot be served, and another one or none is.")
ENCODER_MISMATCH = Metric("citedesk_kb_encoder_mismatch", "gauge", "1 when the version was embedded with another encoder.")
RUNS = Metric("citedesk_ingest_runs", "counter", "Ingest runs on record, by outcome.", ("outcome",))
RUNNING = Metric("citedesk_ingest_running", "gauge", "Ingest runs of which no ending is known yet.")
LAST_RUN = Metric("citedesk_ingest_last_run", "gauge", "1 for the outcome of the last ingest run that did something.", ("outcome",))
LAST_RUN_AGE = Metric("citedesk_ingest_last_run_age_seconds", "gauge", "How long ago that run ended.")
LAST_GOOD_AGE = Metric("citedesk_ingest_last_good_age_seconds", "gauge", "How long ago a run last published, or found nothing to do.")
DISK_FREE = Metric("citedesk_data_free_bytes", "gauge", "Free space where the data folder lies.")
DISK_SIZE = Metric("citedesk_data_size_bytes", "gauge", "All space where the data folder lies.")
BLIND = Metric("citedesk_watch_blind", "gauge", "1 for a part of these metrics that could not be read just now.", ("part",))
INFO = Metric("citedesk_build", "gauge", "Always 1.", ("version", "encoder", "generator"))

COUNTED = (
    REQUESTS, REQUEST_SECONDS, IN_PROGRESS, ERRORS, ANSWERS, DECLINES, ESCALATIONS, FIRST_SENTENCE, ANSWER_SECONDS, STAGE_SECONDS,
    SENTENCES, REMOVED, CONFLICTS, TOKENS, MASKED, LLM_CALLS, LLM_RETRIES,
)  # fmt: skip
"""Those that grow with every request."""
READ = (
    BREAKER_OPEN, BREAKER_OPENINGS, QUEUE_WAITING, QUEUE_RUNNING, READY, KB_VERSION, KB_AGE, KB_PASSAGES, KB_DOCUMENTS, KB_FALLBACK,
    ENCODER_MISMATCH, RUNS, RUNNING, LAST_RUN, LAST_RUN_AGE, LAST_GOOD_AGE, DISK_FREE, DISK_SIZE, BLIND, INFO,
)  # fmt: skip
"""Those that are read when Prometheus asks."""
CATALOGUE = (*COUNTED, *READ)
