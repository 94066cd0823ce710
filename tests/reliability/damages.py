"""Damaged copies of a store's files, and what every call must do with them.

    python damages.py FOLDER COUNT SEED

Each call gives what was recorded, or a StoreError that holds nothing of anybody.
"""

import io
import random
import shutil
import sys
import traceback
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mshg.errors import MshgError, StoreError
from mshg.events import (
    Attended,
    CheckIn,
    GoalSet,
    PersonState,
    Retracted,
    SupporterContact,
    replay,
)
from mshg.store import SqliteEventStore

AT = datetime(2026, 1, 1, 9, tzinfo=UTC)
CANARY = "canary-7319"
PEOPLE = tuple(f"{CANARY}-{i}" for i in range(7))
BATCHES = 8


def batch_of(number):
    """Events of everybody, of several kinds and lengths."""
    for i, person in enumerate(PEOPLE):
        head = {"at": AT + timedelta(hours=number), "person_id": person}
        yield Attended(
            id=f"a{number}-{i}", group="aa", source=f"{CANARY} é{'x' * (i * 97)}", **head
        )
        yield CheckIn(id=f"c{number}-{i}", stress=i, abstinent=True, **head)
        if i % 3 == 0:
            other = PEOPLE[(i + 1) % len(PEOPLE)]
            yield SupporterContact(id=f"s{number}-{i}", supporter_id=other, **head)
            yield GoalSet(id=f"g{number}-{i}", description=f"walk with {other}", **head)
        if number % 5 == 4 and i % 2:
            yield Retracted(id=f"r{number}-{i}", at=AT, event_id=f"a{number - 1}-{i}")


class Sample:
    """The files of a store, once with all in its log and once without one."""

    def __init__(self, folder):
        self.batches = [tuple(batch_of(number)) for number in range(BATCHES)]
        self.with_log, self.without = folder / "log", folder / "plain"
        self.with_log.mkdir(), self.without.mkdir()
        with SqliteEventStore(folder / "e.db") as store:
            for number, batch in enumerate(self.batches):
                store.append(batch)
                if number == BATCHES // 2:
                    for person in PEOPLE:
                        store.state(person)
                    with store._file._turn() as connection:
                        connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            for file in folder.glob("e.db*"):
                if not file.name.endswith("-shm"):
                    shutil.copy(file, self.with_log / file.name)
        shutil.copy(folder / "e.db", self.without / "e.db")
        # What there is after so many batches: a log that is cut or lost takes the last with it.
        self.truths = [self._truth(count) for count in range(BATCHES + 1)]
        self.states = [
            {person: replay(events) for person, events in truth.items()} for truth in self.truths
        ]

    def _truth(self, count):
        with SqliteEventStore(":memory:") as store:
            for batch in self.batches[:count]:
                store.append(batch)
            return {person: store.events(person) for person in store.people()}


