from pathlib import Path

import numpy as np
import pytest

from kb.inspection import CANARIES, canary_ordinals, inspect
from kb.scope import Scope
from kb.store import VersionStore
from kb.version import Version
from tests.kb.builders import Contents, contents_of, cut, make_document, publish, unit_vectors


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    return VersionStore(tmp_path / "data")


def many(store: VersionStore) -> Contents:
    """Twelve public passages in two languages and two internal ones, with their originals."""
    documents = [
        make_document("en.md", [f"The kettle {number} boils." for number in range(6)]),
        make_document("zh.md", [f"水壶{number}号烧水。" for number in range(6)]),
        make_document("agents.md", ["A voucher of 10 euros.", "Call the night shift."], scope=Scope(audience="internal")),
    ]
    for document in documents:
        store.objects.put(document.text.encode())
    return contents_of(documents)


def problems(version: Version, store: VersionStore) -> tuple[str, ...]:
    try:
        return inspect(version, store.objects).problems
    finally:
        version.close()


def test_a_sound_version(store: VersionStore) -> None:
    publish(store, many(store))
    version = store.open_current()
    found = inspect(version, store.objects)
    assert found.sound and found.version == "000001"
    assert found.checked == {"files": len(version.manifest.files), "documents": 3, "passages": 14, "canaries": 2 * CANARIES, "originals": 3}
    chosen = canary_ordinals(version, "public")
    assert chosen == canary_ordinals(version, "public") and len(set(chosen)) == CANARIES
    assert not set(chosen) & {12, 13}
    version.close()


def test_passages_with_equal_vectors_find_each_other(store: VersionStore) -> None:
    contents = many(store)
    publish(store, Contents(contents.documents, contents.passages, np.repeat(unit_vectors(1), 14, axis=0)))
    assert problems(store.open_current(), store) == ()


def test_missing_and_damaged_originals_are_named(store: VersionStore) -> None:
    contents = many(store)
    publish(store, contents)
    missing, damaged = (store.objects.path(document.content_hash) for document in contents.documents[:2])
    missing.unlink()
    damaged.write_bytes(b"x")
    found = problems(store.open_current(), store)
    assert len(found) == 2 and any(str(missing) in one for one in found) and any(str(damaged) in one for one in found)


def test_an_index_of_other_vectors_is_noticed(store: VersionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store, many(store))
    version = store.open_current()
    version.warm()
    # What a faulty index would hold: the rows of other passages.
    monkeypatch.setattr(version, "vectors", version.vectors[::-1])
    found = problems(version, store)
    assert found and all("Asked for itself, passage " in one for one in found)


def test_a_passage_that_does_not_stand_in_its_document_is_named(store: VersionStore) -> None:
    document = make_document("a.md", ["The kettle boils.", "Descale it."])
    store.objects.put(document.text.encode())
    moved = cut(document)
    object.__setattr__(moved[0], "start", 3)
    publish(store, Contents([document], moved, unit_vectors(2)))
    found = problems(store.open_current(), store)
    assert found == (f"Passage {moved[0].id} of shop/a.md is not what stands at its place in the document.",)


def test_an_empty_version_is_sound(store: VersionStore) -> None:
    publish(store, Contents([], [], unit_vectors(0)))
    version = store.open_current()
    assert inspect(version, store.objects).checked["canaries"] == 0
    version.close()
