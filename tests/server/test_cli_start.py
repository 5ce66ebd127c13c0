"""How the program begins."""

import importlib
import sys
import tomllib
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec

import pytest

from tests.source import ROOT


class CtrlC(MetaPathFinder):
    """Whoever loads the command line is interrupted."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname == "server.cli.main":
            raise KeyboardInterrupt
        return None


def test_ctrl_c_while_it_loads_is_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    module, _, name = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]["citedesk"].partition(":")
    begin = getattr(importlib.import_module(module), name)
    monkeypatch.delitem(sys.modules, "server.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [CtrlC(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        begin()
    assert ended.value.code == 130
