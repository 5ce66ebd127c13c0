from pathlib import Path

import pytest

from eval.json_lines import read_json_lines
from kb.errors import ConfigurationError


def test_lines_are_read_in_order_and_separators_within_texts_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text('{"text": "one\u2028two"}\n\n{"text": "三"}\n', encoding="utf-8")
    assert read_json_lines(file, lambda entry: entry["text"], "A text") == ["one\u2028two", "三"]


@pytest.mark.parametrize(("line", "reason"), [("{", "Expecting"), ("[1]", "no JSON object"), ("{}", "text")])
def test_a_malformed_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(f'{{"text": "sound"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"A text is malformed \(set.jsonl, line 2\): .*{reason}"):
        read_json_lines(file, lambda entry: entry["text"], "A text")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="missing.jsonl cannot be read"):
        read_json_lines(tmp_path / "missing.jsonl", dict, "A text")
