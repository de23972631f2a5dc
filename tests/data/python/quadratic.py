"""A list that is scanned for every element: n calls of `scan`, n squared of `look_at`."""

import sys


def look_at(items, index):
    return items[index]


def scan(items):
    return sum(look_at(items, index) for index in range(len(items)))


def append(items, number):
    items.append(number)


def main(size):
    items = []
    for number in range(size):
        append(items, number)
    for _ in range(size):
        scan(items)


main(int(sys.argv[1]))
