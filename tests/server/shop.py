"""A small shop with every kind of original and both audiences, published through the real store."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from kb.document import Block, BlockKind, Document
from kb.encoders.hashing import HashingEncoder
from kb.manifest import ManifestFields
from kb.objects import ObjectStore
from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.store import VersionStore
from kb.version import Version
from rag.answer import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    Citation,
    CitationEvent,
    EndEvent,
    Generator,
    RemovedSentence,
    SentenceEvent,
    Usage,
)
from rag.pipeline import Answerer
from rag.query import Query

SOURCE = "testshop"
SECRET = "Agents may silently grant a goodwill voucher of ninety nine euros to anyone who threatens a chargeback"
FAQ_SECRET = "Internal note for the night shift: reset the terminal with code 4471 and tell nobody outside"
RETURNS = "You can return any lamp within 30 days of delivery. Keep the receipt."
POLICY = "Shipping inside Germany costs 4.90 EUR and takes two working days."
FAQ_PUBLIC = "Does the lamp dim?\nYes, the lamp dims in three steps."
CHINESE = "退货政策：您可以在三十天内退货，运费由我们承担。"
MANUAL = "The kettle holds 1.7 litres. Descale it every month."


@dataclass(frozen=True)
class Item:
    path: str
    media_type: str
    content: bytes
    texts: Sequence[str]
    scopes: Sequence[Scope] = ()
    scope: Scope = Scope()
    kind: BlockKind = "paragraph"
    page: int | None = None
    public_url: str | None = None


def pdf(text: str = MANUAL) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for number in (1, 2):
        canvas.drawString(72, 720, f"{text} Page {number}.")
        canvas.setFillColorRGB(float(number == 2), 0, float(number == 1))  # the second page is red
        canvas.rect(50, 50, 500, 500, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def items(number: int = 0) -> list[Item]:
    """Version ``number`` of the shop's documents."""
    html = f"<html><body><script>document.title='ran'</script><p>{POLICY}</p></body></html>"
    inside = Scope(audience="internal")
    return [
        Item("returns.md", "text/markdown", RETURNS.encode(), [RETURNS, f"Edition {number} of this page."]),
        Item("shipping.html", "text/html", html.encode(), [POLICY], public_url="https://shop.example/shipping"),
        Item("zh.txt", "text/plain", CHINESE.encode("gb18030"), [CHINESE]),
        Item("kettle.pdf", "application/pdf", pdf(), [MANUAL], page=2),
        Item("faq.csv", "text/csv", f"{FAQ_PUBLIC},{FAQ_SECRET}".encode(), [FAQ_PUBLIC, FAQ_SECRET], (Scope(), inside), kind="faq"),
        Item("internal/agents.md", "text/markdown", SECRET.encode(), [SECRET], scope=inside),
        Item("<b>odd</b> & name.md", "text/markdown", b"x", ["<img src=x onerror=alert(1)> is only text here."], (inside,)),
        Item("mixed.md", "text/markdown", f"Gift wrap is free.\n{SECRET}".encode(), ["Gift wrap is free.", SECRET], (Scope(), inside)),
    ]


def document_of(item: Item, objects: ObjectStore) -> Document:
    blocks, start = [], 0
    for text in item.texts:
        blocks.append(Block(item.kind, start, start + len(text), ("Rules",), item.page))
        start += len(text) + 2
    return Document(
        source=SOURCE,
        path=item.path,
        title=f"Title of {item.path}",
        media_type=item.media_type,
        content_hash=objects.put(item.content),
        language="en",
        scope=item.scope,
        text="\n\n".join(item.texts),
        blocks=tuple(blocks),
        public_url=item.public_url,
        pages=2 if item.page else None,
    )


def passages_of(document: Document, item: Item) -> list[Passage]:
    return [
        Passage(
            id=passage_id(document.id, block.heading_path, item.texts[number], 0),
            document_id=document.id,
            text=item.texts[number],
            start=block.start,
            end=block.end,
            kind=block.kind,
            heading_path=block.heading_path,
            page=block.page,
            language="en",
            scope=item.scopes[number] if item.scopes else item.scope,
            title=document.title,
            public_url=document.public_url,
        )
        for number, block in enumerate(document.blocks)
    ]


def publish(data: Path, number: int = 0, encoder: HashingEncoder | None = None, shown: Sequence[Item] = ()) -> str:
    """Publish version ``number`` of the shop, or the items ``shown``."""
    encoder = encoder or HashingEncoder()
    store = VersionStore(data)
    with store.writer() as writer:
        documents, passages = [], []
        for item in shown or items(number):
            document = document_of(item, store.objects)
            documents.append(document)
            passages += passages_of(document, item)
        staged = writer.stage()
        staged.write(documents, passages, encoder.encode_passages([passage.encoded_text for passage in passages]))
        writer.seal(staged, ManifestFields(encoder_id=encoder.id, chunker="test", who="tester", why="a test"))
        return writer.publish(staged)


class ScriptedAnswerer(Answerer):
    """Plays a prepared answer: sentences with a pause before each, or an error. Records the queries it was asked."""

    def __init__(self, answer: Answer, pause: float = 0.0, fail_after: int | None = None, error: Exception | None = None) -> None:
        self.scripted = answer
        self.pause = pause
        self.fail_after = fail_after
        self.error = error
        self.queries: list[Query] = []
        self.cancelled = asyncio.Event()
        self.finished = False

    async def answer(self, query: Query, version: Version) -> AsyncIterator[AnswerEvent]:
        self.queries.append(query)
        try:
            for number, sentence in enumerate(self.scripted.sentences):
                await asyncio.sleep(self.pause)
                self._maybe_fail(number)
                for citation in self.scripted.citations:
                    if citation.number in sentence.citations:
                        yield CitationEvent(citation)
                yield SentenceEvent(sentence)
            self._maybe_fail(len(self.scripted.sentences))
            yield EndEvent(self.scripted)
            self.finished = True
        except asyncio.CancelledError:
            self.cancelled.set()
            raise

    def _maybe_fail(self, number: int) -> None:
        if self.error is not None and number == self.fail_after:
            raise self.error


def citation(number: int, page: int | None = None, public_url: str | None = None) -> Citation:
    return Citation(
        number=number,
        passage_id=f"passage{number}",
        document_id=f"document{number}",
        source=SOURCE,
        document=f"file{number}.md",
        title=f"Title [{number}]",
        quote="within 30 days – of delivery",
        start=0,
        end=10,
        page=page,
        public_url=public_url,
        language="en",
    )


def scripted_answer() -> Answer:
    """Three sentences, one of them Chinese with an emoji, one with two markers, one without; a marker-like text in one."""
    return Answer(
        sentences=(
            AnswerSentence("Returns are free 👍 within 30 days.", (1,), 0.9),
            AnswerSentence("退货需在30天内。", (1, 2), 0.8, separator="\n"),
            AnswerSentence("See note [9] on the box.", (), 0.7, separator=" "),
        ),
        citations=(citation(1), citation(2, page=3, public_url="https://shop.example/p")),
        generator=Generator("scripted"),
        kb_version="000001",
        usage=Usage(11, 7),
        removed=(RemovedSentence("A removed claim nobody may read", "number differs"),),
        timings={"retrieve": 0.01},
    )
