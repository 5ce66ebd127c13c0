"""Sibling products whose names differ in a word: "Keel" and "Keel Plus", "Hushwell Pad" and "Hushwell View".

They are told from the titles alone: two that are alike but for a word which one has more, or has in the other's place, behind a name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kb.text.tokens import HAN
from rag.thesaurus import concepts_in

_TOKEN = re.compile(rf"(?P<word>[^\W_{HAN}]+(?:['’+-][^\W_{HAN}]+)*\+?)|(?P<han>[{HAN}]+)|(?P<space>\s+)|(?P<mark>.)")
_HAN = re.compile(f"[{HAN}]")
POINTS = frozenset("the my our your this that der die das den dem mein meine le la les mon ma el los mi il lo".split())
"""Words that point: what stands behind them, with a capital or a number, is a name."""
_NOT = frozenset("not no non unlike except nicht kein keine keinen außer pas sauf sin excepto".split())
_TOPICS = frozenset(
    "account billing care cleaning contact cookies delivery faq help installation legal maintenance options order orders overview payment "
    "payments policies policy pricing returns rules safety sales service services setup shipping stores studio studios support terms "
    "abholung bestellung bestellungen hilfe lieferung montage pflege rückgabe service sicherheit versand zahlung aide commande commandes "
    "entretien expédition livraison paiement retours sécurité ayuda compra devoluciones entrega envío envíos pago pedidos seguridad".split()
)
"""What documents are about. So are the words that the thesaurus knows: "Saldervik Delivery" and "Saldervik Warranty" are no products."""
_ANY = "\0"
"""Stands in a pattern of titles for the word in which they differ."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str

    @property
    def folded(self) -> str:
        return self.text.casefold()

    @property
    def alone(self) -> str:
        """Without the number that stands behind it: "the Keel Plus 460 g"."""
        return self.folded.split(" ", 1)[0]

    @property
    def is_name(self) -> bool:
        """Whether it may be a name or a part of one: it begins with a capital, or holds a digit."""
        return self.text[0].isupper() or self.has_digit

    @property
    def has_digit(self) -> bool:
        """Whether it is a model's number, or holds one: `rag.products` knows those."""
        return any(character.isdigit() for character in self.text)

    @property
    def is_topic(self) -> bool:
        """Whether it says what a document is about."""
        return self.folded in _TOPICS or bool(concepts_in(self.folded))


@dataclass(slots=True)
class _Family:
    """The words that follow one name in titles, those of them that need a capital to be meant, and the titles that have the name alone."""

    variants: set[str] = field(default_factory=set)
    capitalised: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)

    def has(self, word: _Word | None) -> bool:
        """Whether ``word``, behind the name, names a sibling."""
        return word is not None and word.alone in self.variants and (word.is_name or word.alone not in self.capitalised)


