#!/bin/sh
# Make .venv with the locked packages: `tools/setup.sh runtime` or `tools/setup.sh dev`.
# Needs Python 3.11 or newer; everything else comes from the package registry this machine is set up for.
set -eu
kind=$1
cd "$(dirname "$0")/.."

find_python() {
    for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        [ -n "$name" ] || continue
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$name"; return; }
    done
    echo "Gebyar needs Python 3.11 or newer, and found none. On Debian or Ubuntu: apt-get install python3" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

make_environment() {
    python=$(find_python)
    "$python" -m venv .venv 2>/dev/null && return
    # Debian and Ubuntu keep venv's pip in a package of its own, which a fresh machine may lack.
    echo "This Python has no venv with pip; installing the package python3-venv ..."
    rm -rf .venv
    as_root apt-get update -qq && as_root apt-get install -y -qq python3-venv >/dev/null || {
        echo "That did not work. Please install it yourself (apt-get install python3-venv) and run make again." >&2
        exit 1
    }
    "$python" -m venv .venv
}

[ -x .venv/bin/python ] || make_environment
.venv/bin/python -c 'import uv, hatchling, babel, editables' 2>/dev/null ||
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
echo "Installing the locked packages ($kind) ..."
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "requirements/$kind.lock"
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
for catalogue in src/gebyar/*/locale; do
    [ -d "$catalogue" ] && .venv/bin/pybabel --quiet compile --domain django --directory "$catalogue"
done
touch ".venv/.$kind"
