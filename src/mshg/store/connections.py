"""One SQLite file: opened, locked, written and read, with errors that say what is the matter."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOBase
from os import PathLike
from threading import RLock
from time import sleep
from typing import Any

from mshg.errors import MshgError, StoreError
from mshg.store.schemas import migrate, version_of

_IN_MEMORY = ":memory:"
_OWNER_ONLY = 0o600
_PAUSE_SECONDS = 0.02
_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a commit is on the disk before it is acknowledged
    "PRAGMA temp_store = MEMORY",  # nobody's data in files elsewhere
)
_REASONS = {
    "SQLITE_BUSY": "another writer held the file for longer than the timeout",
    "SQLITE_LOCKED": "another writer held the file for longer than the timeout",
    "SQLITE_FULL": "the disk is full; nothing of this call was stored",
    "SQLITE_READONLY": "the file or its folder can't be written",
    "SQLITE_PERM": "the file or its folder can't be written",
    "SQLITE_CANTOPEN": "the file can't be opened or made; is its folder there, and writable?",
    "SQLITE_CORRUPT": "the file is damaged or cut short; nothing was changed",
    "SQLITE_NOTADB": "the file is no SQLite database; nothing was changed",
    "SQLITE_IOERR": "the disk failed to read or write; nothing of this call was stored",
    "SQLITE_TOOBIG": "an event is larger than the file can hold; nothing of this call was stored",
}


class File:
    """An open file, or a database in memory, that threads take turns with."""

    def __init__(self, path: str, timeout_seconds: float) -> None:
        self._lock = RLock()
        self._process = os.getpid()
        self._timeout = timeout_seconds
        with _told():
            self._connection = self._open(path)

    def _open(self, path: str) -> sqlite3.Connection:
        if path != _IN_MEMORY:
            _make(path)
        connection = sqlite3.connect(
            path, timeout=self._timeout, isolation_level=None, check_same_thread=False
        )
        try:
            version_of(connection)  # before anything of a foreign file is changed
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            self._patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
            migrate(connection, lambda: connection.execute("BEGIN IMMEDIATE"))
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close it; a process that only inherited it leaves it alone."""
        if self._process == os.getpid():
            with self._lock:
                self._connection.close()

    @contextmanager
    def _turn(self) -> Iterator[sqlite3.Connection]:
        if self._process != os.getpid():
            raise StoreError("the store was opened in another process; open it in this one")
        if not self._lock.acquire(timeout=self._timeout):
            raise StoreError(_REASONS["SQLITE_BUSY"])
        try:
            with _told():
                yield self._connection
        finally:
            self._lock.release()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One unchanging view of the file."""
        with self._turn() as connection, _transaction(connection, "BEGIN"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of what is written, on the disk, or nothing of it."""
        with self._turn() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    def write_if_free(self, write: Callable[[sqlite3.Connection], None]) -> None:
        """Write what can be made again, where nobody else writes just then."""
        with suppress(StoreError), self._turn() as connection:
            connection.execute("PRAGMA busy_timeout = 0")
            try:
                with _transaction(connection, "BEGIN IMMEDIATE"):
                    write(connection)
            finally:
                connection.execute(f"PRAGMA busy_timeout = {int(self._timeout * 1000)}")

    def is_sound(self) -> bool:
        """Whether SQLite finds nothing wrong with its own structures."""
        with self._turn() as connection:
            try:
                return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            except sqlite3.DatabaseError as error:  # some damage stops even the check
                if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_CORRUPT:
                    raise
                return False

    def rewrite(self) -> None:
        """Write the whole file anew, without anything that was deleted, its write-ahead log too.

        Raises
        ------
        StoreError
            Somebody reads an older state of the file for longer than the timeout.
        """
        with self._turn() as connection:
            connection.execute("VACUUM")
            (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise StoreError("erased, but somebody still reads an older state; erase again")

    @contextmanager
    def lines(self, where: str | PathLike[str] | TextIOBase, mode: str) -> Iterator[Any]:
        """A text stream of a path, or the one that was given."""
        if isinstance(where, TextIOBase):
            yield where
            return
        reason: str | None = None
        try:
            with open(where, mode, encoding="utf-8", opener=_private) as stream:
                yield stream
        except MshgError:  # of what was done with the lines
            raise
        except OSError as error:
            reason = error.strerror
        except UnicodeDecodeError:
            reason = "they are not in UTF-8"
        if reason is not None:
            raise StoreError(f"the lines can't be read or written: {reason}")

    def _patiently(self, call: Callable[[], object]) -> None:
        """Try as long as the timeout where SQLite itself does not wait."""
        waited = 0.0
        while True:
            try:
                call()
            except sqlite3.OperationalError as error:
                if "BUSY" not in error.sqlite_errorname or waited >= self._timeout:
                    raise
            else:
                return
            sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _told() -> Iterator[None]:
    """Say in plain words what SQLite refuses."""
    try:
        yield
    except sqlite3.ProgrammingError:
        reason = "the store is closed"
    except sqlite3.Error as error:
        kind = "_".join(error.sqlite_errorname.split("_")[:2])
        reason = _REASONS.get(kind, f"SQLite refuses: {error.sqlite_errorname}")
    else:
        return
    raise StoreError(reason)


def _make(path: str) -> None:
    """Make the file for its owner's eyes only; SQLite's own files beside it become alike."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))
    except FileExistsError:
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
    else:
        return
    raise StoreError(f"the file can't be made: {reason}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)
