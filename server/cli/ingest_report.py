"""The report of an ingest, printed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from server.cli.gate import print_gate
from server.cli.output import Output
from server.cli.skipped import print_by_wish, print_skipped

if TYPE_CHECKING:
    from ingest.report import IngestReport

_MOST_ROWS = 20
"""Of a list that is whole in the report (``--json``)."""
_STAYS = " Version {version} stays."
_OUTCOMES = {
    "published": ("green", "Published version {version}."),
    "unchanged": ("green", "Nothing has changed; version {version} stays."),
    "refused": ("red", "Refused: the new version was not published." + _STAYS),
    "partial": ("yellow", "Published version {version}, without the files that failed."),
    "busy": ("red", "Another ingest is running on this data folder. Wait until it has ended, then run this again."),
    "failed": ("red", "Failed: nothing was published."),
}
_NOTHING_BUT_FAILURES = "Nothing has changed but for the files that failed; no new version was made." + _STAYS


def print_report(report: "IngestReport", output: Output, verbose: bool = False) -> None:
    """Totals, notes, and tables of what failed, of what broke and, if ``verbose``, of what was passed over."""
    if report.failed:
        rows = [(file.source, file.path, file.reason) for file in report.failed]
        output.table(f"Failed: {len(rows)}", ("source", "file", "reason"), rows)
    print_by_wish(report.skipped.by_wish, output)
    if report.flagged:
        flagged = [(one.source, one.path, "" if one.page is None else str(one.page), one.excerpt) for one in report.flagged[:_MOST_ROWS]]
        output.table(f"Speak to a language model: {len(report.flagged)}", ("source", "file", "page", "excerpt"), flagged)
    if report.gate is not None:
        print_gate(report.gate, output)
    for note in report.notes:
        output.say(note)
    style, sentence = _OUTCOMES[report.outcome]
    if report.outcome == "partial" and not report.published:
        sentence = _NOTHING_BUT_FAILURES
    if report.version is None:
        sentence = sentence.removesuffix(_STAYS)
    output.say(sentence.format(version=report.version or "(none)"), style)
    if report.changes is not None:
        output.say(_changes(report.changes))
        if report.changes["widened"]:
            widened = report.changes["counts"]["widened"]
            output.say(f"Documents that show the public what was internal: {widened}. See `citedesk diff`.", "bold red")
    print_skipped(report.skipped.kinds, output, report.skipped.rows if verbose else None)
    if report.counts:  # else it ended before anything was looked at
        output.say(_counts(report))


def _changes(changes: Mapping[str, Any]) -> str:
    """Passages by what became of them, and what expires, in a line."""
    counts = changes["counts"]
    passages = ", ".join(f"{counts[f'passages_{kind}']} {kind}" for kind in ("added", "changed", "removed"))
    expiring = f" Documents that expire within 30 days: {counts['expiring']}." if counts["expiring"] else ""
    return f"Passages: {passages}.{expiring} `citedesk diff` shows what changed."


def _counts(report: "IngestReport") -> str:
    """What there is now, and of documents what became of them."""
    counts = dict(report.counts)
    documents, passages, embedded = (counts.pop(name, 0) for name in ("documents", "passages", "embedded"))
    became = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    told = f" ({became})" if became else ""
    return f"{documents} documents{told}, {passages} passages, {embedded} of them embedded now; {report.seconds:.1f} s."
