"""Conversions of the domain's words for fields that are declared elsewhere."""

from collections.abc import Iterable

from mshg._conversions import to_words
from mshg.domain.vocabulary import Barrier, MeetingMode


def to_barriers(value: Iterable[str]) -> frozenset[Barrier]:
    """A set of barriers."""
    return to_words(Barrier, value)


def to_modes(value: Iterable[str]) -> frozenset[MeetingMode]:
    """A set of ways to attend."""
    return to_words(MeetingMode, value)
