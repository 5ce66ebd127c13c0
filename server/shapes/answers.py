"""Answers: OpenAI's chat completion, its chunks, and what Citedesk adds."""

from typing import Literal

from rag.answer import AbstainReason, FinishReason
from server.shapes.shape import Shape


class Source(Shape):
    """What a marker ``[number]`` stands for. Only a passage that the caller gave himself has no document."""

    number: int
    passage_id: str
    document_id: str | None
    source: str | None
    document: str | None
    title: str
    url: str | None
    public_url: str | None
    original: str | None
    page: int | None
    quote: str
    language: str


class UrlCitation(Shape):
    """OpenAI's citation, and three fields more. The indexes count code points of the content."""

    start_index: int
    end_index: int
    url: str
    title: str
    document_id: str
    page: int | None
    snippet: str


class Annotation(Shape):
    """OpenAI's annotation."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class Message(Shape):
    """The answer."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Annotation]


class Choice(Shape):
    """The one choice there is."""

    index: int
    message: Message
    logprobs: None
    finish_reason: FinishReason


class Usage(Shape):
    """Tokens, by the language model's count; estimated where there is none."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ConflictShape(Shape):
    """Two passages that contradict each other. ``note`` is for internal keys."""

    passage_ids: list[str]
    note: str | None = None


class RemovedShape(Shape):
    """A sentence that was not sent."""

    text: str
    reason: str


class ValidityShape(Shape):
    """For which day and region the answer holds; where and when another rule does."""

    as_of: str
    as_of_from: str
    region: str | None
    region_from: str
    other_regions: list[str]
    other_day: str | None


class Extension(Shape):
    """How the answer came about. ``gap`` and ``removed`` are for internal keys."""

    abstained: bool
    reason: AbstainReason | None
    escalate: bool
    verified: bool
    kb_version: str
    generator: str
    degraded: bool
    conflicts: list[ConflictShape]
    removed_count: int
    timings: dict[str, float]
    validity: ValidityShape | None
    gap: str | None = None
    removed: list[RemovedShape] | None = None


class ChatCompletion(Shape):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    sources: list[Source]
    citedesk: Extension


class Delta(Shape):
    """What a chunk adds. Annotations come once, all together."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    annotations: list[Annotation] | None = None


class ChunkChoice(Shape):
    """The one choice there is. Only the last one has a ``finish_reason``."""

    index: int
    delta: Delta
    logprobs: None
    finish_reason: FinishReason | None


class ChatCompletionChunk(Shape):
    """One event of a stream. ``sources`` and ``citedesk`` come with the finish; ``usage`` in a last chunk without choices, if asked for."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChunkChoice]
    sources: list[Source] | None = None
    citedesk: Extension | None = None
    usage: Usage | None = None


class Embedding(Shape):
    """One vector: numbers, or the base64 of little-endian float32."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class EmbeddingUsage(Shape):
    """Tokens, estimated."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingList(Shape):
    """A vector for each text, in the order of the texts."""

    object: Literal["list"]
    data: list[Embedding]
    model: str
    usage: EmbeddingUsage
