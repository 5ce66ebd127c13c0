"""Which questions two versions answer differently, and which documents of a version contradict each other."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eval.answer_changes import AskedQuestion, compare_answers, fitting, golden_to_ask
from eval.conflicts import ConflictOutcome, read_conflicts, tabulate
from eval.contradictions import contradictions, find_contradictions
from eval.question import read_golden
from ingest.diff import diff_versions
from kb.document import Block, Document
from kb.encoders.hashing import HashingEncoder
from kb.errors import EncoderMismatchError
from kb.manifest import ManifestFields
from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.search import HybridSearch
from kb.store import VersionStore
from kb.version import Version
from rag.answer import Answer
from rag.conflict_finder import ConflictFinder
from rag.generate.extractive import ExtractiveGenerator
from rag.pipeline import Answerer
from rag.query import Query
from tests.rag.conftest import answerer_with

pytestmark = pytest.mark.slow  # whole versions: they run in the integration stage

TODAY = date(2026, 11, 23)
ENCODER = HashingEncoder(256)
Texts = Mapping[str, str | tuple[str, Scope]]
SHOP: dict[str, str | tuple[str, Scope]] = {
    "returns.md": "You can return any item within 30 days of delivery.",
    "delivery.md": "Delivery to Norway takes 9 working days.",
    "退货.md": "自签收起三十天内可以退货。",
    "notes.md": ("Agents may grant a goodwill credit of up to $40.", Scope(audience="internal")),
}


class Versions:
    """Publishes shops of one passage for each file."""

    def __init__(self, data: Path, stack: ExitStack) -> None:
        self.store = VersionStore(data)
        self.stack = stack

    def __call__(self, texts: Texts, encoder: HashingEncoder = ENCODER) -> Version:
        made = [_document(path, *((said, Scope()) if isinstance(said, str) else said)) for path, said in texts.items()]
        with self.store.writer() as writer:
            staged = writer.stage()
            passages = [passage for _, passage in made]
            staged.write([one for one, _ in made], passages, encoder.encode_passages([one.encoded_text for one in passages]))
            writer.seal(staged, ManifestFields(encoder.id, "test", "tester", "a test"))
            opened = self.store.open(writer.publish(staged))
        self.stack.callback(opened.close)
        return opened


def _document(path: str, text: str, scope: Scope) -> tuple[Document, Passage]:
    language = "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else "en"
    title = re.split(r"[-.]", path.rpartition("/")[2])[0].capitalize()
    document = Document("shop", path, title, "text/plain", "0" * 64, language, scope, text, (Block("paragraph", 0, len(text)),))
    name = passage_id(document.id, (), text, 0)
    return document, Passage(name, document.id, text, 0, len(text), "paragraph", (), None, language, scope, title)


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[Versions]:
    with ExitStack() as stack:
        yield Versions(tmp_path, stack)


@pytest.fixture
def answerer() -> Answerer:
    return answerer_with(HybridSearch(ENCODER), ExtractiveGenerator())


class Forgetful(Answerer):
    """Declines where the answer about goodwill does not hold the words that it has to: the reader without weights never declines."""

    def __init__(self, inner: Answerer, needed: str) -> None:
        self.inner = inner
        self.needed = needed

    async def collect(self, query: Query, version: Version) -> Answer:
        answer = await self.inner.collect(query, version)
        lost = "goodwill" in query.text and self.needed not in answer.text
        return replace(answer, abstained=True, sentences=(), citations=(), reason="not_in_knowledge_base") if lost else answer


QUESTIONS = [
    AskedQuestion("golden", "g1", "How many days may I return an item?", "public"),
    AskedQuestion("golden", "g2", "How many working days does delivery to Norway take?", "public"),
    AskedQuestion("recent", "r1", "What goodwill credit may agents grant?", "internal"),
]


def test_the_same_version_answers_the_same(versions: Versions, answerer: Answerer) -> None:
    version = versions(SHOP)
    told: list[int] = []
    result = compare_answers(answerer, version, version, QUESTIONS, TODAY, told.append)
    assert (result.changes, result.asked, told) == ((), {"golden": 2, "recent": 1}, [1, 1, 1])


def test_another_number_and_a_lost_answer(versions: Versions, answerer: Answerer) -> None:
    later = {**SHOP, "returns.md": "You can return any item within 14 days of delivery."}
    later.pop("notes.md")
    result = compare_answers(Forgetful(answerer, "$40"), versions(SHOP), versions(later), QUESTIONS, TODAY)
    assert [(change.question.id, change.kind) for change in result.changes] == [("r1", "declined"), ("g1", "text")]
    lost, other = result.changes
    assert "$40" in lost.old.text and lost.new.declined and lost.old.sources[0].document == "notes.md"
    assert "30 days" in other.old.text and "14 days" in other.new.text and other.new.sources[0].quote == later["returns.md"]
    got = result.to_json(limit=1)
    assert (got["changed"], len(got["changes"]), got["counts"]) == (2, 1, {"declined": 1, "text": 1})
    json.dumps(got)


def test_the_same_words_from_another_document(versions: Versions, answerer: Answerer) -> None:
    later = {path.replace("returns", "terms"): said for path, said in SHOP.items()}
    (change,) = compare_answers(answerer, versions(SHOP), versions(later), QUESTIONS, TODAY).changes
    assert (change.question.id, change.kind, change.new.sources[0].document) == ("g1", "sources", "terms.md")


def test_a_question_that_fails_is_told_and_the_others_go_on(versions: Versions, answerer: Answerer) -> None:
    version = versions(SHOP)
    long = AskedQuestion("recent", "r2", "x" * 9000, "public")
    assert compare_answers(answerer, version, version, [long, *QUESTIONS], TODAY).asked == {"recent": 2, "golden": 2}
    with pytest.raises(EncoderMismatchError):
        compare_answers(answerer, version, versions(SHOP, HashingEncoder(64)), QUESTIONS, TODAY)


def test_shipped_questions_are_asked_of_the_shop_they_are_about() -> None:
    questions = read_golden()
    assert fitting(questions, frozenset({"returns.md"})) == []
    asked = golden_to_ask(fitting(questions, frozenset({"policies/returns.md"})))
    assert 10 < len(asked) < len(questions) and "pol-en-001" in {one.id for one in asked}


def new_passages(old: Version, new: Version) -> tuple[Passage, ...]:
    return diff_versions(old, new, TODAY).new_passages()


AGAINST = {"faq/returns.md": "You can return any item within 60 days of delivery."}


def test_a_new_document_that_contradicts_an_old_one(versions: Versions) -> None:
    old, new = versions(SHOP), versions({**SHOP, **AGAINST})
    result = find_contradictions(new, new_passages(old, new), TODAY)
    assert (result.examined, result.left_out, result.found) == (1, 0, 1)
    (pair,) = result.pairs
    assert {pair.stronger.document, pair.weaker.document} == {"returns.md", "faq/returns.md"}
    assert "30 days" in pair.note and "60 days" in pair.note
    json.dumps(result.to_json())
    assert find_contradictions(new, new_passages(new, new), TODAY).examined == 0


def test_both_audiences_are_looked_at(versions: Versions) -> None:
    inside = Scope(audience="internal")
    wrong = {"notes-2.md": ("Agents may grant a goodwill credit of up to $90.", inside)}
    old, new = versions(SHOP), versions({**SHOP, **wrong})
    (pair,) = find_contradictions(new, new_passages(old, new), TODAY).pairs
    assert pair.stronger.audience == pair.weaker.audience == "internal"


@pytest.mark.parametrize(
    "scope",
    [
        Scope(supersedes=("returns.md",)),
        Scope(effective_to=date(2026, 1, 1)),
        Scope(regions=("EU",)),
    ],
)
def test_what_never_holds_beside_it_does_not_contradict_it(versions: Versions, scope: Scope) -> None:
    old, new = versions(SHOP), versions({**SHOP, "faq/returns.md": (AGAINST["faq/returns.md"], scope)})
    assert find_contradictions(new, new_passages(old, new), TODAY).pairs == ()


def test_rules_that_follow_each_other_do_not_contradict(versions: Versions) -> None:
    before, after = Scope(effective_from=date(2026, 1, 1), effective_to=date(2026, 12, 31)), Scope(effective_from=date(2027, 1, 1))
    texts = {"returns-2026.md": (str(SHOP["returns.md"]), before), "returns-2027.md": (AGAINST["faq/returns.md"], after)}
    new = versions(texts)
    assert find_contradictions(new, diff_versions(None, new, TODAY).new_passages(), TODAY).pairs == ()
    later = (AGAINST["faq/returns.md"], replace(before, effective_from=date(2026, 6, 1)))
    overlapping = {"returns-2026.md": texts["returns-2026.md"], "terms.md": later}
    other = versions(overlapping)
    assert find_contradictions(other, diff_versions(None, other, TODAY).new_passages(), TODAY).found == 1


def test_more_passages_than_are_examined_are_counted(versions: Versions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.contradictions.MOST_PASSAGES", 1)
    new = versions(SHOP)
    result = find_contradictions(new, diff_versions(None, new, TODAY).new_passages(), TODAY)
    assert (result.examined, result.left_out) == (1, 3)


@pytest.mark.parametrize("half", ["tune", "test"])
def test_without_a_question_false_alarms_stay_few(half: str) -> None:
    finder = ConflictFinder()
    outcomes = [ConflictOutcome(pair, tuple(contradictions(finder, *pair.hits))) for pair in read_conflicts()]
    row = next(row for row in tabulate(outcomes) if (row.half, row.language) == (half, "all"))
    assert row.precision is not None and row.precision >= 0.93
    assert row.recall is not None and row.recall >= 0.4


def test_a_yes_and_a_no_are_no_contradiction_without_a_question(versions: Versions) -> None:
    texts = {"warranty.md": "The serial number must be readable.", "faq.md": "Registration with the serial number is not needed."}
    new = versions(texts)
    assert find_contradictions(new, diff_versions(None, new, TODAY).new_passages(), TODAY).found == 0
