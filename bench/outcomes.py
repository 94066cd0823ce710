"""A million 24-week patterns under all nineteen definitions, beside one NumPy pass over the bytes.

Usage: outcomes.py [people] [rounds]
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from mshg import outcomes

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 7
WEEKS = 24

rng = np.random.default_rng(0)
letters = np.frombuffer(outcomes.CODES.encode(), np.uint8)
codes = rng.choice(letters, (PEOPLE, WEEKS), p=[0.25, 0.4, 0.3, 0.03, 0.02])
is_use = np.empty(codes.shape, bool)
read = outcomes.read_patterns(codes)


def one_pass() -> None:
    np.equal(codes, ord("+"), out=is_use)


def reading() -> None:
    outcomes.read_patterns(codes)


def all_definitions() -> None:
    patterns = outcomes.read_patterns(codes)
    for key in outcomes.DEFINITIONS:
        outcomes.evaluate(patterns, key)


def compare_definitions() -> None:
    outcomes.compare_definitions(read)


def seconds(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    calls = (one_pass, reading, all_definitions, compare_definitions)
    for call in calls:
        call()
    rounds = [[seconds(call) for call in calls] for _ in range(ROUNDS)]
    print(f"{PEOPLE:,} people, {WEEKS} weeks, {ROUNDS} rounds, medians")
    for call, taken in zip(calls, zip(*rounds, strict=True), strict=True):
        print(f"  {call.__name__:16} {statistics.median(taken) * 1000:7.1f} ms")
    for name, j in (("reading", 1), ("reading and all definitions", 2), ("compare_definitions", 3)):
        ratio = statistics.median(r[j] / r[0] for r in rounds)
        print(f"{name} / one pass over the bytes: {ratio:.0f}")
    for key in outcomes.DEFINITIONS:
        taken = statistics.median(
            seconds(lambda key=key: outcomes.evaluate(read, key)) for _ in range(ROUNDS)
        )
        print(f"  {key:26} {taken * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
