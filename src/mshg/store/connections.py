"""One SQLite file: opened, locked, written and read, with errors that say what is the matter."""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from io import TextIOBase
from os import PathLike
from pathlib import Path
from tempfile import mkstemp
from threading import RLock
from time import sleep
from typing import Any
from weakref import finalize

from mshg.errors import MshgError, StoreError
from mshg.store import forks
from mshg.store.schemas import VERSION, migrate, version_of

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
_NOT_REWRITTEN = (
    "erased, but the file could not be written anew and may still hold what was freed: somebody"
    " reads an older state or writes for longer than the timeout, or the disk is full; erase again"
)


class File:
    """An open file, or a database in memory, that threads take turns with."""

    def __init__(self, path: str, timeout_seconds: float) -> None:
        self._lock = RLock()
        self._process = os.getpid()
        self._timeout = timeout_seconds
        self._wait = f"PRAGMA busy_timeout = {int(timeout_seconds * 1000)}"
        self._path = path if path == _IN_MEMORY else _make(path)
        forks.refuse_kept(self._path)
        with _told():
            self._connection = self._open()
        if path == _IN_MEMORY:  # gone with the object: there is nothing that a host has to close
            finalize(self, self._connection.close)
        else:
            forks.remember(self)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=self._timeout, isolation_level=None, check_same_thread=False
        )
        try:
            with _transaction(connection, partial(connection.execute, "BEGIN")):
                version = version_of(connection)  # before anything of a foreign file is changed
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            self._when_free(connection, "PRAGMA journal_mode = WAL")
            if version < VERSION:
                begin = partial(self._when_free, connection, "BEGIN IMMEDIATE")
                with _transaction(connection, begin):
                    migrate(connection)  # or find that another did
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close it; a process that only inherited it leaves it alone."""
        if self._process == os.getpid():
            with self._lock:
                self._connection.close()
                forks.forget(self)

    @property
    def path(self) -> str:
        """Where it is, links followed."""
        return self._path

    def was_idle(self) -> bool:
        """Whether a process that was just forked inherits it while no call was under way."""
        return self._lock.acquire(blocking=False) and not self._connection.in_transaction

    def let_go(self) -> None:
        """Close what a forked process inherits, while the other that has it open holds its log."""
        if sys.version_info >= (3, 12):  # the log is not this one's to delete
            self._connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
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
        with (
            self._turn() as connection,
            _transaction(connection, partial(connection.execute, "BEGIN")),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of what is written, on the disk, or nothing of it."""
        with self._turn() as connection:
            begin = partial(self._when_free, connection, "BEGIN IMMEDIATE")
            with _transaction(connection, begin):
                yield connection

    def write_if_free(self, write: Callable[[sqlite3.Connection], None]) -> None:
        """Write what can be made again, where nobody else writes just then."""
        with suppress(StoreError), self._turn() as connection:
            begin = partial(self._when_free, connection, "BEGIN IMMEDIATE", timeout=0)
            with _transaction(connection, begin):
                write(connection)

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
            Somebody uses the file for longer than the timeout, or there is no space for it.
        """
        try:
            with self._turn() as connection:
                self._when_free(connection, "VACUUM")
                self._patiently(lambda: _is_log_empty(connection), self._timeout)
        except StoreError:  # what was deleted stays deleted, whatever the error says of its call
            pass
        else:
            return
        raise StoreError(_NOT_REWRITTEN)

    @contextmanager
    def lines(self, where: str | PathLike[str] | TextIOBase, mode: str) -> Iterator[Any]:
        """A text stream of a path, or the one that was given."""
        try:
            with self._stream(where, mode) as stream:
                yield stream
        except MshgError:  # of what was done with the lines
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

    def _stream(
        self, where: str | PathLike[str] | TextIOBase, mode: str
    ) -> AbstractContextManager[Any]:
        if not isinstance(where, (str, PathLike)):
            return nullcontext(where)
        file, own = Path(where), Path(self._path)
        if file.exists() and own.exists() and file.samefile(own):
            raise StoreError("the lines can't be read or written: it is the store's own file")
        is_plain = file.is_file() or not file.exists()
        return _replacing(file) if mode == "w" and is_plain else file.open(mode, encoding="utf-8")

    def _when_free(
        self, connection: sqlite3.Connection, statement: str, *, timeout: float | None = None
    ) -> None:
        """Do what one may do at a time, as soon as the others are done.

        SQLite waits for them in some cases only, and so long between two looks that a writer who
        comes late goes first; here it never does.
        """
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            self._patiently(
                lambda: _is_done(connection, statement),
                self._timeout if timeout is None else timeout,
            )
        finally:
            connection.execute(self._wait)

    def _patiently(self, is_done: Callable[[], bool], timeout: float) -> None:
        """Try again as long as the timeout."""
        waited = 0.0
        while not is_done():
            if waited >= timeout:
                raise StoreError(_REASONS["SQLITE_BUSY"])
            sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS


def _is_done(connection: sqlite3.Connection, statement: str) -> bool:
    """Do it, unless somebody is in the way just now."""
    try:
        connection.execute(statement)
    except sqlite3.OperationalError as error:
        if "BUSY" not in error.sqlite_errorname:
            raise
        return False
    return True


def _is_log_empty(connection: sqlite3.Connection) -> bool:
    """Move what is in the write-ahead log into the file, unless another is doing so just now.

    SQLite waits for readers and writers, for as long as the timeout, but not for the other.
    """
    is_busy, frames, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy and frames >= 0:
        raise StoreError(_REASONS["SQLITE_BUSY"])
    return not is_busy


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: Callable[[], object]) -> Iterator[None]:
    """All of what follows, or nothing of it: an interrupt in its beginning must not hold the file.

    Within another, which is to go on, its beginning is refused.
    """
    is_within = connection.in_transaction
    try:
        begin()
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction and not is_within:
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


def _make(path: str) -> str:
    """Make the file for its owner's eyes only; SQLite's own files beside it become alike."""
    try:
        place = os.path.realpath(path)
        with forks.making():
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))
    except FileExistsError:
        return place
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
    else:
        return place
    raise StoreError(f"the file can't be made: {reason}")


@contextmanager
def _replacing(file: Path) -> Iterator[Any]:
    """A stream whose file takes the place of another only once it is whole; its owner's alone."""
    handle, part = mkstemp(dir=file.parent, prefix=f"{file.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            yield stream
        Path(part).replace(file)
    finally:
        Path(part).unlink(missing_ok=True)
