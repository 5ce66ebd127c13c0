"""LangChain's chat client and the HTTP client below it, with no address, key or proxy taken from the environment."""

from dataclasses import dataclass

import httpx
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from rag.llm.bounded_transport import BoundedTransport
from rag.llm.correlation import correlation_headers
from rag.llm.raw_completions import RawCompletions
from rag.llm.timeouts import Timeouts

HEADERS = frozenset({"host", "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "user-agent"})
"""All headers that leave, besides those by which a request is found again. The client would add the machine's system and organisation."""
MAX_CONNECTIONS = 256


@dataclass(frozen=True, slots=True)
class LlmClient:
    """``chat`` streams completions; ``http`` is the client it uses, for the server's other routes too."""

    chat: BaseChatModel
    http: httpx.AsyncClient

    async def aclose(self) -> None:
        """Close every connection."""
        await self.http.aclose()


def open_client(base_url: str, model: str, api_key: str | None, timeouts: Timeouts, max_tokens: int, temperature: float = 0.0) -> LlmClient:
    """A client for ``model`` at ``base_url`` (ends in ``/v1``). Connects at the first request; never retries by itself.

    No proxy is used. For an ``https`` server with a certificate of the house's own, the variable SSL_CERT_FILE names its authority.
    """
    http = _http_client(base_url, timeouts)
    chat = ChatOpenAI(
        base_url=base_url,
        model=model,
        # An empty key would be replaced by OPENAI_API_KEY, which belongs to somebody else.
        api_key=SecretStr(api_key or "none"),
        organization="",
        openai_proxy="",
        timeout=http.timeout,
        max_retries=0,
        temperature=temperature,
        max_tokens=max_tokens,  # type: ignore[call-arg]  # the field's alias is max_completion_tokens
        streaming=True,
        stream_usage=True,
        stream_chunk_timeout=None,
        use_responses_api=False,
        cache=False,
        http_async_client=http,
    )
    chat.async_client = RawCompletions(chat.root_async_client)
    return LlmClient(chat, http)


def _http_client(base_url: str, timeouts: Timeouts) -> httpx.AsyncClient:
    # Loading the certificate authorities takes a tenth of a second, and plain HTTP needs none.
    secure = base_url.startswith("https:")
    limits = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS // 4)
    transport = httpx.AsyncHTTPTransport(verify=secure, limits=limits)
    timeout = httpx.Timeout(timeouts.first_token, connect=timeouts.connect, pool=timeouts.connect)
    return httpx.AsyncClient(
        transport=BoundedTransport(transport), timeout=timeout, event_hooks={"request": [_set_headers]}, trust_env=False
    )


async def _set_headers(request: httpx.Request) -> None:
    for name in set(request.headers) - HEADERS:
        del request.headers[name]
    request.headers.update(correlation_headers())
    request.headers["accept-encoding"] = "identity"
