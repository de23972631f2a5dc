#!/bin/sh
# Runs every test, after installing what the tests need. Needs Rust, a C compiler, git and Python.
set -eu
cd "$(dirname "$0")/.."

sh tests/setup.sh
# A little optimised: the build takes some minutes longer, and the tests save more than that.
CARGO_PROFILE_TEST_OPT_LEVEL=1 cargo test --locked
