"""A title made of a file's name, for a document that has none of its own: as a person would write it."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from kb.text.language_code import known_language

_HOME_PAGES = ("index", "readme", "default")
_WRITTEN = {
    word.casefold(): word
    for word in (
        "FAQ FAQs API APIs AGB AEB BPA B2B B2C CD CGU CGV CPU CSV DIY DSGVO DVD EEA EU EULA GDPR GPS GPSR GPU HDD HDMI HEPA HTML ID IDs"
        " iOS IoT KYC LCD LED LEDs macOS MOQ MSDS MwSt NFC OLED OTA PC PCI PCs PDF PUK QLED QR RFID RGPD RMA RoHS SDS SEPA SIM SKU SKUs"
        " SLA SMS SSD TOS TV TVA TVs UK USA USB UV VAT VIP WEEE WLAN Wi-Fi"
    ).split()
} | {"wifi": "Wi-Fi"}
"""Words that stand in capitals, or are written in a way of their own; none that is a common word in small letters ("us", "it", "pin")."""
_DAY = r"(?<!\d)(?:19|20)\d\d[-_](?:0[1-9]|1[0-2])(?:[-_](?:0[1-9]|[12]\d|3[01]))?(?!\d)"
_WORD = re.compile(rf"{_DAY}|[^\s_\-]+")
_TAGS = (re.compile(r"[\s_.\-]+\(?([A-Za-z]{2,3})[-_](?:[A-Za-z]{2}|[A-Za-z]{4})\)?$"), re.compile(r"[\s_.\-]+\(?([A-Za-z]{2,3})\)?$"))
_VERSION = re.compile(r"[vV](\d+(?:\.\d+)*)")
_LONG = 5
"""Letters of a word in capitals that is no abbreviation."""


def title_from_path(path: str, language: str) -> str:
    """A title for the document at ``path``, which is written in ``language``: ``faq-en.csv`` is "FAQ", ``returns/index.md`` "Returns".

    A tag at the end is left out where it names that language: "how-to-fix-it" is not about Italian.
    """
    name = _without_tag(_telling_name(PurePosixPath(path), language), language)
    words = list(_words(name, language))
    if len(words) > 1 and language == "en" and (version := _VERSION.fullmatch(words[-1])):
        words[-1] = f"(version {version[1]})"
    title = " ".join(words)
    return title if title.split(" ")[0] in _WRITTEN.values() else (title[:1].upper() + title[1:]) or path


def _telling_name(path: PurePosixPath, language: str) -> str:
    """The file's name without its ending, or that of the folder of which it is the home page; ``en/`` tells nothing of English pages."""
    if _without_tag(path.stem, language).casefold() not in _HOME_PAGES:
        return path.stem
    return next((folder for folder in reversed(path.parts[:-1]) if known_language(folder) != language), path.parent.name) or path.stem


def _without_tag(name: str, language: str) -> str:
    """``name`` without the language at its end: ``-en``, ``_zh-CN``, ``.de``, `` (fr)``."""
    for pattern in _TAGS:
        tag = pattern.search(name)
        if tag is not None and tag.start() > 0 and known_language(tag[1]) == language:
            return name[: tag.start()]
    return name


def _words(name: str, language: str) -> Iterator[str]:
    """The words of ``name``. Who writes RETURNS_POLICY means no abbreviations."""
    words = _WORD.findall(name)
    shouted = not any(letter.islower() for letter in name) and any(len(word) >= _LONG and word.isalpha() for word in words)
    for word in words:
        if re.fullmatch(_DAY, word):
            yield word.replace("_", "-")
        elif shouted and word.isalpha():
            yield _WRITTEN.get(word.casefold()) or (word.capitalize() if language == "de" else word.lower())
        else:
            yield _WRITTEN.get(word.casefold(), word)
