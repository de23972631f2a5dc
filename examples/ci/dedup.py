"""Removes repeated words. With DEDUP=slow it looks each word up in a list, the fault to be caught."""

import os
import sys


def unique_slow(words):
    seen = []
    for word in words:
        if word not in seen:
            seen.append(word)
    return seen


def unique_fast(words):
    return list(dict.fromkeys(words))


unique = unique_slow if os.environ.get("DEDUP") == "slow" else unique_fast


def main(size):
    return len(unique([f"w{number % (size // 2)}" for number in range(size)]))


if __name__ == "__main__":
    print(main(int(sys.argv[1])))
