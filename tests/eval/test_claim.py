"""Claims: what is read, what is derived from them, and what the report counts."""

import json
from pathlib import Path

import pytest

from eval.claim import CLAIMS_FOLDER, POLARITY_FOLDER, SHOP_PREFIX, VALUES_FOLDER, VERIFICATION_FOLDER, Claim, read_claims
from eval.question import half_of
from eval.shop import Shop, ShopPassage, holds_answer, read_shops
from eval.training.claim_example import claim_examples, reading_of
from eval.training.negate import opposites
from eval.training.weaken import weakened
from eval.verification import SAMPLE_SHOP
from eval.verify import VerifiedClaim, tabulate
from kb.errors import ConfigurationError
from rag.verify.problem import Finding

PASSAGE = ShopPassage("p1", "Lamp", "Care", "en", "prose", "Wipe the lamp every 3 days. Never use water. The bulb lasts 900 hours.")
OTHER = ShopPassage("p2", "Lamp", "Parts", "en", "prose", "The lamp has a cord of 2 m. A bulb costs 4 euros.")
SHOP = Shop("en-lamps", (PASSAGE, OTHER), ())


def _claim(kind: str, sentence: str, quote: str = "The bulb lasts 900 hours.") -> Claim:
    return Claim("c-1", "en", kind, sentence, "shop:en-lamps", quote)  # type: ignore[arg-type]


MEASURES = (VERIFICATION_FOLDER, POLARITY_FOLDER)


def test_the_values_are_all_kinds_of_facts_in_shops_nothing_was_learned_from() -> None:
    claims = read_claims(VALUES_FOLDER)
    assert len(claims) >= 370
    assert len({claim.id for claim in claims}) == len(claims)
    assert {claim.kind for claim in claims} == {"paraphrase", "number", "unit", "date", "code", "product_swap", "region_swap"}
    assert {claim.language for claim in claims} == {"en", "zh", "de", "fr"}
    learned_from = {claim.source for claim in read_claims(CLAIMS_FOLDER)}
    assert not learned_from.intersection(claim.source for claim in claims)


@pytest.mark.parametrize(("folder", "least"), [(VERIFICATION_FOLDER, 600), (POLARITY_FOLDER, 400)])
def test_the_suite_is_large_bilingual_and_half_true(folder: Path, least: int) -> None:
    claims = read_claims(folder)
    assert len(claims) >= least
    assert len({claim.id for claim in claims}) == len(claims)
    assert 0.45 < sum(claim.true for claim in claims) / len(claims) < 0.55
    assert sum(claim.kind == "paraphrase" for claim in claims) >= 100
    assert {"en", "zh"} <= {claim.language for claim in claims}


def test_what_is_learned_from_shares_no_shop_with_what_measures_and_none_of_the_test_half() -> None:
    learned = {claim.source for claim in read_claims(CLAIMS_FOLDER)}
    assert not learned & {claim.source for folder in MEASURES for claim in read_claims(folder)}
    halves = {f"shop:{shop.name}": shop.half for shop in read_shops()}
    assert {halves[source] for source in learned} == {"tune"}


def test_no_claim_measures_what_another_folder_has_too() -> None:
    asked = [{claim.sentence for claim in read_claims(folder)} for folder in (CLAIMS_FOLDER, *MEASURES)]
    assert not asked[2] & (asked[0] | asked[1])
    ids = [claim.id for folder in MEASURES for claim in read_claims(folder)]
    assert len(set(ids)) == len(ids)


def test_what_a_claim_of_yes_and_no_quotes_stands_in_its_source() -> None:
    texts = {f"{SHOP_PREFIX}{shop.name}": [passage.text for passage in shop.passages] for shop in read_shops()}
    for claim in read_claims(POLARITY_FOLDER):
        told = texts.get(claim.source) or [(SAMPLE_SHOP / claim.source).read_text(encoding="utf-8")]
        assert any(holds_answer(text, claim.quote) for text in told), claim.id


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "x"}) + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="a.jsonl, line 1"):
        read_claims(tmp_path)


