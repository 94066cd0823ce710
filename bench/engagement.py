"""Ten million unsorted attendances of 200,000 people: mshg beside DuckDB on the same arrays.

DuckDB's first query takes the variance of the weeks' numbers, which is less work; the second that
of weekly counts, as mshg does, and gives the same numbers in all six measures.

Usage: engagement.py [attendances] [rounds]
"""

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

import duckdb
import numpy as np

from mshg import engagement

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 7
PEOPLE = max(EVENTS // 50, 1)
AS_OF = 365
MOST_MEMORY = 12
COLUMNS = (
    "attendances_30_days",
    "attendances_90_days",
    "days_since_last",
    "longest_gap_days",
    "weekly_variance",
    "trend_28_days",
)

rng = np.random.default_rng(0)
person = rng.integers(0, PEOPLE, EVENTS).astype(np.int32)
day = rng.integers(0, AS_OF, EVENTS).astype(np.int32)
events = {"pid": person, "day": day}

PEERS = """
    select pid, count(*) filter (day >= 335) c30, count(*) filter (day >= 275) c90,
        365 - max(day) since, max(g) maxgap, var_samp(day // 7) wv,
        count(*) filter (day >= 337) - count(*) filter (day >= 309 and day < 337) trend28
    from (select *, day - lag(day) over (partition by pid order by day) g from events)
    group by pid"""
SAME = """
    select *, (w * squares - n * n) / (w * (w - 1)) wv from (
        select pid, count(*) filter (day >= 335) c30, count(*) filter (day >= 275) c90,
            365 - max(day) since, max(g) maxgap, (371 - min(day)) // 7 w, count(*) n,
            count(*) filter (day >= 337) - count(*) filter (day >= 309 and day < 337) trend28
        from (select *, day - lag(day) over (partition by pid order by day) g from events)
        group by pid
    ) join (
        select pid, sum(k * k) squares
        from (select pid, count(*) k from events group by pid, (364 - day) // 7)
        group by pid
    ) using (pid)"""


def mshg_six() -> engagement.EngagementTable:
    columns = engagement.EventColumns.attendances(person=person, day=day)
    table = engagement.summarize_table(columns, as_of=AS_OF)
    for name in COLUMNS:
        getattr(table, name)
    return table


def mshg_all() -> engagement.EngagementTable:
    columns = engagement.EventColumns.attendances(person=person, day=day)
    table = engagement.summarize_table(columns, as_of=AS_OF)
    table.columns()
    return table


def duckdb_peers() -> dict[str, np.ndarray]:
    return duckdb.sql(PEERS).fetchnumpy()


def duckdb_same() -> dict[str, np.ndarray]:
    return duckdb.sql(SAME).fetchnumpy()


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def agree() -> None:
    """Both give the same numbers."""
    table, theirs = mshg_six(), duckdb.sql(SAME).fetchnumpy()
    here = theirs["pid"]
    names = ("c30", "c90", "since", "maxgap", "wv", "trend28")
    for name, column in zip(names, COLUMNS, strict=True):
        np.testing.assert_allclose(getattr(table, column)[here], np.ma.filled(theirs[name], np.nan))


def main() -> None:
    agree()
    calls = (mshg_six, mshg_all, duckdb_peers, duckdb_same)
    rounds = [[seconds(call) for call in calls] for _ in range(ROUNDS + 1)][1:]
    print(f"{EVENTS:,} attendances, {PEOPLE:,} people, int32, {ROUNDS} rounds, medians")
    for call, taken in zip(calls, zip(*rounds, strict=True), strict=True):
        print(f"  {call.__name__:14} {statistics.median(taken):7.3f} s")
    for name, j, limit in (
        ("less work", 2, " (asked: at most 0.5)"),
        ("the same work", 3, ""),
    ):
        ratio = statistics.median(r[0] / r[j] for r in rounds)
        print(f"six measures / DuckDB, {name}: {ratio:.2f}{limit}")
    ratio = statistics.median(r[1] / r[0] for r in rounds)
    print(f"every column / six measures: {ratio:.1f}")
    for call in (mshg_six, mshg_all):
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1] / (person.nbytes + day.nbytes)
        tracemalloc.stop()
        print(f"peak memory of {call.__name__} / input: {peak:.1f} (asked: at most {MOST_MEMORY})")


if __name__ == "__main__":
    main()
