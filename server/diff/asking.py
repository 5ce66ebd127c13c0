"""What both versions are asked, and what answers: the golden questions that fit the shop, and those that were asked lately."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.answer_changes import AskedQuestion, fitting, golden_to_ask
from eval.question import read_golden
from kb.encoders.bundled import SHOP_ADAPTER, bundled_folder
from kb.encoders.english import english_folder
from kb.encoders.load import BUNDLED
from kb.errors import CitedeskError
from kb.version import Version
from rag.pipeline import Answerer
from server.services import open_services
from server.settings import Settings
from server.state.questions import QuestionStore

SAMPLE_SOURCE = "brightnook"
"""What the shipped golden questions are about: the sample shop, by the name of its folder."""
MOST_RECENT = 500
"""The most recent questions that are asked."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of both versions. Without an ``answerer`` nothing is, and ``notes`` say why."""

    answerer: Answerer | None = None
    questions: tuple[AskedQuestion, ...] = ()
    notes: tuple[str, ...] = ()


@contextmanager
def open_asking(settings: Settings, old: Version, new: Version, folder: Path | None = None) -> Iterator[Asking]:
    """What is to be asked of ``old`` and ``new``; ``folder`` holds golden questions to ask in place of those shipped.

    Where answering is impossible that is noted: a comparison is not lost because an encoder is missing.
    Answers are picked, never written: a language model words them otherwise every time, and everything would seem changed.
    """
    problem = _obstacle(settings, old, new)
    with ExitStack() as stack:
        if problem is not None:
            yield Asking(notes=(f"Answers were not compared: {problem}",))
            return
        try:
            services = stack.enter_context(open_services(settings.model_copy(update={"llm_url": None, "llm_model": None})))
            questions = _questions(services.questions, old, new, folder)
        except CitedeskError as error:
            yield Asking(notes=(f"Answers were not compared. {error}",))
            return
        if services.encoder.id != new.manifest.encoder_id:
            yield Asking(notes=(f"Answers were not compared: the encoder is {services.encoder.id}, not {new.manifest.encoder_id}.",))
            return
        yield Asking(services.answerer, questions)


def _obstacle(settings: Settings, old: Version, new: Version) -> str | None:
    """What is known to be in the way before anything is loaded."""
    if old.manifest.encoder_id != new.manifest.encoder_id:
        return "the two versions were embedded with different encoders."
    needed = (bundled_folder(settings.cache, SHOP_ADAPTER), english_folder(settings.cache))
    if settings.encoder == BUNDLED and not all(folder.is_dir() for folder in needed):
        return "the encoder is not prepared on this machine. Run `citedesk prepare`."
    return None


def _questions(recent: QuestionStore, old: Version, new: Version, folder: Path | None) -> tuple[AskedQuestion, ...]:
    golden = read_golden() if folder is None else read_golden(folder)
    if folder is None:
        documents = (document for version in (old, new) for document in version.outline().documents.values())
        golden = fitting(golden, frozenset(document.path for document in documents if document.source == SAMPLE_SOURCE))
    asked = golden_to_ask(golden)
    for number, one in enumerate(recent.recent(MOST_RECENT), 1):
        place = (one.language, one.region, one.channel, one.product)
        asked.append(AskedQuestion("recent", f"recent-{number}", one.text, one.audience, *place))
    return tuple(asked)
