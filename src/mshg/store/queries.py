"""What is asked of the tables."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeAlias

from mshg import codec
from mshg.errors import Problem, StoreConflictError, StoreError, ValidationError
from mshg.events import METHOD_VERSION, Event, PersonState, Retracted
from mshg.events.replays import retracted
from mshg.store.checksums import XOR_IN_SQL, checksum, mark
from mshg.store.connections import DAMAGED, Connection, Refused
from mshg.store.erasure import is_same_record
from mshg.store.rows import COLUMNS, Row, Stored, decoded, event_of, numbered

Place: TypeAlias = Callable[[int], str]
"""From a row's ordinal to the path that tells the host which one it is."""

_AT_ONCE = 1_000
_INCOMPLETE = (
    "the file is damaged: {} are not all there, or not as they were written. Take it from a"
    " backup, or copy what can be read with salvage"
)
_ENTRY = (
    "INSERT INTO people VALUES (?1, ?2, ?3, ?4) ON CONFLICT (person_id) DO UPDATE SET"
    f" count = count + ?3, digest = {XOR_IN_SQL.format('digest', '?4')}"
)
_WHOLE = f"UPDATE whole SET count = count + ?1, digest = {XOR_IN_SQL.format('digest', '?2')}"


class Ledger:
    """What a call changes of the count and the digest of each person's events."""

    def __init__(self) -> None:
        self._changes: dict[str, tuple[int, int]] = {}

    def change(self, person_id: str | None, count: int, digest: int) -> None:
        """So many events more, or fewer, and their checksums."""
        known_count, known_digest = self._changes.get(person_id or "", (0, 0))
        self._changes[person_id or ""] = known_count + count, known_digest ^ digest

    def accounts(self) -> dict[str, tuple[int, int]]:
        """The count and the digest of each."""
        return dict(self._changes)

    def total(self) -> tuple[int, int]:
        """Those of all together."""
        count = digest = 0
        for own_count, own_digest in self._changes.values():
            count += own_count
            digest ^= own_digest
        return count, digest

    def settle(self, connection: Connection) -> None:
        """Write it down."""
        entries = [
            (person, mark(person.encode()), count, digest)
            for person, (count, digest) in self._changes.items()
        ]
        connection.run_many(_ENTRY, entries)
        connection.run_many(
            "DELETE FROM people WHERE person_id = ? AND count = 0 AND digest = 0",
            [(person,) for person, _, count, _ in entries if count < 0],
        )
        connection.run(_WHOLE, self.total())


def insert(connection: Connection, rows: Sequence[Row], place: Place) -> int:
    """Add the rows that are new, and count them.

    Raises
    ------
    StoreConflictError
        Rows whose id another event has.
    """
    newest = connection.rows("SELECT max(seq) FROM events")[0][0] or 0
    new = [numbered(seq, row) for seq, row in enumerate(rows, newest + 1)]
    added = connection.run_many(
        f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        new,
    )
    if added < len(rows):
        there = {
            seq for (seq,) in connection.rows("SELECT seq FROM events WHERE seq > ?", (newest,))
        }
        problems = _others(
            connection, [(i, rows[i]) for i, row in enumerate(new) if row[0] not in there], place
        )
        if problems:
            raise StoreConflictError(problems)
        new = [row for row in new if row[0] in there]
    ledger = Ledger()
    for row in new:
        ledger.change(row[2], 1, row[5])
    ledger.settle(connection)
    _give_retractions_their_person(connection)
    return added


def _others(connection: Connection, rows: Iterable[tuple[int, Row]], place: Place) -> list[Problem]:
    """The events whose id another event has."""
    problems = []
    for i, (event_id, _, _, _, sent) in rows:
        query = f"SELECT {COLUMNS} FROM events WHERE id = ?"
        found = [Stored(*row) for row in connection.rows(query, (event_id,))]
        if not found:
            raise StoreError(_INCOMPLETE.format("the events"))
        kept = found[0].event()
        if found[0].document != sent.encode() and not is_same_record(kept, event_of(sent)):
            problems.append(Problem(f"{place(i)}.id", "is that of another event", code="repeated"))
    return problems


def _give_retractions_their_person(connection: Connection) -> None:
    """A retraction that names nobody is about whom its event is about, once that is known."""
    query = (
        "SELECT gone.seq, gone.id, gone.person_id, gone.target, gone.at_us, gone.checksum,"
        " gone.document, kept.person_id FROM events AS gone JOIN events AS kept"
        " ON kept.id = gone.target WHERE gone.person_id IS NULL AND gone.target NOT NULL"
        " AND kept.person_id NOT NULL"
    )
    while found := connection.rows(query):  # then a retraction of a retraction has its person
        ledger = Ledger()
        for *row, person in found:
            stored = Stored(*row)
            stored.event()  # it is sound
            _write(connection, ledger, stored, stored.document.decode(), person.decode())
        ledger.settle(connection)


