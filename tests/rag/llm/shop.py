"""Hits for prompts: three passages of two documents, best first."""

from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.search import Hit

RETURNS = "You can return any item within 30 days.\nKeep the receipt."
ENTRIES = [
    ("returns.md", "Returns", RETURNS, 0, 3.0),
    ("退货.md", "退货", "运费由我们承担。", 0, 2.0),
    ("returns.md", "Returns", "Sale items: 14 days.", 60, 1.0),
]


def hit(document: str, title: str, text: str, start: int = 0, score: float = 1.0) -> Hit:
    identity = passage_id(document, (), text, 0)
    passage = Passage(identity, document, text, start, start + len(text), "paragraph", (), None, "en", Scope(), title)
    return Hit(passage, "shop", document, score, score, score, 1.0)


def hits() -> tuple[Hit, ...]:
    return tuple(hit(*entry) for entry in ENTRIES)
