"""Which of two documents goes before the other: a policy before an FAQ before a manual, then the newest in force.

A passage of kind ``faq`` is an FAQ. Else the title and the file's name tell: words of manuals make a manual, words of rules
("policy", "terms", 条款) or a folder named after them a policy. Of what tells neither, a PDF is a manual, for that is how makers deliver
them, and any other page ranks with the FAQs: the shop's own words, but no rule. Without a date of its own a text counts as the oldest.
"""

import re
from datetime import date
from enum import IntEnum

from kb.search import Hit


class SourceKind(IntEnum):
    """What kind of document a passage is from; the higher goes before the lower."""

    MANUAL = 1
    FAQ = 2
    POLICY = 3

    @property
    def label(self) -> str:
        """As an agent reads it."""
        return "FAQ" if self is SourceKind.FAQ else self.name.lower()


_MANUAL = re.compile(
    r"\b(?:manuals?|(?:user|quick start|owner.?s)[ _-]guides?|instructions?|handbook|leaflet|data ?sheet|care)\b"
    r"|bedienungsanleitung|handbuch|mode d.emploi|notice d.utilisation|manuel\b|manual de|manuale|说明书|使用说明|安装说明|手册|用户指南",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"\b(?:polic(?:y|ies)|terms|conditions|rules|returns?|refunds?|warranty|guarantee|privacy|shipping|delivery|payment|legal)\b"
    r"|\bpolitique|\bgaranti[ea]|\bconditions générales|\bagb\b|richtlinie|bedingungen|\bpolítica|\bpolitica|\btérminos"
    r"|政策|条款|规则|协议|退货|退换货|保修|三包|配送|发票与支付|会员积分",
    re.IGNORECASE,
)
_POLICY_FOLDER = re.compile(r"(?:^|/)(?:polic(?:y|ies)|terms|legal|政策|条款)/", re.IGNORECASE)
_MANUAL_FOLDER = re.compile(r"(?:^|/)(?:manuals?|handbooks?|说明书)/", re.IGNORECASE)
_FAQ = re.compile(r"\b(?:faqs?|questions)\b|help cent(?:er|re)|常见问题|问答|帮助中心", re.IGNORECASE)


def source_kind(hit: Hit) -> SourceKind:
    """What kind of document ``hit`` is from, by the rule above."""
    passage, path = hit.passage, hit.document
    name = f"{passage.title}\n{re.sub(r'[_-]', ' ', path.rpartition('/')[2])}"
    if passage.kind == "faq" or _FAQ.search(name):
        return SourceKind.FAQ
    if _MANUAL_FOLDER.search(path) or _MANUAL.search(name):
        return SourceKind.MANUAL
    if _POLICY_FOLDER.search(path) or _POLICY.search(name):
        return SourceKind.POLICY
    return SourceKind.MANUAL if path.lower().endswith(".pdf") else SourceKind.FAQ


def strength(hit: Hit) -> tuple[SourceKind, date]:
    """What sorts sources, the weakest first. Two that are equal have nothing that puts one before the other."""
    return source_kind(hit), hit.passage.scope.effective_from or date.min