def _write(
    connection: Connection, ledger: Ledger, stored: Stored, document: str, person_id: str | None
) -> None:
    """Write a row that is there already, with another document or person."""
    old = decoded(stored.person_id)
    target = decoded(stored.target)
    row = (stored.id.decode(), person_id, target, stored.at_us, document)
    new = numbered(stored.seq, row)[5]
    connection.run(
        "UPDATE events SET person_id = ?, checksum = ?, document = ? WHERE seq = ?",
        (person_id, new, document, stored.seq),
    )
    ledger.change(old, -1, stored.checksum)
    ledger.change(person_id, 1, new)
    connection.run_many("DELETE FROM states WHERE person_id = ?", [(old,), (person_id,)])


def rewrite_row(connection: Connection, ledger: Ledger, stored: Stored, event: Event) -> None:
    """Write an event in place of what is there of it."""
    person_id = decoded(stored.person_id)
    _write(connection, ledger, stored, codec.dumps(event), person_id)


def delete_row(connection: Connection, ledger: Ledger, stored: Stored) -> None:
    """Remove an event."""
    connection.run("DELETE FROM events WHERE seq = ?", (stored.seq,))
    ledger.change(decoded(stored.person_id), -1, stored.checksum)


def account_of(connection: Connection, person_id: str | None) -> tuple[int, int]:
    """How many events a person has, and the digest of them."""
    query = "SELECT count, digest FROM people WHERE person_id = ?"
    found = connection.rows(query, (person_id or "",))
    return found[0] if found else (0, 0)


def history(connection: Connection, person_id: str | None) -> list[Stored]:
    """All rows of a person, by moment and id, each as it was written and none missing.

    Raises
    ------
    StoreError
        The file is damaged.
    """
    query = f"SELECT {COLUMNS} FROM events WHERE person_id IS ? ORDER BY at_us, id"
    asked = None if person_id is None else person_id.encode()
    rows = [
        Stored(seq, event_id, asked, *others)
        for seq, event_id, _, *others in connection.rows(query, (person_id,))
    ]
    _check(rows, account_of(connection, person_id))
    return rows


def _check(rows: Sequence[Stored], account: tuple[int, int]) -> None:
    for row in rows:
        if not row.is_sound:
            row.event()
    if account_for(rows) != account or len({row.id for row in rows}) != len(rows):
        raise StoreError(_INCOMPLETE.format("the events of this person"))


def account_for(rows: Iterable[Stored]) -> tuple[int, int]:
    """The count and the digest that rows come to."""
    count = digest = 0
    for row in rows:
        count += 1
        digest ^= row.checksum
    return count, digest


def whole(connection: Connection) -> tuple[int, int]:
    """The count and the digest of all events that were written."""
    found = connection.rows("SELECT count, digest FROM whole")
    if len(found) != 1:
        raise StoreError(_INCOMPLETE.format("the totals"))
    count, digest = found[0]
    return count, digest


def people_of(connection: Connection) -> list[str]:
    """Ids of all people, sorted.

    Raises
    ------
    StoreError
        The file is damaged.
    """
    found: list[str] = []
    count = digest = 0
    for person, given_row, own_count, own_digest in connection.each(
        "SELECT person_id, mark, count, digest FROM people ORDER BY person_id"
    ):
        try:
            is_sound = mark(person) == given_row
            count += own_count
            digest ^= own_digest
        except TypeError:
            is_sound = False
        if not is_sound:
            raise StoreError(_INCOMPLETE.format(f"the entries of people ($.people[{len(found)}])"))
        found.append(person.decode())
    if (count, digest) != whole(connection) or sorted(set(found)) != found:
        raise StoreError(_INCOMPLETE.format("the entries of people ($.people)"))
    return [person for person in found if person]


def scan(connection: Connection) -> Iterator[Stored]:
    """All rows in the order of recording, read without an index, sound or not.

    What is changed on the way does not disturb it.
    """
    last = -(2**63)
    while True:
        rows = connection.rows(
            f"SELECT {COLUMNS} FROM events NOT INDEXED WHERE seq > ? ORDER BY seq LIMIT ?",
            (last, _AT_ONCE),
        )
        yield from (Stored(*row) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1][0]


def check_whole(connection: Connection, rows: Iterable[Stored]) -> Iterator[Stored]:
    """Hand the rows on, all of them as they were written, or refuse at the first that is not.

    Raises
    ------
    StoreError
        The file is damaged.
    """
    count = digest = 0
    for row in rows:
        row.is_sound or row.event()
        count += 1
        digest ^= row.checksum
        yield row
    if (count, digest) != whole(connection):
        raise StoreError(_INCOMPLETE.format("the events"))


