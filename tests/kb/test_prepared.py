"""Conversions: what transformers says meanwhile."""

from pathlib import Path

import pytest
from transformers.utils import logging

from kb.encoders.prepared import prepare


def warn() -> None:
    logging.get_logger("transformers.modeling_utils").warning("pooler.dense.weight | MISSING")


def test_transformers_is_silent_while_weights_are_converted_and_only_then(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    seen = []

    def convert(work: Path) -> Path:
        warn()
        seen.append(logging.is_progress_bar_enabled())
        built = work / "built"
        built.mkdir()
        return built

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    assert prepare(tmp_path / "folder", convert).is_dir()
    assert seen == [False] and caplog.text == ""
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
    warn()
    assert "MISSING" in caplog.text


def test_a_conversion_that_fails_leaves_transformers_as_it_was(tmp_path: Path) -> None:
    def convert(work: Path) -> Path:
        raise ValueError(work.name)

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    with pytest.raises(ValueError, match="folder"):
        prepare(tmp_path / "folder", convert)
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
    assert not (tmp_path / "folder").exists()
