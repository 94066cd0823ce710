"""A connection to an SQLite file, and what SQLite refuses in plain words without anybody's data."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from functools import wraps
from threading import Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

from mshg.errors import MshgError, StoreError

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")

_AT_ONCE = 1_000  # rows read at a time
_NO_CHECKPOINT_ON_CLOSE = 1006  # sqlite3 has its name from Python 3.12 on
BUSY = "SQLITE_BUSY"
DAMAGED = "SQLITE_CORRUPT"
LOCKS_FAIL = "SQLITE_PROTOCOL"
CLOSED = "CLOSED"
_LOCKS = (
    "the file could not be locked within the timeout; a store needs a local disk, and locks of"
    " network drives can't be relied on"
)
_REASONS = {
    CLOSED: "the store is closed",
    BUSY: "another writer held the file for longer than the timeout",
    "SQLITE_LOCKED": "another writer held the file for longer than the timeout",
    LOCKS_FAIL: _LOCKS,
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the file or its folder can't be written",
    "SQLITE_PERM": "the file or its folder can't be written",
    "SQLITE_CANTOPEN": "the file can't be opened or made; is its folder there, and writable?",
    DAMAGED: (
        "the file is damaged or cut short; nothing was changed. Take it from a backup, or copy"
        " what can be read with salvage"
    ),
    "SQLITE_NOTADB": "the file is no SQLite database; nothing was changed",
    "SQLITE_IOERR": "the disk failed to read or write",
    "SQLITE_NOMEM": "there is too little memory, or the file is damaged",
    "SQLITE_TOOBIG": "an event is larger than the file can hold",
}
_LOCK_ERRORS = ("LOCK", "SHM", "RDLOCK")


class Phase(Enum):
    """How far a call had come: what it changed depends on it."""

    READING = ""
    WRITING = "; nothing of this call was stored"
    ENDING = (
        "; the events of this call may or may not have been stored: send the same records again,"
        " they are not stored twice"
    )


_DAMAGE = (DAMAGED, "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_NOMEM", "SQLITE_CONSTRAINT")
_SAYING_ENOUGH = (CLOSED, BUSY, "SQLITE_LOCKED", LOCKS_FAIL, DAMAGED, "SQLITE_NOTADB")


class Refused(Exception):  # noqa: N818 (never seen outside)
    """What SQLite refuses, by its name: its own words may hold a person's data."""

    def __init__(self, name: str, phase: Phase = Phase.READING) -> None:
        super().__init__(name)
        self.name = name
        self.phase = phase

    @property
    def kind(self) -> str:
        """The name without its details."""
        if self.name.startswith("SQLITE_IOERR_") and self.name.endswith(_LOCK_ERRORS):
            return LOCKS_FAIL
        return "_".join(self.name.split("_")[:2])

    @property
    def is_damage(self) -> bool:
        """Whether the file is damaged, as far as SQLite can tell."""
        return self.kind in _DAMAGE

    def in_words(self) -> str:
        """What the host is given."""
        reason = _REASONS.get(self.kind, f"SQLite refuses: {self.name}")
        is_certain = self.kind in _SAYING_ENOUGH and self.phase is not Phase.ENDING
        return reason if is_certain else f"{reason}{self.phase.value}"


