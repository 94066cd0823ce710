"""Conversions of the domain's words for fields that are declared elsewhere."""

from collections.abc import Iterable

from mshg._conversions import to_word, to_words
from mshg.domain.vocabulary import Barrier, MeetingMode, Substance, SupporterRole


def to_barriers(value: Iterable[str]) -> frozenset[Barrier]:
    """A set of barriers."""
    return to_words(Barrier, value)


def to_modes(value: Iterable[str]) -> frozenset[MeetingMode]:
    """A set of ways to attend."""
    return to_words(MeetingMode, value)


def to_substances(value: Iterable[str]) -> frozenset[Substance]:
    """A set of substances."""
    return to_words(Substance, value)


def to_supporter_role(value: str) -> SupporterRole:
    """A supporter's role."""
    return to_word(SupporterRole, value)


def to_supporter_roles(value: Iterable[str]) -> frozenset[SupporterRole]:
    """A set of roles."""
    return to_words(SupporterRole, value)
