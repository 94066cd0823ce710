"""What lines of events are read from and written to."""

from io import StringIO, TextIOBase
from os import PathLike

from mshg._checks import PATH_LIKE, is_path_like_bytes
from mshg.errors import StoreError

Target = PathLike[str] | TextIOBase
Source = PathLike[str] | TextIOBase | str | bytes


def checked_target(target: Target) -> Target:
    """Refuse text in place of a path: so that nobody who writes a text chooses a file."""
    if isinstance(target, (str, bytes)):
        raise StoreError("the lines can't be written: wrap a path in pathlib.Path")
    return target


def stream_or_path(source: Source) -> PathLike[str] | TextIOBase:
    """Give text and bytes as a stream of what they hold; a path or a stream as it is."""
    if not isinstance(source, (str, bytes)):
        return source
    content = source.encode("utf-8", "replace") if isinstance(source, str) else source
    if is_path_like_bytes(content):
        raise StoreError(f"the lines can't be read: this is {PATH_LIKE}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None:  # raised outside the handler: the error holds the whole text
        raise StoreError("the lines can't be read or written: they are not in UTF-8")
    return StringIO(text)
