"""Writers killed at random points, and what their files hold afterwards.

    python killed_writers.py FOLDER KILLS SEED

A process of its own: it forks, and so must have no threads.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mshg.events import Attended
from mshg.store import SqliteEventStore

AT = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 5
AWAITED = (24, 0, 1, 0, 8, 2)  # batches to wait for before a kill, so that however slow a
# machine is, more than two a kill are acknowledged


def write(path, pipe):
    """Append batches for ever; tell of each once it is acknowledged, and erase now and then."""
    with SqliteEventStore(path, timeout_seconds=5) as store:
        batch = 0
        while True:
            store.append(
                Attended(
                    id=f"{batch}-{i}",
                    at=AT + timedelta(hours=batch),
                    person_id="p1",
                    group="aa",
                    source="x" * (1 + batch % 7 * 300),
                )
                for i in range(BATCH)
            )
            os.write(pipe, f"{batch}\n".encode())
            batch += 1
            if batch % 10 == 0:
                store.state("p1")
            if batch % 25 == 0:
                store.erase("nobody")


def killed(path, batches, seconds):
    """The batches that a writer told of until it was killed, so long after so many of them."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write(path, writing)
        except Exception:  # noqa: BLE001 (told, and then gone)
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as stated:
        lines = [stated.readline() for _ in range(batches)]
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the writer ended by itself"
        return [int(line) for line in (*lines, *stated.read().split())]


def main():
    folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    draw = random.Random(seed)  # noqa: S311 (no secret)
    acknowledged = 0
    for i in range(kills):
        path = folder / f"{i}.db"
        stated = killed(path, AWAITED[i % len(AWAITED)], draw.random() * 0.02)
        with SqliteEventStore(path) as store:
            found = Counter(event.id.partition("-")[0] for event in store.events("p1"))
            assert set(map(str, stated)) <= set(found), f"lost an acknowledged batch in {path}"
            assert set(found.values()) <= {BATCH}, f"half a batch in {path}"
            assert len(found) <= len(stated) + 1, f"more than was written in {path}"
            assert store.verify() == (), f"damaged: {path}"
        acknowledged += len(stated)
        for left in folder.glob(f"{i}.db*"):
            left.unlink()
    print(f"{kills} kills, {acknowledged} acknowledged batches, none lost")  # noqa: T201


if __name__ == "__main__":
    main()
