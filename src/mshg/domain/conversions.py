"""One conversion for each vocabulary, since type checkers take a converter by name only.

A name without more is for a word that must be there; ``optional`` allows None, a plural is a set.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from mshg._conversions import to_numbers_by_word, to_word, to_words
from mshg._mappings import FrozenMapping
from mshg.domain.vocabulary import (
    Barrier,
    Concern,
    Confidence,
    Dimension,
    Goal,
    GroupStatus,
    HowItWas,
    MeetingFlag,
    MeetingMode,
    SeeksHelpFor,
    Substance,
    TreatmentStatus,
)

Numbers: TypeAlias = Mapping[Dimension, float] | Mapping[str, float]


def to_dimension(value: str) -> Dimension:
    """A dimension."""
    return to_word(Dimension, value)


def to_dimensions(value: Iterable[str]) -> frozenset[Dimension]:
    """A set of dimensions."""
    return to_words(Dimension, value)


def to_numbers_by_dimension(value: Numbers) -> FrozenMapping[Dimension, float]:
    """Numbers by dimension, in the order of dimensions."""
    return to_numbers_by_word(Dimension, value)


def to_optional_goal(value: str | None) -> Goal | None:
    """A goal, where there is one."""
    return None if value is None else to_word(Goal, value)


def to_optional_treatment_status(value: str | None) -> TreatmentStatus | None:
    """A treatment status, where it is known."""
    return None if value is None else to_word(TreatmentStatus, value)


def to_optional_help_for(value: str | None) -> SeeksHelpFor | None:
    """Whose use help is sought for, where it is known."""
    return None if value is None else to_word(SeeksHelpFor, value)


def to_help_for(value: Iterable[str]) -> frozenset[SeeksHelpFor]:
    """A set of kinds of help."""
    return to_words(SeeksHelpFor, value)


def to_optional_how_it_was(value: str | None) -> HowItWas | None:
    """How a group was, where it is known."""
    return None if value is None else to_word(HowItWas, value)


def to_substances(value: Iterable[str]) -> frozenset[Substance]:
    """A set of substances."""
    return to_words(Substance, value)


def to_barriers(value: Iterable[str]) -> frozenset[Barrier]:
    """A set of barriers."""
    return to_words(Barrier, value)


def to_concern(value: str) -> Concern:
    """A concern."""
    return to_word(Concern, value)


def to_concerns(value: Iterable[str]) -> frozenset[Concern]:
    """A set of concerns."""
    return to_words(Concern, value)


def to_mode(value: str) -> MeetingMode:
    """A way to attend."""
    return to_word(MeetingMode, value)


def to_modes(value: Iterable[str]) -> frozenset[MeetingMode]:
    """A set of ways to attend."""
    return to_words(MeetingMode, value)


def to_flags(value: Iterable[MeetingFlag | str]) -> frozenset[MeetingFlag]:
    """A set of flags."""
    return to_words(MeetingFlag, value)


def to_group_status(value: str) -> GroupStatus:
    """A group's status."""
    return to_word(GroupStatus, value)


def to_confidence(value: str) -> Confidence:
    """What a position rests on."""
    return to_word(Confidence, value)
