"""The questions that are kept for comparing versions: none unless wanted, the last distinct ones, never at a request's cost."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.query import Query, Turn
from server.state.database import StateDatabase
from server.state.questions import QuestionStore
from tests.processes import eventually
from tests.server import shop
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # they start real servers: they run in the integration stage

TODAY = date(2026, 11, 23)
ASKED = Query("Can I return a lamp?", TODAY)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[StateDatabase]:
    opened = StateDatabase.open(tmp_path)
    yield opened
    opened.close()


def texts(store: QuestionStore) -> list[str]:
    return [question.text for question in store.recent(10)]


def test_the_last_distinct_questions_stay(database: StateDatabase) -> None:
    store = QuestionStore(database, 3)
    for text in ("one?", "two?", "退货要多久？", "ONE?", "four?", "  one?\n"):
        store.remember(replace(ASKED, text=text))
    assert texts(store) == ["one?", "four?", "退货要多久？"] and store.count() == 3


def test_who_asked_and_from_where_is_kept(database: StateDatabase) -> None:
    store = QuestionStore(database, 5)
    store.remember(ASKED)
    store.remember(replace(ASKED, audience="internal", region="FR", channel="web", product="Rovo 310", language="fr"))
    store.remember(replace(ASKED, region="FR"))
    got = {(one.audience, one.region, one.channel, one.product, one.language) for one in store.recent(5)}
    assert got == {("public", None, None, None, None), ("internal", "FR", "web", "Rovo 310", "fr"), ("public", "FR", None, None, None)}


def test_follow_ups_and_questions_about_another_day_are_not_kept(database: StateDatabase) -> None:
    store = QuestionStore(database, 5)
    assert store.remembers(ASKED, TODAY) and store.remembers(replace(ASKED, history=(Turn("system", "Be kind."),)), TODAY)
    assert not store.remembers(replace(ASKED, history=(Turn("user", "Hello"),)), TODAY)
    assert not store.remembers(replace(ASKED, as_of=date(2025, 1, 1)), TODAY)
    assert not QuestionStore(database, 0).remembers(ASKED, TODAY)


def test_nothing_is_kept_unless_wanted_and_turning_it_off_forgets(database: StateDatabase) -> None:
    QuestionStore(database, 2).remember(ASKED)
    off = QuestionStore(database, 0)
    off.remember(replace(ASKED, text="Another one?"))
    assert texts(off) == [ASKED.text]
    off.forget_surplus()
    assert texts(off) == []


def test_what_cannot_be_written_is_logged_without_the_question(database: StateDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(database.path) as connection:
        connection.execute("DROP TABLE recent_questions")
    connection.close()
    QuestionStore(database, 2).remember(ASKED)
    printed = capsys.readouterr().out
    assert "question_not_remembered" in printed and "lamp" not in printed


@pytest.mark.parametrize("stream", [False, True])
def test_chat_completions_are_remembered_after_the_response(data: Path, start: Start, stream: bool) -> None:
    running = start(data, shop.ScriptedAnswerer(shop.scripted_answer()), remember_questions=2)
    with running.http(internal=True) as http:
        for text in ("One?", "Two?", "Three?"):
            assert ask(http.post, text, stream).status_code == 200
            assert eventually(lambda text=text: text in texts(running.services.questions))  # type: ignore[misc]
    assert {one.audience for one in running.services.questions.recent(5)} == {"internal"} and running.services.questions.count() == 2


@pytest.mark.parametrize("stream", [False, True])
def test_a_failing_store_fails_no_request(data: Path, start: Start, stream: bool) -> None:
    running = start(data, shop.ScriptedAnswerer(shop.scripted_answer()), remember_questions=2)
    with sqlite3.connect(data / "state.sqlite") as connection:
        connection.execute("DROP TABLE recent_questions")
    connection.close()
    with running.http() as http:
        assert [ask(http.post, "One?", stream).status_code for _ in range(2)] == [200, 200]


def test_by_default_nothing_is_kept(shared: Running) -> None:
    with shared.http() as http:
        assert ask(http.post, "Something private?", False).status_code == 200
        assert ask(http.post, "Something private?", False).status_code == 200  # the first one's afterwards is over
    assert shared.services.questions.count() == 0


def ask(post: Callable[..., Any], text: str, stream: bool) -> Any:
    return post("/v1/chat/completions", json={"model": "citedesk", "stream": stream, "messages": [{"role": "user", "content": text}]})


def test_personal_data_is_masked_before_a_question_is_kept(database: StateDatabase) -> None:
    store = QuestionStore(database, 3)
    store.remember(Query("My e-mail is ada@mail.example, 手机13812345678，怎么退货？", TODAY))
    (kept,) = store.recent(5)
    assert kept.text == "My e-mail is [e-mail], 手机[phone]，怎么退货？"
