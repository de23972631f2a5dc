"""Growth of a whole program as a test of pytest: every function of it, by its exact number of calls."""

import pathlib
import subprocess
import sys

PROGRAM = pathlib.Path(__file__).with_name("dedup.py")


def test_no_function_is_quadratic(tmp_path):
    scan = ["superlinear", "scan", "--sizes", "100..800 x2", "--backend", "cprofile"]
    gate = ["--dir", tmp_path / "scan", "--fail-on", "quadratic", "--counts-only"]
    program = [sys.executable, PROGRAM, "{size}"]
    judged = subprocess.run([*scan, *gate, "--", *program], capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout + judged.stderr
