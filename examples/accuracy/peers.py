"""Scores Extra-P and the crate big_O on the cases that the accuracy example wrote.

    sh examples/accuracy/peers.sh [SEED [CASES]]

installs them, writes the cases and runs this.

Answers are judged as the example judges its own: the exponent of the growing term at the largest
size within a quarter, the class by its name or else the nearest one, and whether the exponent is
above the midpoint between n log n (1.35 at most) and 1.5, or at least 1.35 for n + n².
"""

import csv
import math
import pathlib
import subprocess
import sys
import time
import warnings
from collections import defaultdict

CLASSES = {
    "1": (0, 0), "log n": (0, 1), "n^0.5": (0.5, 0), "n": (1, 0), "n log n": (1, 1),
    "n^1.5": (1.5, 0), "n^2": (2, 0), "n^2 log n": (2, 1), "n^3": (3, 0),
}


def main(folder):
    truth = {row["id"]: row for row in rows(folder / "truth.csv")}
    points = defaultdict(list)
    for row in rows(folder / "cases.csv"):
        points[row["id"]].append((float(row["size"]), float(row["value"])))
    methods = [
        ("Extra-P 4.2", lambda: extra_p(points, None)),
        ("Extra-P 4.2, nine classes", lambda: extra_p(named(points, truth), CLASSES)),
        ("big_O 0.2", lambda: big_o(folder / "cases.csv")),
    ]
    print(f"{'':<34} cases  within 1/4   class   wrong   ms each")
    for name, method in methods:
        answers, milliseconds = method()
        for family in dict.fromkeys(row["family"] for row in truth.values()):
            cases = [row for row in truth.values() if row["family"] == family]
            if any(case["id"] not in answers for case in cases):
                continue
            print(f"{name + ', ' + family:<44}"[:44], score(cases, answers), f"{milliseconds:9.2f}")


def named(points, truth):
    """Those that a list of the nine classes can be right about."""
    return {id: values for id, values in points.items() if truth[id]["class"]}


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def score(cases, answers):
    near = named = right = wrong = 0
    for case in cases:
        largest = float(case["largest"])
        exponent, name = answers[case["id"]]
        near += abs(exponent - float(case["exponent"])) <= 0.25
        wrong += is_steep(exponent, name, case) != (case["superlinear"] == "true")
        if case["class"]:
            named += 1
            right += (name or nearest(exponent, largest)) == case["class"]
    share = f"{100 * right / named:7.2f}" if named else "      –"
    return f"{len(cases):6} {100 * near / len(cases):10.2f} {share} {100 * wrong / len(cases):7.2f}"


def is_steep(exponent, name, case):
    if case["family"] == "n + n^2":
        return exponent >= 1.35
    n_log_n = min(1 + 1 / math.log(float(case["largest"])), 1.35)
    return CLASSES[name][0] >= 1.5 if name else exponent > (n_log_n + 1.5) / 2


def at(power, logarithms, largest):
    return power + logarithms / math.log(largest)


def nearest(exponent, largest):
    return min(CLASSES, key=lambda name: abs(at(*CLASSES[name], largest) - exponent))


def extra_p(points, classes):
    from extrap.entities.callpath import Callpath
    from extrap.entities.coordinate import Coordinate
    from extrap.entities.measurement import Measure, Measurement
    from extrap.entities.metric import Metric
    from extrap.entities.terms import CompoundTerm
    from extrap.modelers.single_parameter.basic import SingleParameterModeler

    warnings.simplefilter("ignore")
    modeler = SingleParameterModeler()
    modeler.use_measure = Measure.MEDIAN
    if classes:
        modeler.hypotheses_building_blocks = [
            CompoundTerm.create(int(2 * power), 2, logarithms)
            for power, logarithms in classes.values() if power or logarithms
        ]
    answers = {}
    started = time.perf_counter()
    for id, values in points.items():
        by_size = defaultdict(list)
        for size, value in values:
            by_size[size].append(value)
        measurements = [
            Measurement(Coordinate(size), Callpath("case"), Metric("time"), by_size[size])
            for size in sorted(by_size)
        ]
        function = modeler.create_model(measurements).hypothesis.function
        answers[id] = leading(function, max(by_size))
    return answers, 1e3 * (time.perf_counter() - started) / len(points)


def leading(function, largest):
    best = (0.0, 0.0)
    for term in function.compound_terms:
        power = sum(float(t.exponent) for t in term.simple_terms if t.term_type == "polynomial")
        logs = sum(float(t.exponent) for t in term.simple_terms if t.term_type == "logarithm")
        best = max(best, (power, logs))
    name = next((name for name, known in CLASSES.items() if known == best), None)
    return at(*best, largest), name


def big_o(cases):
    manifest = pathlib.Path(__file__).parent / "big_o" / "Cargo.toml"
    command = ["cargo", "run", "--quiet", "--release", "--target-dir", "target/peers/big_o",
               "--manifest-path", str(manifest)]
    with open(cases, encoding="utf-8") as file:
        run = subprocess.run(command, stdin=file, capture_output=True, text=True, check=True)
    answers = {}
    for row in csv.DictReader(run.stdout.splitlines()):
        answers[row["id"]] = (float(row["exponent"] or "nan"), row["class"] or None)
    return answers, float(run.stderr.split()[-1])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/accuracy"))
