import json
from dataclasses import replace

import pytest

from kb.errors import VersionDamagedError
from kb.files import FileDigest
from kb.manifest import FORMAT, Manifest

MANIFEST = Manifest(
    id="000042",
    parent="000041",
    created="2026-05-04T03:02:01+00:00",
    sources={"shop": 3},
    counts={"documents": 3, "passages": 5, "passages_public": 4, "passages_internal": 5},
    encoder_id="test-encoder",
    dimension=16,
    normalised=True,
    chunker="test-1",
    index_type="flat",
    gate={"passed": True, "summary": "40 of 40 问题", "recall": 0.975},
    who="nightly",
    why="",
    files={"passages.sqlite": FileDigest("0" * 64, 4096), "lexical/public/data.npy": FileDigest("1" * 64, 0)},
)


@pytest.mark.parametrize("manifest", [MANIFEST, replace(MANIFEST, parent=None, gate=None, files={}, sources={})])
def test_comes_back_from_json(manifest: Manifest) -> None:
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_every_flipped_byte_is_noticed_or_harmless() -> None:
    data = MANIFEST.to_json().encode()
    for position in range(len(data)):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[position] ^= 1 << bit
            try:
                assert Manifest.from_json(flipped.decode()) == MANIFEST  # blank space for blank space
            except (VersionDamagedError, UnicodeDecodeError):
                continue


@pytest.mark.parametrize("keep", [0, 1, 100, 500])
def test_cut_manifest_is_damaged(keep: int) -> None:
    with pytest.raises(VersionDamagedError, match="not JSON"):
        Manifest.from_json(MANIFEST.to_json()[:keep])


def test_other_format_says_so() -> None:
    with pytest.raises(VersionDamagedError, match=f"format {FORMAT + 1}, this Citedesk reads format {FORMAT}"):
        Manifest.from_json(replace(MANIFEST, format=FORMAT + 1).to_json())


def test_edited_by_hand_is_noticed() -> None:
    body = json.loads(MANIFEST.to_json()) | {"why": "improved"}
    with pytest.raises(VersionDamagedError, match="checksum"):
        Manifest.from_json(json.dumps(body))


@pytest.mark.parametrize("text", ["[]", "null", '"text"', "{}"])
def test_other_json_is_damaged(text: str) -> None:
    with pytest.raises(VersionDamagedError):
        Manifest.from_json(text)
