"""A question with everything that shapes its answer."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kb.scope import Audience, SearchScope
from kb.text.question_language import question_language
from rag.writing import Writing


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant", "system"]
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """One question. ``audience`` comes from the caller's key, never from the request body.

    ``as_of`` is the day whose rules are asked for (the face fills in today in the shop's time zone). ``today`` is the present day where
    the caller named ``as_of`` himself, and None where nobody did. ``default_region`` is the shop's, and holds where neither ``region`` nor
    the question names one.
    ``writing`` says how the answer is to be written. ``known_languages`` are those of the knowledge base that is asked, the most frequent
    first; whoever answers fills them in, and they make no other question of it.
    ``deadline`` is a reading of `time.monotonic` after which no phase may go on; ``None`` means no limit.
    """

    text: str
    as_of: date
    audience: Audience = "public"
    history: tuple[Turn, ...] = ()
    language: str | None = None
    region: str | None = None
    channel: str | None = None
    product: str | None = None
    deadline: float | None = None
    request_id: str = ""
    today: date | None = None
    default_region: str | None = None
    writing: Writing = Writing()
    known_languages: tuple[str, ...] = field(default=(), compare=False)

    @property
    def spoken_language(self) -> str:
        """The language to answer in: the one asked for, or the question's own."""
        return self.language or self.written_language

    @property
    def written_language(self) -> str:
        """The language that the question is in; where its words do not tell, the one asked for, that of the turn before or the shop's."""
        return question_language(self.text, self.known_languages, self.language or self._language_before)

    @property
    def _language_before(self) -> str | None:
        before = next((turn.text for turn in reversed(self.history) if turn.role == "user"), None)
        return None if before is None else question_language(before, self.known_languages)

    @property
    def scope(self) -> SearchScope:
        """The point of view of this question's searches."""
        return SearchScope(self.as_of, self.audience, self.region or self.default_region, self.channel, self.product)
