"""What a meeting list is read from."""

import json
from os import PathLike
from pathlib import Path
from typing import Any

from mshg.errors import FeedError


def read_list(source: bytes | str | PathLike[str] | list[Any]) -> list[Any]:
    """Decode JSON from bytes, text or a file; a list that is decoded already comes back.

    Text that does not begin as JSON or a web page does is taken for a path.

    Raises
    ------
    FeedError
        What is wrong with the source as a whole, without a word of what it holds.
    """
    if isinstance(source, str) and not source.lstrip("\ufeff \t\r\n").startswith(("[", "{", "<")):
        source = Path(source)
    if isinstance(source, PathLike):
        source = _file(source)
    if isinstance(source, (bytes, str)):
        source = _json(source)
    if not isinstance(source, list):
        raise FeedError("a meeting list must be a JSON list of objects")
    return source


def _file(path: PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
    raise FeedError(f"the meeting list can't be read: {reason}")


def _json(text: bytes | str) -> Any:
    # Raised outside the handlers: a decoding error holds the whole text.
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        reason = "is a web page" if str(text).lstrip().startswith("<") else f"is no JSON ({where})"
    except UnicodeDecodeError:
        reason = "is not in UTF-8"
    except (RecursionError, ValueError):
        reason = "is nested too deep or holds a number that is too long"
    raise FeedError(f"the meeting list {reason}")
