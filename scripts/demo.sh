#!/usr/bin/env bash
# From the sample shop to answers with citations. Run by `make demo`, after `make env prepare`. Can be run again and again.
#     DEMO_DATA=var/demo  where the knowledge base and its keys go
#     DEMO_PORT=8000      where the server listens
#     DEMO_SERVE=0        stop before serving
set -euo pipefail
cd "$(dirname "$0")/.."

citedesk=.venv/bin/citedesk
data=${DEMO_DATA:-var/demo}
port=${DEMO_PORT:-8000}
unchanged=3

ingest() {
    local code=0
    "$citedesk" ingest kb/sample/brightnook --data "$data" || code=$?
    if [ "$code" -ne 0 ] && [ "$code" -ne "$unchanged" ]; then exit "$code"; fi
}

ask() {
    printf '\n\033[1m? %s\033[0m\n' "$1"
    "$citedesk" ask "$1" --data "$data"
}

echo "== The sample shop: manuals, policies and FAQs in English, Chinese and French =="
ingest

echo
echo "== Three questions =="
ask "How long do I have to return an item?"
ask "清风 40 的滤网多久需要更换一次？"
ask "Does the Rovo 310 work with Apple HomeKit?"

if [ "${DEMO_SERVE:-1}" = 0 ]; then exit 0; fi

key=$(sed -n 's/^CITEDESK_PUBLIC_KEY=//p' "$data/keys.env")
cat <<END

== Serving on http://127.0.0.1:$port (Ctrl-C stops it) ==
Ask it from another terminal:

curl -s http://127.0.0.1:$port/v1/chat/completions -H "Authorization: Bearer $key" -H "Content-Type: application/json" -d '{"model": "citedesk", "messages": [{"role": "user", "content": "How long do I have to return an item?"}]}'

END
exec "$citedesk" serve --data "$data" --host 127.0.0.1 --port "$port"
