"""What LangChain's client asks for completions: the server's chunks as they are, in dictionaries."""

from openai import AsyncOpenAI, AsyncStream


class RawCompletions:
    """Stands in for ``AsyncOpenAI.chat.completions``, and does without the look through every field that it takes and gives.

    The SDK compares each message with the types of its parameters, makes a model of each chunk, and LangChain makes a dictionary of that
    again: a third of the processor time of a whole answer (docs/decisions/0040-few-threads-compute.md). What is sent and what is read is the same.
    """

    def __init__(self, client: AsyncOpenAI) -> None:
        """``client`` sends, and tells what goes wrong as it always does."""
        self._client = client

    async def create(self, *, extra_body: dict[str, object] | None = None, **fields: object) -> AsyncStream[object]:
        """The chunks of one completion with these ``fields``, which are streamed. Raises what ``openai`` raises."""
        body = fields | (extra_body or {})
        return await self._client.post("/chat/completions", cast_to=object, body=body, stream=True, stream_cls=AsyncStream[object])
