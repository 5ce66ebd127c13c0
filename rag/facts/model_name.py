"""Names of products in a text: a word with a number ("Rovo 310", 清风 40), or a name in Chinese quotation marks (「听潮」).

Chinese has no capitals: there a word before a number is a name only where a title uses it so.
"""

import re
from dataclasses import dataclass

from rag.facts.fact import Fact
from rag.facts.place import tagger
from rag.facts.quantity import Quantity

_MODEL = re.compile(
    r"(?P<series>[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ]+|[\u4e00-\u9fff]{1,4}?(?= ?\d))[ -]?(?P<number>\d{1,5}[A-Za-z]{0,2})(?![\w.,]?\d)"
)
_QUOTED = re.compile(r"[「『“](?P<name>[\u4e00-\u9fff\w ]{2,8})[」』”]")
_COUNTERS = (
    "片个件份张只台盒条次位名种款支瓶包袋把颗粒枚根套组对双层楼级档期步项处家人天日年月号点分秒"
    "元块倍寸度匹升米克斤吨周小厘毫公千平立转瓦伏安兆页册章行列段趟圈格挡卷节种遍轮盏间厅门字"
)
_BETWEEN_SPACES = re.compile(rf"(?P<before>[\u4e00-\u9fff]{{2,8}}) \d{{1,5}} (?![{_COUNTERS}])(?=[\u4e00-\u9fff]{{2}})")
QUOTED = "「」"


@dataclass(frozen=True, slots=True)
class ModelName:
    """A name at ``text[start:end]``. Names of one ``series`` with another ``value`` are other products."""

    start: int
    end: int
    series: str
    value: str


def series_of(title: str) -> frozenset[str]:
    """The words before a number in a title."""
    return frozenset(match["series"].casefold() for match in _MODEL.finditer(title))


def series_within(text: str) -> frozenset[str]:
    """The Chinese words of ``text`` with a number between spaces and a word behind them: 清风 40 空气净化器, and not 每盒 30 片."""
    before = [tagger().lcut(match["before"])[-1] for match in _BETWEEN_SPACES.finditer(text)]
    return frozenset(pair.word for pair in before if len(pair.word) > 1 and pair.flag.startswith("n"))


def find_model_names(text: str, facts: tuple[Fact, ...], known: frozenset[str] = frozenset()) -> list[ModelName]:
    """The model names of ``text``.

    ``facts`` are its facts: a number with a unit, or of a date, names nothing. ``known`` are the series that titles name.
    """
    models = []
    for match in _MODEL.finditer(text):
        series = _known_series(match["series"].casefold(), known)
        if series and not _counts(match, facts):
            models.append(ModelName(match.end("series") - len(series), match.end(), series, match["number"].casefold()))
    quoted = [ModelName(match.start(), match.end(), QUOTED, match["name"].casefold()) for match in _QUOTED.finditer(text)]
    return [*models, *quoted]


def _known_series(word: str, known: frozenset[str]) -> str:
    """``word``, or the end of it that is a known series where it is Chinese (买清风 40 is about a 清风)."""
    if word[0] < "\u4e00":
        return word
    return max((series for series in known if word.endswith(series)), key=len, default="")


def _counts(match: re.Match[str], facts: tuple[Fact, ...]) -> bool:
    within = [fact for fact in facts if fact.start < match.end() and match.start("number") < fact.end]
    return any(fact.kind == "date" or (isinstance(fact.content, Quantity) and fact.content.dimension is not None) for fact in within)
