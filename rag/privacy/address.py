"""Street addresses, English, German, French and Chinese, as well as their form tells them: names of streets have none of their own."""

import re
from collections.abc import Iterator

_NAME = r"(?:[A-Z][\w'’.-]*|[a-z]{3,})"
_ENGLISH_STREET = (
    r"(?:[Ss]treet|[Ss]t|[Aa]venue|[Aa]ve|[Rr]oad|[Rr]d|[Ll]ane|[Ll]n|[Dd]rive|Dr|[Bb]oulevard|[Bb]lvd|[Cc]ourt|Ct|[Cc]rescent"
    r"|[Tt]errace|[Cc]lose|[Pp]lace|Pl|[Ss]quare|[Pp]arkway|[Hh]ighway|Way)"
)
_PLAIN_STREET = r"(?:[Ss]treet|[Ss]t|[Aa]venue|[Aa]ve|[Rr]oad|[Rr]d|[Ll]ane|[Bb]oulevard|[Bb]lvd|[Cc]rescent)"
"""What means a street also behind a name in small letters; a close, a court or a drive is many things."""
_ROOM = r"(?:,? ?(?:[Aa]pt|[Aa]partment|[Ss]uite|[Uu]nit|[Ff]lat|#)\.? ?[\w-]{1,6})?"
_TOWN = (
    r"(?:, ?[A-Z][A-Za-zÀ-ÿ'.-]*[a-zà-ÿ](?: [A-Z][a-zà-ÿ'.-]*[a-zà-ÿ]){0,2})?"
    r"(?:,? [A-Z]{2} \d{5}(?:-\d{4})?|,? [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})?"
)
_ENGLISH = re.compile(
    rf"(?<![A-Za-z\d_.])\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})? (?:[NSEW]\.? )?"
    rf"(?:[A-Z][\w'’.-]* (?:{_NAME} )?{_ENGLISH_STREET}"
    rf"|(?!(?:inch|way|hour|lane|street|garden)\b)[a-z]{{4,}} (?:{_NAME} )?{_PLAIN_STREET})(?![A-Za-z\d_])\.?"
    rf"(?! ?(?:lamps?|lights?|bikes?|tyres?|tires?|cams?|floor|shoes?)\b){_ROOM}{_TOWN}"
)
_BOX = re.compile(r"(?<![A-Za-z\d_])[Pp]\.? ?[Oo]\.? ?[Bb]ox \d{1,6}(?![A-Za-z\d_])")
_GERMAN = re.compile(
    r"(?<![A-Za-zÀ-ÿ\d_])(?!During|Spring|String|Bring)(?:[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|ufer|damm)"
    r"|(?:Am|An der|Im|Auf dem) [A-ZÄÖÜ][\wäöüß]+) \d{1,3}[a-z]?(?!\d)"
    r"(?:, \d{5} [A-ZÄÖÜ][\wäöüß]+)?(?![A-Za-zÀ-ÿ\d_])"
)
_FRENCH = re.compile(
    r"(?<![A-Za-zÀ-ÿ\d_])\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|av\.|boulevard|bd|place|chemin|quai|allée|impasse) "
    r"(?:(?:de|du|des|la|le|les|l'|d') ?){0,2}[A-ZÀ-Ý]"
    r"[\w'’À-ÿ-]+(?: [A-ZÀ-Ý][\w'’À-ÿ-]+){0,2}"
)
_HAN = "[\u4e00-\u9fff]"
_UNIT = "(?:号院|号楼|号(?!线|口|电池|色|能|有)|弄|栋|幢|座|单元|室|楼|层|房)"
_ESTATE = "(?:小区|花园|苑|公寓|大厦|广场|村|社区|城)"
_NUMBERED = re.compile(
    rf"(?<![0-9])[0-9]{{1,5}}{_UNIT}(?: ?(?:{_HAN}{{2,8}}(?=[0-9]))?[0-9A-Z]{{1,5}}{_UNIT})*(?:(?<=[号栋幢座元楼])[0-9]{{1,5}}(?![0-9]))?"
)
_ROAD_BEFORE = re.compile(rf"{_HAN}{{2}}(?:路|街|大道|巷|弄|胡同|{_ESTATE})(?:[东西南北中]段|[院内]|{_HAN}{{0,6}}{_ESTATE})?$")
_BEFORE = 40
_HAN_BEFORE = re.compile(rf"{_HAN}{{1,{_BEFORE}}}$")
_LEAD = re.compile(
    rf"{_HAN}*(?:收货地址|新地址|地址|寄到|送到|寄往|发到|搬到|住在|取件来|放在|位于)(?:是|为|在|了|改成)?|(?:我家|我们|公司|我|请|在|是|到|了|来)+"
)


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """The spans of street addresses in ``text`` (as `plain` writes it): best effort."""
    for pattern in (_ENGLISH, _BOX, _GERMAN, _FRENCH):
        yield from (match.span() for match in pattern.finditer(text))
    for numbered in _NUMBERED.finditer(text):
        before = text[max(0, numbered.start() - _BEFORE) : numbered.start()]
        if _ROAD_BEFORE.search(before) and (place := _HAN_BEFORE.search(before)) is not None:
            lead = _LEAD.match(place.group())
            yield numbered.start() - len(place.group()) + (lead.end() if lead is not None else 0), numbered.end()
