"""What a store does while its disk fails or its process is killed, step by step.

    LD_PRELOAD=faults.so python faulty.py SCENARIO FOLDER [EVERY]

A process of its own: it forks for each step, in which one call of the system is hit. With EVERY,
only every so manieth step is taken.
"""

import errno
import io
import json
import os
import shutil
import signal
import sys
import time
import traceback
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from mshg.errors import StoreError
from mshg.events import Attended, GoalSet, SupporterContact
from mshg.store import SqliteEventStore

AT = datetime(2026, 1, 1, 9, tzinfo=UTC)
CANARY = "canary7319"
START = "/start-the-faults"


def went(number, person_id, **fields):
    at = AT + timedelta(hours=number)
    return Attended(id=f"e{number}", at=at, person_id=person_id, group="aa", **fields)


def prepared(folder):
    """A store with much of somebody in it, in its log and in others' events."""
    folder.mkdir(parents=True)
    with SqliteEventStore(folder / "e.db") as store:
        store.append(went(i, CANARY, source="x" * (1 + i * 37 % 900)) for i in range(40))
        store.append(went(100 + i, "p2") for i in range(40))
        with_them = [
            SupporterContact(id="c", at=AT, person_id="p2", supporter_id=CANARY),
            GoalSet(id="g", at=AT, person_id="p2", description=f"walk with {CANARY}!"),
        ]
        store.append(with_them)
        store.state(CANARY), store.state("p2")


