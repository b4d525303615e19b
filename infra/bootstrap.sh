#!/bin/sh
# Make the environment from uv.lock: with the uv on the path, else with one of our own under .pelagic/tools.
# A private environment and `pip --target` both leave an externally managed Python (PEP 668) alone.
set -eu
cd "$(dirname "$0")/.."
tools=.pelagic/tools

say() { printf '  %s\n' "$*"; }

find_python() {
    for candidate in python3.11 python3.12 python3; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    say "Python 3.11 or 3.12 is needed: apt-get install python3" >&2
    exit 1
}

works() { "$1" --version >/dev/null 2>&1; }

install_uv() {
    mkdir -p "$tools"
    log=$tools/install.log
    say "uv is missing here; installing it into $tools" >&2
    if "$1" -m venv "$tools/venv" >"$log" 2>&1 && "$tools/venv/bin/pip" install -q uv >>"$log" 2>&1; then
        echo "$tools/venv/bin/uv"
    elif "$1" -m pip install -q --target "$tools/lib" uv >>"$log" 2>&1; then
        echo "$tools/lib/bin/uv"
    else
        tail -n 5 "$log" >&2
        say "Neither python3-venv nor pip works here: apt-get install python3-venv, or install uv yourself." >&2
        exit 1
    fi
}

python=$(find_python)
if works uv; then uv=uv
elif works "$tools/venv/bin/uv"; then uv=$tools/venv/bin/uv
elif works "$tools/lib/bin/uv"; then uv=$tools/lib/bin/uv
else uv=$(install_uv "$python")
fi

say "Making .venv from uv.lock (the first time it fetches about 400 MB)"
"$uv" sync --locked --all-groups --python "$python"
touch .venv/.synced
