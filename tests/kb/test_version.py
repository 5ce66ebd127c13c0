import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kb.errors import KnowledgeBaseError, VersionDamagedError
from kb.manifest import MANIFEST_NAME
from kb.scope import Scope, SearchScope
from kb.store import VersionStore
from kb.version import Version
from tests.kb.builders import Contents, contents_of, make_document, publish, sample_contents, unit_vectors

TODAY = SearchScope(as_of=date(2026, 5, 4))
FILES = ["manifest.json", "passages.sqlite", "vectors.npy", "lexical/public/ordinals.npy", "lexical/internal/data.csc.index.npy"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("published")
    publish(VersionStore(data), sample_contents())
    return data / "kb" / "versions" / "000001"


@pytest.fixture
def version(published: Path) -> Iterator[Version]:
    version = Version.open(published)
    yield version
    version.close()


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A copy of the version to be damaged."""
    return Path(shutil.copytree(published, tmp_path / "000001"))


def test_holds_what_was_written(version: Version) -> None:
    contents = sample_contents()
    assert version.id == "000001"
    assert version.passages(range(5)) == contents.passages
    assert [version.document(document.id) for document in contents.documents] == contents.documents
    assert isinstance(version.vectors, np.memmap)
    np.testing.assert_array_equal(version.vectors, contents.vectors)
    assert version.manifest.counts == {"documents": 3, "passages": 5, "passages_public": 4, "passages_internal": 5}
    assert version.manifest.sources == {"shop": 3}
    assert (version.manifest.dimension, version.manifest.encoder_id, version.manifest.parent) == (16, "test-encoder", None)


def test_names_documents(version: Version) -> None:
    document = sample_contents().documents[0]
    assert (version.document_name(document.id).source, version.document_name(document.id).path) == ("shop", "kettle.md")
    with pytest.raises(KeyError):
        version.document_name("0" * 20)


def test_each_audience_has_indexes_of_its_own(version: Version) -> None:
    query = sample_contents().vectors[4:5]
    public = version.vector_index("public").search(query, 10, SearchScope(TODAY.as_of, region="FR"))[0]
    internal = version.vector_index("internal").search(query, 10, SearchScope(TODAY.as_of, "internal", region="FR"))[0]
    assert {scored.ordinal for scored in public} == {0, 1, 2, 3}
    assert internal[0].ordinal == 4
    assert version.lexical_index("public").ordinals.tolist() == [0, 1, 2, 3]
    assert version.lexical_index("internal").ordinals.tolist() == [0, 1, 2, 3, 4]
    assert version.vector_index("public") is version.vector_index("public") is not version.vector_index("internal")


def test_the_languages_of_an_audience_are_those_it_may_see_most_frequent_first(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    staff = Scope(audience="internal")
    documents = [
        replace(make_document("staff.md", ["Das wissen nur wir.", "Auch dies.", "Und das."], scope=staff), language="de"),
        make_document("care.md", ["One text.", "Another text."]),
        replace(make_document("保养.md", ["请擦干。"]), language="zh"),
    ]
    publish(store, contents_of(documents))
    version = store.open_current()
    assert [version.languages_of(audience) for audience in ("public", "internal")] == [("en", "zh"), ("de", "en", "zh")]
    version.close()


def test_without_internal_passages_both_audiences_share_one_index(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    publish(store, contents_of([make_document("a.md", ["One text.", "Another text."])]))
    version = store.open_current()
    assert version.vector_index("internal") is version.vector_index("public")
    assert version.lexical_index("internal") is version.lexical_index("public")
    assert not (version.path / "lexical" / "internal").exists()
    version.close()


def test_an_empty_version_opens(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    publish(store, Contents([], [], unit_vectors(0)))
    version = store.open_current()
    assert version.vectors.shape == (0, 16)
    assert version.vector_index("public").search(unit_vectors(1), 3, TODAY) == [[]]
    assert version.lexical_index("internal").ordinals.shape == (0,)
    assert version.documents("internal") == []
    version.close()


def test_only_internal_passages(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    contents = sample_contents()
    publish(store, Contents(contents.documents[2:], contents.passages[4:], contents.vectors[4:]))
    version = store.open_current()
    assert version.vector_index("public").search(unit_vectors(1), 3, TODAY) == [[]]
    assert len(version.vector_index("internal").search(unit_vectors(1), 3, SearchScope(TODAY.as_of, "internal"))[0]) == 1
    version.close()


@pytest.mark.parametrize("where", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_is_noticed(folder: Path, name: str, where: float) -> None:
    path = folder / name
    data = bytearray(path.read_bytes())
    data[int(where * (len(data) - 2))] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(VersionDamagedError, match=str(path)):
        Version.open(folder)


def test_every_file_is_listed_and_checked(published: Path, tmp_path: Path) -> None:
    files = sorted(path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file())
    assert set(FILES) <= set(files)
    for name in files:
        folder = Path(shutil.copytree(published, tmp_path / "copy"))
        with (folder / name).open("r+b") as file:
            file.truncate((folder / name).stat().st_size - 1)
        if name == MANIFEST_NAME:  # its last byte is the end of the line
            Version.open(folder).close()
        else:
            with pytest.raises(VersionDamagedError, match=rf"{name} has \d+ bytes instead of"):
                Version.open(folder)
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(VersionDamagedError, match=rf"{folder / name}.*citedesk rollback"):
        Version.open(folder)


@pytest.mark.parametrize("keep", [0, 10, 200])
def test_a_cut_manifest_is_noticed(folder: Path, keep: int) -> None:
    path = folder / MANIFEST_NAME
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(VersionDamagedError, match="not JSON"):
        Version.open(folder, verify=False)


def test_without_verification_contents_must_still_fit(folder: Path) -> None:
    Version.open(folder, verify=False).close()
    for vectors, message in (
        (unit_vectors(4), "instead of float32"),
        (unit_vectors(5, dimension=8), "instead of float32"),
        (unit_vectors(5).astype(np.float64), "float64"),
        (np.zeros((5, 16), np.float32), "row 0 is zero"),
        (np.where(np.arange(80).reshape(5, 16) == 37, np.nan, unit_vectors(5)).astype(np.float32), "row 2 is not finite"),
        (unit_vectors(5) * 2, "length 2.000"),
    ):
        np.save(folder / "vectors.npy", vectors)
        with pytest.raises(VersionDamagedError, match=message):
            Version.open(folder, verify=False)


def test_a_lexical_index_of_other_passages_does_not_fit(folder: Path) -> None:
    shutil.rmtree(folder / "lexical" / "public")
    shutil.copytree(folder / "lexical" / "internal", folder / "lexical" / "public")
    version = Version.open(folder, verify=False)
    with pytest.raises(VersionDamagedError, match="does not hold the lexical index"):
        version.warm()
    version.close()


def test_a_record_of_other_passages_does_not_fit(folder: Path, tmp_path: Path) -> None:
    store = VersionStore(tmp_path / "other")
    publish(store, contents_of([make_document("a.md", [f"Text {n}." for n in range(4)])]))
    shutil.copy(store.layout.versions / "000001" / "passages.sqlite", folder / "passages.sqlite")
    with pytest.raises(VersionDamagedError, match="4 passages for 5 vectors"):
        Version.open(folder, verify=False)


def test_closed_version_says_so(published: Path) -> None:
    version = Version.open(published)
    version.close()
    version.close()
    with pytest.raises(KnowledgeBaseError, match="closed"):
        version.passages([0])


def test_many_threads_read_at_once(version: Version) -> None:
    contents = sample_contents()
    wrong: list[object] = []

    def read(seed: int) -> None:
        random = np.random.default_rng(seed)
        for _ in range(100):
            ordinals = random.integers(5, size=3)
            if version.passages(ordinals) != [contents.passages[ordinal] for ordinal in ordinals]:
                wrong.append(ordinals)
            index = version.vector_index("internal" if seed % 2 else "public")
            if index.search(contents.vectors[:1], 1, TODAY)[0][0].ordinal != 0:
                wrong.append(seed)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_ten_thousand_passages_open_in_well_under_a_second(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    documents = [make_document(f"{n}.md", [f"Fact {n} {m} about kettles and cups." for m in range(20)]) for n in range(500)]
    publish(store, contents_of(documents))
    started = time.perf_counter()
    version = store.open_current()
    opened = time.perf_counter()
    for start in range(100):
        version.passages(range(start, 10_000, 1000))
    read = time.perf_counter()
    assert opened - started < 1.0
    assert (read - opened) / 100 < 0.005  # a fifth of that on an idle machine
    version.close()
