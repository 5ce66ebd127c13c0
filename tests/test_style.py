"""Rules that only a reader keeps are lost within a year; these are kept by a failing test."""

import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import rules
from tests.source import PACKAGES, ROOT, Source, sources, tracked_files

MEDIAN_FILE = 150
MEDIAN_FUNCTION = 12
OURS = sources(*PACKAGES)
EVERYTHING = [*OURS, *sources("tests", "scripts")]
Rule = Callable[[Source], Iterator[str]]

# What a rule must complain about, so that none of them can pass by seeing nothing.
OFFENCES: list[tuple[Rule, str, str]] = [
    (rules.imports_point_one_way, "kb/a.py", "def f():\n    from rag.query import Query\n"),
    (rules.imports_point_one_way, "rag/a.py", "import ingest.run\n"),
    (rules.files_stay_short, "kb/a.py", "A = 1\n" * 451),
    (rules.functions_stay_short, "kb/a.py", "class A:\n    async def f(self):\n" + "        a = 1\n" * 80),
    (rules.public_is_documented, "kb/a.py", "A = 1\n"),
    (rules.public_is_documented, "kb/a.py", '"""Doc."""\nclass A:\n    """Doc."""\n    def f(self) -> None: ...\n'),
    (rules.functions_are_typed, "tests/a.py", "def f(a: int, *rest) -> None: ...\n"),
    (rules.functions_are_typed, "kb/a.py", "def f(a: int): ...\n"),
    (rules.errors_are_not_swallowed, "kb/a.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
    (rules.errors_are_not_swallowed, "kb/a.py", "try:\n    f()\nexcept (ValueError, Exception):\n    a = 1\n"),
    (rules.errors_are_not_swallowed, "kb/a.py", "try:\n    f()\nexcept:\n    a = 1\n"),
    (rules.only_settings_read_the_environment, "kb/a.py", "import os\nos.environ['A']\n"),
    (rules.only_settings_read_the_environment, "kb/a.py", "from os import getenv\n"),
    (rules.nothing_is_unpickled, "kb/a.py", "import pickle\n"),
    (rules.nothing_is_unpickled, "kb/a.py", "np.load(a, allow_pickle=True)\n"),
    (rules.nothing_is_unpickled, "kb/a.py", "yaml.load(a)\n"),
    (rules.no_global_state, "kb/a.py", "def f():\n    global A\n"),
    (rules.no_global_state, "kb/a.py", "from kb import *\n"),
    (rules.type_ignores_name_their_code, "kb/a.py", "a = 1  # type:" + " ignore\n"),
]

# Assembled from parts, so that this file does not find itself.
HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("deb", "debian", "org"))
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.<>{}/-])/(?:work|root)(?![\w-])|/home/[a-z]+/",
    "a package registry's host": "|".join(re.escape(".".join(parts)) for parts in HOSTS),
    "a writing tool": "|".join(("Chat" + "GPT", "Cop" + "ilot", "Anth" + "ropic", "Cl" + "aude")),
    "an unfinished thought": r"\b(?:FIX" + "ME|TO" + "DO|XX" + r"X)\b",
}


def test_there_is_something_to_judge() -> None:
    assert {source.package for source in OURS} >= {"kb", "ingest", "rag", "eval", "server"}
    assert {"conftest.py", "Makefile", "README.md"} <= {path.name for path in tracked_files()}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Rule) -> None:
    assert [complaint for source in EVERYTHING for complaint in rule(source)] == []


@pytest.mark.parametrize(("rule", "path", "text"), OFFENCES)
def test_the_rule_sees_an_offence(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(Path(path), text)))


def test_every_rule_is_tried() -> None:
    assert {rule for rule, _, _ in OFFENCES} == set(rules.RULES)


def test_the_typical_file_and_function_are_short() -> None:
    judged = [source for source in OURS if not rules.is_data(source)]
    assert statistics.median(lines for source in judged if (lines := len(source.text.splitlines()))) <= MEDIAN_FILE
    assert statistics.median(rules.length(node) for source in judged for node in source.functions()) <= MEDIAN_FUNCTION


def test_no_import_cycles_deferred_imports_included() -> None:
    assert cycles(import_graph(OURS)) == []


def test_a_cycle_is_seen_through_a_deferred_import() -> None:
    one = Source(Path("kb/one.py"), "from kb import two\n")
    two = Source(Path("kb/two.py"), "def f():\n    from kb.three import A\n")
    three = Source(Path("kb/three.py"), "from . import one\n")
    assert cycles(import_graph([one, two, three])) == [{"kb.one", "kb.two", "kb.three"}]


def import_graph(files: list[Source]) -> dict[str, set[str]]:
    """Which of our modules loads which: of each import the longest name that is a module."""
    modules = {source.module for source in files}
    graph = {}
    for source in files:
        known = ([name for name in names if name in modules] for names in source.imports())
        graph[source.module] = {names[-1] for names in known if names} - {source.module}
    return graph


def cycles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Groups of two or more modules that reach each other."""
    reach = {name: reachable(graph, name) for name in graph}
    groups = {frozenset(other for other in reach[name] if name in reach[other]) for name in graph}
    return [set(group) for group in sorted(groups, key=sorted) if len(group) > 1]


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """Every module that ``start`` loads, directly or not (``start`` itself only if it is in a cycle)."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        news = graph[waiting.pop()] - found
        found |= news
        waiting += news
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_speaks_of(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for path in tracked_files():
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path}:{number}")
    assert found == []


def text_of(path: Path) -> str:
    """A file's text; nothing for a binary one."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
