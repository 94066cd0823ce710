"""The SQLite store: what it keeps, what it refuses, and what survives."""

import contextlib
import gc
import importlib.util
import io
import itertools
import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import Phase, settings

from mshg import codec, testing
from mshg.errors import MshgError, StoreConflictError, StoreError, ValidationError
from mshg.events import (
    Attended,
    CheckIn,
    FollowUp,
    GoalSet,
    ParticipationState,
    PersonState,
    ProviderActivity,
    Retracted,
    SupporterContact,
    effective_events,
    replay,
)
from mshg.store import (
    SqliteEventStore,
    connections,
    files,
    queries,
    redact_person,
    schemas,
    sqlite,
)

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 1, 1, 9, tzinfo=UTC)
CANARY = "canary-7319"
WENT = ParticipationState(attended=9)
PATIENT = 86_400  # seconds; where waiting is not the matter, no machine is too slow


def went(number, person_id="p1", **fields):
    at = AT + timedelta(hours=number)
    return Attended(id=f"{person_id}-{number}", at=at, person_id=person_id, group="aa", **fields)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.db"


def refused(call, error=StoreError):
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


def raw(path, *statements):
    with sqlite3.connect(path, isolation_level=None) as connection:
        found = [connection.execute(*statement).fetchall() for statement in statements]
    connection.close()
    return found[-1]


# What every store keeps.


@pytest.mark.parametrize("check", testing.EVENT_STORE_CHECKS, ids=lambda check: check.__name__)
def test_in_memory_it_keeps_what_a_store_promises(check):
    check(lambda: SqliteEventStore(":memory:"))


@pytest.mark.parametrize("check", testing.EVENT_STORE_CHECKS, ids=lambda check: check.__name__)
def test_with_states_kept_at_every_step_it_does_too(check, monkeypatch):
    monkeypatch.setattr(sqlite, "_KEPT_AFTER", 1)
    check(lambda: SqliteEventStore(":memory:"))


