#!/bin/sh
# Runs every test, after installing what the tests need. Needs Rust, a C compiler, git and Python.
set -eu
cd "$(dirname "$0")/.."

sh tests/setup.sh
cargo test --locked
