"""Forgiving conversions that nouns apply before they check.

What can't be converted comes back as it was, so that the check that follows refuses it
with its path and its rule; a conversion itself never raises.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from numbers import Real
from typing import Any, TypeVar, cast

from mshg._mappings import FrozenMapping

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
W = TypeVar("W", bound=StrEnum)


def to_word(words: type[W], value: object) -> W:
    """The member of a closed list that a string names."""
    if isinstance(value, str) and value in words.__members__.values():
        return words(value)
    return cast("W", value)


def to_words(words: type[W], values: Iterable[object]) -> frozenset[W]:
    """A frozenset of members of a closed list."""
    found = to_frozenset(values)
    if not isinstance(found, frozenset) or all(isinstance(v, words) for v in found):
        return cast("frozenset[W]", found)
    return frozenset(to_word(words, v) for v in found)


def to_tuple(values: Iterable[T]) -> tuple[T, ...]:
    """A tuple of what an iterable yields; a string is no collection."""
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        return cast("tuple[T, ...]", values)
    return tuple(values)


def to_frozenset(values: Iterable[T]) -> frozenset[T]:
    """A frozenset of what an iterable yields, itself if it is one; a string is no collection."""
    if type(values) is frozenset:
        return values
    found = to_tuple(values)
    try:
        return frozenset(found) if isinstance(found, tuple) else cast("frozenset[T]", found)
    except TypeError:  # an unhashable member
        return cast("frozenset[T]", found)


def to_strings(values: Iterable[str]) -> frozenset[str]:
    """A frozenset of strings: a converter by name, as type checkers want it."""
    return to_frozenset(values)


def to_float(value: float) -> float:
    """A float of any real number, NumPy's among them."""
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return value
    return value


def to_optional_float(value: float | None) -> float | None:
    """A float, where there is a number."""
    return None if value is None else to_float(value)


def to_ordered_strings(values: Iterable[str]) -> tuple[str, ...]:
    """A tuple of strings."""
    return to_tuple(values)


def to_integers(values: Iterable[int]) -> frozenset[int]:
    """A frozenset of whole numbers."""
    return to_frozenset(values)


def to_dates(values: Iterable[date]) -> frozenset[date]:
    """A frozenset of days."""
    return to_frozenset(values)


def to_mapping(entries: Mapping[K, V]) -> FrozenMapping[K, V]:
    """A frozen copy of a mapping."""
    return (
        FrozenMapping(entries)
        if isinstance(entries, Mapping)
        else cast("FrozenMapping[K, V]", entries)
    )


def to_numbers_by_word(words: type[W], entries: Mapping[Any, float]) -> FrozenMapping[W, float]:
    """A frozen mapping from members of a closed list, in the list's order, to floats."""
    if not isinstance(entries, Mapping):
        return cast("FrozenMapping[W, float]", entries)
    return FrozenMapping(in_order(words, {k: to_float(v) for k, v in entries.items()}))


def in_order(words: type[W], entries: Mapping[Any, V]) -> dict[W, V]:
    """The entries in the order of a closed list, keys that are not in it last."""
    by_word = {to_word(words, k): v for k, v in entries.items()}
    known = {word: by_word.pop(word) for word in words if word in by_word}
    return known | by_word
