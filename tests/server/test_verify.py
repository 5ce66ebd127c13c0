"""``POST /v1/verify``: verdicts over the API, what each key may see, and what is refused."""

import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server import shop
from tests.server.conftest import Running, Start

DRAFT = (
    "Hello Anna,\n\nYou can return any lamp within 45 days of delivery. Keep the receipt. "
    "Shipping inside Germany costs 4.90 EUR.\n- The kettle holds 1.7 litres [2].\n- Our showroom opens on Sundays."
)


def post(running: Running, body: dict[str, Any], internal: bool = False) -> httpx.Response:
    with running.http(internal) as http:
        return http.post("/v1/verify", json=body)


def verified(running: Running, text: str, internal: bool = False, **more: Any) -> dict[str, Any]:
    response = post(running, {"text": text} | more, internal)
    assert response.status_code == 200, response.text
    got: dict[str, Any] = response.json()
    return got


def test_a_draft(running: Running) -> None:
    got = verified(running, DRAFT)
    assert (got["object"], got["kb_version"]) == ("verification", "000001")
    assert got["summary"] == {"supported": 3, "contradicted": 1, "not_found": 1}
    verdicts = [sentence["verdict"] for sentence in got["sentences"]]
    assert verdicts == ["contradicted", "supported", "supported", "supported", "not_found"]
    wrong = got["sentences"][0]
    (problem,) = wrong["problems"]
    assert DRAFT[problem["start"] : problem["end"]] == problem["text"] == "45 days"
    assert (problem["kind"], problem["told"]) == ("number", "30 days")
    assert problem["message"] == "The passage does not say “45 days” of this; it says “30 days”."
    assert DRAFT[wrong["start"] : wrong["end"]] == wrong["text"]
    assert wrong["citations"][0]["quote"] == "You can return any lamp within 30 days of delivery."


def test_citations_are_sources(running: Running) -> None:
    got = verified(running, DRAFT)
    shipping, kettle, showroom = got["sentences"][2:]
    (source,) = shipping["citations"]
    assert (source["document"], source["source"], source["url"]) == ("shipping.html", shop.SOURCE, "https://shop.example/shipping")
    (page,) = kettle["citations"]
    assert page["page"] == 2 and page["url"].startswith(running.url) and page["url"].endswith("#page=2")
    assert kettle["cited"] == [2] and kettle["text"] == "The kettle holds 1.7 litres."
    assert showroom["citations"] == [] and showroom["problems"][0]["message"] == "No passage says this."
    body = {"model": "citedesk", "messages": [{"role": "user", "content": "What does shipping inside Germany cost?"}]}
    with running.http() as http:
        answered = http.post("/v1/chat/completions", json=body).json()["sources"][0]
        assert http.get(page["original"].partition("#")[0]).status_code == 200
    assert set(source) == set(answered)


def test_internal_passages_only_for_internal_keys(running: Running) -> None:
    for secret in (shop.SECRET, shop.FAQ_SECRET.removeprefix("Internal note for the night shift: ")):
        public = verified(running, f"{secret}.")
        assert [(sentence["verdict"], sentence["citations"]) for sentence in public["sentences"]] == [("not_found", [])]
    inside = verified(running, f"{shop.SECRET}.", internal=True)
    assert inside["sentences"][0]["verdict"] == "supported"
    assert inside["sentences"][0]["citations"][0]["document"] in {"internal/agents.md", "mixed.md"}


def test_no_internal_figure_is_told_to_a_public_key(running: Running) -> None:
    asked = "Agents may silently grant a goodwill voucher of seventy euros to anyone who threatens a chargeback."
    response = post(running, {"text": asked})
    assert "ninety" not in response.text and "internal/agents.md" not in response.text
    assert "ninety nine euros" in post(running, {"text": asked}, internal=True).text


def test_given_passages(running: Running) -> None:
    passages = [{"id": "p-7", "title": "Lamp", "text": "The lamp dims in three steps."}, {"text": "Shipping costs 4.90 EUR."}]
    text = "The lamp dims in 3 steps [1]. Shipping costs 5.90 EUR [2][3]."
    got = verified(running, text, passages=passages)
    assert (got["kb_version"], got["summary"]) == (None, {"supported": 1, "contradicted": 1, "not_found": 0})
    lamp, shipping = got["sentences"]
    (source,) = lamp["citations"]
    assert (source["number"], source["passage_id"], source["title"]) == (1, "p-7", "Lamp")
    assert (source["url"], source["document"], source["quote"]) == (None, None, "The lamp dims in three steps.")
    assert [problem["kind"] for problem in shipping["problems"]] == ["number", "citation"]
    assert text[shipping["problems"][1]["start"] : shipping["problems"][1]["end"]] == "3"
    (knowledge_base,) = verified(running, "Shipping inside Germany costs 4.90 EUR.")["sentences"]
    assert set(source) == set(knowledge_base["citations"][0])


