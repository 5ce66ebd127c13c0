"""Of several products, regions or columns, the one of which a claim's words are said."""

import pytest

from kb.document import BlockKind
from tests.rag.verify.passages import name_problems, passage_of

COUNTRIES = "Parcels to Ireland take 4 to 6 days and cost £16; parcels to France, Austria and Switzerland take 5 to 8 days and cost £24."
DEADLINES = "Orders placed by 19 December arrive before Christmas in the Netherlands; for Germany and France the cut-off is 16 December."
PROVINCES = "海南、内蒙古、甘肃加收 15 元，新疆西藏暂不发猫砂。"
SEALING = "Feature: Weather sealing | M4: none | M4 II: splash and dust"
EXTRAS = "Article: Rear lead | For: Duo 30 | Price: €15\nArticle: Suction cup | For: Solo 12 | Price: €9"


@pytest.mark.parametrize(
    ("claim", "passage", "kind"),
    [
        ("Parcels to Ireland take 4 to 6 days.", COUNTRIES, "paragraph"),
        ("Parcels to Austria take 5 to 8 days and cost £24.", COUNTRIES, "paragraph"),
        ("For Germany, order by 16 December to have it before Christmas.", DEADLINES, "paragraph"),
        ("新疆暂不发猫砂。", PROVINCES, "paragraph"),
        ("甘肃的包裹加收 15 元。", PROVINCES, "paragraph"),
        ("天津可以配送冷冻鲜食。", "冷冻鲜食仅配送江浙沪皖及京津地区。", "paragraph"),
        ("The E25 takes pods.", "The E20 takes pods. The E25 takes pods too.", "paragraph"),
        ("German customers return it free.", "Return shipping is free in Germany.", "paragraph"),
        ("In Germany delivery is free from €49.", "Delivery in the EU is free from €49. Delivery to Norway costs €9.", "paragraph"),
        ("The M4 II is sealed against splash and dust.", SEALING, "table_row"),
        ("The suction cup is for the Solo 12.", EXTRAS, "table_row"),
    ],
)
def test_it_is_said_of_this_one(claim: str, passage: str, kind: BlockKind) -> None:
    assert name_problems(claim, passage_of(passage, kind=kind)) == []


@pytest.mark.parametrize(
    ("claim", "passage", "kind", "name"),
    [
        ("Parcels to France take 4 to 6 days and cost £16.", COUNTRIES, "paragraph", "France"),
        ("甘肃暂不发猫砂。", PROVINCES, "paragraph", "甘肃"),
        ("冷冻鲜食可以配送到广东。", "冷冻鲜食仅配送江浙沪皖及京津地区。", "paragraph", "广东"),
        ("次日达限京津冀。", "次日达限江浙沪皖。", "paragraph", "京津冀"),
        ("江浙沪皖以外的大陆地区 1-2 天送达。", "地区: 江浙沪皖 | 时间: 1-2 天\n地区: 其他 | 时间: 2-3 天", "table_row", "江浙沪皖"),
        ("German customers pay import charges.", "Swiss customers pay import charges.", "paragraph", "German"),
        ("In Spain a locker costs €2.90.", "A locker costs €2.90 in France and Belgium.", "paragraph", "Spain"),
        ("E25 附送易理包粉碗。", "E20附送易理包粉碗，可直接使用。E25不附送，需另购。", "paragraph", "E25"),
        ("The M4 is sealed against splash and dust.", SEALING, "table_row", "M4"),
        ("The suction cup belongs to the Duo 30.", EXTRAS, "table_row", "Duo 30"),
        ("The seat fits the S4 and is grey.", "The S4 folds flat. The seat fits the S4 Max and is grey.", "paragraph", "S4"),
    ],
)
def test_it_is_said_of_another(claim: str, passage: str, kind: BlockKind, name: str) -> None:
    assert name in {problem.text for problem in name_problems(claim, passage_of(passage, kind=kind))}


def test_the_problem_names_what_the_passage_speaks_of() -> None:
    (problem,) = name_problems("Parcels to France take 4 to 6 days and cost £16.", passage_of(COUNTRIES))
    assert (problem.kind, problem.text, problem.told) == ("region", "France", "Ireland")


def test_across_languages_no_words_are_shared() -> None:
    assert name_problems("寄往法国的包裹要4至6天。", passage_of(COUNTRIES)) == []
