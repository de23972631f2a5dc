#!/bin/sh
# Installs what the tests need: Debian's packages of `debian-packages.txt` where their command is
# missing, `target/python`, an environment with the Python packages of `requirements.txt`, and
# `target/browser`, what drives a browser.
# Done already: it says nothing and takes a few milliseconds. PYTHON names another interpreter.
set -eu

tests=$(cd "$(dirname "$0")" && pwd)
folder=$(dirname "$tests")/target/python

install_debian_packages() {
    missing=
    while read -r command package; do
        case $command in '' | '#'*) continue ;; esac
        command -v "$command" >/dev/null || missing="$missing $package"
    done <"$tests/debian-packages.txt"
    [ -n "$missing" ] || return 0

    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    if ! command -v apt-get >/dev/null || { [ -n "$as_root" ] && ! command -v sudo >/dev/null; }; then
        echo "tests/setup.sh: install these packages of your system:$missing" >&2
        exit 1
    fi
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # one word for each package
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends $missing >/dev/null
}

install_python_packages() {
    wanted=$tests/requirements.txt
    stamp=$folder/requirements.installed
    if [ -x "$folder/bin/python" ] && cmp -s "$wanted" "$stamp" && "$folder/bin/python" -c ''; then
        return 0
    fi
    python=${PYTHON:-python3}
    if ! command -v "$python" >/dev/null; then
        echo "tests/setup.sh: there is no \`$python\`: install Python 3.9 or later" >&2
        exit 1
    fi
    rm -f "$stamp"
    if ! "$python" -m venv --clear "$folder"; then
        echo "tests/setup.sh: \`$python -m venv\` failed: on Debian, \`apt-get install python3-venv\`" >&2
        exit 1
    fi
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"
    cp "$wanted" "$stamp"
}

# Downloads go through npm's own registry setting; the lock file pins versions and digests alone.
install_browser_packages() {
    browser=$(dirname "$tests")/target/browser
    if [ -d "$browser/node_modules" ] && cmp -s "$tests/browser/package-lock.json" "$browser/installed.json"; then
        return 0
    fi
    mkdir -p "$browser"
    cp "$tests/browser/package.json" "$tests/browser/package-lock.json" "$browser"
    (cd "$browser" && npm ci --no-audit --no-fund --silent)
    cp "$tests/browser/package-lock.json" "$browser/installed.json"
}

install_debian_packages
install_python_packages
install_browser_packages
