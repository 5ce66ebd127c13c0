"""Which lines of a plain text are headings: its title, numbered Chinese chapters, underlined lines, lines in capitals."""

import re

_PAUSES = "。！？!?；;，,：:"
_CHAPTER = re.compile(
    rf"\s*(?:[一二三四五六七八九十]{{1,3}}、|第[一二三四五六七八九十百\d]{{1,4}}[章节部]分?)\s*[^\s{_PAUSES}][^{_PAUSES}]{{0,23}}\s*"
)
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|~{3,})\s*")
_CAPITALS = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[A-ZÀ-Þ][A-ZÀ-Þ0-9 ,&/'’()-]{3,59}\s*")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_CALLS_FOR_CARE = re.compile(
    r"\s*(?:WARNING|CAUTION|NOTE|NOTICE|IMPORTANT|DANGER|ATTENTION|TIP|ACHTUNG|HINWEIS|WARNUNG|REMARQUE|ADVERTENCIA)S?\s*"
)
LONGEST = 80
_TITLE = re.compile(rf"\s*(?P<title>[^\W\d_][^\n]{{1,{LONGEST - 3}}}[^\W_][)）》”\"]?)[ \t]*\n[ \t]*\n(?=\s*\S)")
"""A first line of few words that stands alone and does not end as sentences and greetings do."""


def split_title(text: str) -> tuple[str | None, str]:
    """The title that ``text`` begins with, or None, and the rest."""
    found = _TITLE.match(text)
    return (None, text) if found is None else (found["title"], text[found.end() :])



def split_heading(lines: list[str]) -> tuple[str | None, list[str]]:
    """The heading that the ``lines`` of one paragraph begin with, or None, and the lines after it.

    Points numbered as chapters are ("一、…" above "二、…" in one paragraph) are a list, and "WARNING" says nothing of what follows it.
    """
    if len(lines) > 1 and len(lines[0].strip()) <= LONGEST and _UNDERLINE.fullmatch(lines[1]):
        return lines[0].strip(), lines[2:]
    if lines and _is_heading(lines[0]) and not any(_is_heading(line) for line in lines[1:]):
        return lines[0].strip(), lines[1:]
    return None, lines


def _is_heading(line: str) -> bool:
    if _CHAPTER.fullmatch(line):
        return True
    return bool(_CAPITALS.fullmatch(line) and _LETTERS.search(line) and not _CALLS_FOR_CARE.fullmatch(line))
