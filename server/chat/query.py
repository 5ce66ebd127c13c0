"""From messages to a query: the last user message is the question, what came before it is its history."""

import time
from typing import Literal

from kb.errors import EmptyQuestionError, QuestionTooLongError
from kb.scope import Audience
from rag.query import Query, Turn
from server.chat.request import ChatRequest, Message
from server.errors import RequestError
from server.settings import Settings

_ROLES: dict[str, Literal["user", "assistant", "system"]] = {
    "developer": "system",
    "system": "system",
    "user": "user",
    "assistant": "assistant",
}


def query_from(body: ChatRequest, audience: Audience, settings: Settings, request_id: str) -> Query:
    """The query that ``body`` asks.

    Raises RequestError where there is no user message, EmptyQuestionError, QuestionTooLongError.
    """
    place = _last_user_message(body.messages)
    scope, today = body.citedesk, settings.today()
    return Query(
        text=checked_question(body.messages[place].content or "", settings),
        as_of=scope.as_of or today,
        audience=audience,
        history=_history(body.messages[:place], settings.client_instructions),
        language=scope.language,
        region=scope.region,
        channel=scope.channel,
        product=scope.product,
        deadline=time.monotonic() + settings.request_seconds,
        request_id=request_id,
        today=today if scope.as_of else None,
        default_region=settings.default_region,
        writing=body.writing,
    )


def checked_question(text: str, settings: Settings) -> str:
    """``text`` without blanks around it. Raises EmptyQuestionError or QuestionTooLongError."""
    question = text.strip()
    if not question:
        raise EmptyQuestionError("The question is empty. Write what you want to know.")
    limit = settings.max_question_chars
    if len(question) > limit:
        raise QuestionTooLongError(f"The question has {len(question)} characters; at most {limit} are taken. Shorten it.")
    return question


def _last_user_message(messages: list[Message]) -> int:
    for place in range(len(messages) - 1, -1, -1):
        if messages[place].role == "user":
            return place
    raise RequestError("There is no message of the role 'user' to answer.", code="missing_user_message", param="messages")


def _history(messages: list[Message], instructions: bool) -> tuple[Turn, ...]:
    """The turns with text; those of the system only where ``instructions`` are wanted."""
    turns = (Turn(_ROLES[message.role], message.content) for message in messages if message.content)
    return tuple(turn for turn in turns if instructions or turn.role != "system")
