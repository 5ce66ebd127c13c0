"""Phone numbers of configured regions, in international and national form."""

import re
from collections.abc import Sequence

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from kb.errors import ConfigurationError
from rag.privacy.digit_run import Candidate
from rag.privacy.found import digits_of
from rag.privacy.labels import Surroundings

DEFAULT_REGIONS = ("US", "GB", "DE", "CN")
_OF_BUSINESSES = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL}
)
EXTENSION = re.compile(r" ?(?:x|ext\.?|extension|转|分机) ?\d{1,6}(?![A-Za-z\d])", re.IGNORECASE)
_FREE_OF_CHARGE = re.compile(r"[48]00 ?[1-9]\d{2} ?\d{4}|(?:1 )?8(?:00|33|44|55|66|77|88) ?[2-9]\d{2} ?\d{4}|0800 ?\d{3,4} ?\d{3,4}")
"""Of China, the USA and Europe. Given out or not: nobody has one at home."""
_SHORTEST = 7
_LONGEST = 15
_BARE_LENGTH = 10
_TRUNK_IN_BRACKETS = re.compile(r"\(0\)")


class PhoneRules:
    """Tells phone numbers of ``regions`` from other numbers. Immutable after it was made."""

    def __init__(self, regions: Sequence[str] = DEFAULT_REGIONS) -> None:
        """``regions`` are ISO 3166 codes such as ``CN``. Raises ConfigurationError naming one that has no phone numbers."""
        for region in regions:
            if region not in phonenumbers.SUPPORTED_REGIONS:
                raise ConfigurationError(f"{region} is no region with phone numbers. Use codes such as US, DE or CN.")
        self._regions = tuple(regions)

    def key_of(self, candidate: Candidate, said: Surroundings) -> str | None:
        """``candidate`` in international form, or its digits; None when it is no phone number of a person."""
        if not _SHORTEST <= len(candidate.digits) <= _LONGEST:
            return None
        international = candidate.text.lstrip("(").startswith("+")
        if said.meaning == "other" and (said.direct or len(candidate.groups) == 1) and not international:
            return None
        if _FREE_OF_CHARGE.fullmatch(" ".join(candidate.groups)) and not candidate.text.startswith("+"):
            return None
        parsed = self._parsed(candidate)
        if international:
            return self._international(candidate, parsed)
        fitting = [number for number in parsed if phonenumbers.is_valid_number(number) and _is_written_out(candidate, number, said)]
        persons = [number for number in fitting if phonenumbers.number_type(number) not in _OF_BUSINESSES]
        if fitting:
            return _key(persons[0]) if persons else None
        return candidate.digits if said.meaning == "phone" and said.direct and _is_plausible(candidate) else None

    def _international(self, candidate: Candidate, parsed: list[PhoneNumber]) -> str | None:
        """Of any country: who writes the plus means a phone number, be it mistyped."""
        valid = [number for number in parsed if phonenumbers.is_valid_number(number)]
        if any(phonenumbers.number_type(number) in _OF_BUSINESSES for number in valid):
            return None
        return _key(valid[0]) if valid else candidate.digits if parsed else None

    def _parsed(self, candidate: Candidate) -> list[PhoneNumber]:
        written = _TRUNK_IN_BRACKETS.sub("", candidate.text)
        numbers = []
        for region in self._regions:
            try:
                numbers.append(phonenumbers.parse(written, region))
            except NumberParseException:  # too short, or of no country
                continue
        return numbers


def _key(number: PhoneNumber) -> str:
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"


def _is_written_out(candidate: Candidate, number: PhoneNumber, said: Surroundings) -> bool:
    """Whether ``candidate`` has the prefix that ``number`` is dialled with at home or from abroad, and looks like a phone number."""
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    expected, given, code = digits_of(national), candidate.digits, str(number.country_code)
    significant = phonenumbers.national_significant_number(number)
    with_code = given.lstrip("0") == code + significant or given == f"011{code}{significant}"
    if given != expected and not with_code:
        return False
    if said.meaning == "phone" or given.startswith("0") or (with_code and len(given) > len(significant) + 1):
        return True
    if len(candidate.groups) == 1:
        return len(given) >= _BARE_LENGTH
    sizes = [len(group) for group in candidate.groups]
    usual = [len(group) for group in re.findall(r"\d+", national)]
    return usual in (sizes, sizes[1:]) or sizes[-1] >= 3 and min(sizes[-2:]) >= 3 and sizes[0] in (2, 3)


def _is_plausible(candidate: Candidate) -> bool:
    """Whether the groups look like those of a phone number that is valid nowhere, such as one without its area code."""
    return len(candidate.groups) <= 5 and min(map(len, candidate.groups)) >= 2
