"""A search whose inner loop grows with the square of the size; every line is counted by hand."""

import sys


def scan(items, wanted):
    """Looks at every item, found or not."""
    found = False
    for item in items:
        if item == wanted:
            found = True
    return found


def main(size):
    items = list(range(size))
    for wanted in items:
        scan(items, wanted)


main(int(sys.argv[1]))
