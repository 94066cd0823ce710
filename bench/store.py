"""What the store costs beside bare sqlite3, and reading and folding beside json.loads.

The bare side inserts the same rows, of text that is ready, into the same tables with the same
pragmas, a transaction for each batch. The store's side makes the text of records.
"""

import argparse
import json
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from mshg.events import Attended, CheckIn, Event, SubstanceUse, replay
from mshg.store import SqliteEventStore
from mshg.store.files import _PRAGMAS
from mshg.store.rows import numbered, rows_of
from mshg.store.schemas import TABLES

START = datetime(2026, 1, 1, tzinfo=UTC)


def history(count: int, people: int) -> list[Event]:
    """Events of many people: meetings, check-ins, some use."""
    rng = np.random.default_rng(7)
    found: list[Event] = []
    for i, (person, kind, minute) in enumerate(
        zip(
            rng.integers(0, people, count).tolist(),
            rng.choice(3, count, p=[0.5, 0.4, 0.1]).tolist(),
            np.sort(rng.integers(0, 365 * 24 * 60, count)).tolist(),
            strict=True,
        )
    ):
        head = {
            "id": f"event-{i:09}",
            "at": START + timedelta(minutes=minute),
            "person_id": f"p{person}",
        }
        if kind == 0:
            found.append(Attended(**head, group="aa", meeting="tuesday-noon", mode="in_person"))
        elif kind == 1:
            found.append(CheckIn(**head, abstinent=True, stress=4, craving=2, willingness=7))
        else:
            found.append(SubstanceUse(**head, substance="alcohol", within_goal=False))
    return found


def bare(path: Path, batches: list[list[tuple[object, ...]]]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in (*_PRAGMAS, "PRAGMA journal_mode = WAL", *TABLES):
        connection.execute(statement)
    for batch in batches:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)",
            batch,
        )
        connection.execute("COMMIT")
    connection.close()


def stored(path: Path, batches: list[list[Event]]) -> None:
    with SqliteEventStore(path) as store:
        for batch in batches:
            store.append(batch)


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--batch", type=int, nargs="+", default=[1_000, 100, 10])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    events = history(given.events, given.people)
    rows = [numbered(seq, row) for seq, row in enumerate(rows_of(events), 1)]
    for size in given.batch:
        count = min(given.events, 2_000 * size)
        ours = [events[i : i + size] for i in range(0, count, size)]
        theirs = [rows[i : i + size] for i in range(0, count, size)]
        times = []
        for _ in range(given.rounds):
            with tempfile.TemporaryDirectory() as folder:
                a = seconds(partial(stored, Path(folder, "a.db"), ours))
                b = seconds(partial(bare, Path(folder, "b.db"), theirs))
            times.append((a, b, a / b))
        a, b, ratio = (median(column) for column in zip(*times, strict=True))
        print(
            f"append, {size} a batch: {count / a:,.0f} events a second, "
            f"{ratio:.2f} of bare sqlite3 ({b:.2f} s); asked: 3"
        )

    with tempfile.TemporaryDirectory() as folder:
        stored(Path(folder, "a.db"), [events])
        lines = [row[-1] for row in rows]
        with SqliteEventStore(Path(folder, "a.db")) as store:
            people = store.people()
            names = ("events", "events, replay", "state, first", "state, kept")
            calls = (
                lambda: [store.events(p) for p in people],
                lambda: [replay(store.events(p)) for p in people],
                lambda: [store.state(p) for p in people],
                lambda: [store.state(p) for p in people],
            )
            for name, call in zip(names, calls, strict=True):
                times = []
                for _ in range(given.rounds if name != "state, first" else 1):
                    a = seconds(call)
                    b = seconds(lambda: [json.loads(line) for line in lines])
                    times.append((a, a / b))
                a, ratio = (median(column) for column in zip(*times, strict=True))
                print(f"{name}: {given.events / a:,.0f} events a second, {ratio:.1f} of json.loads")


if __name__ == "__main__":
    main()
