"""Events in one SQLite file, for hosts that want no database server."""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from attrs import evolve

from mshg._checks import aware, enforce, number, optional, text
from mshg._conversions import to_tuple
from mshg._rows import ids
from mshg.errors import MshgError, Problem, StoreError, ValidationError
from mshg.events import Event, PersonState, apply, effective_events, replay
from mshg.events.tables import EventTable
from mshg.store import salvaging
from mshg.store.connections import CLOSED, Phase, Refused, sealed
from mshg.store.erasing import Erasure, erase
from mshg.store.files import File
from mshg.store.lines import Source, Target, checked_target, stream_or_path
from mshg.store.parts import remove_left, replacing
from mshg.store.queries import (
    account_for,
    account_of,
    check_whole,
    follow,
    history,
    insert,
    is_closed,
    keep_state,
    kept_state,
    note,
    noted,
    people_of,
    rows_since,
    scan,
    standing,
)
from mshg.store.reports import ErasureReport, SalvageReport
from mshg.store.rows import (
    END_US,
    FIRST_US,
    MOST_SHOWN,
    Row,
    event_of,
    microseconds,
    row_of,
    rows_of,
)
from mshg.store.tables import table_of
from mshg.store.verifying import problems_of

_KEPT_AFTER = 32  # a state is kept when so many events were folded (judgment)
_CHUNK = 10_000
_TRIES = 3  # at reading everything, before damage is reported: a read may fail once
_MOST_NAMED = 20
_WAY_OUT = "take it from a backup, or copy what can be read with salvage"
_UNSOUND = f"the file is damaged; {_WAY_OUT}"


