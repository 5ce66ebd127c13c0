"""E-mail (.eml): the subject as title, the newest message's own text; names, addresses and attachments stay out."""

import email
import email.policy
import re
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import PurePosixPath

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed, clean_characters
from ingest.parse.endings import FORMATS, SAVE_AS
from ingest.parse.html import parse_html
from ingest.parse.limits import Limits
from ingest.parse.mail_charset import decode_header_bytes, decode_part
from ingest.parse.mail_quote import own_html, own_lines
from ingest.parse.text import add_paragraphs
from kb.errors import ParseError

MEDIA_TYPE = "message/rfc822"
MOST_PARTS = 300  # parts of parts; a newsletter has five
PLACEHOLDER = 300  # characters of a plain text that only says where the real one is
MOST_NAMED = 5
LONGEST_NAME = 80
_HEADER = re.compile(rb"(?:From|To|Subject|Date|MIME-Version|Received|Message-ID|Return-Path|Content-Type|Delivered-To|Sender):", re.I)
_FIRST_LINE = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*|From [^\r\n]+)\r?\n")
_BOUNDARY = re.compile(rb"boundary\s*=", re.I)
_PREFIX = re.compile(r"(?P<sign>re|aw|antw|sv|vs|fwd?|wg|tr|rv|回复|答复|回覆|转发|轉寄|轉發)(?:\[\d+\])?\s*[:：]\s*", re.I)
FORWARDED = frozenset("fw fwd wg tr rv 转发 轉寄 轉發".split())


def looks_like_mail(content: bytes) -> bool:
    """Whether ``content`` begins with the header of an e-mail (or of a mailbox)."""
    beginning = content[:8192].removeprefix(b"\xef\xbb\xbf").lstrip()
    return _FIRST_LINE.match(beginning) is not None and any(_HEADER.match(line) for line in beginning.splitlines())


def parse_mail(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the message is encrypted, nests too many parts, or says nothing itself."""
    content = file.content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if content.startswith(b"From "):
        raise ParseError("the file is a mailbox of many messages; save those that matter as .eml files")
    if (parts := len(_BOUNDARY.findall(content))) > MOST_PARTS:
        raise ParseError(f"the message holds {parts:,} nested parts, more than the {MOST_PARTS} allowed")
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        draft = _read(message, limits)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise ParseError(f"the message is damaged ({' '.join(str(error).split())[:200]}); save it anew") from error
    return Parsed((draft,))


def _read(message: EmailMessage, limits: Limits) -> Draft:
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
        raise ParseError("the message is encrypted; open it with its key and save its text")
    subject = _subject(message)
    is_forward = any(match.group("sign").casefold() in FORWARDED for match in _PREFIX.finditer(subject))
    draft = _read_body(message, limits, is_forward)
    title = _PREFIX.sub("", subject).strip() or draft.title
    attached = _attachments(message)
    notes = (*draft.notes, *((f"attachments were left out: {attached}; save each as a file of its own",) if attached else ()))
    return Draft(draft.text, draft.blocks, MEDIA_TYPE, title=title, notes=notes)


def _read_body(message: EmailMessage, limits: Limits, is_forward: bool) -> Draft:
    """The plain text; the HTML where there is none, or where the plain text only points to it."""
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    text = decode_part(plain) if isinstance(plain, EmailMessage) else ""
    if isinstance(rich, EmailMessage) and len(text.strip()) < PLACEHOLDER:
        draft = _read_html(rich, limits, is_forward)
        if draft is not None and len(draft.text) > 2 * len(text.strip()):
            return draft
    lines, has_quotes = own_lines(text, is_forward)
    if len(text) > limits.largest_text:
        raise ParseError(f"the message holds more than {limits.largest_text:,} characters; split it")
    builder = DraftBuilder()
    add_paragraphs(builder, "\n".join(lines))
    if not builder.blocks:
        raise ParseError("the message says nothing itself" + (": it only quotes earlier ones" if has_quotes else " (only attachments?)"))
    return Draft(builder.text, builder.blocks, MEDIA_TYPE, notes=_quote_note(has_quotes))


def _read_html(part: EmailMessage, limits: Limits, is_forward: bool) -> Draft | None:
    page, has_quotes = own_html(decode_part(part), is_forward)
    try:  # the mark at the beginning overrules the charset that the page's own head names
        (draft,) = parse_html(FileInput("message.html", page.encode("utf-8-sig", "replace")), limits).drafts
    except ParseError as error:
        if "no text" in str(error) or "empty" in str(error):
            return None
        raise
    return Draft(draft.text, draft.blocks, MEDIA_TYPE, title=draft.title, notes=_quote_note(has_quotes))


def _quote_note(has_quotes: bool) -> tuple[str, ...]:
    return ("what the message quotes from earlier ones was left out",) if has_quotes else ()


def _subject(message: EmailMessage) -> str:
    """The subject. One in raw bytes of no stated charset, as some programs write, is decoded like a text file."""
    raw = next((value for name, value in message.raw_items() if name.casefold() == "subject"), "")
    found = str(raw).encode("utf-8", "surrogateescape")
    text = decode_header_bytes(found) if not found.isascii() else str(message.get("Subject") or "")
    return " ".join(clean_characters(text).split())


def _attachments(message: EmailMessage) -> str:
    """The names of attached documents, in one line."""
    names = []
    for part in message.iter_attachments():
        name = " ".join(clean_characters(str(part.get_filename() or "")).split())
        if part.get_content_type() == MEDIA_TYPE:
            names.append("a message")
        elif PurePosixPath(name).suffix.lower() in (*FORMATS, *SAVE_AS):
            names.append(name[:LONGEST_NAME])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
