"""The project's own sources as syntax trees: what the rules of tests/rules.py judge."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("kb", "ingest", "rag", "desk", "eval", "server")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file. ``path`` is relative to the project's root."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def module(self) -> str:
        """The dotted name under which it is imported."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """The top-level folder."""
        return self.path.parts[0]

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        yield from (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self) -> Iterator[tuple[str, ...]]:
        """The names each import may load, inside functions too: ``from kb import scope`` gives ``("kb", "kb.scope")``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name,) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from ((base, f"{base}.{alias.name}") for alias in node.names)

    def imported_packages(self) -> set[str]:
        """The top-level names of everything imported."""
        return {names[0].split(".")[0] for names in self.imports()}

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.path.parent.parts
        above = parts[: len(parts) - node.level + 1]
        return ".".join((*above, *((node.module,) if node.module else ())))


def tracked_files() -> list[Path]:
    """Every file that belongs to the project: tracked, or new and not ignored. Relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [Path(name) for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file()]


def sources(*packages: str) -> list[Source]:
    """The Python files below the named top-level folders."""
    chosen = [path for path in tracked_files() if path.suffix == ".py" and path.parts[0] in packages]
    return [Source(path, (ROOT / path).read_text(encoding="utf-8")) for path in chosen]
