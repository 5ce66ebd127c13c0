"""The one entry to sources of every kind: what there is to read in one."""

from ingest.archive import list_archive
from ingest.folded import with_archives
from ingest.folder import list_file, list_folder
from ingest.source import Listing, SourceSpec
from ingest.source_area import SourceArea
from ingest.web.listing import list_addresses
from kb.errors import SourceError
from kb.text.printable import is_printable_name


def list_source(spec: SourceSpec, area: SourceArea | None = None) -> Listing:
    """Looks through ``spec``. ``area`` is where zip archives are unpacked and web pages are put; folders without archives need none.

    Raises SourceError if the source is missing, cannot be read, or is an archive that cannot be used; then nothing has changed.
    """
    _check_name(spec.name)
    if spec.address is None and not spec.path.is_dir() and not spec.path.is_file():
        raise SourceError(f"The source {spec.path} does not exist or is no folder or file. Check the path, and that its disk is mounted.")
    if spec.kind == "files":
        listing = list_folder(spec) if spec.path.is_dir() else list_file(spec)
        return with_archives(listing, _given(spec, area).folder) if listing.archives else listing
    return list_archive(spec, _given(spec, area)) if spec.kind == "archive" else list_addresses(spec, _given(spec, area))


def _given(spec: SourceSpec, area: SourceArea | None) -> SourceArea:
    if area is None:
        raise SourceError(f"The source {spec.name!r} has to be laid out on the disk first, and no place was given for it.")
    return area


def _check_name(name: str) -> None:
    if not name or not is_printable_name(name) or "/" in name or len(name) > 200:
        raise SourceError(f"The source name {name!r} cannot be used: write a printable name without '/', up to 200 characters (--name).")
