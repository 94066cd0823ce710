"""A million people through the risk table, beside scikit-learn's logistic regression, in turn.

Ours: every input, a fifth of the answers missing, scores and tiers of both risks. Theirs:
``predict_proba`` of one risk on 20 columns, nothing missing, no tiers. Usage: risk.py [people]
[rounds]
"""

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression

from mshg import risk
from mshg.risk.signs import RANGES

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 9
ASKED = 3
PAUSE = 0.3  # seconds: threads of a BLAS spin for a while, and would slow the next call

rng = np.random.default_rng(0)
arrays = {}
for name, (low, high) in RANGES.items():
    arrays[name] = low + min(high - low, 200) * rng.random(PEOPLE)
    arrays[name][rng.random(PEOPLE) < 0.2] = np.nan
columns = risk.RiskColumns(**arrays)
features = rng.standard_normal((PEOPLE, 20))
some = features[: min(PEOPLE, 5_000)]
model = LogisticRegression().fit(some, some[:, 0] + rng.standard_normal(len(some)) > 1)


def table() -> None:
    risk.assess_table(columns)


def columns_and_table() -> None:
    risk.assess_table(risk.RiskColumns(**arrays))


def with_bounds() -> None:
    found = risk.assess_table(columns)
    found.lapse_low, found.lapse_high  # noqa: B018


def logistic() -> None:
    model.predict_proba(features)


def seconds(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    taken = time.perf_counter() - start
    time.sleep(PAUSE)
    return taken


def memory_beyond_output() -> float:
    tracemalloc.start()
    found = risk.assess_table(columns)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    kept = (found.lapse_score, found.disengagement_score, found.lapse_tier)
    output = sum(column.nbytes for column in (*kept, found.disengagement_tier, found.safety))
    return (peak - output) / 2**20


def main() -> None:
    calls = (table, columns_and_table, with_bounds, logistic)
    for call in calls:
        call()
    rounds = [[seconds(call) for call in calls] for _ in range(ROUNDS)]
    print(f"{PEOPLE:,} people, {len(columns)} inputs, {ROUNDS} rounds, medians")
    for j, call in enumerate(calls):
        ratio = statistics.median(r[j] / r[-1] for r in rounds)
        asked = f" (asked: at most {ASKED})" if call is table else ""
        taken = statistics.median(r[j] for r in rounds)
        print(f"  {call.__name__:18} {taken:7.3f} s  / logistic regression {ratio:5.2f}{asked}")
    print(f"  memory beyond input and output {memory_beyond_output():.1f} MiB (asked: under 64)")


if __name__ == "__main__":
    main()