def test_no_claims_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no claims"):
        read_claims(tmp_path)


def test_a_true_claim_points_at_its_sentence_and_a_false_one_at_none() -> None:
    true, false = claim_examples([_claim("paraphrase", "900 hours is what the bulb lasts.")], [SHOP])[0], None
    assert [PASSAGE.text[:27], "Never use water.", "The bulb lasts 900 hours."] == list(true.readings[0].sentences)
    assert true.answers == ((2,),)
    false = claim_examples([_claim("number", "3 hours is what the bulb lasts.")], [SHOP])[0]
    assert false.answers == ((),)


def test_a_reading_is_what_the_product_reads() -> None:
    assert reading_of(PASSAGE).context == "Lamp Care"


@pytest.mark.parametrize(
    ("sentence", "language", "turned_round"),
    [
        ("You can wash it.", "en", ["You cannot wash it."]),
        ("You cannot wash it.", "en", ["You can wash it."]),
        ("It isn't covered.", "en", ["It is covered."]),
        ("Opened packs are included.", "en", ["Opened packs are not included.", "Unopened packs are included."]),
        ("Batteries are not included.", "en", ["Batteries are included."]),
        ("never use water before cleaning.", "en", ["Always use water before cleaning.", "Never use water after cleaning."]),
        ("可以水洗。", "zh", ["不可以水洗。"]),
        ("不支持退货。", "zh", ["支持退货。"]),
        ("无需预约。", "zh", ["需要预约。"]),
        ("线上付款免费。", "zh", ["线上付款收费。", "线下付款免费。"]),
        ("Weight: 3 kg", "en", []),
    ],
)
def test_opposites(sentence: str, language: str, turned_round: list[str]) -> None:
    assert opposites(sentence, language) == turned_round


@pytest.mark.parametrize(
    ("sentence", "language", "promises_more"),
    [
        ("Opened goods come back only if they are clean.", "en", ["Opened goods come back.", "Opened goods come back if they are clean."]),
        ("If it is sealed, you may return it.", "en", ["You may return it."]),
        ("Return it within thirty days of delivery.", "en", ["Return it of delivery."]),
        ("Only members park here.", "en", ["Members park here."]),
        ("如果已拆封，恕不退货。", "zh", ["恕不退货。"]),
        ("除赠品外，所有商品均可退换。", "zh", ["所有商品均可退换。"]),
        ("仅限会员购买。", "zh", ["会员购买。"]),
        ("Weight: 3 kg", "en", []),
    ],
)
def test_a_condition_less(sentence: str, language: str, promises_more: list[str]) -> None:
    assert weakened(sentence, language) == promises_more


def test_a_true_claim_brings_its_opposites_among_the_false_ones() -> None:
    claims = [_claim("paraphrase", f"The bulb is made for {number} hours.") for number in range(40)]
    examples = claim_examples(claims, [SHOP])
    false = {example.question for example in examples if not example.answers[0]}
    assert any(question.startswith("The bulb is not made for") for question in false)


def test_the_report_counts_refusals_by_half() -> None:
    claims = [_claim("number", "a"), _claim("paraphrase", "b"), _claim("literal", "c")]
    findings = [Finding("contradicted", 0.1, None, ""), Finding("supported", 0.7, None, ""), Finding("not_found", 0.2, None, "")]
    verified = [VerifiedClaim(claim, finding, True) for claim, finding in zip(claims, findings, strict=True)]
    rows = {row.kind: row for row in tabulate(verified)}
    half = half_of("c-1")
    assert getattr(rows["number"], half) == 1.0
    assert getattr(rows["true"], half) == 0.5
    assert getattr(rows["number"], f"held_back_{half}") == 1.0
    assert getattr(rows["true"], f"held_back_{half}") == 1.0, "a model's sentence needs more than the verdict"
    assert getattr({row.kind: row for row in tabulate([VerifiedClaim(claims[0], findings[0])])}["number"], f"held_back_{half}") is None
    assert rows["true"].claims == 2 and rows["date"].claims == 0 and rows["date"].tune is None
    assert [one.right for one in verified] == [True, True, False]
