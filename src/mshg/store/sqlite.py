"""Events in one SQLite file, for hosts that want no database server."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from os import PathLike
from types import TracebackType
from typing import Self

from mshg._checks import aware, enforce, number, optional, text
from mshg._conversions import to_tuple
from mshg._rows import ids
from mshg.errors import Problem, ValidationError
from mshg.events import METHOD_VERSION, Event, PersonState, apply, effective_events, replay
from mshg.events.tables import EventTable
from mshg.store.connections import File
from mshg.store.lines import Source, Target, checked_target, stream_or_path
from mshg.store.queries import (
    check_row,
    documents,
    erase,
    erasures,
    events_since,
    follow,
    insert,
    keep_state,
    kept_state,
    stored_event,
)
from mshg.store.rows import (
    END_US,
    FIRST_US,
    MOST_TOLD,
    Row,
    event_of,
    microseconds,
    row_of,
    rows_of,
)
from mshg.store.tables import table_of

_KEPT_AFTER = 32  # a state is kept when so many events were folded (judgment)
_CHUNK = 10_000


class SqliteEventStore:
    """Events in one SQLite file, with a state for each person that is kept up to date.

    What `append` has acknowledged is on the disk: it survives the end of the process at any point
    and, as far as the disk keeps its word, a loss of power. Any number of threads may share a
    store, and any number of processes may open the same file, each for itself.

    Parameters
    ----------
    path
        The file; it is made, readable by its owner only, where there is none. ``":memory:"`` for
        a store that is gone with the object.
    timeout_seconds
        How long a call may wait for other writers, from 0 to 86,400.

    Raises
    ------
    StoreError
        A file that can't be opened, is another program's, or is of a newer version than this.
    ValidationError
        A timeout out of range.

    Examples
    --------
    >>> from datetime import datetime, UTC
    >>> from mshg.events import Attended
    >>> from mshg.store import SqliteEventStore
    >>> went = Attended(id="e1", person_id="p1", at=datetime(2026, 11, 24, tzinfo=UTC), group="aa")
    >>> with SqliteEventStore(":memory:") as store:
    ...     store.append([went]), store.append([went]), store.state("p1").participation.attended
    (1, 0, 1)
    """

    def __init__(self, path: str | PathLike[str], *, timeout_seconds: float = 10.0) -> None:
        enforce(timeout_seconds=number(timeout_seconds, 0, 86_400))
        self._file = File(os.fspath(path), float(timeout_seconds))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Closing twice is no harm; any other call is refused from then on."""
        self._file.close()

    def append(self, events: Iterable["Event"]) -> int:
        """Keep events, all of them or none, and say how many were new.

        An event that is kept already is passed over, so a call may be made again.

        Raises
        ------
        ValidationError
            What is no event.
        StoreConflictError
            The id of another event, or a retraction that names another person than the event it
            retracts is about. Nothing was stored.
        StoreError
            The file can't be written. Nothing was stored.
        """
        rows = rows_of(events)
        with self._file.writing() as connection:
            return insert(connection, rows, lambda i: f"$.events[{i}]")

    def events(
        self,
        person_id: str | None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple["Event", ...]:
        """One person's events, retractions among them, sorted by moment and id.

        Parameters
        ----------
        person_id
            None for the events that are about no person.
        since, until
            From ``since`` on and before ``until``; aware.

        Raises
        ------
        ValidationError
            A moment without an offset, or an id that is blank or no text.
        StoreError
            The file can't be read.
        """
        enforce(
            person_id=optional(text)(person_id),
            since=optional(aware)(since),
            until=optional(aware)(until),
        )
        query = (
            "SELECT document FROM events WHERE person_id IS ? AND at_us >= ? AND at_us < ?"
            " ORDER BY at_us, id"
        )
        first = FIRST_US if since is None else microseconds(since)
        end = END_US if until is None else microseconds(until)
        with self._file.reading() as connection:
            found = connection.execute(query, (person_id, first, end)).fetchall()
        return tuple(stored_event(document) for (document,) in found)

    def event_table(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        person_ids: Iterable[str] | None = None,
    ) -> EventTable:
        """Everybody's events as columns, straight from the file: without an object for each.

        It equals ``EventTable.from_events`` of the events that stand and happened in that time.
        What is retracted is left out, whenever the retraction was recorded.

        Parameters
        ----------
        since, until
            From ``since`` on and before ``until``; aware.
        person_ids
            Whose events, by their index in the table; those of all people, sorted by id, if None.

        Raises
        ------
        ValidationError
            A moment without an offset, or ids that are blank, no text, or given twice.
        StoreError
            The file can't be read.

        Examples
        --------
        >>> from datetime import datetime, UTC
        >>> from mshg.events import Attended
        >>> from mshg.store import SqliteEventStore
        >>> at = datetime(2026, 11, 24, tzinfo=UTC)
        >>> with SqliteEventStore(":memory:") as store:
        ...     store.append([Attended(id="e1", person_id="p1", at=at, group="aa")])
        ...     store.event_table()
        1
        EventTable(1 rows, 1 people)
        """
        known = None if person_ids is None else to_tuple(person_ids)
        enforce(
            since=optional(aware)(since),
            until=optional(aware)(until),
            person_ids=() if known is None else ids(known),
        )
        first = FIRST_US if since is None else microseconds(since)
        end = END_US if until is None else microseconds(until)
        people = None if known is None else frozenset(known)
        with self._file.reading() as connection:
            return table_of(documents(connection, first, end, people), stored_event, known)

    def people(self) -> tuple[str, ...]:
        """Ids of all people whom events are about, sorted.

        Raises
        ------
        StoreError
            The file can't be read.
        """
        query = "SELECT DISTINCT person_id FROM events WHERE person_id NOT NULL ORDER BY person_id"
        with self._file.reading() as connection:
            return tuple(person_id for (person_id,) in connection.execute(query))

    def state(self, person_id: str) -> PersonState:
        """The state that the person's events leave: that of ``replay(events(person_id))``.

        Only what is new since a state was last kept is read and folded; a retraction or an event
        that comes before the last has the whole history read.

        Raises
        ------
        ValidationError
            An id that is blank or no text.
        StoreError
            The file can't be read.
        """
        enforce(person_id=text(person_id))
        with self._file.reading() as connection:
            kept, seq = kept_state(connection, person_id)
            new = events_since(connection, person_id, seq)
            is_next = kept is not None and follow(connection, person_id, kept, new)
            if new and not is_next:
                new = events_since(connection, person_id, 0)
            erased = erasures(connection)
        if not new:
            return PersonState() if kept is None else kept
        if kept is not None and is_next:
            state = kept
            for event in effective_events(event for _, event in new):
                state = apply(state, event)
        else:
            state = replay(event for _, event in new)
        if len(new) >= _KEPT_AFTER:
            seq = new[-1][0]
            self._file.write_if_free(lambda c: keep_state(c, person_id, state, seq, erased))
        return state

    def erase(self, person_id: str) -> int:
        """Remove all events about a person, and their mention in others', and count the removed.

        A provider is erased alike. The whole file is written anew, so that not even freed parts
        of it hold what was erased; that takes time and free space as the file is large.

        Raises
        ------
        ValidationError
            An id that is blank or no text.
        StoreError
            The file can't be written, or it could not be written anew, as somebody reads an older
            state of it for longer than the timeout or the disk is full. Then call it again: it
            goes on where it stopped.
        """
        enforce(person_id=text(person_id))
        with self._file.writing() as connection:
            removed = erase(connection, person_id)
        self._file.rewrite()
        return removed

    def export_jsonl(self, target: Target) -> int:
        """Write all events, one JSON document a line, in the order of recording; count them.

        Parameters
        ----------
        target
            A `pathlib.Path`, whose file is replaced and readable by its owner only, or a text
            stream.

        Raises
        ------
        StoreError
            The file can't be read, or the target can't be written.
        """
        target = checked_target(target)
        with self._file.reading() as connection, self._file.lines(target, "w") as stream:
            count = 0
            for (document,) in connection.execute("SELECT document FROM events ORDER BY seq"):
                stream.write(f"{document}\n")
                count += 1
            return count

    def import_jsonl(self, source: Source) -> int:
        """Take in lines as `export_jsonl` writes them, all or none; say how many were new.

        Parameters
        ----------
        source
            A `pathlib.Path`, a text stream, or the lines themselves as text or bytes. Blank lines
            are passed over.

        Raises
        ------
        ValidationError
            Lines that hold no event, with their number from 1. Nothing was stored.
        StoreConflictError
            As with `append`.
        StoreError
            The source can't be read, or the file can't be written.
        """
        lines = stream_or_path(source)
        with self._file.lines(lines, "r") as stream, self._file.writing() as connection:
            count = 0
            for rows in _read_rows(stream):
                places = [f"$.lines[{line}]" for line in rows]
                count += insert(connection, tuple(rows.values()), places.__getitem__)
            return count

    def verify(self) -> tuple[Problem, ...]:
        """Look at everything once: the file, each event, each state that is kept.

        Returns
        -------
        tuple of Problem
            What is wrong, by the events' ordinal; empty where all is well.

        Raises
        ------
        StoreError
            The file can't be read at all.
        """
        if not self._file.is_sound():
            return (Problem("$", "the file is damaged; take it from a backup", code="damaged"),)
        with self._file.reading() as connection:
            query = "SELECT seq, id, person_id, target, at_us, document FROM events"
            problems = [
                problem
                for seq, *row in connection.execute(query)
                for problem in check_row(seq, row)
            ]
            if problems:
                return tuple(problems)
            query = "SELECT person_id FROM states WHERE version = ?"
            people = connection.execute(query, (METHOD_VERSION,)).fetchall()
            for i, (person_id,) in enumerate(people):
                kept, seq = kept_state(connection, person_id)
                history = [e for at, e in events_since(connection, person_id, 0) if at <= seq]
                if kept != replay(history):
                    problems.append(
                        Problem(f"$.states[{i}]", "is not what the events come to", code="conflict")
                    )
            return tuple(problems)


def _read_rows(stream: Iterable[str]) -> Iterator[dict[int, Row]]:
    """Rows by number of line, so many at a time; all problems of all lines at the end."""
    rows: dict[int, Row] = {}
    problems: list[Problem] = []
    for number_of_line, line in enumerate(stream, 1):
        if not line.strip() or len(problems) >= MOST_TOLD:
            continue
        try:
            rows[number_of_line] = row_of(event_of(line))
        except ValidationError as error:
            problems += [
                p._replace(path=f"$.lines[{number_of_line}]{p.path[1:]}") for p in error.problems
            ]
        if len(rows) == _CHUNK:
            if not problems:
                yield rows
            rows = {}
    if problems:
        raise ValidationError(problems)
    yield rows
