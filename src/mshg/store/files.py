"""One SQLite file: made, opened, locked, written and read."""

import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from threading import RLock
from time import monotonic, sleep
from typing import TypeVar
from weakref import finalize

from mshg.errors import StoreError
from mshg.store import forks
from mshg.store.connections import BUSY, CLOSED, Connection, Phase, Refused
from mshg.store.logs import damaged_frame
from mshg.store.schemas import is_new, make

T = TypeVar("T")

_IN_MEMORY = ":memory:"
_OWNER_ONLY = 0o600
_PAUSE_SECONDS = 0.02
_SQLITE_TRIES_SECONDS = 10.0  # so long SQLite tries again by itself where locks fail
_GRACE_SECONDS = 0.25  # what a first look at a file may take beyond the timeout
_SLOW_DISK_SECONDS = 3.0  # what its end may take beyond it: it waits for the disk
_TRIES = 3
_NEW = ".new"
_MOST_IDLE = 8  # connections of readers that are kept open
_NOT_WRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")
_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a commit is on the disk before it is acknowledged
    "PRAGMA temp_store = MEMORY",  # nobody's data in files elsewhere
)
_LOG_DAMAGED = (
    "the file's log is damaged at frame {}, and what was recorded after it can't be read: nothing"
    " was changed. Take both from a backup, or copy what can be read with salvage"
)
_NOT_REWRITTEN = (
    "erased, but the file could not be written anew and may still hold what was freed: somebody"
    " reads an older state or writes for longer than the timeout, or the disk is full or fails;"
    " erase again"
)


