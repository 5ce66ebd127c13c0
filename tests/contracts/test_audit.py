"""The audit log and the deletion of a customer, on both real engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from rag.query import Query
from server.customers.customer import Customer
from server.customers.deletion import CustomerForgetter
from server.settings import Settings
from server.state.audit import AuditLog
from server.state.database import StateDatabase
from server.state.feedback import FeedbackStore, Opinion
from server.state.keys import KeyStore
from server.state.questions import QuestionStore
from server.state.tables import RateWindowRow
from server.state.user_hash import UserHasher
from tests.contracts.conftest import Open

ANNA = "anna-4711@crm.example"


def test_many_writers_make_one_chain(opening: Open, database: StateDatabase) -> None:
    databases = [opening() for _ in range(4)]
    logs = [AuditLog(one) for one in databases]

    def write(number: int) -> None:
        for place in range(6):
            if place % 3:
                logs[number].record(actor=f"writer {number}", action="test", object=str(place), details={"为": ["é", place]})
            else:
                KeyStore(databases[number]).create_key(f"key {place}", "public", ["chat"], by=f"writer {number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    log = AuditLog(database)
    assert log.verify() is None and log.count() == 24 and len({row.previous for row in log.page(100)}) == 24
    assert [row.number for row in log.page(3, offset=21)] == [3, 2, 1]


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE audit SET actor = 'cli:eve' WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 2", 3),
        ("DELETE FROM audit WHERE number = 4", 4),
    ],
)
def test_what_is_done_to_it_by_hand_is_found(database: StateDatabase, statement: str, number: int) -> None:
    log = AuditLog(database)
    for place in range(4):
        log.record(actor="cli:ann", action="test", object=str(place))
    with database.session() as session:
        session.execute(text(statement))
    broken = log.verify()
    assert broken is not None and broken.number == number


def test_a_customer_is_forgotten_in_every_table(database: StateDatabase, tmp_path: Path) -> None:
    questions, feedback, users = QuestionStore(database, 10), FeedbackStore(database), UserHasher.of(database)
    today = datetime.now(UTC).date()
    for user, words in ((ANNA, "is it dimmable"), ("ben", "is it dimmable"), ("ben", "what does shipping cost")):
        questions.remember(Query(text=words, as_of=today, audience="public"), users.hash(user))
    feedback.add(Opinion("chatcmpl-1", "down", comment="never again", user_hash=users.hash(ANNA)), "k1", "public")
    feedback.add(Opinion("chatcmpl-2", "up", comment="thanks"), "k1", "public")
    with database.session() as session:
        for user in (ANNA, "ben"):
            session.add(RateWindowRow(key=f"LIMITS/requests/k1/{users.hash(user)}/1/1/minute", count=1, expires_at=0))
    proof = CustomerForgetter(database, Settings(data=tmp_path)).forget(Customer(users=(ANNA,)), "cli:ann")
    counts = {"before": 2, "deleted": 1, "after": 0}
    assert proof["complete"] and proof["tables"] == [{"table": name} | counts for name in ("recent_questions", "feedback", "rate_windows")]
    assert [one.text for one in questions.recent(10)] == ["what does shipping cost"]
    assert [one.opinion.comment for one in feedback.page("internal", 10)] == ["thanks"]
    assert (proof["file_search"] == "bytes") == database.is_file and bool(proof["files"]) == database.is_file
    with database.session() as session:
        left = session.execute(text("SELECT count(*) FROM recent_question_users")).scalar_one()
    assert left == 1 and AuditLog(database).verify() is None