def example_store():
    spec = importlib.util.spec_from_file_location("own_store", ROOT / "examples" / "own_store.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MemoryStore


@pytest.mark.skipif(not (ROOT / "examples").exists(), reason="the examples are not at hand")
@pytest.mark.parametrize("check", testing.EVENT_STORE_CHECKS, ids=lambda check: check.__name__)
def test_a_store_of_a_hosts_own_keeps_it_too(check):
    check(example_store())


class Wrong:
    """A store that breaks one promise."""

    def __init__(self, store):
        self.store = store

    def __getattr__(self, name):
        return getattr(self.store, name)


@pytest.fixture
def _any_example_will_do():
    """The example that shows what is broken need not be the shortest."""
    settings.register_profile("as it was", settings.default)
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("any example", settings.default, phases=phases)
    settings.load_profile("any example")
    yield
    settings.load_profile("as it was")


def broken_store(name, call):
    def new_store():
        store = SqliteEventStore(":memory:")
        wrong = Wrong(store)
        setattr(wrong, name, lambda *a, **k: call(store, *a, **k))
        return wrong

    return new_store


def to_the_second(event):
    return attrs.evolve(event, at=event.at.replace(microsecond=0))


def erase_all_but_providers(store, person_id):
    visits = [e for e in store.events(None) if isinstance(e, ProviderActivity)]
    return store.erase(person_id) - store.append(e for e in visits if e.provider_id == person_id)


def erase_all_but_mentions(store, person_id):
    with store._file.writing() as connection:
        ledger, removed = queries.Ledger(), 0
        for row in queries.scan(connection):
            if row.person_id == person_id.encode() or b'"provider_id": "p1"' in row.document:
                queries.delete_row(connection, ledger, row)
                removed += 1
        ledger.settle(connection)
        return removed


def a_state_that_outlives_its_events(store, person_id):
    stated = store.__dict__.setdefault("told", {})
    now = store.state(person_id)
    if now != PersonState():
        stated[person_id] = now
    return stated.get(person_id, now)


@pytest.mark.parametrize(
    ("check", "name", "call"),
    [
        (0, "append", lambda store, events: store.append(events) + 1),
        (0, "events", lambda store, who, **_: store.events(who)[::-1]),
        (0, "events", lambda store, who, **_: store.events(who)[1:]),
        (0, "events", lambda store, who, **_: sorted(2 * store.events(who), key=lambda e: e.at)),
        (0, "people", lambda store: (*store.people(), "p9")),
        (1, "append", lambda store, events: [store.append([e]) for e in events] and 0),
        (2, "events", lambda store, who, since=None, **_: store.events(who, since=since)),
        (3, "state", lambda *_: PersonState()),
        (4, "events", lambda *_, **__: ()),
        (2, "append", lambda store, events: store.append(map(to_the_second, events))),
        (2, "events", lambda store, who, **k: store.events(who, **(k if who else {}))),
        (5, "erase", lambda *_: 0),
        (5, "erase", erase_all_but_providers),
        (5, "erase", erase_all_but_mentions),
        (5, "state", a_state_that_outlives_its_events),
        (6, "people", lambda store: sorted(store.people(), key=str.lower)),
    ],
)
@pytest.mark.usefixtures("_any_example_will_do")
def test_the_checks_find_a_store_that_breaks_a_promise(check, name, call):
    with pytest.raises((AssertionError, MshgError)):
        testing.EVENT_STORE_CHECKS[check](broken_store(name, call))


# States kept.


def queries_of(store, call):
    """What is asked of the events while a call is made."""
    asked = []
    with store._file.reading() as connection:
        pass  # the next call takes this one
    connection._raw.set_trace_callback(asked.append)
    call()
    connection._raw.set_trace_callback(None)
    return [query for query in asked if "document FROM events" in query]


def test_a_state_is_read_from_where_it_was_kept(path):
    with SqliteEventStore(path) as store:
        store.append(went(i) for i in range(40))
        store.state("p1")
        store.append([went(40)])
        asked = queries_of(store, lambda: store.state("p1"))
        assert [query.split("seq > ")[1].split()[0] for query in asked] == ["40"]
        assert store.state("p1") == replay(store.events("p1"))
        store.append([went(-1)])
        asked = queries_of(store, lambda: store.state("p1"))
        assert ["seq > 40" in query for query in asked] == [True, False]
        assert store.state("p1") == replay(store.events("p1"))


@pytest.mark.parametrize("named", ["p1", None])
def test_a_retraction_recorded_before_its_event_is_honored_when_that_comes(
    path, monkeypatch, named
):
    monkeypatch.setattr(sqlite, "_KEPT_AFTER", 1)
    gone = Retracted(id="r", at=AT, event_id="p1-9", person_id=named)
    with SqliteEventStore(path) as store:
        store.append([went(1), gone])
        assert store.state("p1").participation.attended == 1
        store.append([went(9)])
        assert store.state("p1").participation.attended == 1


def test_a_state_of_another_version_is_made_anew(path, monkeypatch):
    monkeypatch.setattr(sqlite, "_KEPT_AFTER", 1)
    with SqliteEventStore(path) as store:
        store.append([went(1)])
        store.state("p1")
    document = codec.dumps(PersonState(person_id="p1", participation=WENT))
    raw(path, ("UPDATE states SET version = 'state-0', document = ?", (document,)))
    with SqliteEventStore(path) as store:
        assert store.state("p1").participation.attended == 1


def test_a_state_is_not_kept_where_somebody_else_writes(path, monkeypatch):
    monkeypatch.setattr(sqlite, "_KEPT_AFTER", 1)
    with SqliteEventStore(path, timeout_seconds=60) as store:
        store.append([went(1)])
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert store.state("p1").participation.attended == 1
        other.close()
        assert raw(path, ("SELECT count(*) FROM states",)) == [(0,)]


@pytest.mark.parametrize("between", ["append", "erase"])
def test_a_state_read_before_a_change_is_not_kept_after_it(path, monkeypatch, between):
    """A state that speaks of somebody must not come back after they were erased."""
    monkeypatch.setattr(sqlite, "_KEPT_AFTER", 1)
    with SqliteEventStore(path) as store, SqliteEventStore(path) as other:
        contact = SupporterContact(id="c", at=AT, person_id="p1", supporter_id=CANARY)
        store.append([contact])
        keep = store._file.write_if_free

        def change_first(write):
            other.append([went(2)]) if between == "append" else other.erase(CANARY)
            keep(write)

        monkeypatch.setattr(store._file, "write_if_free", change_first)
        store.state("p1")
        assert raw(path, ("SELECT count(*) FROM states",)) == [(0,)]


# Erasing.


def visit(name):
    return ProviderActivity(id=name, at=AT, provider_id=CANARY, activity="contact_made")


def bytes_beside(path):
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_erasing_a_person_leaves_no_byte_of_them(path):
    """Their id is in no file any more: not in the database, its log or its journal."""
    with SqliteEventStore(path) as store:
        for batch in range(20):
            store.append(
                went(100 * batch + i, person, source=f"{person} {'x' * (i * 37 % 900)}")
                for i in range(30)
                for person in (CANARY, "p2")
            )
            store.append(
                [
                    SupporterContact(id=f"c{batch}", at=AT, person_id="p2", supporter_id=CANARY),
                    GoalSet(
                        id=f"g{batch}", at=AT, person_id="p2", description=f"walk with {CANARY}!"
                    ),
                    visit(f"v{batch}"),
                    FollowUp(id=f"f{batch}", at=AT, person_id="p2", status="planned", by=CANARY),
                ]
            )
            store.state(CANARY), store.state("p2")
        assert CANARY.encode() in bytes_beside(path)
        others = len(store.events("p2"))
        assert store.erase(CANARY) == 20 * 30 + 20
        assert CANARY.encode() not in bytes_beside(path)
        assert len(store.events("p2")) == others
        assert store.state("p2") == replay(store.events("p2"))
        assert store.verify() == ()
    assert CANARY.encode() not in bytes_beside(path)


def test_an_id_that_json_must_escape_is_erased_as_well(path):
    name = 'p "7319"\\\n'
    with SqliteEventStore(path) as store:
        store.append([SupporterContact(id="c", at=AT, person_id="p1", supporter_id=name)])
        store.erase(name)
        assert store.events("p1")[0].supporter_id == "erased"


def test_erasing_waits_for_readers_and_says_so(path):
    with SqliteEventStore(path, timeout_seconds=0.1) as store:
        store.append([went(1)])
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchall()
        assert "erase again" in refused(lambda: store.erase("p1"))
        reader.close()
        assert store.erase("p1") == 0
        assert b"p1-1" not in bytes_beside(path)
    assert refused(lambda: SqliteEventStore(":memory:").erase(" "), ValidationError)


def test_only_whole_words_are_forgotten():
    """A name is taken out where it stands by itself, and groups keep theirs."""
    event = CheckIn(id="p1", at=AT, person_id="p10", source="p1, p10 and xp1")
    assert redact_person(event, "p1").source == "erased, p10 and xp1"
    assert redact_person(event, "p1").id == "p1"
    assert redact_person(went(1), "aa") == went(1)


def test_the_id_of_somebody_else_stays_whole():
    """An id in which another one stands as a word is another person's."""
    contact = SupporterContact(id="c", at=AT, person_id="p2", supporter_id="kim-2")
    assert redact_person(contact, "kim") == contact
    assert redact_person(contact, "kim-2").supporter_id == "erased"


def test_a_string_of_another_library_is_forgotten_as_well():
    contact = SupporterContact(id="c", at=AT, person_id="p2", supporter_id=np.str_("p1"))
    assert redact_person(contact, "p1").supporter_id == "erased"


def test_erasing_says_so_where_the_file_can_not_be_written_anew(path):
    """What was deleted stays deleted, and the error does not say that nothing was done."""
    with SqliteEventStore(path, timeout_seconds=0.1) as store:
        store.append([went(1), went(1, "p2")])
        rewrite = store._file.rewrite

        def leave_a_writer_behind():
            other.execute("BEGIN IMMEDIATE")
            rewrite()

        with (
            closing(sqlite3.connect(path, isolation_level=None)) as other,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(store._file, "rewrite", leave_a_writer_behind)
            assert refused(lambda: store.erase("p1")).startswith("erased, but")
        assert store.people() == ("p2",)
        assert store.erase("p1") == 0
        assert b"p1-1" not in bytes_beside(path)


def test_arguments_may_be_named():
    with SqliteEventStore(":memory:") as store:
        assert store.append(events=[went(1)]) == 1
        assert store.events(person_id="p1") == (went(1),)
        assert store.state(person_id="p1").participation.attended == 1
        assert store.erase(person_id="p1") == 1


# What survives.


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_what_was_acknowledged_survives_a_kill(tmp_path, request):
    """However a writer is killed, every acknowledged event is there, and no half batch."""
    kills = request.config.getoption("--kills")
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("killed_writers.py"), tmp_path, str(kills), "7"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{kills} kills")
    assert int(done.stdout.split()[2]) > 2 * kills


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_process_that_inherits_a_store_loses_nothing_of_others(path):
    """Its end must not close what it inherited: SQLite would delete a log that others left."""
    program = (
        "import os, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from mshg.events import Attended\n"
        "from mshg.store import SqliteEventStore\n"
        "store = SqliteEventStore(sys.argv[1])\n"
        "reading, writing = os.pipe()\n"
        "if os.fork() == 0:  # it inherits the store, and ends last\n"
        "    os.close(writing), os.read(reading, 1)\n"
        "    sys.exit()\n"
        "store.close()\n"
        "if os.fork() == 0:\n"
        "    os.close(writing)\n"
        "    at = datetime(2026, 1, 1, tzinfo=UTC)\n"
        "    went = Attended(id='e1', at=at, person_id='p1', group='aa')\n"
        "    SqliteEventStore(sys.argv[1]).append([went])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "print(os.wait()[1])\n"
        "os.close(writing)\n"
        "print(os.wait()[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["9", "0"], done.stderr
    with SqliteEventStore(path) as store:
        assert [e.id for e in store.events("p1")] == ["e1"]


OWN_AFTER_A_FORK = """
import os, sys
from datetime import UTC, datetime
from mshg.errors import StoreError
from mshg.events import Attended
from mshg.store import SqliteEventStore
def append(store, number):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    store.append([Attended(id=f"e{number}", at=at, person_id="p1", group="aa")])
path = sys.argv[1]
"""


def run_forking(program, path):
    done = subprocess.run(
        [sys.executable, "-c", OWN_AFTER_A_FORK + program, path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_store_opened_after_a_fork_loses_nothing_when_the_other_closes(path):
    """SQLite would take the locks of the other process for its own, and hold none."""
    program = (
        "store = SqliteEventStore(path)\n"
        "append(store, 0)\n"
        "(ready, is_ready), (closed, is_closed) = os.pipe(), os.pipe()\n"
        "if os.fork() == 0:\n"
        "    own = SqliteEventStore(path)\n"
        "    append(own, 1)\n"
        "    os.write(is_ready, b'x'), os.read(closed, 1)\n"
        "    append(own, 2)\n"
        "    own.close()\n"
        "    sys.exit()\n"
        "os.read(ready, 1)\n"
        "store.close()\n"
        "os.write(is_closed, b'x')\n"
        "print(os.wait()[1])\n"
    )
    assert run_forking(program, path) == ["0"]
    with SqliteEventStore(path) as store:
        assert [e.id for e in store.events("p1")] == ["e0", "e1", "e2"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("within", ["store._file.reading()", "another_thread()"])
def test_a_fork_within_a_call_or_beside_a_thread_leaves_the_file_to_the_other(path, within):
    """What was under way can't be closed, and beside it nothing could be kept safely."""
    program = (
        "import threading\n"
        "from contextlib import contextmanager\n"
        "@contextmanager\n"
        "def another_thread():\n"
        "    done = threading.Event()\n"
        "    threading.Thread(target=done.wait).start()\n"
        "    yield\n"
        "    done.set()\n"
        "store = SqliteEventStore(path)\n"
        f"with {within}:\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        try: SqliteEventStore(path)\n"
        "        except StoreError as error: print(error, flush=True)\n"
        "        append(SqliteEventStore(path + '2'), 1)\n"
        "        os._exit(0)\n"
        "    os.wait()\n"
        "append(store, 1)\n"
        "print(len(store.events('p1')))\n"
    )
    stated, count = run_forking(program, path)
    assert "forked from one" in stated
    assert count == "1"


def append_some(path, who, barrier):
    barrier.wait(timeout=PATIENT / 100)  # a process that died must not be waited for for ever
    with SqliteEventStore(path, timeout_seconds=PATIENT) as store:
        append_all(store, who)


def append_all(store, who):
    for i in range(25):
        store.append([went(i, who)])


def test_processes_and_threads_write_at_once(path):
    """Several processes and threads open one new file at once, and nothing is lost."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(4)
    others = [
        context.Process(target=append_some, args=(path, f"process{i}", barrier), daemon=True)
        for i in range(3)
    ]
    for other in others:
        other.start()
    append_some(path, "here", barrier)
    with SqliteEventStore(path, timeout_seconds=PATIENT) as store:
        threads = [
            threading.Thread(target=append_all, args=(store, f"thread{t}")) for t in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in (*threads, *others):
            thread.join()
        assert [other.exitcode for other in others] == [0, 0, 0]
        assert len(store.people()) == 7
        assert all(len(store.events(who)) == 25 for who in store.people())
        assert store.verify() == ()


def test_a_writer_that_takes_too_long_is_reported_plainly(path):
    with SqliteEventStore(path, timeout_seconds=0.05) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert "longer than the timeout" in refused(lambda: store.append([went(1)]))
        other.close()
        assert store.append([went(1)]) == 1


def test_a_thread_that_takes_too_long_is_reported_of_too(path):
    with SqliteEventStore(path, timeout_seconds=0.05) as store:
        thread = threading.Thread(target=store._file._lock.acquire)
        thread.start(), thread.join()
        assert "longer than the timeout" in refused(lambda: store.append([went(1)]))
        store._file._lock = threading.RLock()


def test_a_writer_looks_often_whether_another_is_done(path, monkeypatch):
    """SQLite would wait longer and longer, so that whoever comes late goes first."""
    with (
        SqliteEventStore(path, timeout_seconds=1) as store,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        looks = iter([bool, bool, other.rollback])
        monkeypatch.setattr(files, "sleep", lambda _: next(looks)())
        assert store.append([went(1)]) == 1
        assert not list(looks)


def test_a_writer_waits_as_long_as_was_asked(path, monkeypatch):
    slept = []
    monkeypatch.setattr(files, "sleep", slept.append)
    SqliteEventStore(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for seconds in (0, 0.5):
            with SqliteEventStore(path, timeout_seconds=seconds) as store:
                other.execute("BEGIN IMMEDIATE")
                assert "timeout" in refused(lambda s=store: s.append([went(1)]))
                other.rollback()
                assert sum(slept) == pytest.approx(seconds, abs=0.05)


@pytest.mark.skipif(os.name != "posix", reason="locks are of another kind on this system")
def test_erasing_waits_for_another_that_moves_the_log(path, monkeypatch):
    """SQLite waits for readers and writers here, but not for whoever does the same."""
    program = (
        "import fcntl, sys\n"
        "log = open(sys.argv[1], 'r+b')\n"
        "fcntl.lockf(log, fcntl.LOCK_EX, 1, 121)  # as SQLite does while it moves the log\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with SqliteEventStore(path, timeout_seconds=1) as store:
        store.append([went(1)])
        with subprocess.Popen(
            [sys.executable, "-c", program, f"{path}-shm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as other:
            other.stdout.readline()
            monkeypatch.setattr(files, "sleep", lambda _: other.communicate())
            assert store.erase("p1") == 1
        assert other.returncode == 0
        assert b"p1-1" not in bytes_beside(path)


def test_opening_beside_a_reader_waits_once(path, monkeypatch):
    """A file without a log yet is read by somebody: SQLite's own wait must not come on top."""
    waits, slept = [], []

    class Watched(sqlite3.Connection):
        def execute(self, sql, *values):
            if "journal_mode" in sql:
                waits.append(super().execute("PRAGMA busy_timeout").fetchone()[0])
            return super().execute(sql, *values)

    raw(path, ("VACUUM",))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchall()
        connect = partial(sqlite3.connect, factory=Watched)
        monkeypatch.setattr(connections.sqlite3, "connect", connect)
        monkeypatch.setattr(files, "sleep", slept.append)
        assert "timeout" in refused(lambda: SqliteEventStore(path, timeout_seconds=0.2))
    assert sum(slept) == pytest.approx(0.2, abs=0.05)
    assert set(waits) == {0}


@pytest.mark.parametrize("moment", range(14))
def test_another_may_make_the_file_at_any_moment_of_opening_it(path, monkeypatch, moment):
    """Nobody takes a store that is just being made for another program's database."""
    count = iter(range(1000))
    connect = sqlite3.connect

    class Raced(sqlite3.Connection):
        def execute(self, sql, *values):
            if next(count) == moment:
                with monkeypatch.context() as other, suppress(StoreError):
                    other.setattr(connections.sqlite3, "connect", connect)
                    SqliteEventStore(path, timeout_seconds=0).close()
            return super().execute(sql, *values)

    monkeypatch.setattr(connections.sqlite3, "connect", partial(connect, factory=Raced))
    with SqliteEventStore(path, timeout_seconds=1) as store:
        assert store.append([went(1)]) == 1
    assert next(count) > 14


def test_a_full_disk_loses_nothing(path):
    with SqliteEventStore(path) as store:
        store.append([went(1)])
        pages = raw(path, ("PRAGMA page_count",))[0][0]
        store._file._writer._raw.execute(f"PRAGMA max_page_count = {pages + 2}")
        many = [went(i, source="x" * 1000) for i in range(2, 200)]
        assert "disk is full" in refused(lambda: store.append(many))
        assert [e.id for e in store.events("p1")] == ["p1-1"]
        store._file._writer._raw.execute("PRAGMA max_page_count = 100000")
        assert store.append(many) == 198


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no users on this system")
def test_a_folder_that_can_only_be_read_is_reported_of():
    """Root may write anywhere, and so becomes somebody else, who may not see pytest's folders."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        tell_of_what_can_only_be_read(Path(place) / "folder")


def tell_of_what_can_only_be_read(folder):
    folder.mkdir()
    with SqliteEventStore(folder / "there.db") as store:
        store.append([went(1)])
    program = (
        "import os, sys\n"
        "from mshg.errors import StoreError\n"
        "from mshg.store import SqliteEventStore\n"
        "try:\n"
        "    if os.geteuid() == 0: os.setuid(65534)\n"
        "    os.stat(sys.argv[1] + '/there.db')\n"
        "except OSError: sys.exit(77)\n"
        "for name in ('new.db', 'there.db'):\n"
        "    try: store = SqliteEventStore(os.path.join(sys.argv[1], name))\n"
        "    except StoreError as error: print(error)\n"
        "try: store.append([])\n"
        "except StoreError as error: print(store.people(), error)\n"
    )
    (folder / "there.db").chmod(0o444)
    folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=False
    )
    folder.chmod(0o755)
    if done.returncode == 77:
        pytest.skip("root can't become somebody else here, or nobody else may look into TMPDIR")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "the file can't be made: Permission denied",
        "('p1',) the file or its folder can't be written; nothing of this call was stored",
    ]


# Files that are none of ours, or not any more.


@pytest.mark.parametrize("left", [0.9, 0.5, 0.1])
def test_a_file_that_was_cut_short_is_refused(path, left):
    with SqliteEventStore(path) as store:
        store.append(went(i, source="x" * 500) for i in range(200))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * left)])
    assert "damaged or cut short" in refused(lambda: SqliteEventStore(path))
    assert path.read_bytes() == whole[: int(len(whole) * left)]


def test_a_file_of_something_else_is_refused_and_left_alone(path):
    path.write_bytes(b"\x89PNG" * 1000)
    assert "no SQLite database" in refused(lambda: SqliteEventStore(path))
    assert path.read_bytes() == b"\x89PNG" * 1000
    path.unlink()
    raw(path, ("CREATE TABLE visits (who TEXT)",))
    before = path.read_bytes()
    assert "another program's" in refused(lambda: SqliteEventStore(path))
    assert path.read_bytes() == before
    path.unlink()
    raw(path, ("PRAGMA application_id = 7",))
    assert "another program's" in refused(lambda: SqliteEventStore(path))


def test_a_newer_file_is_refused(path):
    SqliteEventStore(path).close()
    raw(path, (f"PRAGMA user_version = {schemas.VERSION + 1}",))
    assert "newer version" in refused(lambda: SqliteEventStore(path))


@pytest.mark.parametrize("version", range(1, schemas.VERSION))
def test_a_file_of_an_earlier_version_is_refused_and_left_alone(path, version):
    """Nothing was released with one: its lines are taken in instead."""
    raw(path, (f"PRAGMA user_version = {version}",))
    raw(path, (f"PRAGMA application_id = {schemas.APPLICATION_ID}",))
    before = path.read_bytes()
    assert "import the lines" in refused(lambda: SqliteEventStore(path))
    assert path.read_bytes() == before


def test_an_empty_database_becomes_a_store(path):
    raw(path, ("VACUUM",))
    with SqliteEventStore(path) as store:
        assert store.append([went(1)]) == 1


def test_places_that_are_no_files(tmp_path):
    assert "can't be opened" in refused(lambda: SqliteEventStore(tmp_path))
    assert "No such file" in refused(lambda: SqliteEventStore(tmp_path / "no" / "x.db"))
    assert "not a path" in refused(lambda: SqliteEventStore("\0"))
    assert "can't be opened" in refused(lambda: SqliteEventStore(""))
    assert refused(lambda: SqliteEventStore(":memory:", timeout_seconds=-1), ValidationError)


def test_files_are_readable_by_their_owner_only(path, tmp_path):
    with SqliteEventStore(path) as store:
        store.append([went(1)])
        store.export_jsonl(tmp_path / "out.jsonl")
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
        assert len(list(tmp_path.iterdir())) == 4
        (tmp_path / "out.jsonl").chmod(0o644)
        store.export_jsonl(tmp_path / "out.jsonl")
        assert stat.S_IMODE((tmp_path / "out.jsonl").stat().st_mode) == 0o600


def test_a_link_to_a_file_that_is_not_there_yet_makes_it_for_its_owner_only(tmp_path):
    (tmp_path / "link.db").symlink_to(tmp_path / "target.db")
    SqliteEventStore(tmp_path / "link.db").close()
    assert stat.S_IMODE((tmp_path / "target.db").stat().st_mode) == 0o600


def test_a_closed_store_and_one_of_another_process_are_refused(path, monkeypatch):
    store = SqliteEventStore(path)
    store.close()
    store.close()
    assert refused(store.people) == "the store is closed"
    store = SqliteEventStore(path)
    with monkeypatch.context() as there:
        there.setattr(files.os, "getpid", lambda: -1)
        assert "another process" in refused(store.people)
        store.close()
    assert store.people() == ()
    store.close()


def test_a_store_in_memory_is_gone_with_the_object():
    store = SqliteEventStore(":memory:")
    connection = store._file._writer._raw
    del store
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_what_sqlite_says_otherwise_is_reported_by_its_name(path):
    with SqliteEventStore(path) as store:
        raw(path, ("DROP TABLE states",))
        assert refused(lambda: store.state("p1")) == "SQLite refuses: SQLITE_ERROR"


def test_a_write_within_a_read_of_the_same_thread(path):
    """In memory there is one connection; a file has one for each that reads."""
    with SqliteEventStore(":memory:") as store:
        with store._file.reading():
            assert refused(lambda: store.append([went(1)])).startswith("SQLite refuses")
        assert store.append([went(1)]) == 1
    with SqliteEventStore(path) as store, store._file.reading():
        assert store.append([went(1)]) == 1


@pytest.mark.parametrize(
    "call", [SqliteEventStore.people, partial(SqliteEventStore.append, events=[went(1)])]
)
def test_an_interrupt_while_a_call_begins_does_not_hold_the_file(path, monkeypatch, call):
    """Whoever presses Ctrl-C, or ends a task that takes too long, may go on with the store."""

    class Interrupted(sqlite3.Connection):
        def execute(self, statement, *parameters):
            found = super().execute(statement, *parameters)
            if statement.startswith("BEGIN") and is_interrupted:
                raise KeyboardInterrupt
            return found

    is_interrupted = False
    connect = sqlite3.connect
    monkeypatch.setattr(connections.sqlite3, "connect", partial(connect, factory=Interrupted))
    with SqliteEventStore(path) as store:
        is_interrupted = True
        with pytest.raises(KeyboardInterrupt):
            call(store)
        is_interrupted = False
        with closing(connect(path, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE").connection.rollback()
        assert store.append([went(1)]) == 1


def test_an_error_holds_no_persons_data(path):
    with SqliteEventStore(path) as store:
        store.append([went(1, CANARY)])
        other = Attended(id=f"{CANARY}-1", at=AT, person_id=CANARY, group="na")
        for call in (
            lambda: store.append([other]),
            lambda: store.append([CANARY]),
            lambda: store.import_jsonl(io.StringIO(f'"{CANARY}"\n{{"id": "{CANARY}"}}')),
            lambda: store.events(CANARY, since=AT.replace(tzinfo=None)),
        ):
            assert CANARY not in refused(call, MshgError)
        assert CANARY not in repr(store)


# Looking after it.


def test_verify_finds_what_was_tampered_with(path, monkeypatch):
    monkeypatch.setattr(sqlite, "_KEPT_AFTER", 1)
    with SqliteEventStore(path) as store:
        store.append([went(1), went(2), went(3), Retracted(id="r", at=AT, event_id="p1-3")])
        store.append([went(1, "p2")])
        store.state("p1")
        assert store.verify() == ()
    raw(path, ("UPDATE states SET document = ?", (codec.dumps(PersonState(participation=WENT)),)))
    with SqliteEventStore(path) as store:
        assert [p[:3] for p in store.verify()] == [
            ("$.states[0]", "is not what the events come to", "conflict")
        ]
    raw(
        path,
        ("UPDATE events SET document = '{}' WHERE seq = 1",),
        ("UPDATE events SET at_us = 0 WHERE seq = 2",),
        ("UPDATE events SET id = x'00' WHERE seq = 3",),
    )
    with SqliteEventStore(path) as store:
        assert [p.path for p in store.verify()] == [f"$.events[{seq}]" for seq in (1, 2, 3)]
        assert store.events("p2") == (went(1, "p2"),)
        assert "$.events" in refused(lambda: store.events("p1"))


@pytest.mark.parametrize(
    ("statement", "place", "calls"),
    [
        ("DELETE FROM events WHERE seq = 2", "$.people[0]", "events state export"),
        (
            "UPDATE people SET count = 7 WHERE person_id = 'p1'",
            "$.people[0]",
            "events state people",
        ),
        (
            "UPDATE people SET digest = 7 WHERE person_id = 'p1'",
            "$.people[0]",
            "events state people",
        ),
        (
            "UPDATE people SET person_id = 'p3' WHERE person_id = 'p1'",
            "$.people[1]",
            "events state people",
        ),
        ("UPDATE people SET mark = x'00' WHERE person_id = 'p1'", "$.people[0]", "people"),
        ("DELETE FROM people WHERE person_id = 'p1'", "$.people", "events state people"),
        ("UPDATE whole SET digest = 1", "$.events", "people export"),
    ],
)
def test_what_is_missing_is_found_wherever_it_is_asked_for(path, statement, place, calls):
    with SqliteEventStore(path) as store:
        store.append([went(1), went(2), went(1, "p2")])
    raw(path, (statement,))
    with SqliteEventStore(path) as store:
        assert [p.path for p in store.verify()] == [place]
        asked = {
            "events": lambda: store.events("p1"),
            "state": lambda: store.state("p1"),
            "people": store.people,
            "export": lambda: store.export_jsonl(io.StringIO()),
        }
        for name, call in asked.items():
            if name in calls:
                assert "damaged" in refused(call)
            else:
                call()
        assert store.events("p2") == (went(1, "p2"),)


def test_a_kept_state_that_is_damaged_is_found_and_made_again(path, monkeypatch):
    monkeypatch.setattr(sqlite, "_KEPT_AFTER", 1)
    with SqliteEventStore(path) as store:
        store.append([went(1)])
        store.state("p1")
        raw(path, ("UPDATE states SET document = 'cut sho'",))
        assert [p[:3] for p in store.verify()] == [
            ("$.states[0]", "is not what the events come to", "conflict")
        ]
        assert store.state("p1").participation.attended == 1
        assert store.verify() == ()


def test_a_damaged_event_is_reported_as_such(path):
    with SqliteEventStore(path) as store:
        store.append([went(1)])
        raw(path, ("UPDATE events SET document = 'p1 and more'",))
        for call in (
            lambda: store.events("p1"),
            lambda: store.state("p1"),
            lambda: store.append([went(1)]),
            lambda: store.erase("more"),
        ):
            assert "damaged" in refused(call)
        assert [p.path for p in store.verify()] == ["$.events[1]"]


def test_an_id_that_can_be_nobodys_is_refused(path):
    with SqliteEventStore(path) as store:
        for person_id in ("\ud800", 5, object(), " "):
            assert "$.person_id" in refused(lambda p=person_id: store.events(p), ValidationError)
            assert "$.person_id" in refused(lambda p=person_id: store.state(p), ValidationError)
        assert "$.person_id" in refused(lambda: store.state(None), ValidationError)


def test_verify_finds_a_damaged_page(path):
    """Whatever page is damaged, and whether SQLite can go on or not."""
    with SqliteEventStore(path) as store:
        store.append(went(i, source="x" * 500) for i in range(100))
    whole = path.read_bytes()
    damaged = 0
    for start in range(4096, len(whole), 4096):
        path.write_bytes(whole[: start + 100] + b"\x17" * 3996 + whole[start + 4096 :])
        with SqliteEventStore(path) as store:
            damaged += [p.path for p in store.verify()][:1] == ["$"]
    assert damaged > 20
    store.close()
    assert refused(store.verify) == "the store is closed"


def test_lines_out_and_in_again(path, tmp_path):
    history = [
        went(2),
        went(1),
        Retracted(id="r", at=AT, event_id="p1-1"),
        ProviderActivity(id="v", at=AT, provider_id="v1", activity="contact_made"),
    ]
    with SqliteEventStore(path) as store, SqliteEventStore(":memory:") as other:
        store.append(history)
        out = tmp_path / "out.jsonl"
        assert store.export_jsonl(out) == 4
        assert [codec.loads(line) for line in out.read_text().splitlines()] == history
        assert other.import_jsonl(out) == 4
        assert other.import_jsonl(io.StringIO(out.read_text() + "\n \n")) == 0
        stream = io.StringIO()
        other.export_jsonl(stream)
        assert stream.getvalue() == out.read_text()
        assert other.state("p1") == store.state("p1")


def test_a_store_is_not_written_over_by_its_own_lines(path):
    with SqliteEventStore(path) as store:
        store.append([went(1)])
    with SqliteEventStore(path) as store:
        assert "own file" in refused(lambda: store.export_jsonl(path))
        assert len(store.events("p1")) == 1


def test_a_store_knows_its_own_file_from_everywhere(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with SqliteEventStore(path.name) as store:
        (tmp_path / "folder").mkdir()
        monkeypatch.chdir(tmp_path / "folder")
        assert "own file" in refused(lambda: store.export_jsonl(path))


def test_any_text_stream_will_do():
    with SqliteEventStore(":memory:") as store, tempfile.NamedTemporaryFile("w+") as file:
        store.append([went(1)])
        assert store.export_jsonl(file) == 1
        file.seek(0)
        assert store.import_jsonl(file) == 0


def test_an_export_that_fails_leaves_the_older_one(path, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("older")
    with SqliteEventStore(path) as store:
        store.append([went(1)])
        with pytest.raises(RuntimeError), store._lines(out, "w") as stream:
            stream.write("half")
            raise RuntimeError
        assert out.read_text() == "older"
        assert not list(tmp_path.glob("*.part"))
        assert store.export_jsonl(out) == 1
    assert codec.loads(out.read_text()) == went(1)


def test_two_exports_at_once_are_both_whole(path, tmp_path):
    out = tmp_path / "out.jsonl"
    with SqliteEventStore(path) as store:
        store.append([went(1)])
        with store._lines(out, "w") as stream:
            stream.write("half")
            stream.flush()
            assert store.export_jsonl(out) == 1
            assert codec.loads(out.read_text()) == went(1)
        assert out.read_text() == "half"


def test_many_lines_are_taken_in_by_portions(monkeypatch):
    monkeypatch.setattr(sqlite, "_CHUNK", 3)
    lines = "".join(codec.dumps(went(i)) + "\n" for i in range(10))
    with SqliteEventStore(":memory:") as store:
        assert store.import_jsonl(io.StringIO(lines)) == 10
        bad = lines + lines + "{}\n"
        assert refused(lambda: store.import_jsonl(io.StringIO(bad)), ValidationError)


def test_lines_that_are_wrong_are_all_reported_and_none_is_stored(tmp_path):
    late = {**codec.to_dict(went(3)), "rating": 11}
    lines = [codec.dumps(went(1)), "", "{", codec._JSON.encode(late), codec.dumps(PersonState())]
    with SqliteEventStore(":memory:") as store:
        with pytest.raises(ValidationError) as caught:
            store.import_jsonl(io.StringIO("\n".join(lines)))
        assert [p.path for p in caught.value.problems] == [
            "$.lines[3]",
            "$.lines[4].rating",
            "$.lines[5]",
        ]
        assert store.people() == ()
        store.append([went(1)])
        other = codec.dumps(went(1, rating=3))
        with pytest.raises(StoreConflictError) as caught:
            store.import_jsonl(io.StringIO(f"\n{codec.dumps(went(2))}\n{other}\n"))
        assert [p.path for p in caught.value.problems] == ["$.lines[3].id"]
        assert [e.id for e in store.events("p1")] == ["p1-1"]
        assert "can't be read" in refused(lambda: store.import_jsonl(tmp_path / "no.jsonl"))
        (tmp_path / "latin").write_bytes(b"\xe9")
        assert "UTF-8" in refused(lambda: store.import_jsonl(tmp_path / "latin"))
        assert "can't be" in refused(lambda: store.export_jsonl(tmp_path))
        assert "pathlib" in refused(lambda: store.export_jsonl(str(tmp_path / "out.jsonl")))
        assert "pathlib" in refused(lambda: store.import_jsonl(str(tmp_path / "latin")))
        assert "UTF-8" in refused(lambda: store.import_jsonl(b"\xe9"))
        assert store.import_jsonl(codec.dumps(went(1)) + "\n") == 0
        latin = io.TextIOWrapper(io.BytesIO(b"\xe9"), encoding="utf-8")
        assert "UTF-8" in refused(lambda: store.import_jsonl(latin))
        many = io.StringIO("{}\n" * 5000)
        with pytest.raises(ValidationError) as caught:
            store.import_jsonl(many)
        assert 1000 <= len(caught.value.problems) < 1010


def test_ids_are_bound_and_never_part_of_a_query():
    name = "'; DROP TABLE events; --"
    with SqliteEventStore(":memory:") as store:
        store.append([went(1, name)])
        assert store.people() == (name,)
        assert store.erase(name) == 1
        assert store.people() == ()


# Readers, and errors that hold nothing.


def test_a_long_read_stops_nobody(path):
    """While one thread exports or verifies, others append, read and look at states."""
    with SqliteEventStore(path, timeout_seconds=0.3) as store:
        store.append([went(1), went(2)])

        class Slow(io.StringIO):
            def write(self, line):
                if not done:
                    worker = threading.Thread(target=work)
                    worker.start()
                    worker.join()
                return super().write(line)

        def work():
            done.append(store.append([went(3)]))
            done.append(len(store.events("p1")))
            done.append(store.state("p1").participation.attended)
            done.append(store.people())

        done = []
        lines = Slow()
        assert store.export_jsonl(lines) == 2  # what there was when it began
        assert done == [1, 3, 3, ("p1",)]
        assert store.verify() == ()


def test_connections_of_readers_are_used_again(path):
    with SqliteEventStore(path) as store:
        store.append([went(1)])
        with contextlib.ExitStack() as readers:
            for _ in range(12):
                readers.enter_context(store._file.reading())
        assert len(store._file._idle) == 8
        first = store._file._idle[-1]
        with store._file.reading() as connection:
            assert connection is first
    assert store._file._idle == []


def test_a_read_that_ends_after_the_store_was_closed_closes_its_connection(path):
    store = SqliteEventStore(path)
    with store._file.reading() as connection:
        store.close()
        assert refused(store.people) == "the store is closed"
    assert store._file._idle == []
    with pytest.raises(connections.Refused):
        connection.rows("SELECT 1")


def test_errors_have_nothing_behind_them(path, tmp_path):
    """Neither what SQLite or Python said, nor the frames in which a person's data stood."""
    (tmp_path / "latin").write_bytes(CANARY.encode() + b"\xe9")
    with SqliteEventStore(path) as store:
        store.append([went(1, CANARY, source=CANARY), went(2)])
        document = codec.dumps(went(1, CANARY, source=CANARY)).encode().replace(b"canary", b"c\xff")
        raw(path, ("UPDATE events SET document = CAST(? AS TEXT) WHERE seq = 1", (document,)))
        for call in (
            lambda: store.import_jsonl(tmp_path / "latin"),
            lambda: store.events(CANARY),
            lambda: store.state(CANARY),
            lambda: store.append([went(1, CANARY)]),
            lambda: store.append([CANARY]),
            lambda: store.export_jsonl(io.StringIO()),
            lambda: store.erase("7319"),
            lambda: SqliteEventStore(tmp_path / CANARY / "x.db"),
        ):
            with pytest.raises(MshgError) as caught:
                call()
            error = caught.value
            assert error.__context__ is None
            assert error.__cause__ is None
            assert not hasattr(error, "__notes__")
            inner = [frame.frame for frame in caught.traceback if "mshg/store" in str(frame.path)]
            assert [frame.code.name for frame in inner] == ["call"]
            assert CANARY not in f"{[frame.f_locals for frame in inner]} {vars(error)}"
        assert store.events("p1") == (went(2),)
        assert [p.path for p in store.verify()] == ["$.events[1]"]


def test_what_can_be_read_is_copied_and_the_rest_is_listed(path, tmp_path):
    with SqliteEventStore(path) as store:
        store.append([went(i, person) for i in range(50) for person in ("p1", "p2", "p3")])
        raw(
            path,
            ("UPDATE events SET at_us = 5 WHERE id = 'p1-7'",),
            ("UPDATE events SET document = x'ff' WHERE id = 'p2-9'",),
            ("DELETE FROM events WHERE id = 'p2-30'",),
        )
        report = store.salvage(tmp_path / "copy.db")
        assert (report.events, report.lost) == (147, ("p1-7", "p2-9"))
        assert (report.lost_without_id, report.people) == (1, ("p1", "p2"))
        assert not report.is_whole
        assert repr(report) == "SalvageReport(147 events copied, 3 lost, 2 people affected)"
        assert "already" in refused(lambda: store.salvage(tmp_path / "copy.db"))
        with SqliteEventStore(tmp_path / "copy.db") as copy:
            assert copy.verify() == ()
            assert copy.events("p3") == store.events("p3")
            assert len(copy.events("p1")) == 49
            assert copy.append([went(7)]) == 1
            assert copy.salvage(tmp_path / "again.db").is_whole
        assert "salvage" in refused(lambda: store.erase("p1-"))


def test_what_was_to_be_erased_is_erased_in_the_copy(path, tmp_path):
    with SqliteEventStore(path) as store:
        store.append([went(1), went(1, CANARY)])
        with store._file.writing() as connection:
            queries.note(connection, "erasing", CANARY)
        store.salvage(tmp_path / "copy.db")
    with SqliteEventStore(tmp_path / "copy.db") as copy:
        assert copy.people() == ("p1",)
    assert CANARY.encode() not in (tmp_path / "copy.db").read_bytes()


def test_an_emptied_file_is_refused(path):
    SqliteEventStore(path).close()
    path.write_bytes(b"")
    assert "is empty" in refused(lambda: SqliteEventStore(path))
    assert path.read_bytes() == b""


def test_an_erasure_is_noted_before_it_is_begun(path, monkeypatch):
    """Whatever stops it from its first step on, the next to open the file does it all."""

    class Stopped(BaseException):
        pass

    def stop(*_):
        raise Stopped

    with SqliteEventStore(path) as store:
        store.append([went(1), went(1, CANARY)])
        with monkeypatch.context() as there:
            there.setattr(sqlite, "erase", stop)
            with pytest.raises(Stopped):
                store.erase(CANARY)
    with SqliteEventStore(path) as store:
        assert store.people() == ("p1",)
    assert CANARY.encode() not in bytes_beside(path)


def test_an_erasure_that_was_begun_is_finished_before_anything_is_answered(path):
    with SqliteEventStore(path) as store:
        store.append([went(1), went(1, CANARY)])
        with store._file.writing() as connection:
            queries.note(connection, "erasing", CANARY)
        assert CANARY in store.people()
    with SqliteEventStore(path) as store:
        assert store.people() == ("p1",)
    assert CANARY.encode() not in bytes_beside(path)


@pytest.mark.parametrize("table", ["erasing", "parts"])
def test_damage_erases_nobody_and_removes_nothing(path, tmp_path, monkeypatch, table):
    """A note of what was begun counts only where it is as it was written, and in its table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p1").write_text("a file of the host's")
    with SqliteEventStore(path) as store:
        store.append([went(1)])
    raw(path, (f"INSERT INTO {table} SELECT person_id, mark FROM people",))  # noqa: S608
    with SqliteEventStore(path) as store:
        assert "salvage" in refused(lambda: store.events("p1"))
        assert store.salvage(tmp_path / "copy.db").events == 1
    with SqliteEventStore(tmp_path / "copy.db") as copy:
        assert copy.events("p1") == (went(1),)
    assert (tmp_path / "p1").exists()


def test_an_export_that_was_killed_is_removed_once_its_writer_is_gone(path, tmp_path):
    with SqliteEventStore(path) as store:
        store.append([went(1, CANARY)])
        with store._lines(tmp_path / "out.jsonl", "w") as stream:
            stream.write(CANARY)
            stream.flush()
            (part,) = tmp_path.glob("*.part")
            SqliteEventStore(path).close()
            store.erase(CANARY)
            assert part.exists()  # its writer is alive
        part.write_text(CANARY)
    SqliteEventStore(path).close()
    assert not part.exists()
    assert raw(path, ("SELECT count(*) FROM parts",)) == [(0,)]


def test_the_same_events_come_again_after_an_erasure_whatever_retracts_what():
    """Retractions across people, in each order, before and after each erasure."""
    events = [
        went(1),
        Retracted(id="r1", at=AT, event_id="p1-1"),
        Retracted(id="r2", at=AT, event_id="r1", person_id="p2"),
        Retracted(id="r3", at=AT, event_id="p1-1", person_id="p3"),
    ]
    for order in itertools.permutations(events):
        for erased in ("p1", "p2", "p3"):
            with SqliteEventStore(":memory:") as store:
                for event in order:
                    store.append([event])
                assert store.state("p1").participation.attended == 0  # r2 is a stranger's
                store.erase(erased)
                store.append(order)
                assert store.state("p1").participation.attended == 0
                assert store.people() == ("p1", "p2", "p3")
                assert store.verify() == ()
    assert effective_events(events) == ()


def test_many_make_one_file_at_once(tmp_path):
    """Whoever makes a store while others do finds theirs, and nothing is left over."""
    for i in range(20):
        path, barrier = tmp_path / str(i) / "events.db", threading.Barrier(8)
        path.parent.mkdir()

        def open_one(path=path, barrier=barrier):
            barrier.wait(timeout=PATIENT)
            SqliteEventStore(path, timeout_seconds=PATIENT).close()

        with ThreadPoolExecutor(8) as pool:
            for opened in [pool.submit(open_one) for _ in range(8)]:
                opened.result()
        assert [left.name for left in path.parent.iterdir() if left.suffix == ".new"] == []
