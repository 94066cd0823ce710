"""Damage of a write-ahead log that SQLite passes over.

SQLite reads a log up to the first frame whose checksum is wrong, and takes the rest for a
transaction that was never ended. Where more than one transaction ends after it, that can't be:
each is on the disk before the next begins. Then the frame was damaged later, and what was
acknowledged after it would be gone without a word.

The format is that of https://www.sqlite.org/fileformat2.html#walformat.
"""

from collections.abc import Iterator
from functools import cache
from operator import mul
from pathlib import Path
from struct import Struct, unpack_from
from typing import TypeAlias

_HEADER = Struct(">8I")
_FRAME = Struct(">6I")
_MAGIC = 0x377F0682  # the last bit: in which order of bytes words are added up
_WORD = 2**32
_TRIES = 5  # at reading a log that others write just then


def damaged_frame(path: str) -> int | None:
    """The number, from 1, of the frame that hides others; None where there is none.

    A damaged header hides all: then it is 0.
    """
    file, found = Path(f"{path}-wal"), None
    for _ in range(_TRIES):
        try:
            content = file.read_bytes()
            with file.open("rb") as again:
                is_still = again.read(_HEADER.size) == content[: _HEADER.size]
        except OSError:
            return None
        if is_still:  # nobody began it anew meanwhile
            number = _first_hiding(content)
            if number is None or number == found:  # damage stays; what others write just then not
                return number
            found = number
    return None


def _first_hiding(log: bytes) -> int | None:
    if len(log) < _HEADER.size:
        return None
    magic, _, size, _, *salts, one, two = _HEADER.unpack_from(log)
    order = ">" if magic & 1 else "<"
    sums = _added(log[:24], order, (0, 0))
    if magic & ~1 != _MAGIC or sums != (one, two):
        return _hidden_by_header(log)
    frames = list(_frames(log, size))
    number = 0
    for at, _, frame_salts, stated in frames:
        number += 1
        if frame_salts != tuple(salts):
            break
        content = log[at : at + 8] + log[at + _FRAME.size : at + _FRAME.size + size]
        sums = _added(content, order, sums)
        if sums != stated:
            break
    else:
        return None
    rest = frames[number - 1 :]
    ends = sum(is_end for _, is_end, frame_salts, _ in rest if frame_salts == tuple(salts))
    return number if ends > 1 else None


def _hidden_by_header(log: bytes) -> int | None:
    """Whether there are transactions after a header that is wrong; all have the same salts."""
    ends = [salts for _, is_end, salts, _ in _frames(log, 4096) if is_end and any(salts)]
    return 0 if len(ends) > 1 and len(set(ends)) < len(ends) else None


def _frames(log: bytes, size: int) -> Iterator[tuple[int, bool, tuple[int, int], tuple[int, int]]]:
    """Where each whole frame stands, whether it ends a transaction, its salts and checksum."""
    step = _FRAME.size + size
    for at in range(_HEADER.size, len(log) - step + 1, step):
        _, pages, salt_one, salt_two, one, two = _FRAME.unpack_from(log, at)
        yield at, bool(pages), (salt_one, salt_two), (one, two)


def _added(content: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    """SQLite's checksum of words, in pairs: ``a += x + b; b += y + a``.

    That is linear, so each word counts so many times by its distance from the end.
    """
    words = unpack_from(f"{order}{len(content) // 4}I", content)
    weights, ((aa, ab), (ba, bb)) = _weights(len(words) // 2)
    a, b = sums
    one = aa * a + ab * b + sum(map(mul, weights[0], words))
    two = ba * a + bb * b + sum(map(mul, weights[1], words))
    return one % _WORD, two % _WORD


Matrix: TypeAlias = tuple[tuple[int, int], tuple[int, int]]


@cache
def _weights(pairs: int) -> tuple[tuple[list[int], list[int]], Matrix]:
    """How many times each word counts in the two sums, and each of the sums before them."""
    to_one: list[int] = []
    to_two: list[int] = []
    aa, ab, ba, bb = 1, 0, 0, 1
    for _ in range(pairs):  # from the last pair to the first
        to_one += (ab, (aa + ab) % _WORD)
        to_two += (bb, (ba + bb) % _WORD)
        aa, ab, ba, bb = (
            (aa + ab) % _WORD,
            (aa + 2 * ab) % _WORD,
            (ba + bb) % _WORD,
            (ba + 2 * bb) % _WORD,
        )
    return (to_one[::-1], to_two[::-1]), ((aa, ab), (ba, bb))
