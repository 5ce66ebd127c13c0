"""Which passage of a document's old state became which of its new state: by heading path and by likeness of words."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.word_marks import words_in
from kb.passage import Passage

ALIKE = 0.5
"""The least share of words in common (Dice) of two passages under one heading that are one passage, changed."""
ALIKE_ELSEWHERE = 0.7
"""The same under different headings, where nothing else speaks for it."""
SAME_QUESTION = 0.95
"""How alike two FAQ pairs with one question are, whatever they answer."""
WINDOW = 20
"""How far, in passages, a changed one is looked for from where it would stand: bounds the work on a long document."""


@dataclass(frozen=True, slots=True)
class PassagePair:
    """A passage before and after; None where it was not there."""

    old: Passage | None
    new: Passage | None


@dataclass(frozen=True, slots=True)
class _Worded:
    passage: Passage
    words: Counter[str]
    question: str

    @classmethod
    def of(cls, passage: Passage) -> "_Worded":
        question = passage.text.split("\n", 1)[0] if passage.kind == "faq" else ""
        return cls(passage, Counter(words_in(passage.text)), question)


def pair_passages(removed: Sequence[Passage], added: Sequence[Passage]) -> tuple[PassagePair, ...]:
    """``removed`` and ``added``, passages of one document by their order in it, each in exactly one pair.

    Pairs and what was added come in the new order, what was removed after them.
    """
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(_candidates(removed, added), key=lambda entry: -entry[0]):
        if j not in partners and i not in taken:
            partners[j] = i
            taken.add(i)
    pairs = [PassagePair(removed[partners[j]] if j in partners else None, passage) for j, passage in enumerate(added)]
    pairs += [PassagePair(passage, None) for i, passage in enumerate(removed) if i not in taken]
    return tuple(pairs)


def _candidates(removed: Sequence[Passage], added: Sequence[Passage]) -> Iterator[tuple[float, int, int]]:
    """Likeness, place in ``removed``, place in ``added`` of those that may be one passage."""
    if not removed or not added:
        return
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for i, passage in enumerate(removed):
        places[passage.text].append(i)
    worded = [_Worded.of(passage) for passage in removed]
    for j, passage in enumerate(added):
        if places[passage.text]:
            yield 2.0, places[passage.text].popleft(), j
        mine = _Worded.of(passage)
        expected = j * len(removed) // len(added)
        for i in range(max(0, expected - WINDOW), min(len(removed), expected + WINDOW + 1)):
            likeness = _likeness(worded[i], mine)
            same_heading = worded[i].passage.heading_path == passage.heading_path
            if likeness >= (ALIKE if same_heading else ALIKE_ELSEWHERE):
                yield likeness + same_heading / 2, i, j


def _likeness(one: _Worded, other: _Worded) -> float:
    if one.question and one.question == other.question:
        return SAME_QUESTION
    total = one.words.total() + other.words.total()
    return 2 * (one.words & other.words).total() / total if total else 0.0
