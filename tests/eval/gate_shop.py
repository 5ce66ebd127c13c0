"""Small versions for the tests of the gate, published through the real store, and an exam that plays prepared outcomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from eval.exam import ExamKind, ExamOutcome, ExamQuestion
from ingest.gate import GateResult
from kb.document import Block, BlockKind, Document
from kb.encoders.hashing import HashingEncoder
from kb.manifest import ManifestFields
from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.store import VersionStore
from kb.text.languages import detect_language
from kb.version import Version

ENCODER = HashingEncoder(256)


@dataclass(frozen=True)
class Page:
    """A document of one passage for each of ``texts``."""

    path: str
    texts: Sequence[str]
    kind: BlockKind = "paragraph"
    scope: Scope = Scope()

    def parts(self) -> tuple[Document, list[Passage]]:
        language = detect_language(self.texts[0])
        blocks, start = [], 0
        for text in self.texts:
            blocks.append(Block(self.kind, start, start + len(text)))
            start += len(text) + 1
        whole = "\n".join(self.texts)
        document = Document("shop", self.path, self.path, "text/plain", "0" * 64, language, self.scope, whole, tuple(blocks))
        passages = [
            Passage(
                passage_id(document.id, (), text, number), document.id, text, block.start, block.end, self.kind, (), None, language,
                self.scope, self.path,
            )
            for number, (text, block) in enumerate(zip(self.texts, blocks, strict=True))
        ]
        return document, passages


def publish(store: VersionStore, pages: Sequence[Page], gate: GateResult | None = None, encoder_id: str = ENCODER.id) -> Version:
    """The next version, opened."""
    made = [page.parts() for page in pages]
    passages = [passage for _, found in made for passage in found]
    with store.writer() as writer:
        staged = writer.stage()
        staged.write([document for document, _ in made], passages, ENCODER.encode_passages([one.encoded_text for one in passages]))
        fields = ManifestFields(encoder_id, "test", "tester", "a test", gate=None if gate is None else gate.to_json())
        writer.seal(staged, fields)
        writer.publish(staged)
    return store.open_current()


def faq(path: str, pairs: Mapping[str, str], scope: Scope | None = None) -> Page:
    """An FAQ of questions and answers."""
    return Page(path, [f"{question}\n{answer}" for question, answer in pairs.items()], "faq", scope or Scope())


@dataclass
class ScriptedExam:
    """Fails, on each version, the questions listed for its id; remembers what was put to which version."""

    names: Sequence[str]
    failing: dict[str, set[str]]
    kind: ExamKind = "golden"
    day: str = "2026-11-23"
    put: list[tuple[str, str]] = field(default_factory=list)

    def questions(self, staged: Version) -> list[ExamQuestion]:
        return [ExamQuestion(name, f"Question {name}?", f"key-{name}", self.day) for name in self.names]

    def sit(self, version: Version, ids: Sequence[str], advance: Callable[[int], None]) -> Mapping[str, ExamOutcome]:
        self.put += [(version.id, name) for name in ids]
        advance(len(ids))
        return {
            name: ExamOutcome("declined" if name in self.failing.get(version.id, ()) else "", f"{name} on {version.id}") for name in ids
        }


class Steps:
    """A progress listener that adds up."""

    def __init__(self) -> None:
        self.phases: list[tuple[str, int]] = []
        self.done_steps = 0

    def phase(self, name: str, total: int) -> None:
        self.phases.append((name, total))

    def advance(self, steps: int) -> None:
        self.done_steps += steps

    def done(self) -> None:
        pass
