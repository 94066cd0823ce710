"""What a log of events says of a person, as far as a person has a field for it.

A person is built before events are, and knows none of their classes: anything with these
attributes will do, such as `mshg.events.PersonState`.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol

from mshg.domain.vocabulary import Barrier, Concern, Goal, HowItWas, TreatmentStatus

_LIKED, _DISLIKED = 7.0, 3.0  # of 10: from here on liked, up to here disliked (judgment)


class _Use(Protocol):
    @property
    def goal(self) -> Goal | None: ...


class _Referral(Protocol):
    @property
    def chosen_group(self) -> str | None: ...
    @property
    def concerns(self) -> AbstractSet[Concern]: ...


class _Care(Protocol):
    @property
    def treatment(self) -> TreatmentStatus | None: ...
    @property
    def medication(self) -> TreatmentStatus | None: ...


class _Contact(Protocol):
    @property
    def barriers(self) -> AbstractSet[Barrier]: ...


class _Participation(Protocol):
    @property
    def tried(self) -> Mapping[str, float | None]: ...


class StateOfEvents(Protocol):
    """What `Person.updated_from` reads of a state."""

    @property
    def use(self) -> _Use:
        """Where their goal is."""

    @property
    def referral(self) -> _Referral:
        """Where the chosen group and what they were wary of are."""

    @property
    def care(self) -> _Care:
        """Where they stand with treatment and medication."""

    @property
    def contact(self) -> _Contact:
        """What stood in their way."""

    @property
    def participation(self) -> _Participation:
        """Groups attended, as last rated."""


def takes_medication(status: TreatmentStatus | None) -> bool | None:
    """Whether someone takes medication, by where they stand with it; None is not known."""
    return None if status is None else status is TreatmentStatus.IN_PROGRESS


def how_it_was(rating: float | None) -> HowItWas | None:
    """How a group was, by a rating from 0 to 10; None where there is none."""
    if rating is None:
        return None
    if rating >= _LIKED:
        return HowItWas.LIKED
    return HowItWas.DISLIKED if rating <= _DISLIKED else HowItWas.MIXED
