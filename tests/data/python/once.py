"""Quadratic work that a function which is called once drives through the language.

    python once.py unique slow 200
"""

import re
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


def positions(items):
    """Every item is looked for from the start of the list."""
    return [items.index(item) for item in items]


def positions_by_table(items):
    table = {item: position for position, item in enumerate(items)}
    return [table.get(item) for item in items]


def tags(items):
    """None is closed, so that each is looked at up to the end of the text."""
    return re.findall("<[^>]*>", "<" * len(items))


def closed_tags(items):
    return re.findall("<[^>]*>", "<>" * len(items))


PROGRAMS = {
    ("unique", "slow"): unique,
    ("unique", "linear"): unique_by_set,
    ("positions", "slow"): positions,
    ("positions", "linear"): positions_by_table,
    ("tags", "slow"): tags,
    ("tags", "linear"): closed_tags,
}


def main():
    what, form, size = sys.argv[1:]
    PROGRAMS[what, form](list(range(int(size))))


main()
