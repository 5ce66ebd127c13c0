"""What a night costs beside a full build: generated documents, of which a few change.

``citedesk eval nights [--passages 20000]``
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.options import IngestOptions
from ingest.progress import ProgressListener
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoder import Encoder
from kb.store import VersionStore

PASSAGES_PER_DOCUMENT = 10
CHANGED = 0.01
SOURCE = "generated"

_THINGS = {
    "en": ("the kettle", "the heater", "a gift card", "your parcel", "the invoice", "the vacuum cleaner", "the camera", "an extra battery"),
    "zh": ("水壶", "取暖器", "礼品卡", "您的包裹", "发票", "吸尘器", "摄像头", "备用电池"),
}
_RULES = {
    "en": (
        "{thing} can be returned within {n} days of delivery, in its box and with the receipt",
        "{thing} is covered for {n} months, wear and tear excepted",
        "if {thing} arrives damaged, tell us within {n} hours and add two photographs",
        "we charge {n} dollars when {thing} has to be collected from an upper floor",
    ),
    "zh": (
        "{thing}自签收之日起{n}天内可以退货，须保留包装和购物凭证",
        "{thing}的保修期为{n}个月，正常磨损除外",
        "如果{thing}到货时已损坏，请在{n}小时内告知我们并附两张照片",
        "需要上楼取回{thing}时，我们收取{n}元的费用",
    ),
}


@dataclass(frozen=True, slots=True)
class Night:
    """One run: how many passages the version then has, how many were encoded, and seconds from start to end."""

    passages: int
    encoded: int
    seconds: float
    outcome: str


@dataclass(frozen=True, slots=True)
class NightsReport:
    """A full build, a night in which a share of the passages changed, and one in which none did."""

    full: Night
    changed: Night
    unchanged: Night

    @property
    def ratio(self) -> float:
        """The seconds of the changed night over those of the full build, which ran a moment before."""
        return self.changed.seconds / self.full.seconds


def run(encoder: Encoder, folder: Path, passages: int, listener: Callable[[str], ProgressListener]) -> NightsReport:
    """Builds ``passages`` generated passages in ``folder``, then changes `CHANGED` of them, then nothing.

    ``listener`` makes a listener for each night.
    """
    shop, data = folder / "shop", folder / "data"
    documents = max(1, passages // PASSAGES_PER_DOCUMENT)
    for number in range(documents):
        write_document(shop, number)
    full = _night(encoder, shop, data, listener("full build"))
    changing = max(1, int(CHANGED * passages))
    for number in random.Random(1).sample(range(documents), min(documents, changing)):
        write_document(shop, number, 1)
    changed = _night(encoder, shop, data, listener("changed night"))
    return NightsReport(full, changed, _night(encoder, shop, data, listener("quiet night")))


def _night(encoder: Encoder, shop: Path, data: Path, listener: ProgressListener) -> Night:
    started = time.perf_counter()
    report = ingest(VersionStore(data), encoder, [SourceSpec(SOURCE, shop)], IngestOptions(workers=2), listener)
    return Night(report.counts["passages"], report.counts["embedded"], time.perf_counter() - started, report.outcome)


def write_document(shop: Path, number: int, edition: int = 0) -> None:
    """Generate document ``number`` of `PASSAGES_PER_DOCUMENT` passages into ``shop``; editions differ in one of them."""
    language = "zh" if number % 3 == 0 else "en"
    chance = random.Random(number)
    parts = [f"# {_THINGS[language][number % 8]} {number}"]
    for section in range(PASSAGES_PER_DOCUMENT):
        changed = edition if section == number % PASSAGES_PER_DOCUMENT else 0
        rules = [_rule(language, chance, 1000 * changed) for _ in range(4)]
        parts += [f"## {number}.{section}", (". " if language == "en" else "。").join(rules) + (". " if language == "en" else "。")]
    path = shop / f"{number % 50:02d}" / f"{number:06d}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _rule(language: str, chance: random.Random, more: int) -> str:
    text = chance.choice(_RULES[language]).format(thing=chance.choice(_THINGS[language]), n=chance.randint(1, 999) + more)
    return text[:1].upper() + text[1:]
