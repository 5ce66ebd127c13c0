"""``/v1/feedback``: kept without personal data, read by admins of the right audience, deleted with its customer."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from server.customers.customer import Customer
from server.customers.deletion import CustomerForgetter
from tests.server.conftest import Running, Start
from tests.server.test_errors import check_shape
from tests.server.test_keys_route import client

pytestmark = pytest.mark.slow  # they start real servers: they run in the integration stage

FEEDBACK = "/v1/feedback"
ANSWER = "chatcmpl-0123456789abcdef"
GOOD = {"answer_id": ANSWER, "rating": "down"}


@pytest.fixture
def running(data: Path, start: Start) -> Running:
    return start(data)


def listed(http: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    answer = http.get(FEEDBACK, params=query)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def test_an_opinion_is_kept_without_personal_data(running: Running) -> None:
    body = GOOD | {"reason": "wrong", "comment": "Mail ada@mail.example, 手机13812345678", "user": "ada@mail.example"}
    with running.http() as http, client(running, "internal", ("admin",)) as admin:
        kept = http.post(FEEDBACK, json=body | {"citedesk": {"region": "fr", "language": "en", "channel": "web", "product": "lamp"}})
        assert kept.status_code == 201 and kept.json()["comment"] == "Mail [e-mail], 手机[phone]"
        (one,) = listed(admin)
    assert one == kept.json() | {"audience": "public", "key_id": running.public_key.split("_")[2]}
    assert one["citedesk"] == {"region": "FR", "language": "en", "channel": "web", "product": "lamp"}
    stored = (running.services.settings.data / "state.sqlite").read_bytes()
    assert b"ada@" not in stored and b"13812345678" not in stored


def test_a_second_opinion_of_the_same_key_takes_the_place_of_the_first(running: Running) -> None:
    with running.http() as http, running.http(internal=True) as agent:
        first = http.post(FEEDBACK, json=GOOD).json()
        second = http.post(FEEDBACK, json=GOOD | {"rating": "up"}).json()
        assert second["id"] == first["id"] and second["rating"] == "up"
        assert agent.post(FEEDBACK, json=GOOD).json()["id"] != first["id"]
    assert running.services.feedback.count("internal") == 2


def test_pages_and_who_may_read_what(running: Running) -> None:
    with running.http() as http, running.http(internal=True) as agent:
        for number in range(3):
            http.post(FEEDBACK, json=GOOD | {"answer_id": f"{ANSWER}{number}", "rating": "up" if number else "down"})
        agent.post(FEEDBACK, json=GOOD | {"comment": "the internal note says otherwise"})
    with client(running, "internal", ("admin",)) as admin:
        assert [one["answer_id"] for one in listed(admin)] == [ANSWER, f"{ANSWER}2", f"{ANSWER}1", f"{ANSWER}0"]
        assert [one["answer_id"] for one in listed(admin, rating="down")] == [ANSWER, f"{ANSWER}0"]
        page = admin.get(FEEDBACK, params={"limit": 1, "offset": 1}).json()
        assert (page["total"], page["has_more"], page["next_offset"], len(page["data"])) == (4, True, 2, 1)
        check_shape(admin.get(FEEDBACK, params={"rating": "sideways"}), 400, "invalid_value", "rating")
    with client(running, "public", ("admin",)) as admin:
        answer = admin.get(FEEDBACK)
        assert answer.json()["total"] == 3 and "internal note" not in answer.text


def test_a_customers_feedback_is_deleted(running: Running) -> None:
    with running.http() as http:
        for number, user in enumerate(("Ada", " ada ", "Bob", None)):
            http.post(FEEDBACK, json=GOOD | {"answer_id": f"{ANSWER}{number}"} | ({} if user is None else {"safety_identifier": user}))
    forgetter = CustomerForgetter(running.services.database, running.services.settings)
    proof = forgetter.forget(Customer(users=("Ada",)), "cli:ann")
    deleted = {table["table"]: table["deleted"] for table in proof["tables"]}
    assert proof["complete"] and deleted["feedback"] == 2
    assert running.services.feedback.count("internal") == 2


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"answer_id": "1"}, "invalid_value", "answer_id"),
        ({"answer_id": "chatcmpl-" + "x" * 65}, "invalid_value", "answer_id"),
        ({"rating": 5}, "invalid_value", "rating"),
        ({"reason": "because"}, "invalid_value", "reason"),
        ({"comment": "x" * 4001}, "invalid_value", "comment"),
        ({"audience": "internal"}, "unknown_field", "audience"),
        ({"citedesk": {"language": "en" + "-a" * 40}}, "invalid_value", "citedesk.language"),
    ],
)
def test_wrong_fields(shared: Running, change: dict[str, Any], code: str, param: str) -> None:
    with shared.http() as http:
        check_shape(http.post(FEEDBACK, json=GOOD | change), 400, code, param)
