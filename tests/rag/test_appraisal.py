"""What becomes of questions that need a person, of rules that hold elsewhere, and of passages that contradict each other."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np
import pytest

from kb.document import Block, Document
from kb.encoder import FloatArray
from kb.manifest import ManifestFields
from kb.passage import Passage, passage_id
from kb.scope import Audience, Scope
from kb.search import HybridSearch
from kb.store import VersionStore
from kb.version import Version
from rag.answer import Answer
from rag.appraisal import Appraiser
from rag.delivery import Deliverer
from rag.evidence import EvidenceScorer
from rag.generate.extractive import ExtractiveGenerator
from rag.person_need import PersonExample, PersonNeedFinder
from rag.pipeline import Answerer
from rag.query import Query
from rag.reader import Limits, Reader, Reading
from rag.readers.word_reader import WordClaimReader, WordReader
from rag.similarity import Similarity
from rag.verify.draft_check import DraftCheck
from rag.verify.verifier import Verifier
from tests.rag.conftest import DAY, ENCODER

EXAMPLES = [
    PersonExample("Where is my parcel 4711?", "account"),
    PersonExample("My lawyer will sue you.", "law"),
    PersonExample("The kettle is on fire right now!", "safety"),
    PersonExample("How long does shipping take?", None),
    PersonExample("How long can I return an item?", None),
    PersonExample("Is the kettle safe?", None),
]
SHOP = [
    ("faq.csv", "FAQ", Scope(), "How long is the warranty on a Tovo kettle?\nThe warranty on a Tovo kettle is 24 months."),
    ("tovo-manual.pdf", "Tovo kettle user manual", Scope(), "The warranty on a Tovo kettle is 12 months."),
    ("eu.md", "Rovo 400", Scope(regions=("EU",)), "The Rovo 400 is collected by the courier."),
    ("rovo.md", "Rovo 310", Scope(), "The Rovo 310 runs for 110 minutes."),
]


def _ask(answerer: Answerer, version: Version, text: str, audience: Audience = "public", region: str | None = None) -> Answer:
    return asyncio.run(answerer.collect(Query(text, DAY, audience, region=region), version))


class WaryReader(WordReader):
    """Declines what it shares few words with; its scores are as far apart as logits are."""

    limits = Limits(threshold=2.0, growth=0.0, demand=0.0)

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """Four times the share of the question's words."""
        return [np.float32(4) * scores for scores in super().score(question, readings)]


def _answerer(find_persons: Callable[[], PersonNeedFinder] | None = None, reader: Reader | None = None) -> Answerer:
    appraiser = Appraiser(HybridSearch(ENCODER), EvidenceScorer(Similarity(ENCODER), reader or WordReader()), None, find_persons)
    return Answerer(appraiser, Deliverer(ExtractiveGenerator(), DraftCheck(Verifier(WordClaimReader()))))


@pytest.fixture(scope="module")
def careful() -> Answerer:
    return _answerer(lambda: PersonNeedFinder(ENCODER, examples=EXAMPLES))


@pytest.fixture(scope="module")
def disputed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Version]:
    store = VersionStore(tmp_path_factory.mktemp("disputed"))
    documents, passages = [], []
    for path, title, scope, text in SHOP:
        kind = "faq" if path.startswith("faq") else "paragraph"
        block = Block(kind, 0, len(text), (), None)  # type: ignore[arg-type]
        document = Document("shop", path, title, "text/plain", "0" * 64, "en", scope, text, (block,))
        number = passage_id(document.id, (), text, 0)
        documents.append(document)
        passages.append(Passage(number, document.id, text, 0, len(text), kind, (), None, "en", scope, title))  # type: ignore[arg-type]
    with store.writer() as writer:
        staged = writer.stage()
        staged.write(documents, passages, ENCODER.encode_passages([passage.encoded_text for passage in passages]))
        writer.seal(staged, ManifestFields(encoder_id=ENCODER.id, chunker="test", who="tester", why="a test"))
        writer.publish(staged)
    version = store.open_current()
    yield version
    version.close()


@pytest.mark.parametrize("text", ["👍", "???", "…", "（？）"])
def test_what_has_no_words_is_no_question(careful: Answerer, version: Version, text: str) -> None:
    answer = _ask(careful, version, text)
    assert (answer.abstained, answer.reason, answer.gap) == (True, "not_in_knowledge_base", "The message has no words.")
    assert answer.usage.prompt_tokens >= 1


def test_a_legal_matter_is_not_even_searched_for(careful: Answerer, version: Version) -> None:
    answer = _ask(careful, version, "My lawyer will sue you.")
    assert (answer.abstained, answer.reason, answer.escalate) == (True, "needs_person", True)
    assert answer.gap == "The question raises a legal matter." and "retrieve" not in answer.timings


def test_an_own_affair_that_nothing_answers_needs_a_person(careful: Answerer, version: Version) -> None:
    answer = _ask(careful, version, "Where is my parcel 4711?")
    assert (answer.abstained, answer.reason) == (True, "needs_person")
    assert answer.gap == "The question is about the customer's own account or order."


def test_an_accident_begins_with_the_call_for_help_and_is_no_answer(careful: Answerer, version: Version) -> None:
    answer = _ask(careful, version, "The kettle is on fire right now!")
    assert answer.sentences[0].text == "If anyone is in danger, call the emergency services now."
    assert answer.sentences[0].citations == () and answer.sentences[0].verdict == "not_found"
    assert answer.escalate and answer.reason == "needs_person"
    assert answer.text.count("\n") == 1, "what follows begins a new line"


def test_an_agent_is_a_person(careful: Answerer, version: Version) -> None:
    answer = _ask(careful, version, "My lawyer will sue you.", "internal")
    assert answer.reason == "not_in_knowledge_base"


def test_other_questions_are_answered_as_ever(careful: Answerer, version: Version) -> None:
    answer = _ask(careful, version, "How long can I return an item?")
    assert (answer.abstained, answer.reason, answer.escalate) == (False, None, False)
    assert "30 days" in answer.text


def test_a_rule_that_holds_elsewhere_is_told_to_the_agent(disputed: Version) -> None:
    answerer = _answerer(reader=WaryReader())
    answer = _ask(answerer, disputed, "Who collects the Rovo 400?")
    assert (answer.abstained, answer.reason) == (True, "outside_scope")
    assert answer.gap is not None and "eu.md" in answer.gap and "for EU" in answer.gap
    assert "courier" in _ask(answerer, disputed, "Who collects the Rovo 400?", region="FR").text


def test_a_shopper_is_answered_from_the_stronger_source_and_an_agent_sees_both(disputed: Version) -> None:
    question = "How many months of warranty are there on a kettle?"
    shopper, agent = _ask(_answerer(), disputed, question), _ask(_answerer(), disputed, question, "internal")
    assert "24 months" in shopper.text and "12 months" not in shopper.text
    assert "24 months" in agent.text and "12 months" in agent.text
    for answer in (shopper, agent):
        (conflict,) = answer.conflicts
        assert "24 months" in conflict.note and "12 months" in conflict.note
        stronger = disputed.passage(conflict.passage_ids[0])
        assert stronger is not None and stronger.kind == "faq"


def test_finding_persons_is_made_once(version: Version) -> None:
    made = []

    def make() -> PersonNeedFinder:
        made.append(date.today())
        return PersonNeedFinder(ENCODER, examples=EXAMPLES)

    answerer = _answerer(make)
    assert not made
    _ask(answerer, version, "How long can I return an item?")
    _ask(answerer, version, "My lawyer will sue you.")
    assert len(made) == 1
