"""Samples with what SciPy says of them, as JSON on standard output: `make_cases.py SEED`.

`cases.json` beside this file was made with seed 1; `tests/bench_stats.rs` makes fresh ones.
"""
import json
import sys

import numpy
import scipy
from scipy import stats

MASK = (1 << 64) - 1


def split_mix(state):
    """The generator of `src/stats/bench/random.rs`."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        once = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        twice = ((once ^ (once >> 27)) * 0x94D049BB133111EB) & MASK
        yield twice ^ (twice >> 31)


def bootstrap(before, after, pairs, confidence, draws, seed):
    numbers = split_mix(seed)
    places = lambda count: [(next(numbers) * count) >> 64 for _ in range(count)]
    ratios = []
    for _ in range(draws):
        first = places(len(before))
        second = first if pairs else places(len(after))
        ratios.append(numpy.median(before[first]) / numpy.median(after[second]))
    tail = (1 - confidence) / 2
    low, high = numpy.quantile(ratios, [tail, 1 - tail])
    return {
        "pairs": pairs, "draws": draws, "seed": seed,
        "point": numpy.median(before) / numpy.median(after), "low": low, "high": high,
    }


def summary(values, confidence):
    low, high = stats.t.interval(
        confidence, len(values) - 1, loc=numpy.mean(values), scale=stats.sem(values))
    return {
        "mean": numpy.mean(values), "sd": numpy.std(values, ddof=1),
        "median": numpy.median(values), "low": low, "high": high,
    }


def detectable(error, freedom, confidence, power):
    return (stats.t.ppf(confidence, freedom) + stats.t.ppf(power, freedom)) * error


def two_sample_error(before, after):
    return numpy.sqrt(stats.sem(before) ** 2 + stats.sem(after) ** 2)


def case(random):
    count = int(random.integers(3, 60))
    confidence = float(random.choice([0.9, 0.95, 0.99]))
    scale = 10 ** random.uniform(-6, 4)
    spread = 10 ** random.uniform(-4, -0.3)
    gain = random.choice([1.0, 0.98, 0.9, 0.5])
    before = scale * random.lognormal(0, spread, count)
    after = scale * gain * random.lognormal(0, spread, count)
    other = scale * gain * random.lognormal(0, 2 * spread, int(random.integers(3, 60)))
    paired = stats.ttest_rel(before, after, alternative="greater")
    welch = stats.ttest_ind(before, other, equal_var=False, alternative="greater")
    trend = stats.linregress(numpy.arange(count), before)
    seed = int(random.integers(0, 2**62))
    # Memory comes in steps, so that there are ties.
    steps = [list(random.integers(100, 100 + int(random.integers(3, 40)), size).astype(float))
             for size in random.integers(3, 60, 2)]
    ranks = lambda first, second: stats.mannwhitneyu(
        second, first, alternative="greater", method="asymptotic").pvalue
    return {
        "confidence": confidence,
        "before": list(before), "after": list(after), "other": list(other),
        "summary": summary(before, confidence),
        "paired": {"t": paired.statistic, "freedom": paired.df, "p": paired.pvalue},
        "welch": {"t": welch.statistic, "freedom": welch.df, "p": welch.pvalue},
        "trend": {"slope": trend.slope, "p": trend.pvalue},
        "rank": ranks(before, other),
        "steps": steps, "steps_rank": ranks(*steps),
        "smallest_paired": detectable(stats.sem(before - after), count - 1, confidence, 0.8),
        "smallest": detectable(two_sample_error(before, other), welch.df, confidence, 0.8),
        "bootstraps": [
            bootstrap(before, after, True, confidence, 200, seed),
            bootstrap(before, other, False, confidence, 200, seed),
        ],
    }


def main():
    seed = int(sys.argv[1])
    random = numpy.random.default_rng(seed)
    cases = [case(random) for _ in range(40)]
    json.dump({"scipy": scipy.__version__, "seed": seed, "cases": cases}, sys.stdout,
              indent=1, default=float)
    print()


main()
