"""Language detection."""

import pytest

from kb.text.languages import detect_language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How long is the warranty on this machine?", "en"),
        ("Rovo 310 的保修期是多久？", "zh"),
        ("Combien de temps dure la garantie de cet appareil ?", "fr"),
        ("Wie lange gilt die Garantie für dieses Gerät?", "de"),
        ("¿Cuánto dura la garantía de este aparato?", "es"),
        ("保証期間はどのくらいですか", "ja"),
        ("보증 기간은 얼마나 되나요", "ko"),
        ("123 - 456", "und"),
    ],
)
def test_detects(text: str, expected: str) -> None:
    assert detect_language(text) == expected
