"""statistics.py FILE: what Python's own `pstats` finds in FILE, as JSON with floats as their bits."""

import json
import pstats
import struct
import sys


def bits(number):
    return struct.unpack("<Q", struct.pack("<d", number))[0]


def row(key, value):
    return [*key, value[0], value[1], bits(value[2]), bits(value[3])]


def top(order):
    return [list(key) for key in statistics.sort_stats(order).fcn_list[:10]]


statistics = pstats.Stats(sys.argv[1])
json.dump(
    {
        "functions": [row(key, value) for key, value in statistics.stats.items()],
        "edges": [
            [*row(caller, cost), *callee]
            for callee, value in statistics.stats.items()
            for caller, cost in value[4].items()
        ],
        "total_calls": statistics.total_calls,
        "primitive_calls": statistics.prim_calls,
        "total_seconds": bits(statistics.total_tt),
        "top_cumulative": top("cumulative"),
        "top_self": top("tottime"),
    },
    sys.stdout,
)
