"""A million people, the whole catalog: mshg beside its peers on the same arrays, in turn.

scikit-learn's distance knows missing answers, but no importance and no salience; faiss knows
none of the three (its answers are filled with 1/2). Usage: fit.py [people] [rounds]
"""

import statistics
import sys
import time
from collections.abc import Callable

import faiss
import numpy as np
from sklearn.metrics.pairwise import nan_euclidean_distances

from mshg import Dimension, catalog, fit

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 7
CHUNK = 50_000

CATALOG = catalog.load()
rng = np.random.default_rng(0)
stances = rng.random((PEOPLE, len(Dimension)), np.float32)
stances[rng.random(stances.shape) < 0.2] = np.nan
importance = rng.random(stances.shape, np.float32)
filled = np.nan_to_num(stances, nan=0.5)
position = np.array(
    [[g.philosophy[d].position for d in Dimension] for g in CATALOG.values()], np.float32
)
belonging = rng.random((PEOPLE, len(CATALOG)), np.float32)
reach = fit.reach(CATALOG).astype(np.float32)
features = rng.random((3 * len(Dimension), PEOPLE), np.float32)
coefficients = rng.random((len(CATALOG), 3 * len(Dimension)), np.float32)
product = np.empty((len(CATALOG), PEOPLE), np.float32)


def mshg_top() -> None:
    fit.score_table(stances, importance, groups=CATALOG).top(3)


def mshg_all() -> None:
    table = fit.score_table(stances, importance, groups=CATALOG)
    table.top(3), table.low, table.high, table.coverage


def mshg_ranked() -> None:
    fit.ranking_table(stances, importance, groups=CATALOG, belonging=belonging, reach=reach).top(3)


def sklearn_top() -> None:
    out = np.empty((PEOPLE, 3), np.int64)
    for start in range(0, PEOPLE, CHUNK):
        distances = nan_euclidean_distances(stances[start : start + CHUNK], position)
        near = np.argpartition(distances, 3, 1)[:, :3]
        order = np.take_along_axis(distances, near, 1).argsort(1)
        out[start : start + CHUNK] = np.take_along_axis(near, order, 1)


def faiss_top() -> None:
    faiss.knn(filled, position, 3)


def bare_product() -> None:
    np.matmul(coefficients, features, out=product)


def seconds(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    calls = (mshg_top, mshg_all, sklearn_top, faiss_top, bare_product, mshg_ranked)
    for call in calls:
        call()
    rounds = [[seconds(call) for call in calls] for _ in range(ROUNDS)]
    print(f"{PEOPLE:,} people, {len(CATALOG)} groups, float32, {ROUNDS} rounds, medians")
    for call, taken in zip(calls, zip(*rounds, strict=True), strict=True):
        print(f"  {call.__name__:14} {statistics.median(taken):7.3f} s")
    for name, j, limit in (("scikit-learn", 2, 0.3), ("faiss", 3, 2.0), ("bare product", 4, None)):
        ratio = statistics.median(r[0] / r[j] for r in rounds)
        asked = f" (asked: at most {limit})" if limit else ""
        print(f"score and top 3 / {name}: {ratio:.2f}{asked}")
    ratio = statistics.median(r[5] / r[0] for r in rounds)
    print(f"with belonging and reach / without: {ratio:.2f} (asked: at most 1.5)")
    ratio = statistics.median(r[1] / r[0] for r in rounds)
    print(f"with low, high and coverage / score and top 3: {ratio:.2f}")


if __name__ == "__main__":
    main()
