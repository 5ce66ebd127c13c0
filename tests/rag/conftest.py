"""A small shop of two models, a policy in two languages and an FAQ, published through the real store."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from kb.document import Block, BlockKind, Document
from kb.encoders.hashing import HashingEncoder
from kb.manifest import ManifestFields
from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.search import HybridSearch
from kb.store import VersionStore
from kb.version import Version
from rag.appraisal import Appraiser
from rag.delivery import Deliverer
from rag.draft import AnswerGenerator
from rag.evidence import EvidenceScorer
from rag.generate.extractive import ExtractiveGenerator
from rag.pipeline import Answerer
from rag.readers.word_reader import WordClaimReader, WordReader
from rag.similarity import Similarity
from rag.verify.draft_check import DraftCheck
from rag.verify.verifier import Verifier

DAY = date(2026, 11, 23)
ENCODER = HashingEncoder(256)

Entry = tuple[str, str, BlockKind, Scope, str, Sequence[str]]
ENTRIES: list[Entry] = [
    ("rovo-310.pdf", "Rovo 310", "paragraph", Scope(), "en", ["The Rovo 310 runs for 110 minutes on one charge.", "It weighs 3.1 kg."]),
    ("rovo-320.pdf", "Rovo 320", "paragraph", Scope(), "en", ["The Rovo 320 runs for 180 minutes on one charge.", "It weighs 3.6 kg."]),
    ("codes.md", "Error codes", "table_row", Scope(), "en", ["Code: E03 | Meaning: Boiler too hot", "Code: E04 | Meaning: Tank empty"]),
    ("returns.md", "Returns", "paragraph", Scope(), "en", ["You can return any item within 30 days. Keep the receipt."]),
    ("returns-eu.md", "Returns", "paragraph", Scope(regions=("EU",)), "en", ["In the EU you can return any item within 45 days."]),
    ("faq.csv", "FAQ", "faq", Scope(), "en", ["Do you gift wrap?\nYes, for $3. Choose it in the basket."]),
    ("notes.md", "Notes", "paragraph", Scope(audience="internal"), "en", ["Agents may grant a goodwill credit of up to $40."]),
    ("退货.md", "退货", "paragraph", Scope(), "zh", ["自签收起三十天内可以退货。运费由我们承担。"]),
]


def _document(entry: Entry) -> tuple[Document, list[Passage]]:
    path, title, kind, scope, language, texts = entry
    separator = "\n"
    blocks, passages, start = [], [], 0
    page = 1 if path.endswith(".pdf") else None
    document_text = separator.join(texts)
    for text in texts:
        blocks.append(Block(kind, start, start + len(text), (), page))
        start += len(text) + 1
    document = Document("shop", path, title, "text/plain", "0" * 64, language, scope, document_text, tuple(blocks))
    end = len(document_text)
    number = passage_id(document.id, (), document_text, 0)
    passages.append(Passage(number, document.id, document_text, 0, end, kind, (), page, language, scope, title))
    return document, passages


@pytest.fixture(scope="session")
def version(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Version]:
    store = VersionStore(Path(tmp_path_factory.mktemp("shop")))
    made = [_document(entry) for entry in ENTRIES]
    passages = [passage for _, found in made for passage in found]
    with store.writer() as writer:
        staged = writer.stage()
        staged.write([document for document, _ in made], passages, ENCODER.encode_passages([p.encoded_text for p in passages]))
        writer.seal(staged, ManifestFields(ENCODER.id, "test", "tester", "a test"))
        writer.publish(staged)
    opened = store.open_current()
    yield opened
    opened.close()


@pytest.fixture
def search() -> HybridSearch:
    return HybridSearch(ENCODER)


def answerer_with(search: HybridSearch, generator: AnswerGenerator, fallback: AnswerGenerator | None = None) -> Answerer:
    deliverer = Deliverer(generator, DraftCheck(Verifier(WordClaimReader())), fallback)
    return Answerer(Appraiser(search, EvidenceScorer(Similarity(ENCODER), WordReader())), deliverer)


@pytest.fixture
def answerer(search: HybridSearch) -> Answerer:
    return answerer_with(search, ExtractiveGenerator())
