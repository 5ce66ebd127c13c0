"""Values that stand in the passage, but are said of something else there; and the same values said of the right thing."""

import pytest

from rag.verify.checked_passage import CheckedPassage
from tests.rag.verify.passages import figure_problems, name_problems, passage_of

BENCH = "Store the bench on its feet. Keep 15 cm free in front of the bench and 6 cm beside it."
TYRES = "检查前后轮胎，前胎 210 kPa，后胎 240 kPa。"
FRAME = "Frames are guaranteed for 9 years, saddles for 4, lamps for 1."
DAMAGE = "Report torn covers within 5 days and missing screws within 12."
BATHS = "Rinse the brushes for 3 minutes in water and soak them for 8 minutes in vinegar."
DISCOUNT = "The discount is 3 % from £500, 6 % from £2,000, 9 % from £7,000."
PERIODS = "Boats may be tried for 21 days, oars and paddles 14 days."
MOTOR = "The mixer is covered for two years; its motor is covered for six."
FRAMES = "The screen shows 90 frames per second. Its socket takes 150 W."
SIZE = "The box measures 40 × 40 × 70 cm."
LENSES = passage_of("Lens in front: 6 MP\nLens at the back: 9 MP\nColour: blue", title="Pad", kind="table_row")
PACKS = passage_of("Pack: 2.5 Ah | Fits: both | Price: £60\nPack: 4.0 Ah | Fits: both | Price: £95", title="Packs", kind="table_row")


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Keep 15 cm free in front of the bench.", passage_of(BENCH)),
        ("前胎要打到 210 kPa。", passage_of(TYRES)),
        ("Saddles are guaranteed for four years.", passage_of(FRAME)),
        ("Report missing screws within 12 days.", passage_of(DAMAGE)),
        ("The brushes are soaked for eight minutes.", passage_of(BATHS)),
        ("From seven thousand pounds the discount is nine percent.", passage_of(DISCOUNT)),
        ("You can try a boat for 21 days and a paddle for 14 days.", passage_of(PERIODS)),
        ("The mixer's motor is covered for six years.", passage_of(MOTOR)),
        ("The socket takes 150 watts.", passage_of(FRAMES)),
        ("The box is 70 × 40 × 40 cm.", passage_of(SIZE)),
        ("A 4.0 Ah pack costs £95.", PACKS),
        ("The lens in front has 6 megapixels.", LENSES),
    ],
)
def test_of_the_same_thing(claim: str, passage: CheckedPassage) -> None:
    assert not figure_problems(claim, passage)


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Six centimetres in front of the bench are enough.", passage_of(BENCH)),
        ("前胎要打到 240 kPa。", passage_of(TYRES)),
        ("Saddles are guaranteed for nine years.", passage_of(FRAME)),
        ("Report missing screws within five days.", passage_of(DAMAGE)),
        ("The brushes are soaked for three minutes in vinegar.", passage_of(BATHS)),
        ("From £7,000 the discount is 6 %.", passage_of(DISCOUNT)),
        ("The socket takes 90 watts.", passage_of(FRAMES)),
        ("The box is 40 × 40 × 40 cm.", passage_of(SIZE)),
        ("A 4.0 Ah pack fits both and costs £60.", PACKS),
        ("The front lens has 9 megapixels.", LENSES),
        ("Lamps are guaranteed for four years.", passage_of(FRAME)),
    ],
)
def test_of_another_thing(claim: str, passage: CheckedPassage) -> None:
    assert figure_problems(claim, passage)


MINI = passage_of("It weighs 300 g.", title="Lumo T7 Mini tablet manual")
BOTH = passage_of("The T7 weighs 500 g, the T7 Mini 300 g.", title="Lumo T7 and T7 Mini")
SHOPS = passage_of("Parcels wait at pick-up points in France for 8 days.", title="Pick-up")
NAMES = passage_of("Fill the Orla 30 with water.", title="Orla 30 kettle")


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The T7 Mini weighs 300 g.", MINI),
        ("The T7 weighs 500 g.", BOTH),
        ("At French pick-up points parcels wait 8 days.", SHOPS),
        ("Fill the Orla-30 with water.", NAMES),
        ("The manual is in English and German only.", passage_of("The manual is in English and German.", title="Manual")),
    ],
)
def test_the_right_name(claim: str, passage: CheckedPassage) -> None:
    assert not name_problems(claim, passage)
    assert not figure_problems(claim, passage)


@pytest.mark.parametrize(
    ("claim", "passage", "kind"),
    [
        ("The T7 weighs 300 g.", MINI, "name"),
        ("T7 重 300 克。", passage_of("重 300 克。", title="光年T7 Max平板说明书"), "name"),
        ("At German pick-up points parcels wait 8 days.", SHOPS, "region"),
        ("For Hungarians parcels wait 8 days.", SHOPS, "region"),
    ],
)
def test_another_name(claim: str, passage: CheckedPassage, kind: str) -> None:
    assert kind in [problem.kind for problem in name_problems(claim, passage)]
