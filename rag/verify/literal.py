"""The literal check: every number of a sentence stands in a passage it cites, and every quote is literally there."""

import re
import unicodedata

from rag.draft import Draft
from rag.reason import Reason

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_THOUSANDS = re.compile(r",(?=\d{3}(?:\D|$))")


def find_problem(draft: Draft) -> Reason | None:
    """Why ``draft`` may not be sent, in a sentence for an agent; None when nothing speaks against it.

    Numbers, dates and prices are compared as written, thousands separators aside.
    """
    if not draft.quotes:
        return Reason("citation", "The sentence cites no passage.")
    for hit, quote in draft.quotes:
        if quote not in hit.passage.text:
            return Reason("quote", f"The quote is not in the cited passage {hit.passage.id}.")
    allowed = {number for hit, _ in draft.quotes for number in numbers_in(hit.passage.text)}
    foreign = [number for number in numbers_in(draft.text) if number not in allowed]
    return Reason("number", f"The number {foreign[0]} does not stand in the cited passage.") if foreign else None


def numbers_in(text: str) -> list[str]:
    """The numbers of ``text`` in order, full-width digits folded and thousands separators removed."""
    return [_THOUSANDS.sub("", found) for found in _NUMBER.findall(unicodedata.normalize("NFKC", text))]
