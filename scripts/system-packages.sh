#!/usr/bin/env bash
# The Debian packages that only the tests need: a browser for the console, fonts that draw Chinese, and Node for the clients written for it.
# Installs what is missing when that is possible; otherwise says which are missing and goes on.
set -euo pipefail

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
{ command -v fc-list >/dev/null && fc-list ':lang=zh' 2>/dev/null | grep -q .; } || missing+=(fonts-noto-cjk)
{ command -v node && command -v npm; } >/dev/null || missing+=(nodejs npm)

install() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
    echo "system packages: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

if [ ${#missing[@]} -eq 0 ]; then
    echo "system packages: nothing missing"
elif ! install; then
    echo "system packages: missing ${missing[*]}. Only tests in a browser and with clients written for Node need them; without them those are skipped." >&2
    echo "On Debian or Ubuntu: sudo apt-get install ${missing[*]}" >&2
fi