class File:
    """An open file, or a database in memory.

    Threads take turns to write. Each reads by a connection of its own, so that a long read stops
    nobody; a database in memory has one connection only, and there they take turns to read, too.
    """

    def __init__(self, path: str, timeout_seconds: float) -> None:
        self._lock = RLock()
        self._process = os.getpid()
        self._timeout = timeout_seconds
        self._wait = f"PRAGMA busy_timeout = {int(timeout_seconds * 1000)}"
        self._is_in_memory = path == _IN_MEMORY
        self._is_closed = False
        self._refusal: str | None = None
        self.log_is_damaged: bool = False
        self._address: str | None = None  # of a file that can only be read
        self._idle: list[Connection] = []
        self._reading = 0
        self._path = path if self._is_in_memory else _place(path)
        forks.refuse_kept(self._path)
        if not self._is_in_memory and not Path(self._path).exists():
            self._make()
        if not self._is_in_memory:
            self._refuse_what_is_none()
        self._writer: Connection | None = None
        frame = None if self._is_in_memory else damaged_frame(self._path)
        if frame is None:
            self._writer = self._open()
        else:  # opened to be written, it would be read up to the damage, and the rest deleted
            self._address = _address(self._path, "ro")
            self.log_is_damaged = True
            self._refusal = _LOG_DAMAGED.format(frame)
        if (
            self._is_in_memory and self._writer
        ):  # gone with the object: there is nothing that a host has to close
            finalize(self, self._writer.close)
        else:
            forks.remember(self)

    # How it is opened.

    def _refuse_what_is_none(self) -> None:
        try:
            found = Path(self._path).stat()
        except OSError:
            return  # SQLite says what is the matter
        if not stat.S_ISREG(found.st_mode):
            raise StoreError("the file can't be opened: it is a folder or a device")
        if found.st_nlink > 1:  # who made it was killed before it took the first name away
            _remove_unfinished(self._path)
        if not found.st_size:
            raise StoreError(
                "the file is empty, which a store's never is: it was emptied or cut. Take it from"
                " a backup, or remove it where a new store is meant"
            )

    def _make(self) -> None:
        """Make a store under another name first, so that nobody ever finds half of one.

        What was left of earlier tries is removed once the store is there: whoever is still making
        one, and loses it so, finds the store instead.
        """
        for _ in range(_TRIES):
            part = f"{self._path}.{token_hex(4)}{_NEW}"
            try:
                os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))
                self._make_tables(part)
                _give_name(part, self._path)
            except FileExistsError:  # another was faster
                return
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "not a path"
            except Refused as refused:
                reason = refused.in_words()
            else:
                _remove_unfinished(self._path)
                return
            finally:
                _remove_with_log(part)
            if Path(self._path).exists():
                return
        raise StoreError(f"the file can't be made: {reason}")

    def _make_tables(self, part: str) -> None:
        connection = Connection(_address(part, "rw"), self._timeout)
        try:
            connection.run("PRAGMA journal_mode = WAL")
            with connection.transaction(lambda: connection.run("BEGIN IMMEDIATE"), Phase.WRITING):
                make(connection)
        finally:
            connection.close()

    def _open(self) -> Connection:
        """A connection that writes; where the file can only be read, one that reads."""
        try:
            return self._open_to_write()
        except Refused as refused:
            if self._is_in_memory or refused.kind not in _NOT_WRITABLE:
                raise
            first = refused
        for mode in ("ro", "ro&immutable=1"):
            if "immutable" in mode and self._has_log():
                raise StoreError(
                    "the file can only be read here, and its log holds what it does not: copy the"
                    " file, with its log, to where it can be written"
                )
            self._address = _address(self._path, mode)
            try:
                return self._connect_reader()
            except Refused as refused:
                if refused.kind not in _NOT_WRITABLE:
                    raise
        raise first

    def _has_log(self) -> bool:
        try:
            return Path(f"{self._path}-wal").stat().st_size > 0
        except OSError:
            return False

    def _open_to_write(self) -> Connection:
        address = _IN_MEMORY if self._is_in_memory else _address(self._path, "rw")
        connection = Connection(address, self._timeout, is_uri=not self._is_in_memory)
        try:
            with self._view(connection):
                is_to_make = is_new(connection)  # before anything of a foreign file is changed
            for pragma in _PRAGMAS:
                connection.run(pragma)
            self._when_free(connection, "PRAGMA journal_mode = WAL")
            if is_to_make:
                with self._change(connection):
                    if is_new(connection):  # or find that another did
                        make(connection)
        except BaseException:
            self._drop(connection)
            raise
        return connection

    def _connect_reader(self) -> Connection:
        connection = Connection(self._address or _address(self._path, "rw"), self._timeout)
        try:
            connection.run(_PRAGMAS[1])
            connection.run("PRAGMA query_only = ON")
            connection.run(self._wait)
            if self._address is not None:
                with self._view(connection):
                    is_new(connection)
        except BaseException:
            self._drop(connection)
            raise
        return connection

    @property
    def path(self) -> str:
        """Where it is, links followed."""
        return self._path

    @property
    def can_only_be_read(self) -> bool:
        """Whether nothing can be written to it."""
        return self._address is not None

    @property
    def is_in_memory(self) -> bool:
        """Whether it is gone with the object."""
        return self._is_in_memory

    def refuse(self, reason: str) -> None:
        """Refuse every call from now on, but those that are made in spite of it."""
        self._refusal = reason

    # How it is closed.

    def close(self) -> None:
        """Close it; a process that only inherited it leaves it alone."""
        if self._process == os.getpid():
            with self._lock:
                self._is_closed = True
                if self._writer is not None:
                    self._writer.close()
                while self._idle:
                    self._idle.pop().close()
                forks.forget(self)

    def was_idle(self) -> bool:
        """Whether a process that was just forked inherits it while no call was under way."""
        is_free = self._lock.acquire(blocking=False) and not self._reading
        return is_free and not (self._writer is not None and self._writer.is_within_transaction)

    def let_go(self) -> None:
        """Close what a forked process inherits, while the other that has it open holds its log."""
        for connection in (*self._idle, *filter(None, [self._writer])):
            connection.let_go()

    def _drop(self, connection: Connection) -> None:
        """Close a connection that something is wrong with."""
        with suppress(Refused):
            connection.close()

    # How it is read and written.

    @contextmanager
    def _turn(self) -> Iterator[Connection]:
        self._refuse_inherited()
        if not self._lock.acquire(timeout=self._timeout):
            raise Refused(BUSY)
        try:
            if self._is_closed:
                raise Refused(CLOSED)
            if self._writer is None or self._writer.is_given_up:
                self._writer = self._open_to_write()
            yield self._writer
        finally:
            self._lock.release()

    def _refuse_inherited(self) -> None:
        if self._process != os.getpid():
            raise StoreError("the store was opened in another process; open it in this one")

    @contextmanager
    def reading(self, *, is_fresh: bool = False, is_despite: bool = False) -> Iterator[Connection]:
        """One unchanging view of the file.

        With ``is_fresh`` all is read from the disk again; with ``is_despite`` also where calls
        are refused.
        """
        if self._refusal is not None and not is_despite:
            raise StoreError(self._refusal)
        if self._is_in_memory:
            with self._turn() as connection, self._view(connection):
                yield connection
            return
        self._refuse_inherited()
        connection = self._take(is_fresh=is_fresh)
        is_whole = False
        try:
            with self._view(connection):
                yield connection
            is_whole = True
        finally:
            self._reading -= 1
            is_kept = is_whole and not is_fresh and not self._is_closed
            # What another writes into a file that can't change goes unnoticed by a connection.
            if is_kept and self._address is None and len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
            else:
                self._drop(connection)

    def _take(self, *, is_fresh: bool) -> Connection:
        if self._is_closed:
            raise Refused(CLOSED)
        self._reading += 1
        try:
            return self._connect_reader() if is_fresh else self._idle.pop()
        except IndexError:
            pass
        except BaseException:
            self._reading -= 1
            raise
        try:
            return self._connect_reader()
        except BaseException:
            self._reading -= 1
            raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All of what is written, on the disk, or nothing of it."""
        if self._refusal is not None:
            raise StoreError(self._refusal)
        if self.can_only_be_read:
            raise Refused("SQLITE_READONLY", Phase.WRITING)
        with self._turn() as connection, self._change(connection):
            yield connection

    def write_if_free(self, write: Callable[[Connection], object]) -> None:
        """Write what can be made again, where nobody else writes just then."""
        if self.can_only_be_read:
            return
        with (
            suppress(Refused),
            self._turn() as connection,
            self._change(connection, timeout=0),
        ):
            write(connection)

    @contextmanager
    def _view(self, connection: Connection) -> Iterator[None]:
        def begin() -> None:
            connection.run("BEGIN")
            self._in_time(connection, lambda: connection.rows("SELECT 1 FROM sqlite_master"))

        # Nothing is to be written at its end, which fails where damage was met on the way.
        with connection.transaction(begin, Phase.READING, connection.roll_back):
            yield

    @contextmanager
    def _change(self, connection: Connection, timeout: float | None = None) -> Iterator[None]:
        def begin() -> None:
            self._when_free(connection, "BEGIN IMMEDIATE", timeout=timeout)

        def end() -> None:
            self._in_time(connection, lambda: connection.run("COMMIT"), _SLOW_DISK_SECONDS)

        with connection.transaction(begin, Phase.WRITING, end):
            yield

    def is_sound(self) -> bool:
        """Whether SQLite finds nothing wrong with its own structures, read from the disk again."""
        try:
            with self.reading(is_fresh=True, is_despite=True) as connection:
                found = connection.rows("PRAGMA integrity_check")
        except Refused as refused:  # some damage stops even the check
            if not refused.is_damage:
                raise
            return False
        if any(b"error code=10" in line for (line,) in found):  # a page that could not be read
            raise Refused("SQLITE_IOERR")
        return found == [(b"ok",)]

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
        except Refused as refused:  # what was deleted stays deleted, whatever it says of its call
            is_closed = refused.kind == CLOSED
        else:
            return
        raise StoreError("the store is closed" if is_closed else _NOT_REWRITTEN)

    # How it waits for others.

    def _when_free(
        self, connection: Connection, statement: str, *, timeout: float | None = None
    ) -> None:
        """Do what one may do at a time, as soon as the others are done.

        SQLite waits for them in some cases only, and so long between two looks that a writer who
        comes late goes first; here it never does.
        """
        connection.run("PRAGMA busy_timeout = 0")

        def is_done() -> bool:
            if statement == "VACUUM":  # it takes its time
                return _is_done(connection, statement)
            return self._in_time(connection, lambda: _is_done(connection, statement))

        try:
            self._patiently(is_done, self._timeout if timeout is None else timeout)
        finally:
            if not connection.is_given_up:
                connection.run(self._wait)

    def _patiently(self, is_done: Callable[[], bool], timeout: float) -> None:
        """Try again as long as the timeout."""
        start, waited = monotonic(), 0.0
        while not is_done():
            if max(waited, monotonic() - start) >= timeout:
                raise Refused(BUSY)
            sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS

    def _in_time(
        self, connection: Connection, look: Callable[[], T], grace_seconds: float = _GRACE_SECONDS
    ) -> T:
        """Do what takes a lock, within the timeout even where locks fail."""
        if self._timeout >= _SQLITE_TRIES_SECONDS:
            return look()
        return connection.in_time(look, self._timeout + grace_seconds)


def _is_done(connection: Connection, statement: str) -> bool:
    """Do it, unless somebody is in the way just now."""
    try:
        connection.run(statement)
    except Refused as refused:
        if "BUSY" not in refused.name:
            raise
        return False
    return True


def _is_log_empty(connection: Connection) -> bool:
    """Move what is in the write-ahead log into the file, unless another is doing so just now.

    SQLite waits for readers and writers, for as long as the timeout, but not for the other.
    """
    is_busy, frames, _ = connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]
    if is_busy and frames >= 0:
        raise Refused(BUSY)
    return not is_busy


def _place(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
    raise StoreError(f"the file can't be made: {reason}")


def _address(path: str, mode: str) -> str:
    return f"{Path(path).as_uri()}?mode={mode}"


def _give_name(part: str, path: str) -> None:
    """Give a file its name, if nothing has it."""
    try:
        os.link(part, path)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # a file system without links
        content = Path(part).read_bytes()
        # Closing a file drops all locks that the process has on it: those of a store, too, that
        # another thread opened since it was made.
        with forks.making():
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
            try:
                os.write(handle, content)
                os.fsync(handle)
            finally:
                os.close(handle)
    with suppress(OSError, AttributeError):  # the name is on the disk, too, where that is possible
        folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)  # noqa: PTH120
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove_unfinished(path: str) -> None:
    """Remove what was left of the making of a file."""
    folder, name = os.path.split(path)
    unfinished = re.compile(rf"{re.escape(name)}\.[0-9a-f]{{8}}{re.escape(_NEW)}")
    with suppress(OSError):
        for left in filter(unfinished.fullmatch, os.listdir(folder)):  # noqa: PTH208 (as text)
            _remove_with_log(os.path.join(folder, left))  # noqa: PTH118


def _remove_with_log(path: str) -> None:
    for left in (path, f"{path}-wal", f"{path}-shm"):
        with suppress(OSError, ValueError):
            Path(left).unlink(missing_ok=True)
