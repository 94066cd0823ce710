"""What is asked of the tables."""

import json
from collections.abc import Callable, Container, Iterator, Sequence
from sqlite3 import Connection
from typing import Any, TypeAlias

from mshg import codec
from mshg.errors import Problem, StoreConflictError, StoreError, ValidationError
from mshg.events import METHOD_VERSION, Event, PersonState, Retracted
from mshg.events.replays import retracted
from mshg.store.erasure import redact_person
from mshg.store.rows import Document, Row, event_of, row_of

Place: TypeAlias = Callable[[int], str]
"""From a row's ordinal to the path that tells the host which one it is."""


def insert(connection: Connection, rows: Sequence[Row], place: Place) -> int:
    """Add the rows that are new, and count them.

    Raises
    ------
    StoreConflictError
        Rows that can't stand beside those that are there.
    """
    before = connection.total_changes
    connection.executemany(
        "INSERT INTO events (id, person_id, target, at_us, document) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        rows,
    )
    added = connection.total_changes - before
    problems = _others(connection, rows, place) if added < len(rows) else []
    problems += _strangers(connection, rows, place)
    if problems:
        raise StoreConflictError(problems)
    _give_retractions_their_person(connection)
    return added


def _others(connection: Connection, rows: Sequence[Row], place: Place) -> list[Problem]:
    """The events whose id another event has."""
    problems = []
    for i, (event_id, _, _, _, told) in enumerate(rows):
        query = "SELECT document FROM events WHERE id = ?"
        (document,) = connection.execute(query, (event_id,)).fetchone()
        if document != told and stored_event(document) != event_of(told):
            problems.append(Problem(f"{place(i)}.id", "is that of another event", code="repeated"))
    return problems


def _strangers(connection: Connection, rows: Sequence[Row], place: Place) -> list[Problem]:
    """The retractions that name another person than their event does."""
    problems = []
    for i, (_, person_id, target, _, _) in enumerate(rows):
        if target is None:
            continue
        query = "SELECT person_id FROM events WHERE id = ? AND person_id NOT NULL"
        found = connection.execute(query, (target,)).fetchone()
        if found is not None and person_id not in (None, found[0]):
            rule = "must be that of the event it retracts"
            problems.append(Problem(f"{place(i)}.person_id", rule, code="conflict"))
    return problems


def _give_retractions_their_person(connection: Connection) -> None:
    """A retraction that names nobody is about whom its event is about, once that is known."""
    query = (
        "UPDATE events SET person_id ="
        " (SELECT person_id FROM events AS told WHERE told.id = events.target)"
        " WHERE person_id IS NULL AND target NOT NULL AND EXISTS (SELECT 1 FROM events AS told"
        " WHERE told.id = events.target AND told.person_id NOT NULL)"
    )
    while connection.execute(query).rowcount:
        pass  # a retraction of a retraction that has its person since


def stored_event(document: str) -> Event:
    """The event of a document that stands in the file.

    Raises
    ------
    StoreError
        It is damaged.
    """
    try:
        return event_of(document)
    except ValidationError:
        pass
    raise StoreError("an event in the file is damaged; verify says which")


def kept_state(connection: Connection, person_id: str) -> tuple[PersonState | None, int]:
    """The state that is kept, and the last event that it has taken in."""
    query = "SELECT document, seq FROM states WHERE person_id = ? AND version = ?"
    found = connection.execute(query, (person_id, METHOD_VERSION)).fetchone()
    if found is None:
        return None, 0
    try:
        return codec.loads(found[0], PersonState), found[1]
    except ValidationError:  # damaged; it is made again of the events
        return None, 0


def events_since(connection: Connection, person_id: str, seq: int) -> list[tuple[int, Event]]:
    """The person's events that were recorded after that one, with their ordinals."""
    query = "SELECT seq, document FROM events WHERE person_id = ? AND seq > ? ORDER BY seq"
    rows = connection.execute(query, (person_id, seq))
    return [(seq, stored_event(document)) for seq, document in rows]


