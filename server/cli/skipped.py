"""What an ingest passed over, printed."""

from collections.abc import Mapping, Sequence

from server.cli.output import Output


def print_by_wish(rows: Sequence[tuple[str, str]], output: Output) -> None:
    """The files that a `_scope.yaml` says are to be skipped, by source and path; nothing if there are none."""
    if rows:
        output.table(f"Skipped by wish (skip: true in a _scope.yaml): {len(rows):,}", ("source", "file"), rows)


def print_skipped(kinds: Mapping[str, int], output: Output, rows: Sequence[tuple[str, str]] | None, how: str = "--verbose") -> None:
    """How many files of which ``kinds`` were not read, in a sentence; nothing if there are none.

    ``rows`` are their sources and paths, for a table; without them the sentence says that ``how`` lists them.
    """
    if not kinds:
        return
    if rows is not None:
        output.table(f"Not read: {len(rows):,}", ("source", "file"), rows)
    output.say(f"{_counted(kinds)}{'.' if rows is not None else f'; {how} lists them.'}")


def _counted(kinds: Mapping[str, int]) -> str:
    """``12 files of kinds that are not read: 10 .png, 2 .mp4``, the commonest first."""
    total = sum(kinds.values())
    what = "1 file of a kind that is" if total == 1 else f"{total:,} files of kinds that are"
    return f"{what} not read: {', '.join(f'{kinds[kind]:,} {kind}' for kind in sorted(kinds, key=lambda kind: (-kinds[kind], kind)))}"