def damaged(sample, folder, draw):
    """A copy with damage of one kind, whose name is given, and how many batches may be missing."""
    kind = draw.choice(KINDS)
    source = sample.with_log if "log" in kind else sample.without
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(source, folder)
    file = folder / ("e.db-wal" if "log" in kind else "e.db")
    content = bytearray(file.read_bytes())
    if "bit" in kind:
        for _ in range(draw.choice((1, 1, 1, 3, 10))):
            place = draw.randrange(100 if "header" in kind else len(content))
            if "cell" in kind:  # the start of a page, where its structure stands
                place = draw.randrange(len(content) // 4096) * 4096 + draw.randrange(64)
            content[place] ^= 1 << draw.randrange(8)
    elif "page" in kind:
        place = draw.randrange(len(content) // 4096) * 4096
        fill = draw.choice((bytes(4096), draw.randbytes(4096), bytes(content[:4096])))
        content[place : place + 4096] = fill
    elif "swap" in kind:
        one, two = (draw.randrange(1, len(content) // 4096) * 4096 for _ in range(2))
        content[one : one + 4096], content[two : two + 4096] = (
            content[two : two + 4096],
            content[one : one + 4096],
        )
    elif "cut" in kind:
        del content[draw.randrange(len(content)) :]
    elif "tail" in kind:
        content += draw.randbytes(draw.randrange(1, 9000))
    elif "text" in kind:  # a letter of a document becomes another, and it still parses
        place = draw.choice([i for i in range(len(content)) if content[i : i + 5] == b"canar"])
        content[place] = draw.choice(b"bdfgh\xc3")
    file.unlink() if "gone" in kind else file.write_bytes(bytes(content))
    return kind


KINDS = (
    "bit", "bit", "bit cell", "bit cell", "bit header", "page", "swap", "cut", "tail", "text",
    "text", "log bit", "log bit", "log cut", "log gone", "log tail", "log page",
)  # fmt: skip


def may_lack(kind):
    """How many of the last batches may be missing without a word.

    SQLite can't know of a log that is cut or gone, nor tell damage of the last transaction in it
    from one that was not finished; a page takes the end of the one before with it.
    """
    if "log" not in kind or "tail" in kind:
        return 0
    return {"log bit": 1, "log page": 2}.get(kind, BATCHES)


class Wrong(AssertionError):  # noqa: N818 (it reads as what it is)
    """A call did what it must not."""


def ask(call):
    """What a call gives, or the error that it may raise, which holds nothing of anybody."""
    try:
        return call()
    except StoreError as error:
        found = error
    except MshgError as error:
        raise Wrong("another error than a StoreError") from error
    except Exception as error:
        raise Wrong("a raw error") from error
    shown = "".join(traceback.format_exception(found))
    if found.__context__ or found.__cause__ or getattr(found, "__notes__", None):
        raise Wrong("an error with something behind it")
    if CANARY in f"{found!r} {found} {found.args} {found.__dict__}":
        raise Wrong("an error that tells of somebody")
    if "/store/" in shown.replace("/store/connections.py", "").replace("/tests/", ""):
        raise Wrong("an error with frames of the store")
    return found


def read(store, person, truths, states):
    """A person's events and state: right, or refused."""
    stated = ask(lambda: store.events(person))
    state = ask(lambda: store.state(person))
    if isinstance(stated, StoreError):
        seen = Counter({"events refused": 1})
    elif any(stated == truth.get(person, ()) for truth in truths):
        seen = Counter({"events right": 1})
    else:
        raise Wrong("other events")
    if isinstance(state, StoreError):
        return seen + Counter({"state refused": 1})
    if any(state == known.get(person, PersonState()) for known in states):
        return seen + Counter({"state right": 1})
    raise Wrong("another state")


def look(sample, path, *, may_lack):
    """Ask everything of a damaged file; count what came of it."""
    seen = Counter()
    store = ask(lambda: SqliteEventStore(path, timeout_seconds=20))
    if isinstance(store, StoreError):
        return Counter(refused_to_open=1)
    with store:
        truths, states = sample.truths[-1 - may_lack :], sample.states[-1 - may_lack :]
        people = ask(store.people)
        if not isinstance(people, StoreError):
            if not any(people == tuple(sorted(truth)) for truth in truths):
                raise Wrong("other people")
            seen["people right"] += 1
        for person in PEOPLE:
            seen += read(store, person, truths, states)
        problems = ask(store.verify)
        if problems == () and seen["events refused"]:
            raise Wrong("verify finds nothing")
        seen["verified"] += problems == ()
        lines = io.StringIO()
        if not isinstance(ask(lambda: store.export_jsonl(lines)), StoreError):
            lengths = [sum(map(len, sample.batches[:count])) for count in range(BATCHES + 1)]
            if len(lines.getvalue().splitlines()) not in lengths[-1 - may_lack :]:
                raise Wrong("an export that lacks something")
        salvaged(sample, store, path.with_name("copy.db"), seen, truths)
        change(store, truths, seen)
    return seen


def salvaged(sample, store, path, seen, truths):
    report = ask(lambda: store.salvage(path))
    if isinstance(report, StoreError):
        seen["not salvaged"] += 1
        return
    all_events = {e.id: e for batch in sample.batches for e in batch}
    with SqliteEventStore(path) as copy:
        kept = [*copy.events(None), *(e for who in copy.people() for e in copy.events(who))]
        if any(all_events[event.id] != event for event in kept):
            raise Wrong("a copy that is another")
        if len(kept) != report.events or copy.verify():
            raise Wrong("a copy that is not what the report says")
        if report.log_is_damaged:
            truths = sample.truths
        for person in set(PEOPLE).difference(report.people):
            if not any(copy.events(person) == truth.get(person, ()) for truth in truths):
                raise Wrong("somebody is said to be whole")
        seen["salvaged whole"] += report.is_whole
        seen["salvaged"] += 1


def store_files(store):
    return Path(store._file.path).parent.glob("e.db*")


def change(store, truths, seen):
    """Append and erase: what is right before is right afterwards."""
    new = Attended(id="new", at=AT + timedelta(days=99), person_id=PEOPLE[0], group="aa")
    if ask(lambda: store.append([new])) == 1:
        stated = ask(lambda: store.events(PEOPLE[0]))
        if not isinstance(stated, StoreError) and not any(
            stated == (*truth.get(PEOPLE[0], ()), new) for truth in truths
        ):
            raise Wrong("other events after an append")
    gone = PEOPLE[4]
    if not isinstance(ask(lambda: store.erase(gone)), StoreError):
        stated = ask(lambda: store.events(gone))
        if not isinstance(stated, StoreError) and stated != ():
            raise Wrong("somebody who was erased is there")
        if gone.encode() in b"".join(file.read_bytes() for file in store_files(store)):
            raise Wrong("bytes of somebody who was erased are there")
        seen["erased"] += 1
    stated = ask(lambda: store.events(PEOPLE[6]))
    if not isinstance(stated, StoreError) and not any(
        stated == truth.get(PEOPLE[6], ()) for truth in truths
    ):
        raise Wrong("other events after an erasure")


def run(folder, count, seed):
    sample = Sample(folder)
    seen, by_kind = Counter(), Counter()
    for i in range(count):
        draw = random.Random(f"{seed} {i}")  # noqa: S311 (no secret)
        copy = folder / "copy"
        kind = damaged(sample, copy, draw)
        by_kind[kind] += 1
        try:
            seen += look(sample, copy / "e.db", may_lack=may_lack(kind))
        except Wrong as wrong:
            raise AssertionError(f"{kind}, seed {seed} {i}: {wrong}") from wrong
    return seen, by_kind


if __name__ == "__main__":
    print(*run(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]), sep="\n")  # noqa: T201
