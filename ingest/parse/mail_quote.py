"""What an e-mail quotes of earlier ones: left out, since it is old, written by others, and names them.

In a forwarded message what is quoted is the message, and only its header lines go.
"""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser

SIGNATURE = "-- "
_CUT = re.compile(
    r"\s*[-_]{2,}\s*(?:original message|original-?nachricht|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|messaggio originale|原始邮件|原始郵件|邮件原件)\s*[-_]{2,}\s*",
    re.I,
)
_ATTRIBUTION = re.compile(
    r"\s*(?:on\s.{5,300}\swrote|am\s.{5,300}\sschrieb.{0,200}|le\s.{5,300}\sa écrit|el\s.{5,300}\sescribió"
    r"|在.{4,300}写道|.{4,300}於.{4,100}寫道)\s*[:：]\s*",
    re.I,
)
_FORWARD_MARK = re.compile(
    r"[-\s]*(?:begin forwarded message|forwarded message|weitergeleitete nachricht|转发的?邮件|轉寄郵件)[-:：\s]*", re.I
)
_HEADER_LINE = re.compile(
    r"\s*\**(?:from|to|cc|bcc|sent|date|subject|reply-to|von|an|gesendet|datum|betreff|de|à|envoyé|objet"
    r"|发件人|收件人|抄送|发送时间|日期|主题|寄件者|收件者|副本|主旨)\**\s*[:：].*",
    re.I,
)
QUOTES = (
    "blockquote[type=cite], .gmail_quote, .yahoo_quoted, .protonmail_quote, .moz-cite-prefix, #divRplyFwdMsg, #divRplyFwdMsg ~ *, "
    "#appendonsend ~ *"
)
HEADERS = ".gmail_attr, .moz-email-headers-table, #divRplyFwdMsg"
SIGNATURES = ".moz-signature, .gmail_signature, .gmail_signature_prefix"


def own_lines(text: str, is_forward: bool) -> tuple[list[str], bool]:
    """The lines that the sender wrote, and whether quoted ones were left out. A signature below ``-- `` goes too."""
    lines = text.split("\n")
    if SIGNATURE in lines:
        lines = lines[: lines.index(SIGNATURE)]
    if is_forward:
        return [line.lstrip("> ") for line in _without_headers(lines)], False
    cut = next((number for number, line in enumerate(lines) if _CUT.fullmatch(line)), len(lines))
    kept: list[str] = []
    for line in lines[:cut]:
        if line.startswith(">"):
            _drop_attribution(kept)
        else:
            kept.append(line)
    return kept, cut < len(lines) or any(line.startswith(">") for line in lines)


def own_html(page: str, is_forward: bool) -> tuple[str, bool]:
    """The page without what it quotes and without the signature, and whether it quoted anything."""
    tree = LexborHTMLParser(page)
    found = [node for node in tree.css(HEADERS if is_forward else QUOTES) if node.parent is not None]
    for node in (*found, *tree.css(SIGNATURES)):
        node.decompose()
    return tree.html or "", bool(found) and not is_forward


def _drop_attribution(kept: list[str]) -> None:
    """Takes away the lines above a quotation that say who wrote it when; programs wrap them."""
    while kept and not kept[-1].strip():
        kept.pop()
    for count in (1, 2, 3):
        if len(kept) >= count and _ATTRIBUTION.fullmatch(" ".join(kept[-count:])):
            del kept[-count:]
            break
    kept.append("")


def _without_headers(lines: Iterable[str]) -> list[str]:
    """Without the mark of a forwarded message and the two or more header lines that stand together below it."""
    kept: list[str] = []
    header: list[str] = []
    for line in (*lines, ""):
        plain = line.lstrip("> ")
        if _HEADER_LINE.fullmatch(plain):
            header.append(line)
            continue
        kept += header if len(header) == 1 else []
        header = []
        if not _FORWARD_MARK.fullmatch(plain) or not plain.strip():
            kept.append(line)
    return kept
