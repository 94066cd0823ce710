"""What becomes of open files where a process forks.

SQLite locks a file by the process, and closing it drops every lock that the process has on it. A
forked process that kept the connections it inherits would take the other's locks for its own, and
so hold none; the other, closing, would take itself for the last and delete the log with what the
forked one wrote. So a fork closes them at once. Where another thread was inside SQLite at the fork,
its locks are held for ever and closing could wait as long: then the connections are neither closed
nor ever freed, which takes a reference that nothing gives back (hence ctypes), and the same file
is refused from then on. This stands apart, as nothing else of the store has to know of it.
"""

import ctypes
import os
from contextlib import AbstractContextManager
from threading import Lock, active_count
from typing import Protocol
from weakref import WeakSet

from mshg.errors import StoreError

_IN_USE_AT_FORK = (
    "this process was forked from one with other threads, or within a call, and had the same file"
    " open; fork before it is opened, or start new processes by spawn"
)


class Inherited(Protocol):
    """A file that a process has open, and a forked one inherits."""

    @property
    def path(self) -> str:
        """Where it is."""
        ...

    def was_idle(self) -> bool:
        """Whether no call was under way at the fork."""
        ...

    def let_go(self) -> None:
        """Close it, while the other process has it open."""
        ...


_making = Lock()
_opened: WeakSet[Inherited] = WeakSet()
_kept: set[str] = set()
_threads = [1]


def making() -> AbstractContextManager[object]:
    """Be alone while a file is made.

    Closing it drops all locks that the process has on it: those of a store, too, that another
    thread opened since.
    """
    return _making


def refuse_kept(path: str) -> None:
    """Refuse a file that this process inherited and could not close.

    Raises
    ------
    StoreError
        It is one.
    """
    if path in _kept:
        raise StoreError(_IN_USE_AT_FORK)


def remember(file: Inherited) -> None:
    """Let a fork know that the file is open."""
    _opened.add(file)


def forget(file: Inherited) -> None:
    """Let a fork know that the file is closed."""
    _opened.discard(file)


def _before_fork() -> None:
    _making.acquire()
    _threads[0] = active_count()


def _in_child() -> None:
    _making.release()
    files = list(_opened)
    _opened.clear()
    were_idle = _threads[0] == 1 and all(file.was_idle() for file in files)
    for file in files:
        file.let_go() if were_idle else _keep(file)


def _keep(file: Inherited) -> None:
    """Keep it for as long as the process lives, and from being opened anew.

    Closed at its end, it would take itself for the last and delete the log, with what others
    wrote.
    """
    _kept.add(file.path)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(file))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_making.release, after_in_child=_in_child
    )
