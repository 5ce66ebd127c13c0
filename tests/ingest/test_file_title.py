"""Titles made of files' names."""

import pytest

from ingest.file_title import title_from_path


@pytest.mark.parametrize(
    ("path", "language", "title"),
    [
        ("faq/faq-en.csv", "en", "FAQ"),
        ("faq-zh.xlsx", "zh", "FAQ"),
        ("faq_zh-CN.csv", "zh", "FAQ"),
        ("FAQ (de).csv", "de", "FAQ"),
        ("faq.fr.csv", "fr", "FAQ"),
        ("faq-en.csv", "de", "FAQ en"),
        ("en.md", "en", "En"),
        ("shop-faqs.csv", "en", "Shop FAQs"),
        ("returns_policy_v2.md", "en", "Returns policy (version 2)"),
        ("garantie_v1.2.md", "fr", "Garantie v1.2"),
        ("how-to-fix-it.txt", "en", "How to fix it"),
        ("about-us.html", "en", "About us"),
        ("RETURNS_POLICY_EU.txt", "en", "Returns policy EU"),
        ("RÜCKGABE BEDINGUNGEN.txt", "de", "Rückgabe Bedingungen"),
        ("MSDS_2024.txt", "en", "MSDS 2024"),
        ("returns-2026-03-01.txt", "en", "Returns 2026-03-01"),
        ("prices_2025-2026.txt", "en", "Prices 2025 2026"),
        ("usb-c-cables.txt", "en", "USB c cables"),
        ("wifi setup.txt", "en", "Wi-Fi setup"),
        ("ios-app.txt", "en", "iOS app"),
        ("配送政策-2025.txt", "zh", "配送政策 2025"),
        ("returns/index.md", "en", "Returns"),
        ("returns/en/index.en.md", "en", "Returns"),
        ("en/README.txt", "en", "En"),
        ("index.md", "en", "Index"),
        ("--.md", "en", "--.md"),
    ],
)
def test_titles(path: str, language: str, title: str) -> None:
    assert title_from_path(path, language) == title
