"""Spends its time in one function; ends with the given code."""

import sys
import time


def spin(seconds):
    end = time.monotonic() + seconds
    total = 0
    while time.monotonic() < end:
        total += sum(range(1000))
    return total


spin(float(sys.argv[1]))
print("done")
sys.exit(int(sys.argv[2]))
