"""Payment cards: the first digits and the lengths of the networks, and the Luhn check."""

import re

from stdnum import luhn

from rag.privacy.digit_run import Candidate
from rag.privacy.labels import Surroundings

_NETWORKS = re.compile(
    r"4\d{12}(?:\d{3}(?:\d{3})?)?|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|35\d{14}(?:\d{3})?|(?:1800|2131)\d{11}|6[0245]\d{14,17}|81\d{14,17}|(?:50|5[6-9]|6[13-9])\d{11,17}|9\d{15,18}"
)
"""Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay, Maestro, and 9 with which some Chinese banks' cards begin."""
_SURE = ("card", "id")


def is_card(candidate: Candidate, said: Surroundings) -> bool:
    """Whether ``candidate`` is a payment card's number."""
    digits = candidate.digits
    if not 13 <= len(digits) <= 19 or not _is_grouped(candidate):
        return False
    if said.meaning == "other" and (said.direct or len(candidate.groups) == 1):
        return False
    if _NETWORKS.fullmatch(digits) is None or not luhn.is_valid(digits):
        return False
    # As many article numbers of 13 digits begin with a 4 as cards that old are left.
    return said.meaning in _SURE or (digits[0] != "9" and (len(digits) > 13 or len(candidate.groups) > 1))


def _is_grouped(candidate: Candidate) -> bool:
    """Whether the digits stand in one piece or as on a card."""
    sizes = [len(group) for group in candidate.groups]
    separators = set(re.findall(r"\D+", candidate.text.lstrip("(+")))
    as_on_a_card = sizes[0] in (4, 6) and min(sizes[:-1]) >= 3 if len(sizes) > 1 else True
    return as_on_a_card and len(separators) <= 1 and not candidate.text.startswith("+")
