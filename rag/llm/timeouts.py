"""How long each phase of a completion may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. ``first_token`` runs from the request to the first text, ``between_tokens`` from one piece of text to the next.

    ``tokenize`` bounds the counting of a prompt, ``finished`` the wait for the token counts after the answer is complete.
    The deadline of the question holds above all of them.
    """

    connect: float = 5.0
    first_token: float = 30.0
    between_tokens: float = 15.0
    tokenize: float = 2.0
    finished: float = 1.0
