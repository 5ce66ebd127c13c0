"""Web pages as a source: one address, or a file with one on each line."""

import asyncio
import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ingest.folder import normal_path, rules_beside
from ingest.metadata import Metadata
from ingest.scope_file import FolderScope, ScopeTree
from ingest.source import Listing, RefusedFile, SourceFile, SourceSpec
from ingest.source_area import SourceArea
from ingest.web.allow_list import AllowList, parse_address
from ingest.web.fetcher import FetchedPage, Fetcher, PageGoneError
from ingest.web.page_path import known_path, page_ending, page_path
from kb.errors import ParseError, SourceError
from kb.files import disk_errors, make_folder, write_file

LARGEST_LIST = 4_000_000  # bytes of a file of addresses


@dataclass(slots=True)
class _Pages:
    """What has come of the addresses so far. ``addresses`` are those of the fetched pages, by the document's path."""

    files: list[SourceFile] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    size: int = 0


def list_addresses(spec: SourceSpec, area: SourceArea) -> Listing:
    """Fetches the pages of ``spec`` into the area's folder. One that fails is refused, so that its document stays; one that is gone is
    not listed, so that its document goes.

    Raises SourceError if web addresses are off or the file of addresses cannot be read, ConfigurationError if the list of hosts is
    wrong, StorageFullError, StorageDeniedError.
    """
    lines = [("the address", spec.address)] if spec.address is not None else list(_read_lines(spec.path))
    if not area.web.hosts:
        raise SourceError(
            f"The source {spec.name!r} lies on the web, and web addresses are off. Name the hosts that may be read in the setting "
            'CITEDESK_WEB_HOSTS, such as ["shop.example"], and run again.'
        )
    if len(lines) > area.web.limits.pages:
        raise SourceError(f"The source {spec.name!r} holds {len(lines):,} addresses, more than {area.web.limits.pages:,}. Split it.")
    AllowList.from_entries(area.web.hosts)
    pages = _Pages()
    addresses = list(_parse_lines(lines, pages))
    area.begin(len(addresses))
    with disk_errors(area.folder):
        make_folder(area.folder)
    asyncio.run(_fetch_all(addresses, area, pages))
    return _list(spec, pages)


def _read_lines(file: Path) -> Iterator[tuple[str, str]]:
    """What to call each line, and the address on it. Lines that are empty or begin with ``#`` are none."""
    try:
        content = file.read_bytes()
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"The list of addresses {file} cannot be read ({error}). Save it as UTF-8 text, one address a line.") from error
    if len(content) > LARGEST_LIST:
        raise SourceError(f"The list of addresses {file} is larger than {LARGEST_LIST:,} bytes. Split it.")
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield f"line {number}", line.strip()


def _parse_lines(lines: Sequence[tuple[str, str]], pages: _Pages) -> Iterator[httpx.URL]:
    """The addresses, each once. A line that holds none is refused by its number: it may hold a password."""
    seen: set[str] = set()
    for label, text in lines:
        try:
            address = parse_address(text)
        except ParseError as error:
            pages.refused.append(RefusedFile(label, str(error)))
            continue
        if not address.host:
            pages.refused.append(RefusedFile(label, "it is not an address; write one such as https://shop.example/returns"))
        elif address.userinfo:
            pages.refused.append(RefusedFile(label, "an address with a user name or password in it is not read; take it out"))
        elif str(address) not in seen:
            seen.add(str(address))
            yield address


async def _fetch_all(addresses: Sequence[httpx.URL], area: SourceArea, pages: _Pages) -> None:
    turn = asyncio.Semaphore(area.web.limits.at_once)
    async with Fetcher(area.web) as fetcher:

        async def one(number: int, address: httpx.URL) -> None:
            async with turn:
                await _fetch_one(fetcher, number, address, area, pages)
            area.advance(1)

        await asyncio.gather(*(one(number, address) for number, address in enumerate(addresses)))


async def _fetch_one(fetcher: Fetcher, number: int, address: httpx.URL, area: SourceArea, pages: _Pages) -> None:
    try:
        page = await fetcher.fetch(address)
        ending = page_ending(address, page.content_type)
        path = normal_path(page_path(address, ending))
        _admit(path, address, page, area, pages)
    except PageGoneError as error:
        pages.notes.append(f"{address}: {error}; its document is taken out")
    except ParseError as error:
        pages.refused.append(RefusedFile(normal_path(known_path(address, area.known)), str(error)))
    else:
        target = area.folder / f"{number:06d}"
        with disk_errors(target, len(page.content)):
            await asyncio.to_thread(write_file, target, (_in_utf8(page),))
        pages.files.append(SourceFile(path, target))


def _admit(path: str, address: httpx.URL, page: FetchedPage, area: SourceArea, pages: _Pages) -> None:
    """Counts the page in. Raises ParseError if there is no room for it or another one is called the same."""
    if pages.size + len(page.content) > area.web.limits.largest_source:
        raise ParseError(f"the source's pages are larger than {area.web.limits.largest_source >> 20} MiB together; split it")
    if path in pages.addresses:
        raise ParseError(f"{pages.addresses[path]} gives a document of the same name; leave one of them out")
    pages.size += len(page.content)
    pages.addresses[path] = str(address)


def _in_utf8(page: FetchedPage) -> bytes:
    """The page's bytes; as UTF-8 with its mark where only the header says that they are something else.

    UTF-8 and Latin-1 are what servers say without having looked, so they are not believed.
    """
    kind, _, rest = page.content_type.partition(";")
    charset = rest.partition("charset=")[2].partition(";")[0].strip(" \"'").lower()
    if not kind.strip().lower().startswith("text/") or charset in ("", "utf-8", "utf8", "us-ascii", "iso-8859-1"):
        return page.content
    try:
        return codecs.BOM_UTF8 + page.content.decode(charset).encode("utf-8")
    except (LookupError, UnicodeError, ValueError):
        return page.content


def _list(spec: SourceSpec, pages: _Pages) -> Listing:
    """The listing, under the rules of the folder in which the file of addresses lies. A page's public URL is its address."""
    around = FolderScope() if spec.address is not None else rules_beside(spec.path)
    own = around.files.get(normal_path(spec.path.name), Metadata())
    files = {
        path: around.files.get(path, Metadata()).over(Metadata(public_url=address)) for path, address in sorted(pages.addresses.items())
    }
    rules = FolderScope(own.over(around.rules), files, around.problem)
    found = sorted(pages.files, key=lambda file: file.path)
    refused = sorted(pages.refused, key=lambda file: file.path)
    return Listing(spec.name, tuple(found), tuple(refused), ScopeTree({".": rules}), notes=tuple(sorted(pages.notes)))
