"""Reads the same profiles with this project's readers and with others, and prints a Markdown table.

    cargo build --release --example readers
    python3 -m venv target/readers
    target/readers/bin/pip install pandas==2.3.3 polars==2.1.0 duckdb==2.0.1 gprof2dot==2025.4.14
    target/readers/bin/python examples/readers/peers.py 5

Each reading is a process of its own; the readers take turns, so that a busy machine slows all of them.
A table is summed up by function: calls, self and cumulative seconds. MB/s are by the clock, of reading
alone, without the start of the process; the memory is the largest that the process held, its start
included.
"""

import importlib.metadata
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = ROOT / "target/release/examples/readers"
FILES = ROOT / "target/readers/files"

SUMS = "'ncall', 'tsub', 'ttot'"
PANDAS = f"""
import pandas, time, sys
begin = time.perf_counter()
table = pandas.read_csv(sys.argv[1]).groupby('name')[[{SUMS}]].sum()
print(time.perf_counter() - begin, len(table))
"""
POLARS = f"""
import polars, time, sys
begin = time.perf_counter()
table = polars.read_csv(sys.argv[1]).group_by('name').agg(polars.col({SUMS}).sum())
print(time.perf_counter() - begin, len(table))
"""
DUCKDB = """
import duckdb, time, sys
begin = time.perf_counter()
duckdb.sql("PRAGMA disable_progress_bar")
duckdb.sql("CREATE TABLE sums AS SELECT name, sum(ncall), sum(tsub), sum(ttot) FROM read_csv('%s') GROUP BY name" % sys.argv[1])
found = duckdb.sql("SELECT count(*) FROM sums").fetchall()[0][0]
print(time.perf_counter() - begin, found)
"""
PSTATS = """
import pstats, time, sys
begin = time.perf_counter()
found = len(pstats.Stats(sys.argv[1]).stats)
print(time.perf_counter() - begin, found)
"""
GPROF2DOT = """
import gprof2dot, time, sys
sys.setrecursionlimit(1_000_000)
begin = time.perf_counter()
with open(sys.argv[1], encoding='utf-8') as file:
    found = len(gprof2dot.CallgrindParser(file).parse().functions)
print(time.perf_counter() - begin, found)
"""


def python(script):
    return [sys.executable, "-c", script]


def version(package):
    return f"{package} {importlib.metadata.version(package)}"


def readers():
    tables = [
        ("this project", [OURS, "superlinear"]),
        ("crate `csv`, one record used again", [OURS, "csv"]),
        (version("pandas"), python(PANDAS)),
        (version("polars"), python(POLARS)),
        (version("duckdb"), python(DUCKDB)),
    ]
    return [
        ("table.csv", "function CSV, 10,000 functions", tables),
        ("distinct.csv", "function CSV, 1,000,000 functions", tables),
        ("statistics.pstat", "pstats, 50,000 functions", [
            ("this project", [OURS, "superlinear"]),
            ("Python's `pstats`", python(PSTATS)),
        ]),
        ("callgrind.out", "callgrind, 20,000 functions", [
            ("this project", [OURS, "superlinear"]),
            (version("gprof2dot"), python(GPROF2DOT)),
        ]),
    ]


def reading(command, path):
    """Seconds, functions found, peak memory in bytes, processor seconds of the whole process."""
    process = subprocess.Popen([*command, path], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, (command, status)
    seconds, found = output.split()
    return float(seconds), int(found), usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime


def main(rounds):
    if not FILES.exists():
        subprocess.run([OURS, "write", FILES], check=True)
    print("| file | reader | MB/s | peak memory, MB | processor s of the whole process |")
    print("| --- | --- | --- | --- | --- |")
    for name, what, competitors in readers():
        path = FILES / name
        size = path.stat().st_size
        taken = [[] for _ in competitors]
        for _ in range(rounds):
            for results, (_, command) in zip(taken, competitors):
                results.append(reading(command, path))
        assert len({result[1] for results in taken for result in results}) == 1, taken
        for results, (reader, _) in zip(taken, competitors):
            seconds, _, memory, processor = (statistics.median(column) for column in zip(*results))
            print(f"| {what}, {size / 1e6:.0f} MB | {reader} | {size / 1e6 / seconds:.0f} |"
                  f" {memory / 1e6:.0f} | {processor:.2f} |", flush=True)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