def follow(
    connection: Connection, person_id: str, state: PersonState, new: list[tuple[int, Event]]
) -> bool:
    """Whether the new events only come after what the state has taken in."""
    query = "SELECT target FROM events WHERE person_id = ? AND target NOT NULL"
    retracted = {target for (target,) in connection.execute(query, (person_id,))}
    return not any(
        isinstance(event, Retracted)
        or event.id in retracted
        or (state.last_at is not None and (event.at, event.id) <= (state.last_at, state.last_id))
        for _, event in new
    )


def retracted_ids(connection: Connection) -> set[str]:
    """Ids of the events that are retracted, by all retractions whenever they were recorded."""
    query = (
        "SELECT document FROM events WHERE target NOT NULL UNION ALL SELECT document FROM events"
        " WHERE target IS NULL AND id IN (SELECT target FROM events WHERE target NOT NULL)"
    )
    found = [stored_event(document) for (document,) in connection.execute(query)]
    return retracted({event.id: event for event in found})


def documents(
    connection: Connection, first: int, end: int, people: Container[str] | None
) -> Iterator[Document]:
    """What stands about people, by ordinal: from a moment on and before another."""
    gone = retracted_ids(connection)
    query = (
        "SELECT id, person_id, at_us, document FROM events"
        " WHERE person_id NOT NULL AND target IS NULL AND at_us >= ? AND at_us < ?"
    )
    rows = connection.execute(query, (first, end))
    if not gone and people is None:
        return rows
    return (row for row in rows if row[0] not in gone and (people is None or row[1] in people))


def erasures(connection: Connection) -> int:
    """How many times somebody was erased."""
    return int(connection.execute("SELECT count FROM erasures").fetchone()[0])


def keep_state(
    connection: Connection, person_id: str, state: PersonState, seq: int, erased: int
) -> None:
    """Keep the state, unless events came or somebody was erased since it was read."""
    query = "SELECT max(seq) FROM events WHERE person_id = ?"
    newest = connection.execute(query, (person_id,)).fetchone()
    if newest == (seq,) and erasures(connection) == erased:
        connection.execute(
            "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?)",
            (person_id, seq, METHOD_VERSION, codec.dumps(state)),
        )


def erase(connection: Connection, person_id: str) -> int:
    """Remove a person's events and states, and their mention; count the events removed."""
    connection.execute("UPDATE erasures SET count = count + 1")
    removed = connection.execute("DELETE FROM events WHERE person_id = ?", (person_id,)).rowcount
    written = json.dumps(person_id, ensure_ascii=False)[1:-1]
    query = "DELETE FROM states WHERE person_id = ? OR instr(document, ?)"
    connection.execute(query, (person_id, written))
    query = "SELECT seq, document FROM events WHERE instr(document, ?)"
    for seq, document in connection.execute(query, (written,)).fetchall():
        left = redact_person(stored_event(document), person_id)
        if left is None:
            removed += 1
            connection.execute("DELETE FROM events WHERE seq = ?", (seq,))
        else:
            query = "UPDATE events SET document = ? WHERE seq = ?"
            connection.execute(query, (codec.dumps(left), seq))
    return removed


def check_row(seq: int, row: list[Any]) -> list[Problem]:
    """What is wrong with a row; the person of a retraction may come from its event."""
    try:
        event = event_of(str(row[-1]))
    except ValidationError as error:
        return [p._replace(path=f"$.events[{seq}]{p.path[1:]}") for p in error.problems]
    told: list[Any] = list(row_of(event))
    if isinstance(event, Retracted) and event.person_id is None:
        told[1] = row[1]
    same = told[:-1] == row[:-1]
    return (
        []
        if same
        else [
            Problem(f"$.events[{seq}]", "stands under other columns than its own", code="conflict")
        ]
    )
