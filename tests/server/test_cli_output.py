"""What reaches the terminal: nothing from a file's name or text steers it."""

import pytest

from server.cli.output import Output


def test_neither_lines_nor_tables_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=False)
    output.say("read red\x1b[31m.md\nand \u202edm.exe")
    output.table("Failed", ("file", "reason"), [("red\x1b[2J.md", "退货　政策\r")])
    printed = capsys.readouterr().out
    assert "red\\u001b[31m.md\nand \\u202edm.exe" in printed and "red\\u001b[2J.md" in printed and "退货　政策\\u000d" in printed
    assert not {"\x1b", "\u202e", "\r"} & set(printed)
