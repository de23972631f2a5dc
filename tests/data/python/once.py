"""Quadratic work that a function which is called once drives through the language.

    python once.py unique slow 200
"""

import sys


def unique(items):
    """Every item is compared with all that are known already."""
    known = []
    for item in items:
        if not any(other == item for other in known):
            known.append(item)
    return known


def unique_by_set(items):
    known = set()
    for item in items:
        if not any(part in known for part in [item]):
            known.add(item)
    return known


def ranks(items):
    """To be put in order, every item is compared with all others."""
    return sorted(items, key=lambda item: sum(other < item for other in items))


def ranks_by_value(items):
    return sorted(items, key=lambda item: sum(part for part in [item]))


PROGRAMS = {
    ("unique", "slow"): unique,
    ("unique", "linear"): unique_by_set,
    ("ranks", "slow"): ranks,
    ("ranks", "linear"): ranks_by_value,
}


def main():
    what, form, size = sys.argv[1:]
    PROGRAMS[what, form](list(range(int(size))))


main()
