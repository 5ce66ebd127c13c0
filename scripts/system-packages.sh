#!/usr/bin/env bash
# The Debian packages that only the tests need: a browser for the console, fonts that draw Chinese, PostgreSQL for the shared state, and
# promtool, which tries alerts; Node for the clients written for it.
# Installs what is missing when that is possible; otherwise says which are missing and goes on.
set -euo pipefail

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
{ command -v fc-list >/dev/null && fc-list ':lang=zh' 2>/dev/null | grep -q .; } || missing+=(fonts-noto-cjk)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v promtool >/dev/null || missing+=(prometheus)
{ command -v node && command -v npm; } >/dev/null || missing+=(nodejs npm)

# The tests start a PostgreSQL of their own; the package need not make and start one for the whole machine.
no_cluster() {
    local settings=/etc/postgresql-common/createcluster.conf
    [ -e "$settings" ] && return
    mkdir -p "$(dirname "$settings")"
    echo 'create_main_cluster = false' >"$settings"
}

install() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
    echo "system packages: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    no_cluster
    apt-get update -qq && apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}" >/dev/null || return 1
    # Of Prometheus only promtool is wanted, not a server that listens.
    case " ${missing[*]} " in *" prometheus "*) systemctl disable --now prometheus >/dev/null 2>&1 || true ;; esac
}

if [ ${#missing[@]} -eq 0 ]; then
    echo "system packages: nothing missing"
elif ! install; then
    echo "system packages: missing ${missing[*]}. Only tests need them (in a browser, on PostgreSQL, of alerts, with clients written for Node) and are skipped without them." >&2
    echo "On Debian or Ubuntu: sudo apt-get install ${missing[*]}" >&2
fi
