"""Removes repeated words. With DEDUP=slow it compares each word with all before it, the fault to be caught."""

import os
import sys


def same(one, other):
    return one == other


def is_known(seen, word):
    for other in seen:
        if same(word, other):
            return True
    return False


def unique_slow(words):
    seen = []
    for word in words:
        if not is_known(seen, word):
            seen.append(word)
    return seen


def unique_fast(words):
    return list(dict.fromkeys(words))


unique = unique_slow if os.environ.get("DEDUP") == "slow" else unique_fast


def main(size):
    return len(unique([f"w{number % (size // 2)}" for number in range(size)]))


if __name__ == "__main__":
    print(main(int(sys.argv[1])))
