"""Chinese ID numbers: eighteen characters with a check, and the fifteen digits of before 1999."""

import re
from datetime import date

from stdnum.cn import ric

from rag.privacy.digit_run import Candidate
from rag.privacy.labels import Surroundings

_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_NEW = re.compile(_PROVINCE + r"\d{4}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_OLD = re.compile(_PROVINCE + r"\d{4}(\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}")
_X = re.compile(r"[Xx](?![A-Za-z\d])")


def end_of_id(candidate: Candidate, text: str, said: Surroundings) -> int | None:
    """Where the ID number that begins as ``candidate`` ends in ``text``, its X included; None when it is none."""
    if len(candidate.digits) == 17 and _X.match(text, candidate.end) and _is_new(candidate.digits + "X"):
        return candidate.end + 1
    if _is_new(candidate.digits) or (said.meaning != "other" and _is_old(candidate)):
        return candidate.end
    return None


def _is_new(number: str) -> bool:
    # The library's own check also wants a birth place that it knows, and its list has gaps for counties that are no more.
    return _NEW.fullmatch(number) is not None and ric.calc_check_digit(number) == number[-1] and _is_day(number[6:14])


def _is_old(candidate: Candidate) -> bool:
    match = _OLD.fullmatch(candidate.digits) if len(candidate.groups) == 1 else None
    return match is not None and _is_day(f"19{''.join(match.groups())}")


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(f"{written[:4]}-{written[4:6]}-{written[6:]}")
    except ValueError:
        return False
    return True
