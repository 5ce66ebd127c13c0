"""Citedesk as a LangChain retriever, over a data folder or over a server."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from kb.encoder import Encoder
from kb.live import LiveVersion
from kb.scope import Audience, SearchScope
from kb.search import Hit, HybridSearch
from kb.store import VersionStore

SECONDS = 30.0

Find = Callable[[str], list[Document]]


class CitedeskRetriever(BaseRetriever):
    """Finds passages as LangChain documents: the text, and title, source, document, page, passage id and score as metadata.

    >>> retriever = CitedeskRetriever.from_server("http://127.0.0.1:8000", "cd_live_…", k=5, region="FR")
    >>> retriever.invoke("How long is the warranty?")
    """

    find: Find

    @classmethod
    def from_folder(
        cls,
        data: Path,
        encoder: Encoder,
        k: int = 10,
        audience: Audience = "public",
        region: str | None = None,
        channel: str | None = None,
        product: str | None = None,
        as_of: date | None = None,
    ) -> "CitedeskRetriever":
        """Search the knowledge base in the folder ``data``, always its newest version, with the ``encoder`` that made it.

        ``as_of`` is the day whose rules hold, by default the day (UTC) of each search.
        """
        live = LiveVersion(VersionStore(data))
        search = HybridSearch(encoder)

        def find(question: str) -> list[Document]:
            live.refresh()
            scope = SearchScope(as_of or datetime.now(UTC).date(), audience, region, channel, product)
            with live.lease() as version:
                return [_from_hit(hit) for hit in search.search(version, [question], k, scope)[0]]

        return cls(find=find)

    @classmethod
    def from_server(cls, url: str, key: str, k: int = 10, **citedesk: str) -> "CitedeskRetriever":
        """Search through the server at ``url``. ``citedesk`` holds region, as_of, channel, product and language.

        Searching raises httpx.HTTPStatusError when the server refuses, with its sentence in the response.
        """
        headers = {"Authorization": f"Bearer {key}"}

        def find(question: str) -> list[Document]:
            body = {"query": question, "k": k, "citedesk": citedesk}
            reply = httpx.post(f"{url.rstrip('/')}/v1/search", json=body, headers=headers, timeout=SECONDS)
            reply.raise_for_status()
            return [_from_json(hit) for hit in reply.json()["hits"]]

        return cls(find=find)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return self.find(query)


def _from_hit(hit: Hit) -> Document:
    passage = hit.passage
    metadata = {"title": passage.title, "source": hit.source, "document": hit.document, "page": passage.page}
    return Document(id=passage.id, page_content=passage.text, metadata={**metadata, "passage_id": passage.id, "score": hit.score})


def _from_json(hit: dict[str, Any]) -> Document:
    kept = ("title", "source", "document", "page", "passage_id", "score")
    return Document(id=hit["passage_id"], page_content=hit["text"], metadata={name: hit[name] for name in kept})
