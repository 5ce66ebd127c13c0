"""Questions of the sample shop, and what the fake language model writes to them: sentences that the shop's documents bear out."""

from collections.abc import Callable

from tests.fake_llm.connection import Request

RETURNS = "How long do I have to return an item?"
SHIPPING = "How much does standard delivery cost?"
CHINESE = "积分什么时候到账？"
UNANSWERED = "How many moons does Jupiter have?"
IN_RETURNS = "30 days"
"""Stands in every answer to it."""
WRITTEN = {
    RETURNS: "You can return any item within 30 days of delivery. [1] Returns registered after 30 days are declined. [1]",
    SHIPPING: "Standard delivery takes 3-5 business days and costs $4.90. [1]",
    CHINESE: "积分在签收 31 天后到账 👍。 [1]",
}
REFUSAL = "The passages do not answer this."


def written(request: Request) -> str:
    """The answer to the question that stands last in the prompt."""
    asked = str(request.body["messages"][-1]["content"])
    return next((text for question, text in WRITTEN.items() if question in asked), REFUSAL)


def fixed(text: str) -> Callable[[Request], str]:
    """A model that writes ``text`` whatever it is asked."""
    return lambda _request: text
