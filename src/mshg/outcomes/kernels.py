"""Weeks as bits: the rules of outcomes on whole words, many people at once.

``bits`` is an array of unsigned words (w, n), a column a person: week i + 1 is bit ``i % size`` of
word ``i // size``. Up to 32 weeks one word of 32 bits holds them, beyond that words of 64. A mask
is such a column (w, 1) for everyone. Bits past the end of a pattern are 0 in all that is counted,
so no window reaches past it.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans

Bits: TypeAlias = NDArray[np.unsignedinteger[Any]]
Weeks: TypeAlias = NDArray[np.int32]

# Codes of so many people, and then a few planes of 32 bits, stay in the second cache level.
BLOCK_CODES = 1 << 14
BLOCK_PEOPLE = 1 << 15
_SMALL, _LARGE = 32, 64
_OCTET = 8


def size(bits: Bits) -> int:
    """Weeks in a word."""
    return bits.dtype.itemsize * _OCTET


def no_weeks(weeks: int, people: int) -> Bits:
    """Room for so many weeks, none of them set."""
    words, dtype = (1, np.uint32) if weeks <= _SMALL else (-(-weeks // _LARGE), np.uint64)
    return np.zeros((words, people), dtype)


def pack(is_set: Booleans, out: Bits) -> None:
    """Write the bits of a table (n, weeks) to where there is room for so many weeks."""
    people, weeks = is_set.shape
    octets = -(-weeks // _OCTET)
    if weeks % _OCTET:
        padded = np.zeros((people, octets * _OCTET), bool)
        padded[:, :weeks] = is_set
        is_set = padded
    rows = np.packbits(is_set.reshape(-1), bitorder="little").reshape(people, octets)
    for j in range(octets):
        number, place = divmod(j * _OCTET, size(out))
        word = out[number]
        if place:
            word |= rows[:, j].astype(out.dtype) << place
        else:
            word[:] = rows[:, j]


def mask(weeks: Iterable[int], like: Bits) -> Bits:
    """Those weeks, counted from 1, of everyone, (w, 1)."""
    bits = 0
    for week in weeks:
        bits |= 1 << (week - 1)
    one_word = (1 << size(like)) - 1
    words = [bits >> i * size(like) & one_word for i in range(len(like))]
    return np.array(words, like.dtype)[:, None]


def widened(bits: Bits, weeks: int) -> Bits:
    """The same weeks, in words that have room for so many."""
    room = no_weeks(weeks, bits.shape[1])
    if room.dtype == bits.dtype and len(room) <= len(bits):
        return bits
    room[: len(bits)] = bits
    return room


def moved(bits: Bits, by: int) -> Bits:
    """Each week moved to one that is later by so many, or earlier; past either end it is gone."""
    words, rest = divmod(abs(by), size(bits))
    shift: np.ufunc = np.left_shift if by >= 0 else np.right_shift
    spill: np.ufunc = np.right_shift if by >= 0 else np.left_shift
    if len(bits) == 1 and not words:
        only: Bits = shift(bits, rest)
        return only
    out = np.zeros_like(bits)
    source, target = (bits, out) if by >= 0 else (bits[::-1], out[::-1])
    kept = max(len(bits) - words, 0)
    target[words:] = shift(source[:kept], rest)
    if rest and kept > 1:
        target[words + 1 :] |= spill(source[: kept - 1], size(bits) - rest)
    return out


def window_starts(bits: Bits, at_least: int, within: int) -> Bits:
    """Weeks at which a window of ``within`` weeks begins, ``at_least`` of them set.

    A run doubles what it has by each shift. Otherwise ``reached[j]`` tells which windows hold j
    weeks or more, week by week.
    """
    if at_least == within:
        have = 1
        while have < within:
            step = min(have, within - have)
            bits = bits & moved(bits, -step)
            have += step
        return bits
    reached = [~np.zeros_like(bits), *(np.zeros_like(bits) for _ in range(at_least))]
    for i in range(within):
        here = moved(bits, -i)
        for j in range(min(i + 1, at_least), 0, -1):
            reached[j] |= here & reached[j - 1]
    return reached[at_least]


def first_week(bits: Bits) -> Weeks:
    """The first week set, counted from 1, (n,); some week must be."""
    week = _lowest(bits[-1]) + np.int32(size(bits) * (len(bits) - 1))
    for i in range(len(bits) - 2, -1, -1):
        week = np.where(bits[i] != 0, _lowest(bits[i]) + np.int32(size(bits) * i), week)
    return week


def _lowest(word: NDArray[np.unsignedinteger[Any]]) -> Weeks:
    """Place of the lowest bit set, from 1: how many bits it and those below it are."""
    place: Weeks = np.bitwise_count(word ^ (word - word.dtype.type(1))).astype(np.int32)
    return place


def count(bits: Bits) -> Weeks:
    """How many weeks are set, (n,)."""
    weeks: Weeks = np.bitwise_count(bits[0]).astype(np.int32)
    for word in bits[1:]:
        weeks += np.bitwise_count(word)
    return weeks


def longest_run(bits: Bits, weeks: int, left_out: Bits | None = None) -> Weeks:
    """The longest run of weeks set, in weeks, (n,).

    Weeks left out, which must not be set, neither break a run nor lengthen it.
    """
    now, best = np.zeros((2, bits.shape[1]), np.uint8 if weeks <= np.iinfo(np.uint8).max else int)
    octet = outside = np.zeros(0, np.uint8)
    for i in range(weeks):
        place = i % _OCTET
        if not place:
            octet = _octet(bits, i)
            outside = octet if left_out is None else octet | _octet(left_out, i)
        now += (octet >> place) & 1
        now *= (outside >> place) & 1
        np.maximum(best, now, out=best)
    return best.astype(np.int32)


def _octet(bits: Bits, week: int) -> NDArray[np.uint8]:
    word, place = divmod(week, size(bits))
    octet: NDArray[np.uint8] = (bits[word] >> place).astype(np.uint8)
    return octet


def carried(planes: Iterable[Bits], unseen: Bits) -> list[Bits]:
    """Each unseen week as the last seen week before it; not set where there is none.

    Each step doubles how far a week may look back.
    """
    found, by = [bits & ~unseen for bits in planes], 1
    while unseen.any():
        found = [bits | (unseen & moved(bits, by)) for bits in found]
        unseen = unseen & moved(unseen, by)
        by *= 2
    return found
