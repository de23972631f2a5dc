"""Half-hour bars of an exchange session, from a seeded generator: the same days give the same bars.

Each day has a seed of its own, so that a longer window only adds days, and swings once about its
level, so that a strategy trades as often in one week as in another.
"""

import datetime
import math
import random

import pandas

BARS_A_DAY = 13
OPENING = datetime.time(9, 30)
BAR = datetime.timedelta(minutes=30)
COLUMNS = ["open", "high", "low", "close", "volume"]


def bars(start, end, seed=2025):
    """Bars of the weekdays from `start` to `end`, both included, as a frame indexed by time."""
    rows, times = [], []
    price = level = 100.0
    for day in weekdays(start, end):
        dice = random.Random(seed * 1_000_000 + day.toordinal())
        time = datetime.datetime.combine(day, OPENING)
        level *= 1.0 + dice.gauss(0.0, 0.001)
        for bar in range(BARS_A_DAY):
            swing = 0.01 * math.sin(2.0 * math.pi * bar / BARS_A_DAY)
            opening, price = price, level * (1.0 + swing + dice.gauss(0.0, 0.0002))
            high = max(opening, price) * (1.0 + abs(dice.gauss(0.0, 0.0005)))
            low = min(opening, price) * (1.0 - abs(dice.gauss(0.0, 0.0005)))
            rows.append((opening, high, low, price, dice.randrange(100, 10_000)))
            times.append(time)
            time += BAR
    return pandas.DataFrame(rows, columns=COLUMNS, index=pandas.DatetimeIndex(times))


def weekdays(start, end):
    """The days on which the exchange is open."""
    days = (start + datetime.timedelta(days=n) for n in range((end - start).days + 1))
    return [day for day in days if day.weekday() < 5]
