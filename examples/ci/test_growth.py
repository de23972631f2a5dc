"""Growth as a test of pytest, by what the code counts: exact, so it never flakes.

`analyzer` judges a table of sizes and counts; exit code 4 means that something grows too fast, and
what it says is the message of the failure.
"""

import subprocess

from dedup import unique

SIZES = (100, 200, 400, 800)


class Word(str):
    """A word that counts how often it is compared or hashed."""

    uses = 0

    def __eq__(self, other):
        Word.uses += 1
        return str.__eq__(self, other)

    def __hash__(self):
        Word.uses += 1
        return str.__hash__(self)


def uses(work, size):
    words = [Word(f"w{number % (size // 2)}") for number in range(size)]
    Word.uses = 0
    work(words)
    return Word.uses


def assert_growth(folder, limit, **works):
    """Fails when a function of `works` uses its words more often than `limit` allows."""
    rows = [f"{name},{n},{uses(work, n)}" for name, work in works.items() for n in SIZES]
    table = folder / "growth.csv"
    table.write_text("\n".join(["id,size,value", *rows, ""]))
    judged = subprocess.run(
        ["analyzer", "--measurements", table, "--counters", "--fail-on", limit, "--format", "text"],
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_unique_is_not_quadratic(tmp_path):
    assert_growth(tmp_path, "superlinear", unique=unique)
