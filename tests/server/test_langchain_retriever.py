"""The LangChain retriever finds the same over a data folder and over a server."""

from datetime import date
from pathlib import Path

import httpx
import pytest

from kb.encoders.hashing import HashingEncoder
from rag.langchain_retriever import CitedeskRetriever
from tests.server.conftest import Start


def test_folder_and_server_agree(data: Path, start: Start) -> None:
    running = start(data)
    over_server = CitedeskRetriever.from_server(running.url, running.public_key, k=3)
    over_folder = CitedeskRetriever.from_folder(data, HashingEncoder(), k=3, as_of=date.today())
    question = "Can I return a lamp?"
    found, same = over_server.invoke(question), over_folder.invoke(question)
    assert [document.page_content for document in found] == [document.page_content for document in same]
    assert "30 days" in found[0].page_content
    assert found[0].metadata["document"] == "returns.md"
    assert set(found[0].metadata) == set(same[0].metadata)


def test_a_wrong_key_is_an_error(data: Path, start: Start) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        CitedeskRetriever.from_server(start(data).url, "nonsense").invoke("lamp")
