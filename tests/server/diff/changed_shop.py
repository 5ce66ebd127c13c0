"""A bilingual shop before and after a night with every kind of change, published through the real store."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.answer_changes import AskedQuestion
from kb.document import Block, BlockKind, Document
from kb.encoders.hashing import HashingEncoder
from kb.manifest import ManifestFields
from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.search import HybridSearch
from kb.store import VersionStore
from kb.text.languages import detect_language
from rag.generate.extractive import ExtractiveGenerator
from server.diff.asking import Asking
from server.diff.gather import gather
from server.diff.report import DiffReport
from tests.rag.conftest import answerer_with

TODAY = date(2026, 11, 23)
ENCODER = HashingEncoder(256)
INSIDE = Scope(audience="internal")


@dataclass(frozen=True)
class File:
    """A document: sections of heading and text."""

    title: str
    sections: Sequence[tuple[str, str]]
    scope: Scope = Scope()
    kind: BlockKind = "paragraph"
    row_scopes: Mapping[int, Scope] | None = None


TILL = "How do agents reset the till?\nWith the code 4471, at night."
FREIGHT = ("运费", "因质量问题退换货，来回运费都由我们承担。")
SHARED: dict[str, File] = {
    "terms.md": File("Terms", [("Minors", "Customers below 18 need the consent of a parent.")]),
    "sale.md": File("Winter sale", [("", "Ten percent off all lamps until Sunday.")], Scope(effective_to=date(2026, 12, 1))),
    "january.md": File("New warranty", [("", "Lamps carry a warranty of five years.")], Scope(effective_from=date(2026, 12, 15))),
}
OLD: dict[str, File] = SHARED | {
    "policies/returns.md": File(
        "Returns and refunds",
        [
            ("How long", "You can return any lamp within 30 days of delivery. Keep the receipt, and send the lamp in its box."),
            ("Costs", "Returns inside Germany are free of charge. From other countries we deduct 4.90 EUR."),
            ("Damaged lamps", "Tell us within two days, with a photo."),
        ],
    ),
    "policies/退换货政策.md": File(
        "退换货政策",
        [("退货期限", "自签收次日起 7 天内，商品完好的，可以申请无理由退货。"), FREIGHT],
    ),
    "faq.csv": File(
        "Questions",
        [("", "Does the lamp dim?\nYes, the lamp dims in three steps."), ("", TILL)],
        kind="faq",
        row_scopes={1: INSIDE},
    ),
    "internal/goodwill.md": File("Goodwill for agents", [("", "Agents may grant a goodwill credit of up to $40.")], INSIDE),
    "manuals/lamp.pdf": File("Lamp manual", [("Care", "Wipe the shade with a dry cloth every month.")]),
    "old-shop.md": File("Our shop in Lyon", [("", "The shop in Lyon opens at nine.")]),
}
NEW: dict[str, File] = SHARED | {
    "policies/returns.md": File(
        "Returns and refunds",
        [
            ("How long", "You can return any lamp within 14 days of delivery. Keep the receipt, and send the lamp in its box."),
            ("Costs", "Returns inside Germany are free of charge. From other countries we deduct 6.95 EUR, whatever its size."),
            ("Refunds", "Your refund is paid within 7 business days."),
        ],
    ),
    "terms.md": File("Terms", [("Minors", "Customers below 18 need the consent of a parent.")], Scope(regions=("EU",))),
    "policies/退换货政策.md": File(
        "退换货政策",
        [("退货期限", "自签收次日起 15 天内，商品完好、配件齐全的，可以申请无理由退货。"), FREIGHT],
    ),
    "faq.csv": File(
        "Questions",
        [("", "Does the lamp dim?\nYes, the lamp dims in five steps."), ("", TILL)],
        kind="faq",
    ),
    "goodwill.md": File("Goodwill for agents", [("", "Agents may grant a goodwill credit of up to $40.")]),
    "manuals/lamp-2026.pdf": File("Lamp manual", [("Care", "Wipe the shade with a dry cloth every month.")]),
    "help/care.md": File("Care of lamps", [("Care", "Wipe the shade with a dry cloth."), ("", "Delivery is free from 50 EUR.")]),
    "help/delivery.md": File("Delivery", [("", "Delivery is free from 80 EUR.")]),
}
QUESTIONS = (
    AskedQuestion("golden", "pol-01", "Within how many days can I return a lamp?", "public", "en"),
    AskedQuestion("golden", "zh-01", "退货期限是几天？", "public", "zh"),
    AskedQuestion("recent", "recent-1", "Does the lamp dim?", "public"),
    AskedQuestion("recent", "recent-2", "What goodwill credit may agents grant?", "internal", region="FR"),
)


def publish(store: VersionStore, files: Mapping[str, File]) -> str:
    """Publishes ``files`` by their paths."""
    made = [_document(path, file) for path, file in files.items()]
    passages = [passage for _, found in made for passage in found]
    with store.writer() as writer:
        staged = writer.stage()
        vectors = ENCODER.encode_passages([passage.encoded_text for passage in passages])
        staged.write([document for document, _ in made], passages, vectors)
        writer.seal(staged, ManifestFields(ENCODER.id, "test", "tester", "a test"))
        return writer.publish(staged)


@contextmanager
def report_on(
    data: Path, old: Mapping[str, File], new: Mapping[str, File], questions: Sequence[AskedQuestion] = ()
) -> Iterator[DiffReport]:
    """Publishes both and gathers the report on them."""
    store = VersionStore(data)
    before, after = (store.open(publish(store, files)) for files in (old, new))
    asking = Asking(answerer_with(HybridSearch(ENCODER), ExtractiveGenerator()) if questions else None, tuple(questions))
    try:
        yield gather(before, after, TODAY, lambda phase, steps: lambda done: None, asking)
    finally:
        before.close()
        after.close()


def _document(path: str, file: File) -> tuple[Document, list[Passage]]:
    text = "\n\n".join(body for _, body in file.sections)
    language = detect_language(text)
    rows = file.row_scopes or {}
    blocks, passages, start = [], [], 0
    for number, (heading, body) in enumerate(file.sections):
        headings = (heading,) if heading else ()
        blocks.append(Block(file.kind, start, start + len(body), headings, scope=rows.get(number)))
        start += len(body) + 2
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    document = Document("lamps", path, file.title, "text/markdown", digest, language, file.scope, text, tuple(blocks))
    for number, block in enumerate(blocks):
        body = text[block.start : block.end]
        name = passage_id(document.id, block.heading_path, body, number)
        scope = block.scope or file.scope
        own = (block.heading_path, None, language, scope, file.title)
        passages.append(Passage(name, document.id, body, block.start, block.end, file.kind, *own))
    return document, passages