class SqliteEventStore:
    """Events in one SQLite file, with a state for each person that is kept up to date.

    What `append` has acknowledged is on the disk: it survives the end of the process at any point
    and, as far as the disk keeps its word, a loss of power. Any number of threads may share a
    store, and any number of processes may open the same file, each for itself.

    Parameters
    ----------
    path
        The file; it is made, readable by its owner only, where there is none. ``":memory:"`` for
        a store that is gone with the object. A file that can only be read is opened for reading.
    timeout_seconds
        How long a call may wait for other writers, from 0 to 86,400.

    Raises
    ------
    StoreError
        A file that can't be opened, is another program's or of another version than this, or was
        emptied; or an erasure that was begun and can't be finished.
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

    @sealed
    def __init__(self, path: str | PathLike[str], *, timeout_seconds: float = 10.0) -> None:
        enforce(timeout_seconds=number(timeout_seconds, 0, 86_400))
        self._file = File(os.fspath(path), float(timeout_seconds))
        try:
            self._finish()
        except BaseException:
            self._file.close()
            raise

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

    @sealed
    def append(self, events: Iterable["Event"]) -> int:
        """Keep events, all of them or none, and say how many were new.

        An event that is kept already is passed over, also where it was recorded at another time or
        somebody whom it mentioned was erased since; so a call may be made again.

        Raises
        ------
        ValidationError
            What is no event.
        StoreConflictError
            The id of another event. Nothing was stored.
        StoreError
            The file can't be written. It says whether anything may have been stored; sending the
            same events again stores none twice.
        """
        rows = rows_of(events)
        with self._file.writing() as connection:
            return insert(connection, rows, lambda i: f"$.events[{i}]")

    @sealed
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
            The file can't be read, or one of the person's events is damaged or missing.
        """
        enforce(
            person_id=optional(text)(person_id),
            since=optional(aware)(since),
            until=optional(aware)(until),
        )
        first = FIRST_US if since is None else microseconds(since)
        end = END_US if until is None else microseconds(until)
        with self._file.reading() as connection:
            rows = history(connection, person_id)
        return tuple(row.event() for row in rows if first <= row.at_us < end)

    @sealed
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
            The file can't be read, or an event is damaged or missing.

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
        people = None if known is None else frozenset(name.encode() for name in known)
        with self._file.reading() as connection:
            return table_of(standing(connection, first, end, people), known)

    @sealed
    def people(self) -> tuple[str, ...]:
        """Ids of all people whom events are about, sorted.

        Raises
        ------
        StoreError
            The file can't be read, or somebody is missing.
        """
        with self._file.reading() as connection:
            return tuple(people_of(connection))

    @sealed
    def state(self, person_id: str) -> PersonState:
        """The state that the person's events leave: that of ``replay(events(person_id))``.

        Only what is new since a state was last kept is read and folded; a retraction or an event
        that comes before the last has the whole history read.

        Raises
        ------
        ValidationError
            An id that is blank or no text.
        StoreError
            The file can't be read, or one of the person's events is damaged or missing.
        """
        enforce(person_id=text(person_id))
        with self._file.reading() as connection:
            account = account_of(connection, person_id)
            kept, seq, (count, digest) = kept_state(connection, person_id)
            rows = [] if kept is None else rows_since(connection, person_id, seq)
            new = [row.event() for row in rows]
            more, change = account_for(rows)
            is_next = (count + more, digest ^ change) == account and (
                kept is not None and follow(kept, new)
            )
            if not is_next:
                rows = history(connection, person_id)
                new = [row.event() for row in rows]
        if kept is not None and is_next:
            state = kept
            for event in effective_events(new):
                state = apply(state, event)
        else:
            state = replay(new)
        if len(new) >= _KEPT_AFTER and (is_next or is_closed(new)):
            last = max(row.seq for row in rows)
            self._file.write_if_free(lambda c: keep_state(c, person_id, state, last, account))
        return state

    @sealed
    def erase(self, person_id: str) -> ErasureReport:
        """Remove all events about a person, and their mention in others', and count the removed.

        A provider is erased alike, and so is a name: it is found in either case, in every form of
        its letters and with the endings of grammar (see `redact_person`). The whole file is
        written anew, so that not even freed parts of it hold what was erased; that takes time and
        free space as the file is large. Exports that were killed half way are removed.

        From its first moment on it is written down that somebody is to be erased: if the process
        ends before it is done, whoever opens the file next does the rest before anything else.

        Returns
        -------
        ErasureReport
            How many events were removed, as a number, with the fields in which the name was
            replaced and those in which a word only looks like it.

        Raises
        ------
        ValidationError
            An id that is blank or no text.
        StoreError
            The file can't be written, or it could not be written anew, as somebody reads an older
            state of it for longer than the timeout or the disk is full; or damaged events, named
            by their ordinals, may still hold a mention. Then call it again: it goes on where it
            stopped.
        """
        enforce(person_id=text(person_id))
        try:
            with self._file.writing() as connection:
                note(connection, "erasing", person_id)
            erasure = self._erase(person_id)
        except Refused as refused:
            is_unclear = refused.phase is Phase.ENDING
            reason = refused.in_words().removesuffix(refused.phase.value)
        else:
            if erasure.saw_all and not erasure.damaged:
                return erasure.report
            places = ", ".join(f"$.events[{seq}]" for seq in erasure.damaged[:_MOST_NAMED])
            raise StoreError(
                "erased, but the file is damaged, and what can't be read of it may still hold a"
                " mention: copy what can be read with salvage, and erase in the copy"
                f" ({places or 'events are missing'})"
            )
        if is_unclear:
            reason += "; the person may or may not have been erased: erase again"
        raise StoreError(reason)

    def _erase(self, person_id: str) -> Erasure:
        with self._file.writing() as connection:
            erasure = erase(connection, person_id)
            connection.run("DELETE FROM erasing WHERE person_id = ?", (person_id,))
            connection.run("UPDATE whole SET rewrites_asked = rewrites_asked + 1")
        self._rewrite()
        return erasure

    def _rewrite(self) -> None:
        """Write the file anew, and note that it was done for all who asked for it before."""
        with self._file.reading() as connection:
            asked = connection.rows("SELECT rewrites_asked FROM whole")[0][0]
        self._remove_parts()
        self._file.rewrite()
        with self._file.writing() as connection:
            connection.run("UPDATE whole SET rewrites_done = max(rewrites_done, ?)", (asked,))

    def _finish(self) -> None:
        """Do what a process that ended left undone."""
        if self._file.log_is_damaged:
            return
        try:
            with self._file.reading() as connection:
                people = noted(connection, "erasing")
                query = "SELECT 1 FROM whole WHERE rewrites_done < rewrites_asked"
                is_to_rewrite = bool(connection.rows(query))
                parts = noted(connection, "parts")
            if (people or is_to_rewrite) and self._file.can_only_be_read:
                raise StoreError(
                    "an erasure was begun and can't be finished, as the file can only be read here"
                )
            for person in people:
                self._erase(person.decode())
        except Refused as refused:
            if not refused.is_damage:
                raise
            self._file.refuse(refused.in_words())  # any call but verify and salvage
            return
        if is_to_rewrite and not people:
            self._rewrite()
        if parts:
            self._remove_parts()

    def _remove_parts(self) -> None:
        """Remove the exports that were killed half way."""
        with self._file.reading() as connection:
            parts = noted(connection, "parts")
        gone = [(part,) for part in parts if remove_left(os.fsdecode(part))]
        if gone:
            self._file.write_if_free(lambda c: c.run_many("DELETE FROM parts WHERE path = ?", gone))

    def _note_part(self, part: str) -> None:
        if not self._file.can_only_be_read and not self._file.is_in_memory:
            with self._file.writing() as connection:
                note(connection, "parts", os.fsencode(part))

    @sealed
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
            The file can't be read, an event is damaged or missing, or the target can't be written.
        """
        count = 0
        with self._lines(checked_target(target), "w") as stream, self._file.reading() as connection:
            for row in check_whole(connection, scan(connection)):
                stream.write(f"{row.document.decode()}\n")
                count += 1
        self._remove_parts()
        return count

    @sealed
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
        with (
            self._lines(stream_or_path(source), "r") as stream,
            self._file.writing() as connection,
        ):
            count = 0
            for rows in _read_rows(stream):
                places = [f"$.lines[{line}]" for line in rows]
                count += insert(connection, tuple(rows.values()), places.__getitem__)
            return count

    @contextmanager
    def _lines(self, where: Target, mode: str) -> Iterator[Any]:
        """A text stream of a path, or the one that was given."""
        try:
            with self._stream(where, mode) as stream:
                yield stream
        except (MshgError, Refused):  # of what was done with the lines
            raise
        except OSError as error:
            reason = error.strerror or "the stream failed"
        except UnicodeDecodeError:
            reason = "they are not in UTF-8"
        except ValueError:
            reason = "not a path, or a stream that is closed"
        else:
            return
        raise StoreError(f"the lines can't be read or written: {reason}")

    def _stream(self, where: Target, mode: str) -> AbstractContextManager[Any]:
        if not isinstance(where, PathLike):
            return nullcontext(where)
        file, own = Path(where), Path(self._file.path)
        if file.exists() and own.exists() and file.samefile(own):
            raise StoreError("the lines can't be read or written: it is the store's own file")
        if mode == "w" and (file.is_file() or not file.exists()):
            return replacing(file, self._note_part)
        return file.open(mode, encoding="utf-8")

    @sealed
    def verify(self) -> tuple[Problem, ...]:
        """Look at everything once: the file, each event, each person's, each state that is kept.

        What is found wrong is read from the disk again first, as a read may fail once.

        Returns
        -------
        tuple of Problem
            What is wrong, by the events' ordinal; empty where all is well.

        Raises
        ------
        StoreError
            The file can't be read at all: the disk fails, which says nothing of the file.
        """
        for _ in range(_TRIES - 1):
            try:
                if not (problems := self._problems()):
                    return ()
            except Refused as refused:
                if refused.kind == CLOSED:
                    raise
        problems = self._problems()
        return tuple(problems)

    def _problems(self) -> list[Problem]:
        if self._file.log_is_damaged:
            return [Problem("$", f"the file's log is damaged; {_WAY_OUT}", code="damaged")]
        if not self._file.is_sound():
            return [Problem("$", _UNSOUND, code="damaged")]
        try:
            with self._file.reading(is_fresh=True, is_despite=True) as connection:
                return problems_of(connection)
        except Refused as refused:
            if not refused.is_damage:
                raise
            return [Problem("$", _UNSOUND, code="damaged")]

    @sealed
    def salvage(self, path_to: str | PathLike[str]) -> SalvageReport:
        """Copy everything that can be read into a new store, and list by id what can't.

        For a file that calls say is damaged. Each event is copied if it is what was written, by
        its checksum. The file itself is not changed; what was to be erased from it is erased in
        the copy.

        Parameters
        ----------
        path_to
            Where the new store is made; nothing may be there.

        Raises
        ------
        StoreError
            There is a file already, or it can't be made or written.
        """
        place = os.fspath(path_to)
        if os.path.lexists(place):
            raise StoreError("what can be read is copied to a new file, and there is one already")
        with (
            type(self)(place) as copy,
            self._file.reading(is_fresh=True, is_despite=True) as connection,
        ):
            report = salvaging.salvage(connection, copy.append)
            for person_id in salvaging.to_be_erased(connection):
                copy.erase(person_id)
        return evolve(report, log_is_damaged=self._file.log_is_damaged)


def _read_rows(stream: Iterable[str]) -> Iterator[dict[int, Row]]:
    """Rows by number of line, so many at a time; all problems of all lines at the end."""
    rows: dict[int, Row] = {}
    problems: list[Problem] = []
    for number_of_line, line in enumerate(stream, 1):
        if not line.strip() or len(problems) >= MOST_SHOWN:
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
