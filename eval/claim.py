"""Claims about what shops' passages say, true ones and ones with a single thing wrong: what a verifier learns from and is measured on.

``eval/claims`` is for learning (invented shops of the tuning half); ``eval/verification`` measures, in halves by a hash of the id.
All were written for this project, and the latter before there was a verifier. ``eval/verification_polarity`` measures only what is
told of yes and no, opposites and conditions; it was written without knowledge of the rules that it measures.
``eval/verification_later`` measures values written otherwise, and products and regions exchanged for each other;
``eval/verification_values`` does so on other shops, with single values only, a third of the wrong ones from another row or clause.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.json_lines import read_json_lines
from kb.errors import ConfigurationError

CLAIMS_FOLDER = Path(__file__).parent / "claims"
VERIFICATION_FOLDER = Path(__file__).parent / "verification"
POLARITY_FOLDER = Path(__file__).parent / "verification_polarity"
LATER_FOLDER = Path(__file__).parent / "verification_later"
VALUES_FOLDER = Path(__file__).parent / "verification_values"
ClaimKind = Literal[
    "literal",
    "paraphrase",
    "number",
    "unit",
    "date",
    "code",
    "product_swap",
    "region_swap",
    "negation",
    "condition",
    "wrong_passage",
    "addition",
]
TRUE_KINDS = frozenset({"literal", "paraphrase"})
SHOP_PREFIX = "shop:"


@dataclass(frozen=True, slots=True)
class Claim:
    """``sentence`` cites the passage of ``source`` that holds ``quote`` literally; ``kind`` says what is wrong with it, if anything.

    ``source`` is a document of the sample shop, or ``shop:`` and the name of an invented shop.
    """

    id: str
    language: str
    kind: ClaimKind
    sentence: str
    source: str
    quote: str

    @property
    def true(self) -> bool:
        """Whether its passage supports it."""
        return self.kind in TRUE_KINDS


def read_claims(folder: Path) -> list[Claim]:
    """All claims of the folder's ``*.jsonl`` files, by file and line.

    Raises:
        ConfigurationError: there are none, or a line is malformed.
    """
    claims = [claim for path in sorted(folder.glob("*.jsonl")) for claim in read_json_lines(path, lambda entry: Claim(**entry), "A claim")]
    if not claims:
        raise ConfigurationError(f"There are no claims in {folder}. Put *.jsonl files there.")
    return claims
