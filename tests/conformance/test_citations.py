"""Checks 18-21: the three ways in which citations travel."""

import re
from typing import Any
from urllib.parse import urlsplit

from tests.conformance.answers import RETURNS, UNANSWERED
from tests.conformance.target import Target, chat
from tests.conformance.worker import Worker

MARKER = re.compile(r"\[(\d+)\]")


def answer(sdk: Worker, server: Target, question: str = RETURNS) -> dict[str, Any]:
    done: dict[str, Any] = sdk.call("complete", server.base_url, server.keys.public, body=chat(question))["response"]
    return done


def message_of(done: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = done["choices"][0]["message"]
    return message


def unsigned(annotation: dict[str, Any]) -> dict[str, Any]:
    """An annotation without its link's signature, which changes with the second in which it was made."""
    cited = annotation["url_citation"]
    return {**cited, "url": urlsplit(cited["url"])._replace(query="").geturl()}


def test_18_annotations_point_at_their_markers(sdk: Worker, server: Target) -> None:
    done = answer(sdk, server)
    message = message_of(done)
    annotations = message["annotations"]
    for annotation in annotations:
        assert annotation["type"] == "url_citation"
        cited = annotation["url_citation"]
        assert urlsplit(cited["url"]).scheme in ("http", "https") and urlsplit(cited["url"]).netloc
        assert cited["title"]
        assert MARKER.fullmatch(message["content"][cited["start_index"] : cited["end_index"]])
    numbers = {message["content"][one["url_citation"]["start_index"] : one["url_citation"]["end_index"]] for one in annotations}
    assert len(numbers) == len(done["sources"]) > 0


def test_19_streamed_annotations_equal_the_whole_ones(sdk: Worker, server: Target) -> None:
    whole = message_of(answer(sdk, server))["annotations"]
    gathered = sdk.call("accumulate", server.base_url, server.keys.public, body=chat(RETURNS))
    assert [unsigned(one) for one in message_of(gathered)["annotations"]] == [unsigned(one) for one in whole] != []


def test_20_sources_stand_on_the_finish_chunk_alone(server: Target) -> None:
    chunks = server.post(chat(RETURNS, stream=True, stream_options={"include_usage": True})).chunks
    carrying = [chunk for chunk in chunks if "sources" in chunk]
    assert [chunk["choices"][0]["finish_reason"] for chunk in carrying] == ["stop"]
    whole = server.post(chat(RETURNS)).json
    assert "sources" not in whole["choices"][0] and "sources" not in whole["choices"][0]["message"]
    assert [source["passage_id"] for source in carrying[0]["sources"]] == [source["passage_id"] for source in whole["sources"]]


def test_20_ids_of_sources_resolve(server: Target) -> None:
    for source in server.post(chat(RETURNS)).json["sources"]:
        passage = server.get(f"/v1/passages/{source['passage_id']}")
        document = server.get(f"/v1/documents/{source['document_id']}")
        assert (passage.status, document.status) == (200, 200)
        assert source["quote"] in passage.json["text"]
        assert passage.json["id"] in document.json["passage_ids"]


def test_21_markers_and_sources_match(sdk: Worker, server: Target) -> None:
    done = answer(sdk, server)
    marked = {int(number) for number in MARKER.findall(message_of(done)["content"])}
    assert marked == {source["number"] for source in done["sources"]} == set(range(1, len(marked) + 1))


def test_21_without_evidence_there_are_none(sdk: Worker, server: Target) -> None:
    done = answer(sdk, server, UNANSWERED)
    message = message_of(done)
    assert message["content"] and not MARKER.search(message["content"])
    assert done["sources"] == [] and not message["annotations"]
    assert done["choices"][0]["finish_reason"] == "stop"
