#!/bin/sh
# Makes `target/python`, the Python environment that tests and examples use, from `requirements.txt`.
# Done already: it says nothing and takes a few milliseconds. PYTHON names another interpreter.
set -eu

tests=$(cd "$(dirname "$0")" && pwd)
folder=$(dirname "$tests")/target/python
wanted=$tests/requirements.txt
stamp=$folder/requirements.installed

if [ -x "$folder/bin/python" ] && cmp -s "$wanted" "$stamp" && "$folder/bin/python" -c ''; then
    exit 0
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
