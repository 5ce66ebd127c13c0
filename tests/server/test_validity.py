"""The day and the region of a request: today in the shop's time zone, what was named, and what the response says of both."""

from datetime import UTC, date, datetime, tzinfo

import pytest

from kb.scope import Scope, admits
from rag.answer import Answer, Generator, Usage
from rag.validity import Validity
from server.chat.query import query_from
from server.chat.request import ChatRequest
from server.chat.response import Reply
from server.links import LinkSigner
from server.settings import Settings

MIDNIGHT = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
"""Half past midnight on 1 March in Shanghai, and still 28 February in London."""


class _Clock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return MIDNIGHT.astimezone(tz)


@pytest.mark.parametrize(("timezone", "today", "in_force"), [("Asia/Shanghai", "2026-03-01", True), ("Europe/London", "2026-02-28", False)])
def test_a_rule_begins_at_midnight_where_the_shop_is(monkeypatch: pytest.MonkeyPatch, timezone: str, today: str, in_force: bool) -> None:
    monkeypatch.setattr("server.settings.datetime", _Clock)
    settings = Settings(timezone=timezone)
    query = query_from(_body(), "public", settings, "r")
    assert (query.as_of, query.today) == (date.fromisoformat(today), None)
    assert admits(Scope(effective_from=date(2026, 3, 1)), query.scope) is in_force


def test_a_named_day_and_region_are_told_from_the_defaults() -> None:
    settings = Settings(default_region="CN")
    query = query_from(_body(region="uk", as_of="2025-06-01"), "public", settings, "r")
    assert (query.region, query.as_of, query.today) == ("GB", date(2025, 6, 1), settings.today())
    query = query_from(_body(), "public", settings, "r")
    assert (query.region, query.scope.region) == (None, "CN")


def test_the_response_says_for_when_and_where_it_holds() -> None:
    validity = Validity(date(2025, 8, 10), "FR", "question", "request", ("EU",), date(2025, 1, 1))
    answer = Answer((), (), Generator("extractive"), "000001", Usage(1, 1), validity=validity)
    reply = Reply.begin("citedesk", "public", "markers", LinkSigner(b"x" * 32, "http://127.0.0.1", 1))
    assert reply.extension(answer)["validity"] == {
        "as_of": "2025-08-10",
        "as_of_from": "question",
        "region": "FR",
        "region_from": "request",
        "other_regions": ["EU"],
        "other_day": "2025-01-01",
    }


def _body(**scope: str) -> ChatRequest:
    return ChatRequest.model_validate({"model": "citedesk", "messages": [{"role": "user", "content": "How long?"}], "citedesk": scope})


def test_a_language_is_taken_without_its_country() -> None:
    for tag, code in {"zh-CN": "zh", "FR": "fr", "ger": "de"}.items():
        assert query_from(_body(language=tag), "public", Settings(), "r").spoken_language == code
