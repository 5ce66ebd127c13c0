"""What people think of answers."""

from typing import Literal

from kb.scope import Audience
from server.shapes.shape import Shape
from server.state.feedback import Rating, Reason


class FeedbackScope(Shape):
    """What was asked about."""

    language: str | None
    region: str | None
    channel: str | None
    product: str | None


class Feedback(Shape):
    """One opinion."""

    id: int | str
    object: Literal["feedback"]
    created_at: str
    answer_id: str
    rating: Rating
    reason: Reason | None
    comment: str | None
    citedesk: FeedbackScope


class ListedFeedback(Feedback):
    """One opinion, with the key that sent it."""

    audience: Audience
    key_id: str


class FeedbackList(Shape):
    """A page of feedback, newest first."""

    object: Literal["list"]
    data: list[ListedFeedback]
    total: int
    has_more: bool
    next_offset: int | None
