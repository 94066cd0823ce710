"""Files that an export writes before they take the place of an older one."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

_OWNER_ONLY = 0o600


@contextmanager
def replacing(file: Path, enter: Callable[[str], None]) -> Iterator[Any]:
    """A stream whose file takes the place of another only once it is whole; its owner's alone.

    ``enter`` is called with its path before anything is written: what notes it, finds the file if
    this process is killed.
    """
    part = f"{file}.{token_hex(4)}.part"
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            _lock(handle)
            enter(part)
            yield stream
            stream.flush()
            os.fsync(handle)
            Path(part).replace(file)  # while it is locked, so that nobody takes it for left over
    finally:
        with suppress(OSError):
            Path(part).unlink(missing_ok=True)


def remove_left(part: str) -> bool:
    """Remove a file whose writer is gone; say whether it is not there any more."""
    try:
        handle = os.open(part, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    try:
        _lock(handle)  # while its writer lives, it holds the lock
        Path(part).unlink()
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(handle)


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        """Nothing to do: there, an open file can't be removed."""

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
