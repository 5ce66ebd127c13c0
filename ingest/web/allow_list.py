"""The hosts that an operator allows to be read, and what an address must look like to be one of theirs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from kb.errors import ConfigurationError, ParseError

PORTS = (80, 443)
_NUMERIC = re.compile(r"\d+|0x[0-9a-f]*", re.I)  # a last label like this makes a host an IPv4 address, however it is written


@dataclass(frozen=True, slots=True)
class AllowList:
    """Host names in ASCII (``xn--`` where they are not). ``plain`` are those that may be read over plain HTTP too."""

    hosts: frozenset[str]
    plain: frozenset[str]

    @classmethod
    def from_entries(cls, entries: Sequence[str]) -> "AllowList":
        """The list that the setting CITEDESK_WEB_HOSTS holds: ``shop.example``, or ``http://shop.example`` to allow plain HTTP as well.

        Raises ConfigurationError naming the first entry that is no host name.
        """
        hosts = {entry: _entry_host(entry) for entry in entries}
        return cls(frozenset(hosts.values()), frozenset(host for entry, host in hosts.items() if entry.lower().startswith("http://")))

    def check(self, address: httpx.URL) -> None:
        """Raises ParseError if ``address`` may not be asked for. Says nothing about the IP addresses behind it."""
        if address.scheme not in ("http", "https"):
            raise ParseError(f"only https:// addresses are read, not {address.scheme or 'relative ones'}")
        if address.userinfo or "@" in address.netloc.decode("ascii"):
            raise ParseError("an address with a user name or password in it is not read; take it out")
        host = address.raw_host.decode("ascii").lower()
        if is_numeric(host):
            raise ParseError(f"{host or 'nothing'} is no host name; IP addresses are not read")
        if host not in self.hosts:
            raise ParseError(f"the host {host} is not in CITEDESK_WEB_HOSTS")
        if address.scheme == "http" and host not in self.plain:
            raise ParseError(f"{host} is read over https:// only; allow http://{host} in CITEDESK_WEB_HOSTS if that must be")
        if address.port is not None and address.port not in PORTS:
            raise ParseError(f"port {address.port} is not read, only {PORTS[0]} and {PORTS[1]}")


def parse_address(text: str) -> httpx.URL:
    """The address written as ``text``, without its fragment. The only place where addresses are taken apart. Raises ParseError."""
    try:
        address = httpx.URL(text)
        address.raw_host.decode("ascii")
        return address.copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise ParseError(f"it is not an address ({error})") from error


def is_numeric(host: str) -> bool:
    """Whether ``host`` is empty or an IP address in any notation, rather than a name."""
    labels = host.rstrip(".").split(".")
    return not host or ":" in host or _NUMERIC.fullmatch(labels[-1]) is not None


def _entry_host(entry: str) -> str:
    wrong = ConfigurationError(
        f"The setting CITEDESK_WEB_HOSTS is wrong: {entry!r} is no host name. Write a JSON list such as "
        '["shop.example", "http://intranet.example"]; the second form allows plain HTTP as well.'
    )
    has_scheme = entry.lower().startswith(("https://", "http://"))
    try:
        address = parse_address(entry if has_scheme else f"https://{entry}")
    except ParseError as error:
        raise wrong from error
    host = address.raw_host.decode("ascii").lower()
    if is_numeric(host) or "*" in host or address.userinfo or address.port is not None or address.raw_path != b"/":
        raise wrong
    return host
