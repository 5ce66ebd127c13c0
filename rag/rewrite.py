"""A follow-up question made to stand alone, by rules: what it leaves out stands in the turns before it."""

from dataclasses import dataclass, replace

from rag.query import Query, Turn
from rag.reference import Reference, reference_of
from rag.slots import products_in, substitute

KEPT_LINES = 3


@dataclass(frozen=True, slots=True)
class Thread:
    """What a conversation is about: the user's questions that hang together, oldest first, and the product named last."""

    lines: tuple[str, ...] = ()
    product: str = ""

    def after(self, turn: Turn) -> "Thread":
        """The thread once ``turn`` is said."""
        text = turn.text.strip()
        named = products_in(text)
        if turn.role == "assistant" and len(named) == 1 and not self.product:
            return replace(self, product=named[0])
        reference = reference_of(text) if turn.role == "user" else Reference.SMALL_TALK
        if reference is Reference.SMALL_TALK:
            return self
        if reference is Reference.NONE:
            return Thread((text,), named[-1] if named else "")
        if reference is Reference.POSSIBLE:
            return Thread((text,), self.product)
        return self._continued(text, named)

    def _continued(self, text: str, named: list[str]) -> "Thread":
        lines = [substitute(line, text) for line in self.lines]
        product = named[-1] if named else substitute(self.product, text)
        return Thread((*lines[:1], *lines[1:][2 - KEPT_LINES :], text), product)

    @property
    def question(self) -> str:
        """The thread as one text to search for."""
        told = any(self.product in line for line in self.lines)
        return "\n".join([*([] if told or not self.product else [self.product]), *self.lines])


def rewrite(query: Query) -> str:
    """The text to search for: the question itself, or what it follows up and then itself.

    A question that goes on, refers back or corrects ("and the 320?") brings the questions that it hangs on, with what it
    replaces replaced; one that is short and names no product brings the product spoken of. Nothing is invented: all
    words are the conversation's own.
    """
    return thread_before(query).after(Turn("user", query.text)).question if leans(query.text) else query.text


def thread_before(query: Query) -> Thread:
    """What the conversation was about before ``query``."""
    thread = Thread()
    for turn in query.history:
        thread = thread.after(turn)
    return thread


def leans(text: str) -> bool:
    """Whether ``text`` leans on what was said before it, surely or possibly."""
    return reference_of(text) in (Reference.POSSIBLE, Reference.CERTAIN)
