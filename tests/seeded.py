"""Secrets and personal data that nothing may write down: sent with requests in tests, and looked for in all that the tests left on disk.

`tests/conftest.py` searches pytest's temporary folder at the end of every run; a hit fails the run. The values exist nowhere else, and
are given here in pieces, so that no copy of this file is a hit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PERSONAL = {
    "e-mail": "seeded.shopper.7319" + "@canary-mail.example",
    "phone": "138" + "7731" + "9042",
    "international phone": "+49 151 " + "7731" + "9042",
    "card": "4556 7375 " + "8689 9855",
    "card in one piece": "51051051" + "05105100",
    "address": "4719 Canary" + " Avenue",
}
"""What shoppers write; the ID number comes below."""
SECRETS = {
    "llm key": "sk-seeded-" + "7319f0aa41c2",
    "webhook secret": "whsec-seeded-" + "7319b7d0",
    "cookie": "session-seeded-" + "7319e4c9",
    "foreign key": "cd_live_7319e4c9" + "0aaa_" + "k" * 43,
}
"""What programs send or are given."""
_planted: set[str] = set()
_SEARCHED = (".sqlite", ".sqlite-journal", ".sqlite-wal", ".log", ".json", ".jsonl", ".txt", ".md", ".html", "")
_LARGEST = 64 << 20
ALLOWED = {"keys.env": "where the two first keys are written, for their owner to read"}
"""Names of files that may hold a secret."""


def _with_check_digit(body: str) -> str:
    """ISO 7064, MOD 11-2."""
    rest = sum(int(one) * 2 ** (17 - place) for place, one in enumerate(body)) % 11
    return body + "10X98765432"[rest]


PERSONAL["id"] = _with_check_digit("11010519" + "870731" + "042")


def plant(secret: str) -> str:
    """Have ``secret``, made during the run (an API key), looked for as well; gives it back."""
    _planted.add(secret)
    return secret


def seeds() -> dict[str, str]:
    """Everything that is looked for, by what it is."""
    return PERSONAL | SECRETS | {f"planted {number}": secret for number, secret in enumerate(sorted(_planted))}


@dataclass(frozen=True)
class Leak:
    """A seed that was written down."""

    path: Path
    seed: str

    def __str__(self) -> str:
        return f"{self.path} holds the seeded {self.seed}"


def leaks_below(folder: Path) -> Iterator[Leak]:
    """Every seed in every file below ``folder`` that may be a log, a database or a report."""
    wanted = [(name, value.encode()) for name, value in seeds().items()]
    for path in sorted(folder.rglob("*")):
        if path.name in ALLOWED or path.suffix not in _SEARCHED or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size <= _LARGEST:
            content = path.read_bytes()
            yield from (Leak(path, name) for name, value in wanted if value in content)


def leaks_in(text: str) -> list[str]:
    """The seeds in ``text``, by what they are."""
    return [name for name, value in seeds().items() if value in text]
