#!/bin/sh
# Scores our estimate and others on the same random cases with known truth:
#
#     sh examples/accuracy/peers.sh [SEED [CASES]]
#
# CASES of each family, the named classes, powers in no list and n + n². Everything that it needs and
# writes lands in `target`: Extra-P (from PyPI, in an environment of its own), the crate `big_O`, and
# the cases. Extra-P takes about 80 ms for each, so that 1,500 cases of each family take a quarter of
# an hour. PYTHON names another interpreter, 3.9 or later.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
peers=$root/target/peers
seed=${1:-90021}
cases=${2:-1500}

if [ ! -e "$peers/installed" ]; then
    "${PYTHON:-python3}" -m venv --clear "$peers"
    "$peers/bin/python" -m pip install --quiet --disable-pip-version-check 'extrap==4.2.*'
    touch "$peers/installed"
fi
cargo run --quiet --release --locked --manifest-path "$root/Cargo.toml" --example accuracy -- \
    --seed "$seed" --cases "$cases" --write "$root/target/accuracy"
cd "$root"
"$peers/bin/python" "$here/peers.py" "$root/target/accuracy"
