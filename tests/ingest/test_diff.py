"""What changed between two versions."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.diff import diff_versions
from ingest.version_diff import DocumentChange, VersionDiff
from kb.document import Block, Document
from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.store import VersionStore
from kb.version import Version
from tests.kb.builders import Contents, publish, unit_vectors

TODAY = date(2026, 11, 23)
INSIDE = Scope(audience="internal")
Part = tuple[str, str] | tuple[str, str, Scope]
"""Heading and text, and a scope of its own."""


def document(path: str, *parts: Part, scope: Scope | None = None, title: str = "", source: str = "shop") -> Document:
    text = "\n".join(part[1] for part in parts)
    blocks, start = [], 0
    for part in parts:
        own = part[2] if len(part) == 3 else None
        blocks.append(Block("paragraph", start, start + len(part[1]), (part[0],) if part[0] else (), scope=own))
        start += len(part[1]) + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(source, path, title or "Rules", "text/markdown", digest, "en", scope or Scope(), text, tuple(blocks))


def passages_of(document: Document) -> list[Passage]:
    found: list[Passage] = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        equal = sum(one.text == text and one.heading_path == block.heading_path for one in found)
        name = passage_id(document.id, block.heading_path, text, equal)
        scope = block.scope or document.scope
        found.append(
            Passage(name, document.id, text, block.start, block.end, "paragraph", block.heading_path, None, "en", scope, document.title)
        )
    return found


@pytest.fixture
def compare(tmp_path: Path) -> Iterator["Compare"]:
    with ExitStack() as stack:
        yield Compare(VersionStore(tmp_path), stack)


class Compare:
    """Publishes two sets of documents, one after the other, and compares them."""

    def __init__(self, store: VersionStore, stack: ExitStack) -> None:
        self.store = store
        self.stack = stack

    def __call__(self, old: Sequence[Document] | None, new: Sequence[Document], as_of: date = TODAY) -> VersionDiff:
        before = None if old is None else self.version(old)
        return diff_versions(before, self.version(new), as_of)

    def version(self, documents: Sequence[Document]) -> Version:
        passages = [passage for one in documents for passage in passages_of(one)]
        opened = self.store.open(publish(self.store, Contents(list(documents), passages, unit_vectors(len(passages)))))
        self.stack.callback(opened.close)
        return opened


def only(diff: VersionDiff) -> DocumentChange:
    (found,) = diff.documents
    return found


COST = ("Cost", "Returns are free of charge.")
RETURNS = document("returns.md", ("Time", "You can return goods within 30 days."), COST)


def test_nothing_changed(compare: Compare) -> None:
    diff = compare([RETURNS], [RETURNS])
    assert (diff.documents, diff.unchanged, diff.passages.unchanged, diff.notes) == ((), 1, 2, ())


def test_against_nothing_everything_is_new(compare: Compare) -> None:
    diff = compare(None, [RETURNS])
    assert (diff.old, diff.new) == (None, "000001")
    assert only(diff).kind == "added" and [one.kind for one in only(diff).passages] == ["added", "added"]
    assert diff.counts["passages_added"] == 2


def test_a_changed_passage_is_paired_with_its_former_text(compare: Compare) -> None:
    later = document("returns.md", ("Time", "You can return goods within 14 days."), COST, ("New", "Ask us."))
    change = only(compare([RETURNS], [later]))
    assert [(one.kind, one.old and one.old.text, one.new and one.new.text) for one in change.passages] == [
        ("changed", "You can return goods within 30 days.", "You can return goods within 14 days."),
        ("added", None, "Ask us."),
    ]
    assert change.passages[0].to_json()["marks"] == [
        ["same", "You can return goods within "],
        ["removed", "30"],
        ["added", "14"],
        ["same", " days."],
    ]
    assert change.counts.to_json() == {"added": 1, "changed": 1, "removed": 0, "details": 0, "unchanged": 1}


def test_a_passage_under_another_heading(compare: Compare) -> None:
    later = document("returns.md", ("Deadline", "You can return goods within 30 days."), COST)
    (passage,) = only(compare([RETURNS], [later])).passages
    assert passage.kind == "changed"
    assert [(one.field, one.old, one.new) for one in passage.fields] == [("heading", ("Time",), ("Deadline",))]


def test_what_has_nothing_in_common_is_not_paired(compare: Compare) -> None:
    later = document("returns.md", ("Time", "Our shop in Lyon opens at nine o'clock."), COST)
    assert sorted(one.kind for one in only(compare([RETURNS], [later])).passages) == ["added", "removed"]


def test_a_renamed_document_keeps_its_passages(compare: Compare) -> None:
    change = only(compare([RETURNS], [replace(RETURNS, path="archive/returns-2026.md")]))
    assert change.kind == "renamed" and change.old is not None and change.old.path == "returns.md"
    assert change.passages == () and change.counts.unchanged == 2 and not change.widened


def test_copies_of_a_file_are_told_apart_by_their_names(compare: Compare) -> None:
    copies = [replace(RETURNS, path=path) for path in ("a/one.md", "a/two.md", "a/three.md")]
    moved = [replace(RETURNS, path=path) for path in ("b/three.md", "b/one.md", "c.md")]
    diff = compare(copies, moved)
    pairs = {one.old.path: one.new.path for one in diff.documents if one.old and one.new}
    assert pairs == {"a/one.md": "b/one.md", "a/two.md": "c.md", "a/three.md": "b/three.md"}


def test_moving_out_of_an_internal_folder_is_shown_first(compare: Compare) -> None:
    secret = document("internal/notes.md", ("", "Goodwill up to 50 euros."), scope=INSIDE)
    diff = compare([secret, RETURNS], [replace(secret, path="notes.md", scope=Scope()), document("a.md", ("", "New.")), RETURNS])
    (widened,) = diff.widened
    assert widened.kind == "renamed" and widened.exposed == 1
    assert diff.to_json(documents=1)["documents"][0]["path"] == "notes.md" and diff.counts["widened"] == 1


@pytest.mark.parametrize("reworded", [False, True])
def test_a_single_row_that_becomes_public(compare: Compare, reworded: bool) -> None:
    text = "Reset the terminal with code 4471 at night."
    old = document("faq.csv", ("", "The lamp dims."), ("", text, INSIDE))
    new = document("faq.csv", ("", "The lamp dims."), ("", text.replace("night", "once") if reworded else text))
    change = only(compare([old], [new]))
    assert change.widened and change.exposed == 1 and change.fields == ()
    (passage,) = change.passages
    assert passage.exposed and passage.kind == ("changed" if reworded else "details")
    assert [(one.field, one.old, one.new) for one in passage.fields] == [("audience", "internal", "public")]
    assert not only(compare([new], [old])).widened


def test_a_scope_that_changes_for_the_whole_document_is_told_once(compare: Compare) -> None:
    eu = Scope(regions=("EU",), effective_from=date(2026, 12, 1))
    change = only(compare([RETURNS], [replace(RETURNS, scope=eu)]))
    assert [(one.field, one.old, one.new) for one in change.fields] == [("regions", (), ("EU",)), ("effective_from", None, "2026-12-01")]
    assert change.passages == () and change.counts.unchanged == 2


def test_a_file_saved_anew_is_only_counted(compare: Compare) -> None:
    diff = compare([RETURNS], [replace(RETURNS, content_hash="f" * 64)])
    assert (diff.documents, diff.resaved, diff.unchanged) == ((), 1, 0)


def test_what_expires_and_what_begins_within_thirty_days(compare: Compare) -> None:
    def until(day: date) -> Scope:
        return Scope(effective_to=day)

    documents = [
        document("today.md", ("", "a"), scope=until(TODAY)),
        document("day-30.md", ("", "b"), scope=until(date(2026, 12, 23))),
        document("day-31.md", ("", "c"), scope=until(date(2026, 12, 24))),
        document("gone.md", ("", "d"), scope=until(date(2026, 11, 22))),
        document("rows.csv", ("", "e"), ("", "f", until(date(2026, 12, 1))), ("", "g", until(date(2026, 12, 1)))),
        document("soon.md", ("", "h"), scope=Scope(effective_from=date(2026, 11, 24))),
        document("began.md", ("", "i"), scope=Scope(effective_from=TODAY)),
    ]
    diff = compare(documents, documents)
    told = [(one.document.path, one.day.isoformat(), one.passages, one.whole) for one in diff.expiring]
    assert told == [("today.md", "2026-11-23", 1, True), ("rows.csv", "2026-12-01", 2, False), ("day-30.md", "2026-12-23", 1, True)]
    assert [one.document.path for one in diff.starting] == ["soon.md"]


def test_chinese_passages_are_paired_and_marked(compare: Compare) -> None:
    old = document("退货.md", ("退货", "自签收起三十天内可以退货，运费由我们承担。"))
    new = document("退货.md", ("退货", "自签收起十四天内可以退货，运费由我们承担。"))
    (passage,) = only(compare([old], [new])).passages
    assert [kind for kind, _ in passage.to_json()["marks"]] == ["same", "removed", "added", "same"]


def test_limits_cut_lists_and_texts_and_no_counts(compare: Compare) -> None:
    diff = compare(None, [document(f"{n}.md", ("", "x" * 50), ("", "y" * 50)) for n in range(9)])
    got = diff.to_json(documents=2, passages=1, characters=10)
    assert len(got["documents"]) == 2 and got["counts"]["documents_added"] == 9
    assert [one["new"] for one in got["documents"][0]["passages"]] == ["x" * 10]
    assert got["documents"][0]["passage_counts"]["added"] == 2
    json.dumps(got)


def test_more_differences_than_are_read_are_counted(compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.diff.MOST_TEXTS", 1)
    diff = compare([RETURNS], [document("returns.md", ("Time", "x"), ("Cost", "y"))])
    assert only(diff).passages == () and diff.passages.to_json()["added"] == 2
    assert "counted" in diff.notes[0]


def many(changed: int, documents: int = 200) -> list[Document]:
    """Documents of ten passages, of which one differs in each of the first ``changed``."""
    return [
        document(f"{n:04}.md", *[("", f"Rule {n}-{m} says {n + 7 * m} days{' now' if n < changed and m == 3 else ''}.") for m in range(10)])
        for n in range(documents)
    ]


def test_of_many_passages_only_the_changed_ones_are_read(compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    passages = Version.passages

    def counted(version: Version, ordinals: Iterable[int]) -> list[Passage]:
        found = passages(version, ordinals)
        read.append(len(found))
        return found

    monkeypatch.setattr(Version, "passages", counted)
    diff = compare(many(0), many(5))
    assert diff.counts["documents_changed"] == diff.counts["passages_changed"] == 5
    assert read == [5, 5] and diff.counts["passages_unchanged"] == 1995