def in_a_child(call, what, first, count, number):
    """What a call answers in a process in which so many calls of the system are hit."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.environ |= {
            "FAULT_CALL": what,
            "FAULT_FROM": str(first),
            "FAULT_COUNT": str(count),
            "FAULT_ERROR": str(number),
        }
        try:
            answer = call()
        except StoreError as error:
            answer = ["StoreError", str(error)]
            if error.__context__ or error.__cause__:
                answer = ["raw", "an error with something behind it"]
        except BaseException:  # noqa: BLE001 (told to the other)
            answer = ["raw", traceback.format_exc()]
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stated:
        answer = stated.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        return None
    found = json.loads(answer)
    assert not (isinstance(found, list) and found[0] == "raw"), found[1]
    return found


def start():
    """From here on, calls are hit."""
    with suppress(OSError):
        os.close(os.open(START, os.O_RDONLY))


def bytes_beside(path):
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def steps(folder, every, call, what, count, number):  # noqa: PLR0917
    """Every step of a call in a copy of the prepared store, and what it answers there."""
    prepared(folder / "first")
    step = 1
    while True:
        copy = folder / "copy"
        if copy.exists():
            shutil.rmtree(copy)
        shutil.copytree(folder / "first", copy)
        answer = in_a_child(partial(call, copy / "e.db"), what, step, count, number)
        yield step, copy / "e.db", answer
        if answer == ["done"] and what == "any" and not number:
            return
        step += every


def killed_erasures(folder, every):
    """Killed at every step, an erasure has not begun or is finished by whoever opens the file."""

    def call(path):
        store = SqliteEventStore(path)
        start()
        store.erase(CANARY)
        return ["done"]

    begun = finished = 0
    for _, path, _ in steps(folder, every, call, "any", 1, 0):
        with SqliteEventStore(path) as store:
            people = store.people()
            if CANARY in people:
                assert not begun, "an erasure was begun and forgotten"
                assert len(store.events(CANARY)) == 40
                assert store.erase(CANARY) == 40
            else:
                begun += 1
            assert CANARY.encode() not in bytes_beside(path), "bytes are left"
            assert len(store.events("p2")) == 42
            assert store.verify() == ()
        assert CANARY.encode() not in bytes_beside(path), "bytes are left"
        finished += 1
    return f"{finished} steps, {begun} after the erasure had begun"


def killed_exports(folder, every):
    """Killed at every step, an export leaves nothing that the next to open the store leaves."""

    def call(path):
        store = SqliteEventStore(path)
        start()
        store.export_jsonl(path.with_name("e.db.lines"))
        return ["done"]

    left = finished = 0
    for _, path, _ in steps(folder, every, call, "any", 1, 0):
        parts = [part for part in path.parent.glob("*.part") if part.stat().st_size]
        left += bool(parts)
        with SqliteEventStore(path) as store:
            assert not any(part.exists() for part in parts), "an export was left"
            assert store.verify() == ()
        finished += 1
    return f"{finished} steps, {left} left a part"


def killed_beginnings(folder, every):
    """Killed at every step of making it, a file is no store yet or a whole one."""

    def call(path):
        start()
        with SqliteEventStore(path.with_name("e.db-new")) as store:
            store.append([went(1, "p1")])
        return ["done"]

    finished = 0
    for _, path, _ in steps(folder, every, call, "any", 1, 0):
        with SqliteEventStore(path.with_name("e.db-new")) as store:
            assert store.people() in {(), ("p1",)}
            assert store.append([went(1, "p1")]) in {0, 1}
            assert store.verify() == ()
        assert not list(path.parent.glob("*.new")), "a file was left"
        finished += 1
    return f"{finished} steps"


def failing_appends(folder, every):
    """What is said of an append is true, whichever call of the system fails."""
    batch = [went(500 + i, "p3", source="x" * 900) for i in range(30)]
    nothing = unclear = 0
    for what, stride in (("fsync", 1), ("write", every)):  # of the former there are few
        for number in (errno.EIO, errno.ENOSPC):

            def call(path):
                store = SqliteEventStore(path)
                start()
                return ["done", store.append(batch)]

            for step, path, answer in steps(
                folder / f"{what}{number}", stride, call, what, 1, number
            ):
                assert answer is not None
                with SqliteEventStore(path) as store:
                    there = len(store.events("p3"))
                    assert there in {0, 30}
                    assert answer[0] != "done" or there == 30, "an acknowledged event is lost"
                    if "nothing of this call was stored" in str(answer):
                        assert there == 0, "it was stored"
                        nothing += 1
                    elif answer[0] != "done":
                        assert "may or may not have been stored" in answer[1], answer
                        unclear += 1
                    assert store.append(batch) == 30 - there
                    assert store.verify() == ()
                if answer[0] == "done" and step > 3 * stride:
                    break
    return f"{nothing} stored nothing, {unclear} unclear"


def passing_read_errors(folder, every):
    """A read that fails once is no damage."""
    hit = 0

    def call(path):
        store = SqliteEventStore(path)
        start()
        return [str(store.verify())]

    for step, _, answer in steps(folder, every, call, "read", 1, errno.EIO):
        assert "damaged" not in str(answer), answer
        assert answer == ["()"], answer
        hit += 1
        if step > 60:
            break
    for _, _, answer in steps(folder / "for_good", every, call, "read", 0, errno.EIO):
        assert answer[0] == "StoreError", answer
        assert "the disk failed" in answer[1], answer
        break
    return f"{hit} read errors passed"


def failing_reads(folder, every):
    """A read that fails is refused, and never gives less."""

    def call(path):
        store = SqliteEventStore(path)
        start()
        lines = io.StringIO()
        store.export_jsonl(lines)
        stated = (
            len(store.people()),
            len(store.events("p2")),
            store.state(CANARY).participation.attended,
        )
        return [*stated, len(lines.getvalue().splitlines())]

    hit = 0
    for step, _, answer in steps(folder, every, call, "read", 1, errno.EIO):
        assert answer == [2, 42, 40, 82] or answer[0] == "StoreError", answer
        hit += answer[0] == "StoreError"
        if step > 40:
            break
    return f"{hit} reads refused"


def failing_locks(folder, every):
    """Where locks fail, a call is refused within the timeout, and it is said why."""
    slowest = 0.0

    def call(path):
        began = time.monotonic()
        try:
            store = SqliteEventStore(path, timeout_seconds=0.2)
            start()
            for ask in (store.people, lambda: store.append([went(900, "p1")])):
                began = time.monotonic()
                try:
                    ask()
                except StoreError as error:
                    return ["StoreError", str(error), time.monotonic() - began]
            return ["done"]
        finally:
            os.environ["FAULT_CALL"] = "none"

    for number in (errno.ENOLCK, errno.EIO, errno.EACCES):
        for step, _, answer in steps(folder / str(number), every, call, "lock", 0, number):
            if answer[0] == "done":
                break
            assert "PROTOCOL" not in answer[1], answer
            assert answer[2] < 5, answer
            slowest = max(slowest, answer[2])
            if step > 6:
                break
    return f"slowest {slowest:.2f} s"


def read_only(folder, every):
    """A file on a read-only disk is opened to be read."""
    del every
    prepared(folder / "first")

    def call():
        start()
        store = SqliteEventStore(folder / "first" / "e.db")
        try:
            store.append([went(900, "p1")])
        except StoreError as error:
            return [len(store.events("p2")), str(error), str(store.verify())]

    answer = in_a_child(call, "readonly", 1, 0, errno.EROFS)
    assert answer[0] == 42, answer
    assert "can't be written" in answer[1], answer
    assert answer[2] == "()", answer
    return "read"


if __name__ == "__main__":
    os.environ |= {"FAULT_FILE": "/e.db", "FAULT_START": START}
    scenario, folder, every = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    (folder / scenario).mkdir()
    print(globals()[scenario](folder / scenario, every))  # noqa: T201
