"""Asks small shops for facts in a shopper's oblique words, and for what their documents do not tell.

``citedesk eval oblique [--across]``. The shops (``eval/oblique``: documents as files, and questions in the form of the golden ones) were
written before anything was tuned on them. Half of the questions (by a hash of the id) may be tuned on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.golden import GoldenReport, ask, tabulate
from eval.ingested import ingested_source
from eval.question import GoldenQuestion, read_golden, require_distinct
from kb.encoder import Encoder
from kb.errors import ConfigurationError
from rag.pipeline import Answerer

OBLIQUE_FOLDER = Path(__file__).with_name("oblique")
ASKED, ASKED_ACROSS = "questions", "across"
"""Subfolders of a shop: questions in the language of its documents, and in another one."""
TODAY = date(2026, 11, 25)


@dataclass(frozen=True, slots=True)
class ObliqueShop:
    """A folder of documents, and what is asked of them."""

    name: str
    documents: Path
    questions: tuple[GoldenQuestion, ...]


def read_oblique(folder: Path = OBLIQUE_FOLDER, asked: str = ASKED) -> list[ObliqueShop]:
    """All shops, by name: the subfolders of ``folder``, each with ``documents`` and, in the subfolder ``asked``, questions.

    Raises:
        ConfigurationError: there are none, or questions are missing, malformed or repeat an id.
    """
    homes = sorted(path.parent for path in folder.glob("*/documents"))
    if not homes:
        raise ConfigurationError(f"There are no shops in {folder}. Put folders with documents and questions there.")
    shops = [ObliqueShop(home.name, home / "documents", tuple(read_golden(home / asked))) for home in homes]
    require_distinct([question for shop in shops for question in shop.questions])
    return shops


def run(
    shops: Sequence[ObliqueShop], encoder: Encoder, answerer: Answerer, advance: Callable[[int], None] = lambda _: None
) -> GoldenReport:
    """Ask every question of its shop; ``advance`` is told after each one."""
    outcomes = []
    for shop in shops:
        with ingested_source(shop.name, shop.documents, encoder) as version:
            for question in shop.questions:
                outcomes.append(ask(answerer, version, question, TODAY))
                advance(1)
    return GoldenReport(tuple(outcomes), tuple(tabulate(outcomes)))