def sealed(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Let nothing out of a call but its own error.

    What came before it and what its inner frames held may be a person's data: errors are raised
    anew, without either, and without what the call was given.
    """

    @wraps(method)
    def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(self, *args, **kwargs)
        except Refused as refused:
            error: MshgError = StoreError(refused.in_words())
        except MshgError as known:
            error = known
            error.__cause__ = error.__context__ = None
        del args, kwargs
        try:
            raise error.with_traceback(None)
        finally:
            del error

    return call


def _refusing(call: Callable[[], T]) -> T:
    """Do it; what is refused has no error behind it, as that would hold what was read."""
    try:
        return call()
    except sqlite3.ProgrammingError:
        name = CLOSED
    except sqlite3.Error as error:  # text that is none has no name
        name = getattr(error, "sqlite_errorname", None) or DAMAGED
    except (UnicodeDecodeError, OverflowError):  # of SQLite's own words, or of a length
        name = DAMAGED
    except MemoryError:  # a length that is damaged asks for it, too
        name = "SQLITE_NOMEM"
    raise Refused(name)


class Connection:
    """A connection that gives text as bytes, and refuses without a word of what it read."""

    def __init__(self, address: str, timeout_seconds: float, *, is_uri: bool = True) -> None:
        self._raw = _refusing(
            lambda: sqlite3.connect(
                address,
                timeout=timeout_seconds,
                isolation_level=None,
                check_same_thread=False,
                uri=is_uri,
            )
        )
        self._raw.text_factory = bytes  # damaged text must not stop a row from being read
        self._is_given_up = False

    def run(self, statement: str, values: Sequence[object] = ()) -> int:
        """Do it, and say how many rows it changed."""
        if self._is_given_up:
            raise Refused(LOCKS_FAIL)
        return _refusing(lambda: self._raw.execute(statement, values).rowcount)

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """Do it for each of the rows, and say how many were changed in all."""
        before = self._raw.total_changes
        _refusing(lambda: self._raw.executemany(statement, rows))
        return self._raw.total_changes - before

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows that a query finds."""
        return _refusing(lambda: self._raw.execute(query, values).fetchall())

    def each(
        self, query: str, values: Sequence[object] = (), *, at_once: int = _AT_ONCE
    ) -> Iterator[tuple[Any, ...]]:
        """The rows that a query finds, some at a time."""
        cursor = _refusing(lambda: self._raw.execute(query, values))
        while rows := _refusing(lambda: cursor.fetchmany(at_once)):
            yield from rows

    @property
    def is_within_transaction(self) -> bool:
        """Whether one was begun and not ended."""
        return self._raw.in_transaction

    @property
    def is_given_up(self) -> bool:
        """Whether a call of it took too long, and may still go on."""
        return self._is_given_up

    def in_time(self, look: Callable[[], T], seconds: float) -> T:
        """Do what takes a lock, or give the connection up where that takes longer.

        Where locks fail, as on some network drives, SQLite tries for ten seconds, and nothing
        stops it. So it does that in a thread, which closes the connection if it comes too late.
        """
        outcome: list[T | BaseException] = []

        def run() -> None:
            try:
                outcome.append(look())
            except BaseException as error:  # noqa: BLE001 (raised again by who waits)
                outcome.append(error)
            if self._is_given_up:
                self._raw.close()

        thread = Thread(target=run, daemon=True)
        thread.start()
        try:
            thread.join(seconds)
        finally:
            if thread.is_alive():
                self._is_given_up = True
        if self._is_given_up:
            raise Refused(LOCKS_FAIL)
        found = outcome[0]
        if isinstance(found, BaseException):
            raise found
        return found

    def close(self) -> None:
        """Close it; closing again is no harm."""
        if not self._is_given_up:
            _refusing(self._raw.close)

    def let_go(self) -> None:
        """Close it without moving the log into the file."""
        set_config = getattr(self._raw, "setconfig", None)  # from Python 3.12 on
        if set_config is not None:
            set_config(_NO_CHECKPOINT_ON_CLOSE)
        self._raw.close()

    @contextmanager
    def transaction(
        self,
        begin: Callable[[], object],
        phase: Phase,
        end: Callable[[], object] | None = None,
    ) -> Iterator[None]:
        """All of what follows, or nothing of it.

        An interrupt in its beginning must not hold the file. Within another, which is to go on,
        its beginning is refused.
        """
        is_within = self.is_within_transaction
        try:
            begin()
            yield
            phase = Phase.ENDING if phase is Phase.WRITING else phase
            end() if end else self.run("COMMIT")
        except BaseException as error:
            if isinstance(error, Refused):
                error.phase = phase
            if not is_within:
                self.roll_back()
            raise

    def roll_back(self) -> None:
        """End a transaction without what was changed in it, if there is one."""
        try:
            if not self._is_given_up and self.is_within_transaction:
                self.run("ROLLBACK")
        except Refused:  # the disk fails here, too: closed, it holds nothing
            self.close()
