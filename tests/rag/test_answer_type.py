"""Questions for a quantity, and sentences that hold one."""

import pytest

from rag.answer_type import asked_types, match


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How long may I wait?", "duration"),
        ("When do I get my money?", "duration"),
        ("Wie lange dauert es?", "duration"),
        ("多久能到货？", "duration"),
        ("Combien ça coûte ?", "money"),
        ("邮费要多少钱", "money"),
        ("¿Cuánto pesa?", "weight"),
        ("How far does the remote reach?", "length"),
        ("Can it stay outside when it is -20 degrees?", "temperature"),
        ("how loud is it", "loudness"),
        ("How many users can share it?", "count"),
    ],
)
def test_asks(question: str, kind: str) -> None:
    assert kind in [found.name for found in asked_types(question)]


@pytest.mark.parametrize("question", ["Can I put it in the dishwasher?", "Is the remote included?", "能水洗吗？"])
def test_does_not_ask(question: str) -> None:
    assert asked_types(question) == ()


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How long is it?", "You have 30 days.", 1.0),
        ("How long is it?", "三十天内可以退货。", 1.0),
        ("Wie lange dauert es?", "Die Lieferung dauert 5 Werktage.", 1.0),
        ("Wie lange dauert es?", "Innerhalb eines Monats.", 1.0),
        ("Combien de temps ?", "Pendant dix jours.", 1.0),
        ("¿Cuánto tiempo?", "Dura tres semanas.", 1.0),
        ("Quanto tempo?", "Dura due settimane.", 1.0),
        ("How long is it?", "It has 4 wheels.", 0.5),
        ("How long is it?", "Unused goods can be returned.", 0.0),
        ("Wie lange dauert es?", "Das ist einfach.", 0.0),
        ("How long is it?", "It has wheels.", 0.0),
        ("How much is delivery?", "Delivery is free.", 1.0),
        ("How much is delivery?", "It costs $4.90.", 1.0),
        ("Is it red?", "It has 4 wheels.", 0.5),
    ],
)
def test_holds(question: str, text: str, expected: float) -> None:
    assert match(asked_types(question), text) == expected
