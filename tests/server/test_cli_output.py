"""What reaches the terminal: nothing from a file's name or text steers it."""

import pytest

from kb.errors import SourceError
from server.cli.output import Output
from server.cli.problem import _report


def test_neither_lines_nor_tables_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=False)
    output.say("read red\x1b[31m.md\nand \u202edm.exe")
    output.table("Failed", ("file", "reason"), [("red\x1b[2J.md", "退货　政策\r")])
    printed = capsys.readouterr().out
    assert "red\\u001b[31m.md\nand \\u202edm.exe" in printed and "red\\u001b[2J.md" in printed and "退货　政策\\u000d" in printed
    assert not {"\x1b", "\u202e", "\r"} & set(printed)


def test_neither_does_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert _report(SourceError("The source no\x1b[2Jwhere does not exist."), as_json=False) == 1
    assert "no\\u001b[2Jwhere does not exist" in capsys.readouterr().err
