"""Events as columns beside what else would do: one NumPy call, DuckDB, objects, bare sqlite3.

Each ratio is the median of several, taken in turns in one run. Memory is what is allocated on the
way, above what is there before and what comes back, a row.
"""

import argparse
import sqlite3
import tempfile
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from mshg import engagement, outcomes, risk
from mshg.engagement import EventColumns
from mshg.events import Attended, CheckIn, Event, EventKind, EventTable, Tested
from mshg.store import SqliteEventStore

MEASURES = (
    *("attendances_30_days", "days_since_last", "longest_gap_days"),
    *("weeks_in_a_row", "trend_28_days", "attendances_90_days"),
)
SQL = """
WITH gaps AS (
  SELECT person, day, day - lag(day) OVER (PARTITION BY person ORDER BY day) AS gap FROM log
), weeks AS (
  SELECT DISTINCT person, (364 - day + 6) // 7 AS week FROM log
), runs AS (
  SELECT person, week - row_number() OVER (PARTITION BY person ORDER BY week) AS run FROM weeks
), measured AS (
  SELECT person, count(*) FILTER (day >= 334) AS attendances_30_days,
    363 - max(day) AS days_since_last, max(gap) AS longest_gap_days,
    2 * count(*) FILTER (day >= 336) - count(*) FILTER (day >= 308) AS trend_28_days,
    count(*) FILTER (day >= 274) AS attendances_90_days
  FROM gaps GROUP BY person
), in_a_row AS (
  SELECT person, count(*) AS weeks_in_a_row FROM runs WHERE run = 0 GROUP BY person
)
SELECT * FROM measured LEFT JOIN in_a_row USING (person) ORDER BY person
"""


def ratios(ours: Callable[[], object], theirs: Callable[[], object], times: int) -> str:
    """Median ratio, and what each side took at the median."""
    ours(), theirs()
    taken = []
    for _ in range(times):
        start = perf_counter()
        ours()
        middle = perf_counter()
        theirs()
        taken.append((middle - start, perf_counter() - middle))
    found = [a / b for a, b in taken]
    a, b = (median(side) * 1e3 for side in zip(*taken, strict=True))
    return f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f}; {a:.1f} ms, {b:.1f} ms)"


def memory(call: Callable[[], object], rows: int) -> str:
    """Bytes a row that are allocated at the peak, what comes back left out."""
    tracemalloc.start()
    kept = call()
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return f"{(peak - after) / rows:.1f} bytes a row on the way, {after / rows:.1f} come back"


def tests_of(rows: int, *, in_order_of_people: bool) -> tuple[EventTable, np.ndarray]:
    rng = np.random.default_rng(0)
    people = rows // 40
    person = rng.integers(0, people, rows).astype(np.int32)
    day = np.sort(rng.integers(0, 24 * 7, rows)).astype(np.int32)
    if in_order_of_people:
        order = np.argsort(person, kind="stable")
        person, day = person[order], day[order]
    kinds = [EventKind.TEST_POSITIVE, EventKind.TEST_NEGATIVE, EventKind.TEST_MISSING]
    kind = rng.choice(np.array(kinds, np.int8), rows, p=[0.3, 0.5, 0.2])
    table = EventTable(person=person, day=day, kind=kind, person_ids=map(str, range(people)))
    return table, person.astype(np.intp) * 24 + day // 7


def log_of(rows: int) -> EventTable:
    rng = np.random.default_rng(1)
    people = rows // 100
    kinds = [k for k in EventKind if k.name not in ("RATING", "DISCOMFORT", "ABSTINENT")]
    return EventTable(
        person=rng.integers(0, people, rows).astype(np.int32),
        day=np.sort(rng.integers(0, 364, rows)).astype(np.int32),
        kind=rng.choice(np.array(kinds, np.int8), rows),
        value=rng.integers(0, 11, rows).astype(float),
        person_ids=map(str, range(people)),
    )


def records(count: int) -> list[Event]:
    rng = np.random.default_rng(2)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    people = [f"p{i}" for i in range(max(count // 100, 1))]
    found: list[Event] = []
    kinds = rng.choice(3, count, p=[0.5, 0.4, 0.1]).tolist()
    minutes = np.sort(rng.integers(0, 364 * 24 * 60, count)).tolist()
    persons = rng.integers(0, len(people), count).tolist()
    for i, (kind, minute, person) in enumerate(zip(kinds, minutes, persons, strict=True)):
        head = {"id": f"event-{i:09}", "at": start + timedelta(minutes=minute)}
        head["person_id"] = people[person]
        if kind == 0:
            found.append(Attended(**head, group="aa", mode="in_person"))
        elif kind == 1:
            found.append(CheckIn(**head, abstinent=True, stress=4, craving=2, willingness=7))
        else:
            found.append(Tested(**head, result="negative", substance="opioids"))
    return found


def engagement_beside_duckdb(rows: int, times: int) -> None:
    import duckdb

    rng = np.random.default_rng(3)
    person = rng.integers(0, rows // 100, rows).astype(np.int32)
    day = rng.integers(0, 364, rows).astype(np.int32)
    table = EventTable(person=person, day=day, kind=int(EventKind.ATTENDED))

    def ours() -> list[np.ndarray]:
        columns = EventColumns.from_table(table)
        measured = engagement.summarize_table(columns, as_of=363)
        return [getattr(measured, name) for name in MEASURES]

    log = {"person": person, "day": day}
    connection = duckdb.connect()
    connection.register("log", log)

    def theirs() -> dict[str, np.ndarray]:
        return connection.sql(SQL).fetchnumpy()

    expected = theirs()
    for name, column in zip(MEASURES, ours(), strict=True):
        found = np.ma.filled(np.ma.asarray(expected[name], float), 0)
        assert np.array_equal(np.nan_to_num(column), found), name
    print(f"engagement, six measures of {rows:,}, beside DuckDB: {ratios(ours, theirs, times)}")
    print(f"  {memory(ours, rows)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()

    for ordered in (False, True):
        table, cells = tests_of(1_000_000, in_order_of_people=ordered)
        how = "by person" if ordered else "by day"
        words = ratios(
            lambda table=table: outcomes.patterns_from_table(table, start=0, weeks=24),
            lambda cells=cells: np.bincount(cells),
            3 * given.times,
        )
        print(f"patterns_from_table, a million tests {how}, beside np.bincount: {words}")
        print(
            "  "
            + memory(
                lambda table=table: outcomes.patterns_from_table(table, start=0, weeks=24),
                len(table),
            )
        )

    engagement_beside_duckdb(given.rows, given.times)

    if hasattr(risk, "columns_from_table"):
        log = log_of(1_000_000)
        words = ratios(
            lambda: risk.columns_from_table(log, as_of=363),
            lambda: engagement.summarize_table(EventColumns.from_table(log), as_of=363).columns(),
            given.times,
        )
        print(f"risk.columns_from_table beside summarize_table, a million rows: {words}")

    made = records(given.records)
    words = ratios(
        lambda: EventTable.from_events(made),
        lambda: records(given.records),
        given.times,
    )
    print(f"EventTable.from_events beside making the events: {words}")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.db"
        with SqliteEventStore(path) as store:
            store.append(made)
            bare = sqlite3.connect(path)
            words = ratios(
                store.event_table,
                lambda: bare.execute("SELECT * FROM events").fetchall(),
                given.times,
            )
            bare.close()
        print(f"store.event_table beside sqlite3 reading the same rows: {words}")


if __name__ == "__main__":
    main()