@pytest.mark.parametrize(
    ("question", "problems"),
    [
        (None, ["condition"]),
        ("Is return shipping free if my lamp is too big?", ["condition"]),
        ("Is return shipping free if my lamp is defective?", []),
    ],
)
def test_a_case_that_the_question_states_need_not_be_said_again(running: Running, question: str | None, problems: list[str]) -> None:
    passages = [{"text": "Return shipping is free when the item is defective."}]
    (sentence,) = verified(running, "Return shipping is free.", passages=passages, question=question)["sentences"]
    assert (sentence["verdict"] == "supported") == (not problems)
    assert [problem["kind"] for problem in sentence["problems"]] == problems


def test_given_passages_need_no_knowledge_base(empty_data: Path, start: Start) -> None:
    running = start(empty_data)
    assert verified(running, "It is free.", passages=[{"text": "It is free."}])["summary"]["supported"] == 1
    response = post(running, {"text": "It is free."})
    assert (response.status_code, response.json()["error"]["code"]) == (503, "no_version")


def test_other_fields_of_a_request(running: Running) -> None:
    fields = {"language": "zh-CN", "region": "fr", "as_of": "2026-01-02"}
    got = verified(running, "自签收起三十天内可以退货。", citedesk=fields, user="anna")
    assert len(got["sentences"]) == 1
    assert verified(running, "Hello!")["sentences"] == []


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_field", "text"),
        ({"text": 5}, "invalid_value", "text"),
        ({"text": " \n"}, "empty_text", "text"),
        ({"text": "x" * 20_001}, "text_too_long", "text"),
        ({"text": "It is so. " * 401}, "text_too_long", "text"),
        ({"text": "It is.", "question": 5}, "invalid_value", "question"),
        ({"text": "It is.", "question": "x" * 8_001}, "text_too_long", "question"),
        ({"text": "It is.", "passages": []}, "invalid_value", "passages"),
        ({"text": "It is.", "passages": "It is."}, "invalid_value", "passages"),
        ({"text": "It is.", "passages": [{"title": "A"}]}, "missing_field", "passages[0].text"),
        ({"text": "It is.", "passages": [{"text": "It is."}, {"text": " "}]}, "empty_text", "passages[1].text"),
        ({"text": "It is.", "passages": [{"text": "It is."}] * 51}, "too_many_passages", "passages"),
        ({"text": "It is.", "passages": [{"text": "x" * 50_000}] * 3}, "text_too_long", "passages"),
        ({"text": "It is.", "citedesk": {"audience": "internal"}}, "unknown_field", "citedesk.audience"),
        ({"text": "It is.", "citedesk": {"as_of": "soon"}}, "invalid_date", "citedesk.as_of"),
    ],
)
def test_what_is_refused(running: Running, body: dict[str, Any], code: str, param: str) -> None:
    response = post(running, body)
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    assert (error["code"], error["param"], error["type"]) == (code, param, "invalid_request_error")


def test_the_limit_is_a_setting(data: Path, start: Start) -> None:
    running = start(data, max_verify_chars=20)
    assert post(running, {"text": "Keep the receipt."}).status_code == 200
    response = post(running, {"text": "Keep the receipt, always."})
    assert response.status_code == 400 and "at most 20" in response.json()["error"]["message"]


def test_the_deadline_is_kept(data: Path, start: Start) -> None:
    response = post(start(data, request_seconds=1e-6), {"text": DRAFT})
    assert (response.status_code, response.json()["error"]["code"]) == (504, "deadline_exceeded")


def test_a_key_needs_the_scope(running: Running) -> None:
    key = running.services.keys.create_key("no verify", "public", ["chat", "search"]).secret
    with running.http() as http:
        refused = http.post("/v1/verify", json={"text": "It is."}, headers={"Authorization": f"Bearer {key}"})
        nobody = http.post("/v1/verify", json={"text": "It is."}, headers={"Authorization": "Bearer x"})
        assert "/v1/verify" in http.get("/").text
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_scope")
    assert nobody.status_code == 401


@pytest.mark.slow
def test_the_event_loop_goes_on_meanwhile(running: Running) -> None:
    text = "\n".join(f"The kettle number {number} holds 1.7 litres and costs {number} EUR." for number in range(160))
    statuses: list[int] = []
    with running.http() as http, running.http() as other:
        slow = threading.Thread(target=lambda: statuses.append(http.post("/v1/verify", json={"text": text}, timeout=100).status_code))
        slow.start()
        time.sleep(0.05)
        statuses.append(other.get("/healthz").status_code)
        busy = slow.is_alive()
        slow.join()
    assert statuses == [200, 200] and busy
