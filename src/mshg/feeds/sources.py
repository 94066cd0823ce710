"""What a meeting list is read from."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from mshg._checks import PATH_LIKE, is_path_like
from mshg.errors import FeedError
from mshg.feeds import values


class OpenFile(Protocol):
    """A file that is open for reading, as bytes or text."""

    def read(self) -> bytes | str:
        """Give all that it holds."""


Source = bytes | bytearray | str | PathLike[str] | OpenFile | Iterable[Any]

_NO_LIST = (
    "a meeting list must be a JSON list of objects: as bytes, text, a pathlib.Path, an open file, "
    "or decoded as a list or another collection of rows"
)
_SPACE = re.compile(r"[ \t\n\r]*")
_CALLBACK = re.compile(  # JSONP
    r"\s{0,9}(?:/\*\*/\s{0,9})?[A-Za-z_$][\w$.]{0,99}\(\s{0,9}(?=[\[{])"
)
_LONGEST_CALL = 1_000
_LONGEST_NUMBER = 4_000  # digits; Python itself stops at 4,300 unless a host says otherwise


def opened(source: object) -> object:
    """Give the text in bytes, text, a file or an open file; rows as a list; all else as it is.

    Text is content. Only a `pathlib.Path`, or another `os.PathLike`, is opened as a file, so that
    nobody who writes a text chooses a file of the host.

    Raises
    ------
    FeedError
        The file can't be read, is not in UTF-8, or the text is a path or an address rather than a
        list.
    """
    return raw(source)


def raw(source: object, encodings: tuple[str, ...] = ("utf-8-sig",)) -> object:
    """Give what `opened` does, of text in one of several encodings."""
    if isinstance(source, PathLike):
        path = source
        source = _held(lambda: Path(path).read_bytes())
    elif callable(read := getattr(source, "read", None)):
        source = _held(read)
    return content(source, encodings)


def content(source: object, encodings: tuple[str, ...] = ("utf-8-sig",)) -> object:
    """Give what `opened` does, of what is no file: nothing is opened or read from."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        source = _decoded(bytes(source), encodings)
        if source is None:  # raised outside the handler: the error holds the whole text
            raise FeedError("the meeting list is not in UTF-8")
    if isinstance(source, str):
        text = source.lstrip("\ufeff")
        bare = _bare(text)
        if bare is text and is_path_like(text):
            raise FeedError(f"the meeting list is {PATH_LIKE}")
        return bare
    if not isinstance(source, Iterable) or isinstance(source, (Mapping, list, tuple)):
        return source
    return source if hasattr(source, "read") else list(source)


def _decoded(data: bytes, encodings: tuple[str, ...]) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _bare(text: str) -> str:
    """Text without the call that servers put around it for pages of other hosts."""
    call = _CALLBACK.match(text, 0, _LONGEST_CALL)
    return text[call.end() :].rstrip("; \t\r\n").removesuffix(")") if call else text


def rows_of(source: object) -> Iterator[object]:
    """Yield the rows of a list, or of the text of one, of which one row at a time is decoded.

    So a list of a million rows is never held as objects.

    Raises
    ------
    FeedError
        What is wrong with the source as a whole, without a word of what it holds.
    """
    if isinstance(source, str):
        yield from _elements(source)
    elif isinstance(source, (list, tuple)):
        yield from source
    else:
        raise FeedError(_NO_LIST + _what_it_is(source))


def decoded(source: object) -> object:
    """Give what the text of JSON holds as a whole; anything else as it is."""
    if not isinstance(source, str):
        return source
    return _guarded(source, partial(json.loads, source, parse_int=_whole))


def list_in(source: object, key: str) -> tuple[object, Mapping[str, Any]]:
    """Give a list that may stand alone, or in an object under a key, and what stands beside it."""
    if isinstance(source, str) and source.lstrip().startswith("{"):
        source = decoded(source)
    if not isinstance(source, Mapping):
        return source, {}
    return (source[key] if key in source else values.listed(source) or source), source


def _held(read: Callable[[], object]) -> object:
    """What a file holds."""
    try:
        return read()
    except (OSError, ValueError) as error:
        is_no_text = isinstance(error, UnicodeDecodeError)
        other = "not in UTF-8" if is_no_text else "no path, or a file that is closed"
        reason = getattr(error, "strerror", None) or other
    raise FeedError(f"the meeting list can't be read: {reason}")


def _elements(text: str) -> Iterator[object]:
    decode = json.JSONDecoder(parse_int=_whole).raw_decode
    at = _after_space(text, 0)
    if not text.startswith("[", at):
        raise FeedError(_NO_LIST + _what_it_is(decoded(text)))
    at = _after_space(text, at + 1)
    is_closed = text.startswith("]", at)
    while not is_closed:
        value, at = _guarded(text, partial(decode, text, at))
        yield value
        at = _after_space(text, at)
        is_closed = text.startswith("]", at)
        if not is_closed and not text.startswith(",", at):
            raise _no_json(text, at)
        at = at if is_closed else _after_space(text, at + 1)
    at = _after_space(text, at + 1)
    if at != len(text):
        raise _no_json(text, at)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError
    return int(digits)


def _guarded(text: str, decode: Callable[[], Any]) -> Any:
    # Raised outside the handlers: a decoding error holds the whole text.
    try:
        return decode()
    except json.JSONDecodeError as error:
        at: int | None = error.pos
    except (RecursionError, ValueError):
        at = None
    if at is None:
        raise FeedError("the meeting list is nested too deep or holds a number that is too long")
    raise _no_json(text, at)


def _hint(text: str) -> str:
    """What text that is no JSON looks like, and what to call."""
    head = text.lstrip().split("\n", 1)[0]
    if head.upper().startswith("BEGIN:VCALENDAR"):
        return "it looks like a calendar: call feeds.read_ics"
    if "committeename" in head.lower():
        return "it looks like NAWS CSV: call feeds.read_naws"
    is_table = any(head.count(delimiter) > 1 for delimiter in ",;\t|")
    return "it looks like CSV: call feeds.read_csv" if is_table else ""


def _what_it_is(found: object) -> str:
    """What an object looks like that holds no list, and what to call."""
    if not isinstance(found, Mapping):
        return ""
    readers = {"values": "google_sheet", "records": "airtable", "contents": "hsds"}
    known = next((name for key, name in readers.items() if isinstance(found.get(key), list)), None)
    return "" if known is None else f"; call feeds.read_{known}"


def _no_json(text: str, at: int) -> FeedError:
    if text.lstrip().startswith("<"):
        return FeedError("the meeting list is a web page")
    if not text.lstrip().startswith(("[", "{")) and (hint := _hint(text)):
        return FeedError(f"the meeting list is no JSON (line 1); {hint}")
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return FeedError(f"the meeting list is no JSON (line {line}, column {column})")
