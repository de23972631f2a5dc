#!/bin/sh
# Measures both strategies at four sizes and reports on each; everything lands in `target/backtrader`.
# Needs Rust and Python 3.9 or later; the Python packages are put into `target/python`.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/target/backtrader

tool() {
    name=$1
    shift
    cargo run --quiet --release --locked --manifest-path "$root/Cargo.toml" --bin "$name" -- "$@"
}

sh "$root/tests/setup.sh"
PATH=$root/target/python/bin:$PATH
export PATH

rm -rf "$work"
mkdir -p "$work"
cp "$here/strategy.py" "$here/bars.py" "$here/profiling_plan.json" "$work"
cd "$work"

tool runner --all
echo
echo "== frames joined at every bar"
tool reports --phase 1 --format text
echo
echo "== frames joined once"
tool reports --phase 2 --format text
