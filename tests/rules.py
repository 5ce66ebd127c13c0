"""The tree's own rules, each a function from one source file to its complaints. tests/test_style.py applies and tries them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.source import PACKAGES, Function, Source

MAY_IMPORT: dict[str, set[str]] = {
    "kb": set(),
    "ingest": {"kb"},
    "rag": {"kb"},
    "desk": {"kb", "rag"},
    "eval": {"kb", "rag", "ingest"},
    "server": {"kb", "ingest", "rag", "desk", "eval"},
    "tests": {*PACKAGES, "scripts"},
    "scripts": {*PACKAGES},
}
MAX_FILE = 450
MAX_FUNCTION = 80
ENVIRONMENT_READER = Path("server/settings.py")
PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
UNSAFE_YAML = {"yaml.load", "yaml.unsafe_load", "yaml.full_load"}
DATA_FOLDERS = ("kb/sample/generator", "server/migrations/versions")
"""Exempt from the limits on length: literal text and tables."""


def is_data(source: Source) -> bool:
    """Whether the file is mostly literal text, whose length says nothing."""
    return source.path.as_posix().startswith(DATA_FOLDERS)


def is_ours(source: Source) -> bool:
    """Whether the file ships (tests and scripts do not)."""
    return source.package in PACKAGES


def length(node: Function) -> int:
    """Lines of a function, decorators not counted."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def imports_point_one_way(source: Source) -> Iterator[str]:
    """A folder imports only those it may know (docs/design.md)."""
    for package in sorted(source.imported_packages() & set(MAY_IMPORT) - {source.package} - MAY_IMPORT[source.package]):
        yield f"{source.path} imports {package}"


def files_stay_short(source: Source) -> Iterator[str]:
    """A file that outgrows the limit holds more than one noun."""
    lines = len(source.text.splitlines())
    if lines > MAX_FILE and not is_data(source):
        yield f"{source.path}: {lines} lines"


def functions_stay_short(source: Source) -> Iterator[str]:
    """A function that outgrows the limit is no staircase of named steps."""
    for node in source.functions():
        if length(node) > MAX_FUNCTION and not is_data(source):
            yield f"{source.path}:{node.lineno} {node.name}: {length(node)} lines"


def public_is_documented(source: Source) -> Iterator[str]:
    """Modules, and public classes, functions and methods, say what they are."""
    if not is_ours(source):
        return
    if source.text.strip() and ast.get_docstring(source.tree) is None:
        yield f"{source.path}: the module"
    for name, node in _public(source.tree):
        if ast.get_docstring(node) is None:
            yield f"{source.path}:{node.lineno} {name}"


def _public(parent: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.ClassDef | Function]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, (ast.If, ast.Try)):
            yield from _public(node, prefix)
        if not isinstance(node, (ast.ClassDef, Function)) or node.name.startswith("_"):
            continue
        if not any(ast.unparse(mark).rsplit(".")[-1] in ("overload", "setter", "deleter") for mark in node.decorator_list):
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _public(node, f"{prefix}{node.name}.")


def functions_are_typed(source: Source) -> Iterator[str]:
    """Every parameter and every return has a type."""
    for node in source.functions():
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        bare = [one.arg for one in arguments if one is not None and one.annotation is None and one.arg not in ("self", "cls")]
        if bare or node.returns is None:
            yield f"{source.path}:{node.lineno} {node.name}({', '.join(bare)})"


def errors_are_not_swallowed(source: Source) -> Iterator[str]:
    """A handler for any error at all must raise, log it with its traceback, or hand the error on by name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _acts_on_the_error(node):
            yield f"{source.path}:{node.lineno}"


def _is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(one, ast.Name) and one.id in ("Exception", "BaseException") for one in caught)


def _acts_on_the_error(handler: ast.ExceptHandler) -> bool:
    inside = [node for statement in handler.body for node in ast.walk(statement)]
    raises = any(isinstance(node, ast.Raise) for node in inside)
    logs = any(isinstance(node, ast.Attribute) and node.attr == "exception" for node in inside)
    hands_on = any(isinstance(node, ast.Name) and node.id == handler.name for node in inside)
    return raises or logs or hands_on


def only_settings_read_the_environment(source: Source) -> Iterator[str]:
    """One file reads the environment; all else is handed a Settings object."""
    if not is_ours(source) or source.path == ENVIRONMENT_READER:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.environb", "os.getenv", "os.putenv"):
            yield f"{source.path}:{node.lineno}"
    if any(names[-1] in ("os.environ", "os.getenv") for names in source.imports()):
        yield f"{source.path} imports it from os"


def nothing_is_unpickled(source: Source) -> Iterator[str]:
    """No file format that can run code is read: pickle and its kin, NumPy object arrays, YAML with tags."""
    for package in sorted(source.imported_packages() & PICKLES):
        yield f"{source.path} imports {package}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in UNSAFE_YAML:
            yield f"{source.path}:{node.lineno} {ast.unparse(node)}"
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
            yield f"{source.path}:{node.value.lineno} allow_pickle"


def no_global_state(source: Source) -> Iterator[str]:
    """No ``global`` statement, no star import."""
    yield from (f"{source.path}:{node.lineno} global" for node in ast.walk(source.tree) if isinstance(node, ast.Global))
    yield from (f"{source.path} imports {names[-1]}" for names in source.imports() if names[-1].endswith(".*"))


def type_ignores_name_their_code(source: Source) -> Iterator[str]:
    """``type: ignore`` without a code hides the next, different mistake too."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"#\s*type:\s*ignore(?!\[)", line):
            yield f"{source.path}:{number}"


RULES = (
    imports_point_one_way,
    files_stay_short,
    functions_stay_short,
    public_is_documented,
    functions_are_typed,
    errors_are_not_swallowed,
    only_settings_read_the_environment,
    nothing_is_unpickled,
    no_global_state,
    type_ignores_name_their_code,
)
