"""Rewrite constraints/base.txt from what this environment holds, with neither hosts nor local build tags.

Run it with `make lock`, after the tests have passed in an environment with newer versions.
"""

import re
import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "constraints" / "base.txt"
ELSEWHERE = ("faiss-gpu",)
"""Pinned by hand: installed in place of faiss-cpu on machines with a GPU."""


def pinned(freeze: str) -> list[str]:
    """``name==version`` lines of a ``pip freeze``: local build tags (+cpu) cut, this project, editable and path installs left out."""
    exact = re.compile(r"^([A-Za-z0-9._-]+==[^+\s]+)(\+\S+)?$")
    return [match.group(1) for line in freeze.splitlines() if (match := exact.match(line)) and not line.startswith("citedesk==")]


def main() -> None:
    """Replace the pins and keep the file's comments and the pins made by hand."""
    old = TARGET.read_text(encoding="utf-8").splitlines()
    kept = [line for line in old if line.split("==")[0] in ELSEWHERE]
    comments = [line for line in old if line.startswith("#")]
    freeze = subprocess.run(
        [sys.executable, "-m", "pip", "freeze", "--exclude-editable"], capture_output=True, text=True, check=True
    ).stdout
    TARGET.write_text("\n".join([*comments, *sorted([*pinned(freeze), *kept], key=str.casefold)]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
