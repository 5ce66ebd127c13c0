"""Which removed document is which added one: the same bytes under another path or source."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from kb.version_outline import DocumentOutline


def find_renames(removed: Iterable[DocumentOutline], added: Iterable[DocumentOutline]) -> dict[str, str]:
    """The id after the renaming of each document that was renamed, by its id before.

    Documents with one content hash (copies of a file; the documents of one JSONL file) are told apart by their path, then their file
    name, then their title. What is left is paired only where one is left on either side.
    """
    old, new = _by_hash(removed), _by_hash(added)
    renames: dict[str, str] = {}
    for content_hash in old.keys() & new.keys():
        ours, theirs = old[content_hash], new[content_hash]
        for name in (_path, _file_name, _title):
            _pair(ours, theirs, name, renames)
        if len(ours) == len(theirs) == 1:
            renames[ours[0].id] = theirs[0].id
    return renames


def _pair(ours: list[DocumentOutline], theirs: list[DocumentOutline], name: Callable[[DocumentOutline], str], into: dict[str, str]) -> None:
    """Pairs those of one name, and takes them out of both lists."""
    waiting: dict[str, list[DocumentOutline]] = defaultdict(list)
    for one in reversed(theirs):
        waiting[name(one)].append(one)
    paired = {one.id: waiting[name(one)].pop().id for one in ours if waiting[name(one)]}
    into.update(paired)
    ours[:] = [one for one in ours if one.id not in paired]
    taken = set(paired.values())
    theirs[:] = [one for one in theirs if one.id not in taken]


def _by_hash(documents: Iterable[DocumentOutline]) -> dict[str, list[DocumentOutline]]:
    found: dict[str, list[DocumentOutline]] = defaultdict(list)
    for document in documents:
        found[document.content_hash].append(document)
    return found


def _path(document: DocumentOutline) -> str:
    return document.path


def _file_name(document: DocumentOutline) -> str:
    return document.path.rpartition("/")[2]


def _title(document: DocumentOutline) -> str:
    return document.title
