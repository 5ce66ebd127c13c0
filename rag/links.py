"""The links of a text, as a client that makes addresses clickable would find them, and the hosts they lead to."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from kb.text.invisible import visible_text

_REST = r"[^\s<>\"'）」』，。；]*"
_SCHEME = re.compile(rf"(?P<scheme>[a-z][a-z0-9+.-]{{1,20}}):(?P<rest>[/\\]{{1,3}}{_REST})", re.I)
"""Letters may run into it: some clients make a link of "athttps://" all the same."""
_ACTIVE = re.compile(r"\b(?P<scheme>javascript|vbscript|data|file|blob|intent)\s*:\s*(?=[^\s])", re.I)
_AUTOLINK = re.compile(r"<(?!https?:)[a-z][a-z0-9+.-]{1,31}:[^\s<>]+>", re.I)
"""Markdown makes a link of any scheme in angle brackets: ``<tel:…>``, ``<weixin:…>``."""
_RELATIVE = re.compile(rf"(?<![:/\\\w])[/\\]{{2}}(?P<rest>[\w.-]+\.\w{_REST})")
_TOP = (
    "com|net|org|info|biz|io|ai|app|dev|co|me|tv|cc|xyz|top|shop|store|online|site|club|vip|live|link|click|ru|cn|hk|tw|jp|kr|sg|in|de|fr|uk"
    "|eu|es|it|nl|pl|ch|at|us|ca|au|br|example|test|invalid|中国|公司|网络"
)
_BARE = re.compile(
    rf"(?<![\w@/\\.:-])(?P<rest>(?:www\.[\w-]+(?:\.[\w-]+)*|(?:[\w-]+\.)+(?:{_TOP})(?![a-z0-9_-]))(?P<path>(?::\d+)?[/?#]{_REST})?)", re.I
)
_MAIL_PATH = re.compile(r"@(?P<rest>(?:[\w-]+\.)+\w+[/?#][^\s]*)")
_MARKDOWN = re.compile(r"\]\(\s*<?(?P<target>[^)\s>]*)|^\s{0,3}\[[^\]\n]+\]:\s*<?(?P<definition>[^\s>]*)|\]\s?\[(?!\^?\d)[^\]\n]*\]", re.M)
_DOT = re.compile(r"\s?[\[({](?:\.|dot|点)[\])}]\s?|(?<=\w)\s\.\s(?=(?-i:[a-z\d]))", re.I)
"""How a dot is written so that no program takes an address for one, and every reader does: ``evil[.]example``, ``evil . example``."""
_HOST = re.compile(r"[^/\\?#]*")
_FORBIDDEN = re.compile(r"[@\\%\s]")


@dataclass(frozen=True, slots=True)
class Link:
    """An address as it is written. ``host`` is where it leads, in lower case, or None where that cannot be told or is no host at all."""

    written: str
    host: str | None


def find_links(text: str) -> list[Link]:
    """Every link of ``text``. E-mail addresses are none: the verifier compares them with the passage."""
    plain = _DOT.sub(".", unicodedata.normalize("NFKC", visible_text(unescape(text))))
    found = [Link(match.group(), None) for pattern in (_ACTIVE, _AUTOLINK) for match in pattern.finditer(plain)]
    found += [_link(match) for pattern in (_SCHEME, _RELATIVE, _BARE, _MAIL_PATH) for match in pattern.finditer(plain)]
    for match in _MARKDOWN.finditer(plain):
        target = unquote(match.group("target") or match.group("definition") or "")
        if not any(_link(whole).host for pattern in (_SCHEME, _RELATIVE) if (whole := pattern.match(target)) is not None):
            found.append(Link(match.group(), None))
    return found


def leads_to(link: Link, hosts: Collection[str]) -> bool:
    """Whether ``link`` leads to one of ``hosts`` or to a host below one."""
    return link.host is not None and any(link.host == host or link.host.endswith(f".{host}") for host in hosts)


def host_of(url: str | None) -> str | None:
    """The host of an address with a scheme; None where there is none."""
    match = _SCHEME.match(url or "")
    return _link(match).host if match is not None else None


def _link(match: re.Match[str]) -> Link:
    authority = _HOST.match(match.group("rest").lstrip("/"))
    written = authority.group() if authority is not None else ""
    name = re.sub(r":\d*$", "", written).rstrip(".,;:!?)]}").lower()
    # What stands before an @ is no host, and browsers read a backslash as a slash: nobody honest writes either.
    odd = _FORBIDDEN.search(match.group("rest").split("?")[0].split("#")[0]) is not None and not _is_plain(match.group("rest"))
    return Link(match.group(), None if odd or not name else name)


def _is_plain(rest: str) -> bool:
    """Whether per cent signs and @ stand in the path only, where they are harmless."""
    authority = _HOST.match(rest.lstrip("/"))
    return authority is not None and "\\" not in rest and not _FORBIDDEN.search(authority.group())