class Variants:
    """Knows the sibling products of all document titles of one version. A product is written as name and variant, or name alone."""

    def __init__(self, titles: Iterable[str]) -> None:
        """``titles`` are the titles of the documents the reader may see. Takes time in proportion to their words."""
        self._families: dict[str, _Family] = defaultdict(_Family)
        words = {title: _words(title) for title in titles}
        self._find_longer(words)
        self._find_others(words)
        self._bases: dict[str, set[str]] = defaultdict(set)
        for base, family in self._families.items():
            for variant in family.variants:
                self._bases[variant].add(base)

    def asked(self, text: str) -> frozenset[str]:
        """The products that ``text`` names: "keel plus", or "keel" where the name stands alone, with a capital, and is a product so."""
        return frozenset(self._named(_words(text))) if self._families else frozenset()

    def admits(self, asked: frozenset[str], title: str, text: str) -> bool:
        """Whether a passage may answer a question about ``asked``: no sibling's title stands above it, or it names what is asked."""
        if not self._families or not asked:
            return True
        return not self._only_siblings(asked, self._titled(title)) or bool(asked & self.asked(text))

    def admits_sentence(self, asked: frozenset[str], sentence: str) -> bool:
        """Whether ``sentence`` names none but siblings of what is ``asked``."""
        return not self._families or not asked or not self._only_siblings(asked, self.asked(sentence))

    def _find_longer(self, words: dict[str, list[_Word | None]]) -> None:
        """Titles that have a word more than another one."""
        known: dict[str, set[str]] = defaultdict(set)
        for title, found in words.items():
            known[_pattern(found)].add(title)
        for found in words.values():
            for place in _places(found):
                shorter = known.get(_pattern(found[:place] + found[place + 1 :]))
                if shorter:
                    family = self._families[_folded(found[place - 1])]
                    family.variants.add(_folded(found[place]))
                    family.plain |= shorter

    def _find_others(self, words: dict[str, list[_Word | None]]) -> None:
        """Titles that have another word in one place."""
        groups: dict[tuple[int, str], set[str]] = defaultdict(set)
        bases: dict[tuple[int, str], str] = {}
        for found in words.values():
            for place in _places(found):
                key = place, _pattern([*found[:place], _Word(_ANY), *found[place + 1 :]])
                groups[key].add(_folded(found[place]))
                bases[key] = _folded(found[place - 1])
        for key, variants in groups.items():
            if len(variants) > 1:
                family = self._families[bases[key]]
                family.capitalised |= variants - family.variants
                family.variants |= variants

    def _named(self, words: list[_Word | None]) -> Iterator[str]:
        edges: list[_Word | None] = [None, None]
        for denied, before, word, after in zip([*edges, *words], [None, *words], words, [*words[1:], None], strict=False):
            if word is None or any(one is not None and one.folded in _NOT for one in (denied, before)):
                continue
            family = self._families.get(word.folded)
            if family is not None and after is not None and family.has(after):
                yield f"{word.folded} {after.alone}"
            elif family is not None and family.plain and word.is_name:
                yield word.folded
            elif word.is_name and before is not None and before.folded in POINTS:
                yield from (f"{base} {word.alone}" for base in self._bases.get(word.alone, ()))

    def _titled(self, title: str) -> frozenset[str]:
        """The products of a title. A name alone is one only beside a variant, or where another title has one more; else the brand's."""
        named = frozenset(self._named(_words(title)))
        return frozenset(
            one
            for one in named
            if one not in self._families or title in self._families[one].plain or any(self._base(other) == one != other for other in named)
        )

    def _only_siblings(self, asked: frozenset[str], named: frozenset[str]) -> bool:
        """Whether ``named`` holds products of a family of ``asked``, and none that is asked."""
        families = {self._base(one) for one in asked}
        return not asked & named and any(self._base(one) in families for one in named)

    def _base(self, product: str) -> str:
        return product if product in self._families else product.rsplit(" ", 1)[0]


def _words(text: str) -> list[_Word | None]:
    """The words of ``text`` in order, a number as one with the word before it, Chinese uncut; None for a mark, which parts them."""
    found: list[_Word | None] = []
    for match in _TOKEN.finditer(text):
        before = found[-1] if found else None
        if match.lastgroup == "word" and match.group().isdecimal() and before is not None and not _HAN.match(before.text):
            found[-1] = _Word(f"{before.text} {match.group()}")
        elif match.lastgroup != "space":
            found.append(None if match.lastgroup == "mark" else _Word(match.group()))
    return found


def _places(words: list[_Word | None]) -> Iterator[int]:
    """Where a name that is neither a number nor a topic stands right behind another."""
    for place, (before, word) in enumerate(zip(words, words[1:], strict=False), start=1):
        if before is not None and word is not None and before.is_name and word.is_name and not (word.has_digit or word.is_topic):
            yield place


def _pattern(words: list[_Word | None]) -> str:
    return "\n".join(map(_folded, words))


def _folded(word: _Word | None) -> str:
    return "" if word is None else word.folded
