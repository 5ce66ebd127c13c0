#!/usr/bin/env bash
# Makes or refreshes .venv: the environment that every other target uses. Quick when nothing changed.
#     scripts/env.sh            PYTHON=python3.12 scripts/env.sh   chooses the interpreter
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONHOME PYTHONPATH

venv=.venv
stamp=$venv/citedesk.stamp
minimum='3, 11'

usable() { "$1" -c "import sys, ensurepip, venv; sys.exit(sys.version_info < ($minimum))" >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
        if command -v "$candidate" >/dev/null && usable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "Citedesk needs Python 3.11 or newer with its venv module; ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>/dev/null || echo 'not installed')." >&2
    echo "Install it (on Debian: apt-get install python3 python3-venv) or name one: make env PYTHON=/path/to/python3.11" >&2
    return 1
}

fingerprint() { cat pyproject.toml constraints/base.txt scripts/env.sh | cksum; }

wanted=$(fingerprint)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    echo "environment: $venv is up to date"
    exit 0
fi

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "environment: making $venv with $python"
    "$python" -m venv --clear "$venv"
fi
rm -f "$stamp"
quiet=
[ -t 1 ] || quiet=--quiet
# torch first and by its exact version: resolved together with the rest, pip may prefer a CUDA build of several GB.
echo "environment: installing torch (the largest part, about 200 MB)"
"$venv/bin/python" -m pip install $quiet "$(grep '^torch==' constraints/base.txt)" -c constraints/base.txt
echo "environment: installing Citedesk and what it needs (a few minutes the first time)"
"$venv/bin/python" -m pip install $quiet -e '.[cpu,dev]' -c constraints/base.txt
echo "$wanted" >"$stamp.new" && mv "$stamp.new" "$stamp"
echo "environment: $venv is ready"
