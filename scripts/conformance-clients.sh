#!/usr/bin/env bash
# The clients of others that tests/conformance asks the server with, each in an environment of its own below the cache folder:
# two major versions of the OpenAI client for Python, LangChain, LiteLLM, and for Node the OpenAI client and the AI SDK.
# Quick when nothing changed. What cannot be had is said; its checks are then skipped, and with CI=true this fails.
#     scripts/conformance-clients.sh          CITEDESK_CACHE=… chooses the cache folder
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONHOME PYTHONPATH

python=.venv/bin/python
pins=tests/conformance/clients
clients=${CITEDESK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/citedesk}/clients
failed=()

fingerprint() { cat "$@" scripts/conformance-clients.sh | cksum; }

current() { [ -f "$clients/$1/stamp" ] && [ "$(cat "$clients/$1/stamp")" = "$2" ]; }

# Made beside the place and moved there whole: an interrupted run leaves the old environment or none, never half of one.
replace() {
    echo "$2" >"$clients/$1.new/stamp"
    rm -rf "$clients/$1" && mv "$clients/$1.new" "$clients/$1"
}

make_python() {
    "$python" -m venv "$clients/$1.new" &&
        "$clients/$1.new/bin/python" -m pip install --quiet --no-deps --disable-pip-version-check -r "$pins/$1.txt" &&
        "$clients/$1.new/bin/python" -m pip check --disable-pip-version-check >&2
}

make_node() {
    mkdir -p "$clients/$1.new" && cp "$pins/package.json" "$pins/package-lock.json" "$clients/$1.new" &&
        npm ci --prefix "$clients/$1.new" --ignore-scripts --no-audit --no-fund --loglevel=error
}

prepare() {
    local name=$1 make=$2 wanted
    wanted=$(fingerprint "${@:3}")
    if current "$name" "$wanted"; then return; fi
    echo "conformance clients: installing $name"
    rm -rf "$clients/$name.new"
    if "$make" "$name"; then replace "$name" "$wanted"; else failed+=("$name"); fi
}

mkdir -p "$clients"
exec 9>"$clients/lock" && flock 9
for file in "$pins"/*.txt; do prepare "$(basename "$file" .txt)" make_python "$file" .venv/pyvenv.cfg; done
if command -v node >/dev/null && command -v npm >/dev/null; then
    prepare node make_node "$pins/package.json" "$pins/package-lock.json"
else
    failed+=("node (needs the programs node and npm)")
fi

if [ ${#failed[@]} -eq 0 ]; then
    echo "conformance clients: up to date in $clients"
else
    echo "conformance clients: could not prepare: ${failed[*]}. The checks with them will be skipped." >&2
    [ "${CI:-}" != true ]
fi
