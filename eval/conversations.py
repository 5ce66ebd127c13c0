"""Conversations: is what answers the last turn found, although the last turn alone does not say what it is about?

``citedesk eval conversations [--data DIR] [--llm MODEL]``
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from eval.golden import FOUND_WITHIN, answer_text, plain
from eval.json_lines import read_json_lines
from eval.metrics import mean
from eval.question import Half, half_of
from eval.shop import holds_answer, read_shops
from eval.shop_answers import ingested_shop
from kb.encoder import Encoder
from kb.errors import ConfigurationError
from kb.version import Version
from rag.pipeline import Answerer
from rag.query import Query, Turn
from rag.rewriter import Rewriter, Rewriting

CONVERSATIONS_FILE = Path(__file__).with_name("conversations.jsonl")
"""About the sample shop, written before there were any rules."""
SHOP_CONVERSATIONS_FILE = Path(__file__).with_name("shop_conversations.jsonl")
"""About invented shops of the tuning half, written before there were any rules."""
TUNING_CONVERSATIONS_FILE = Path(__file__).with_name("tuning_conversations.jsonl")
"""About the sample shop, written to tune the rules; numbered so that all are of the tuning half."""
FILES = (CONVERSATIONS_FILE, SHOP_CONVERSATIONS_FILE, TUNING_CONVERSATIONS_FILE)
SAMPLE_SHOP = "sample shop"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns that end with the user's question; any of ``documents`` counts as found, ``quote`` is the passage's own words.

    ``must`` has to be in the answer. ``collection`` names the file it stands in; ``shop`` is the invented shop asked, or `SAMPLE_SHOP`.
    """

    id: str
    language: str
    region: str | None
    turns: tuple[Turn, ...]
    documents: tuple[str, ...]
    quote: str
    must: tuple[str, ...]
    collection: str
    shop: str = SAMPLE_SHOP

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the id."""
        return half_of(self.id)


@dataclass(frozen=True, slots=True)
class ConversationOutcome:
    """What became of one conversation. ``rewriting`` is what was searched for, ``told`` whether the answer holds all of ``must``.

    ``way`` names who rewrote the question.
    """

    conversation: Conversation
    way: str
    rewriting: Rewriting
    found: bool
    quoted: bool
    told: bool
    answer: str


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One line of the table; rates in [0, 1].

    ``found``: an expected document is among the first five documents. ``quoted``: the quote is in one of the first five
    passages. ``told``: the answer holds every expected fact.
    """

    way: str
    collection: str
    half: str
    language: str
    conversations: int
    found: float
    quoted: float
    told: float

    def to_json(self) -> dict[str, object]:
        """The numbers, rounded."""
        return {"conversations": self.conversations, **{name: round(getattr(self, name), 4) for name in ("found", "quoted", "told")}}


def read_conversations(path: Path) -> list[Conversation]:
    """The conversations in ``path``, one JSON object a line.

    Raises:
        ConfigurationError: there are none, or a line is malformed, or a conversation does not end with its user.
    """
    conversations = read_json_lines(path, partial(_conversation, path.stem), "A conversation")
    if not conversations:
        raise ConfigurationError(f"There are no conversations in {path}.")
    return conversations


class RememberingRewriter:
    """Asks ``inner`` once for each query: a search and the answer that follows it are about the same rewriting."""

    def __init__(self, inner: Rewriter) -> None:
        self._inner = inner
        self._known: dict[Query, Rewriting] = {}

    async def rewrite(self, query: Query) -> Rewriting:
        """What ``inner`` said of ``query`` the first time."""
        if query not in self._known:
            self._known[query] = await self._inner.rewrite(query)
        return self._known[query]


async def run(
    answerers: Mapping[str, Answerer],
    version: Version,
    conversations: Iterable[Conversation],
    today: date,
    advance: Callable[[int], None] = lambda _: None,
) -> list[ConversationOutcome]:
    """Ask the last turn of each conversation in each way, which ``answerers`` are named by; ``advance`` is told after each conversation."""
    outcomes = []
    for conversation in conversations:
        for way, answerer in answerers.items():
            outcomes.append(await ask(way, answerer, version, conversation, today))
        advance(1)
    return outcomes


