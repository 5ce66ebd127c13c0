"""Puts faults into kb.files: its n-th call into the system fails, as a full disk, a denied one, or a killed process."""

import os
import shutil
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

CHANGING_CALLS = frozenset({"write", "fsync", "replace", "mkdir", "unlink", "rmtree"})


class Killed(BaseException):
    """Stands for SIGKILL: once raised, no later call reaches the disk."""


class Faults:
    """Counts the changing calls of kb.files, and lets those from ``fail_at`` (from 1; 0: none) on fail with ``error``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fail_at: int, error: Callable[[], BaseException]) -> None:
        self.calls = 0
        self._fail_at = fail_at
        self._error = error
        monkeypatch.setattr("kb.files.os", _Module(os, self))
        monkeypatch.setattr("kb.files.shutil", _Module(shutil, self))

    def count(self) -> None:
        self.calls += 1
        if self._fail_at and self.calls >= self._fail_at:
            raise self._error()


class _Module:
    """``module``, with its changing calls counted by ``faults``."""

    def __init__(self, module: ModuleType, faults: Faults) -> None:
        self._module = module
        self._faults = faults

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        value = getattr(self._module, name)
        if name not in CHANGING_CALLS:
            return value

        def counted(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            self._faults.count()
            return value(*arguments, **options)

        return counted
