"""The difference of two versions as lines of text, the gravest first."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from rich.text import Text

from eval.answer_changes import AnswerChange, GivenAnswer
from eval.contradictions import Contradictions
from ingest.version_diff import DatedDocument, DocumentChange, PassageChange
from ingest.word_marks import mark_words
from kb.text.printable import printable_line
from server.diff import words
from server.diff.report import DiffReport, Limits

TEXT_LIMITS = Limits(20, 5, 300)
_STYLES = {"same": "", "removed": "red strike", "added": "green"}
_CONTEXT = 60
"""Characters of what stayed that are shown around a change."""
Entry = TypeVar("Entry")


def diff_lines(report: DiffReport, limits: Limits = TEXT_LIMITS) -> Iterator[Text]:
    """The report, line by line; lists are cut to ``limits`` with the number of what is not shown."""
    diff = report.diff
    yield Text(f"{diff.old or 'nothing'} → {diff.new}, seen from {diff.as_of}", "bold")
    for note in (*diff.notes, *report.notes):
        yield Text(printable_line(note), "yellow")
    if diff.widened:
        yield from _section("NOW VISIBLE TO THE PUBLIC", len(diff.widened), "bold red")
        for document in diff.widened:  # never cut: each one may be a leak
            yield Text(f"  {_name(document)}: {words.exposure(document)}", "red")
    if report.answers is not None:
        asked = ", ".join(f"{count} {origin}" for origin, count in report.answers.asked.items()) or "none"
        yield from _section(f"Answers that change (asked: {asked})", len(report.answers.changes))
        yield from _cut(report.answers.changes, limits.entries, _answer)
    yield from _contradictions(report.contradictions, limits)
    for kind, title in words.DOCUMENT_KINDS.items():
        documents = diff.of_kind(kind)
        yield from _section(f"{title} documents", len(documents))
        yield from _cut(documents, limits.entries, lambda document: _document(document, limits))
    for label, dated in (("Expire within 30 days", diff.expiring), ("Take effect within 30 days", diff.starting)):
        yield from _section(label, len(dated))
        yield from _cut(dated, limits.entries, _dated)
    kept = f"{diff.unchanged} documents and {diff.passages.unchanged} passages are as before"
    yield Text(f"\n{kept}; {diff.resaved} files were saved anew without a change that is read.", "dim")


def _section(title: str, count: int, style: str = "bold") -> Iterator[Text]:
    yield Text(f"\n{title}: {count}", style if count else "dim")


def _cut(entries: Sequence[Entry], limit: int | None, lines: Callable[[Entry], Iterator[Text]]) -> Iterator[Text]:
    for entry in entries[:limit]:
        yield from lines(entry)
    if limit is not None and len(entries) > limit:
        yield Text(f"  … and {len(entries) - limit} more (--all shows them)", "dim")


def _document(document: DocumentChange, limits: Limits) -> Iterator[Text]:
    before = f"{_place(document.old.source, document.old.path)} → " if document.kind == "renamed" and document.old is not None else ""
    title = printable_line(document.shown.title)
    yield Text.assemble("  ", before, _name(document), ("  " + title, "dim"), f"  {words.passages_line(document)}")
    for field in document.fields:
        old, new = (printable_line(words.field_value(field, value)) for value in (field.old, field.new))
        yield Text(f"    {words.field_name(field)}: {old} → {new}", "red" if document.widened and field.field == "audience" else "")
    if document.kind in ("changed", "renamed"):
        yield from _cut(document.passages, limits.passages, lambda passage: _passage(passage, limits.characters))


def _passage(change: PassageChange, characters: int | None) -> Iterator[Text]:
    old, new = (printable_line(" ".join(side.text.split())) if side is not None else "" for side in (change.old, change.new))
    if change.kind == "changed" and old != new:
        yield Text("    ~ ") + _marked(old, new)
    elif change.kind == "details" or old == new:
        told = "; ".join(
            f"{words.field_name(field)} {words.field_value(field, field.old)} → {words.field_value(field, field.new)}"
            for field in change.fields
        )
        yield Text(f"    ~ [{printable_line(told)}] {new[:characters]}", "red" if change.exposed else "")
    else:
        sign, style = ("+", "green") if change.kind == "added" else ("-", "red")
        yield Text(f"    {sign} {(new or old)[:characters]}", style)


def _marked(old: str, new: str) -> Text:
    """Both texts in one line, with signs besides the colours: a log has none."""
    line = Text()
    for mark in mark_words(old, new):
        text = mark.text
        if mark.kind == "same" and len(text) > 2 * _CONTEXT:
            text = f"{text[:_CONTEXT]} … {text[-_CONTEXT:]}"
        opening, closing = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}[mark.kind]
        line.append(f"{opening}{text}{closing}", _STYLES[mark.kind])
    return line


def _answer(change: AnswerChange) -> Iterator[Text]:
    question = change.question
    label = f"{question.origin} {question.id}" if question.origin == "golden" else question.origin
    yield Text.assemble("  ", (printable_line(question.text), "bold"), f"  ({label}: {words.ANSWER_KINDS[change.kind]})")
    for sign, answer, style in (("-", change.old, "red"), ("+", change.new, "green")):
        yield Text(f"    {sign} {_given(answer)}", style)


def _given(answer: GivenAnswer) -> str:
    sources = ", ".join(_place(source.source, source.document) for source in answer.sources)
    return printable_line(" ".join((answer.error or answer.text).split())) + (f"  [{sources}]" if sources else "")


def _contradictions(found: Contradictions, limits: Limits) -> Iterator[Text]:
    left = f", {found.left_out} more were too many" if found.left_out else ""
    yield from _section(f"Documents that contradict each other ({found.examined} passages examined{left})", found.found)
    for pair in found.pairs[: limits.entries]:
        yield Text(f"  {printable_line(pair.note)}")
        for side in (pair.stronger, pair.weaker):
            yield Text(f"    {_place(side.source, side.document)}: “{printable_line(' '.join(side.quote.split()))}”", "dim")
    hidden = found.found - len(found.pairs[: limits.entries])
    if hidden:
        yield Text(f"  … and {hidden} more", "dim")


def _dated(dated: DatedDocument) -> Iterator[Text]:
    document = dated.document
    yield Text(f"  {dated.day}  {_place(document.source, document.path)}  {printable_line(document.title)} ({words.dated_line(dated)})")


def _name(change: DocumentChange) -> str:
    return _place(change.shown.source, change.shown.path)


def _place(source: str, path: str) -> str:
    return printable_line(f"{source}/{path}")