async def run_in_shops(
    answerers: Mapping[str, Answerer],
    encoder: Encoder,
    conversations: Sequence[Conversation],
    today: date,
    advance: Callable[[int], None] = lambda _: None,
) -> list[ConversationOutcome]:
    """Ask in the invented shops: each is ingested into a temporary data folder of its own."""
    outcomes = []
    for shop in read_shops():
        ours = [conversation for conversation in conversations if conversation.shop == shop.name]
        if ours:
            with ingested_shop(shop, encoder) as version:
                outcomes += await run(answerers, version, ours, today, advance)
    return outcomes


async def ask(way: str, answerer: Answerer, version: Version, conversation: Conversation, today: date) -> ConversationOutcome:
    """Ask the last turn of one conversation and judge what is found and told."""
    query = query_of(conversation, today)
    rewriting = await answerer.rewriter.rewrite(query)
    hits = answerer.retrieve(query, rewriting.by_rules, version, rewriting.by_model)
    documents = list(dict.fromkeys(hit.document for hit in hits))[:FOUND_WITHIN]
    answer = answer_text(await answerer.collect(query, version))
    return ConversationOutcome(
        conversation,
        way,
        rewriting,
        found=any(name in conversation.documents for name in documents),
        quoted=any(holds_answer(hit.passage.text, conversation.quote) for hit in hits[:FOUND_WITHIN]),
        told=all(plain(fact) in plain(answer) for fact in conversation.must),
        answer=answer,
    )


def query_of(conversation: Conversation, today: date) -> Query:
    """The query as a face would build it: the last turn, and the turns before it as its history."""
    *earlier, last = conversation.turns
    return Query(last.text, today, history=tuple(earlier), region=conversation.region, request_id=f"conversation-{conversation.id}")


def tabulate(outcomes: Sequence[ConversationOutcome]) -> list[ConversationRow]:
    """Rows for each way and collection by half and language, and one for all languages of a half and one for all of both halves."""
    rows = []
    for way, collection in dict.fromkeys((outcome.way, outcome.conversation.collection) for outcome in outcomes):
        of_both = [o for o in outcomes if (o.way, o.conversation.collection) == (way, collection)]
        for half in ("tune", "test"):
            ours = [o for o in of_both if o.conversation.half == half]
            for language in sorted({o.conversation.language for o in ours}):
                rows.append(_row(half, language, [o for o in ours if o.conversation.language == language]))
            if ours:
                rows.append(_row(half, "all", ours))
        rows.append(_row("both", "all", of_both))
    return rows


def to_json(outcomes: Sequence[ConversationOutcome]) -> dict[str, object]:
    """For each way: the rows keyed by collection, half and language, the ids of the conversations whose document was not found, and
    how many questions a model rewrote (``taken``) or why it did not (``problems``)."""
    ways = dict.fromkeys(outcome.way for outcome in outcomes)
    return {way: _way_to_json([outcome for outcome in outcomes if outcome.way == way]) for way in ways}


def _way_to_json(outcomes: Sequence[ConversationOutcome]) -> dict[str, object]:
    rows = {f"{row.collection}/{row.half}/{row.language}": row.to_json() for row in tabulate(outcomes)}
    return {
        **rows,
        "missed": [outcome.conversation.id for outcome in outcomes if not outcome.found],
        "taken": sum(outcome.rewriting.by_model is not None for outcome in outcomes),
        "problems": dict(Counter(outcome.rewriting.problem for outcome in outcomes if outcome.rewriting.problem is not None)),
    }


def _row(half: str, language: str, outcomes: Sequence[ConversationOutcome]) -> ConversationRow:
    found, quoted, told = (mean([float(getattr(o, name)) for o in outcomes]) for name in ("found", "quoted", "told"))
    return ConversationRow(outcomes[0].way, outcomes[0].conversation.collection, half, language, len(outcomes), found, quoted, told)


def _conversation(collection: str, entry: dict[str, Any]) -> Conversation:
    turns = tuple(Turn(turn["role"], turn["text"]) for turn in entry.pop("turns"))
    if not turns or turns[-1].role != "user":
        raise ValueError("it must end with a turn of the user")
    return Conversation(turns=turns, documents=tuple(entry.pop("documents")), must=tuple(entry.pop("must")), collection=collection, **entry)
