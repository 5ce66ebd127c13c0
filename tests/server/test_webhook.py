"""The operator's webhook: what is sent, when it is sent again, and what it never does."""

import hashlib
import hmac
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from server.runs.failure import is_failure
from server.runs.webhook import ATTEMPTS, SIGNATURE_HEADER, Webhook, payload
from server.settings import Settings, load_settings
from server.state.run import Run, RunEnding, RunOutcome, RunRequest, RunSource
from tests.server.receiver import receiving

REQUEST = RunRequest((RunSource("店铺", "/srv/docs/店铺"),), "Ada", "nightly")
GATE = {"passed": False, "summary": "2 of 40 got worse.", "details": {"answers": ["a document's text"]}}
REFUSED = RunEnding("refused", 4, "000007", {"documents": 3, "failed": 1}, GATE)
STARTED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RUN = Run("20261123T020000-abcdef", "cli", REQUEST, STARTED, STARTED.replace(minute=4), "000007", "gate", 1, 1, REFUSED)


def ended(outcome: RunOutcome, exit_code: int | None = 1) -> Run:
    return replace(RUN, ending=RunEnding(outcome, exit_code))


def test_what_is_sent() -> None:
    with receiving() as receiver:
        assert Webhook(receiver.url, b"secret").tell(RUN) is None
    (told,), (headers,), (body,) = receiver.messages, receiver.headers, receiver.bodies
    assert (told["event"], told["run"], told["outcome"], told["exit_code"]) == ("ingest", RUN.id, "refused", 4)
    assert (told["sources"], told["counts"]["failed"], told["why"]) == (["店铺"], 1, "nightly")
    assert told["gate"] == {"passed": False, "summary": "2 of 40 got worse."}
    assert "refused" in told["text"] and "000007" in told["text"]
    assert "a document's text" not in body.decode()  # the gate's details may quote documents
    assert headers["content-type"] == "application/json"
    assert headers[SIGNATURE_HEADER.lower()] == "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()


def test_without_a_secret_nothing_is_signed() -> None:
    with receiving() as receiver:
        assert Webhook(receiver.url).tell(RUN) is None
    assert SIGNATURE_HEADER.lower() not in receiver.headers[0]


@pytest.mark.parametrize(
    ("statuses", "posts", "reason"),
    [
        ((204,), 1, None),
        ((503, 429, 200), 3, None),
        ((500,), ATTEMPTS, "it answered 500"),
        ((404,), 1, "it answered 404"),  # asking again would not help
        ((302,), 1, "it answered 302"),  # a redirect could lead anywhere: it is not followed
    ],
)
def test_when_it_is_sent_again(statuses: tuple[int, ...], posts: int, reason: str | None) -> None:
    pauses: list[float] = []
    with receiving(*statuses) as receiver:
        note = Webhook(receiver.url, pause=pauses.append).tell(RUN)
    assert len(receiver.bodies) == posts and len(pauses) == posts - 1
    assert all(0.5 <= pause <= 3.0 for pause in pauses) and sorted(pauses) == pauses
    if reason is None:
        assert note is None
    else:
        assert note is not None and reason in note and "CITEDESK_WEBHOOK_URL" in note and "secret-path" not in note


def test_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        note = Webhook(f"http://127.0.0.1:{port}/x", pause=lambda _seconds: None).tell(RUN)
    assert note is not None and f"tried {ATTEMPTS} times" in note


def test_a_receiver_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.runs.webhook.TIMEOUT_SECONDS", 0.05)
    with receiving(hold=threading.Event()) as receiver:
        note = Webhook(receiver.url, pause=lambda _seconds: None).tell(RUN)
    assert note is not None and f"tried {ATTEMPTS} times" in note


def test_an_address_that_is_none() -> None:
    note = Webhook("http://a\x00b/x").tell(RUN)
    assert note is not None and "tried 1 times" in note


def test_which_runs_are_failures() -> None:
    for outcome in ("refused", "partial", "failed", "died"):
        assert is_failure(ended(outcome), None), outcome
    for fine in ("published", "unchanged", "busy"):
        assert not is_failure(ended(fine), None), fine
    assert is_failure(ended("interrupted", 143), None) and not is_failure(ended("interrupted", 130), None)
    assert is_failure(ended("busy"), ended("busy")) and not is_failure(ended("busy"), ended("published"))
    assert not is_failure(ended("busy"), replace(RUN, ending=None)) and not is_failure(replace(RUN, ending=None), None)


def test_it_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Webhook.of(Settings()) is None
    monkeypatch.setenv("CITEDESK_WEBHOOK_URL", "https://chat.example/hooks/T0/secret/")
    monkeypatch.setenv("CITEDESK_WEBHOOK_SECRET", "hidden")
    settings = load_settings()
    made = Webhook.of(settings)
    assert made is not None and (made.url, made.secret) == ("https://chat.example/hooks/T0/secret/", b"hidden")
    assert "secret" not in repr(settings).replace("webhook_secret", "") and "hidden" not in repr(settings)


def test_a_run_that_goes_on_can_be_told() -> None:
    assert payload(replace(RUN, ending=None))["outcome"] is None