# What was begun: a note of it is followed only where it is as it was written.


def note(connection: Connection, table: str, content: bytes | str) -> None:
    """Note whose erasure is begun, or where an export is."""
    given_row = content.encode() if isinstance(content, str) else content
    statement = f"INSERT OR IGNORE INTO {table} VALUES (?, ?)"
    connection.run(statement, (content, checksum(b"%b\0%b" % (table.encode(), given_row))))


def noted(connection: Connection, table: str) -> list[bytes]:
    """What was noted there.

    Raises
    ------
    Refused
        It is damaged.
    """
    found = []
    for content, given_row in connection.rows(f"SELECT * FROM {table}"):
        if not isinstance(content, bytes) or given_row != checksum(
            b"%b\0%b" % (table.encode(), content)
        ):
            raise Refused(DAMAGED)
        found.append(content)
    return found


# States that are kept.


def kept_state(
    connection: Connection, person_id: str
) -> tuple[PersonState | None, int, tuple[int, int]]:
    """The state that is kept, the last event that it has taken in, and the account of those."""
    query = (
        "SELECT document, seq, count, digest, checksum FROM states"
        " WHERE person_id = ? AND version = ?"
    )
    for document, seq, count, digest, given_row in connection.rows(
        query, (person_id, METHOD_VERSION)
    ):
        # What is damaged is made again of the events.
        with suppress(ValidationError, TypeError):
            if checksum(_content(person_id, seq, count, digest, document)) == given_row:
                return codec.loads(document, PersonState), seq, (count, digest)
    return None, 0, (0, 0)


def _content(person_id: str, seq: int, count: int, digest: int, document: bytes) -> bytes:
    return b"%b\0%d\0%d\0%d\0%b" % (person_id.encode(), seq, count, digest, document)


def rows_since(connection: Connection, person_id: str, seq: int) -> list[Stored]:
    """The person's rows that were recorded after that one."""
    query = f"SELECT {COLUMNS} FROM events WHERE person_id = ? AND seq > ? ORDER BY seq"
    return [
        Stored(at, event_id, person_id.encode(), *others)
        for at, event_id, _, *others in connection.rows(query, (person_id, seq))
    ]


def follow(state: PersonState, new: Iterable[Event]) -> bool:
    """Whether the new events only come after what the state has taken in."""
    return not any(
        isinstance(event, Retracted)
        or (state.last_at is not None and (event.at, event.id) <= (state.last_at, state.last_id))
        for event in new
    )


def standing(
    connection: Connection, first: int, end: int, people: Container[bytes] | None
) -> Iterator[Stored]:
    """The rows of what stands about people, from a moment on and before another; all are checked.

    Raises
    ------
    StoreError
        The file is damaged, anywhere.
    """
    query = (
        f"SELECT {COLUMNS} FROM events WHERE target NOT NULL UNION ALL SELECT {COLUMNS} FROM events"
        " WHERE target IS NULL AND id IN (SELECT target FROM events WHERE target NOT NULL)"
    )
    given_row = [Stored(*row).event() for row in connection.rows(query)]
    gone = {event_id.encode() for event_id in retracted({event.id: event for event in given_row})}
    for row in check_whole(connection, scan(connection)):
        is_asked = row.person_id is not None and (people is None or row.person_id in people)
        if is_asked and row.target is None and first <= row.at_us < end and row.id not in gone:
            yield row


def is_closed(events: Iterable[Event]) -> bool:
    """Whether every retraction's event is there, so that none waits for an event to come."""
    ids, targets = set(), set()
    for event in events:
        ids.add(event.id)
        if isinstance(event, Retracted):
            targets.add(event.event_id)
    return targets <= ids


def keep_state(
    connection: Connection,
    person_id: str,
    state: PersonState,
    seq: int,
    account: tuple[int, int],
) -> None:
    """Keep the state, unless events came or somebody was erased since it was read."""
    if account_of(connection, person_id) == account:
        document = codec.dumps(state)
        given_row = checksum(_content(person_id, seq, *account, document.encode()))
        connection.run(
            "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?, ?, ?)",
            (person_id, seq, METHOD_VERSION, *account, given_row, document),
        )


# What is wrong.


def check_row(row: Stored) -> list[Problem]:
    """What is wrong with a row; the person of a retraction may come from its event."""
    if not row.is_sound:
        return [
            Problem(
                f"$.events[{row.seq}]", "is damaged: its checksum does not match", code="damaged"
            )
        ]
    try:
        event_of(row.document.decode())
    except ValidationError as error:
        return [p._replace(path=f"$.events[{row.seq}]{p.path[1:]}") for p in error.problems]
    return []
