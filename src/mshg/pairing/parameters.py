"""What pairing weighs, what counts as enough, and what a person asks for.

Every number here is judgment: no study says what makes two people get along. The parts are those
that people name themselves: the same group, something lived through in common, a language, not far
to go, time that both have, and that nobody waits too long.
"""

from enum import StrEnum
from typing import Annotated, TypeAlias

from attrs import field, frozen

from mshg._conversions import to_float
from mshg._fields import post_init, whole_within, within

METHOD_VERSION = "pairing-1"
"""Changes whenever the same requests and supporters would get other pairs."""

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, R1 of the GRS 80 ellipsoid (Moritz, Journal of Geodesy 74, 2000)."""

STEPS = 1_000_000
"""A liking of 1 in whole numbers. Likings are compared as whole millionths, so that what is equal
on paper is equal here, and ties are settled by waiting and not by the last bit of a sum."""

MOST_MINUTES = 7 * 24 * 60
HEAVIEST = 100
Weight: TypeAlias = Annotated[float, within(0, HEAVIEST)]


def opaque(self: object) -> str:
    """Stand in for a repr, alike for everyone."""
    return f"{type(self).__name__}(…)"


class Constraint(StrEnum):
    """What a pair must meet, in the order in which it is asked about."""

    LISTED = "listed"
    """There is such a supporter at all."""
    ROLE = "role"
    """They are what the person asks for: a first friend or a recovery coach."""
    CONSENT = "consent"
    """They agreed to be named to people, on or before the day."""
    PAUSE = "pause"
    """They are not taking a break."""
    GROUP = "group"
    """They go to a group that the person wants."""
    LANGUAGE = "language"
    """Both speak a language."""
    PERSONS_WISH = "persons_wish"
    """They are who the person wishes to go along with."""
    SUPPORTERS_WISH = "supporters_wish"
    """The person is among those whom they go along with."""
    NOT_WITH = "not_with"
    """Neither has said no to the other."""
    DISTANCE = "distance"
    """Both can go in person and are near enough, or both can meet online."""
    FREE_TIME = "free_time"
    """Both are free at the same time for long enough."""
    CAPACITY = "capacity"
    """They have a place. It is settled by matching, not pair by pair."""


@frozen(kw_only=True)
class Weights:
    """How much each part counts where one side compares those of the other (all judgment).

    Each part lies from 0 to 1, and counts 1/2 where it is not known. Age, gender, name and the
    like are no part, and can't be made one.

    Parameters
    ----------
    shared_group
        1 for the group that the person wants most, 1/2 for the next, 1/3, and so on.
    lived_experience
        Share of the person's substances that the supporter has lived with; where the person takes
        medication for addiction, whether the supporter has, counts as much.
    language
        Share of the person's languages that the supporter speaks.
    nearness
        1 next door, 0 at `PairingParameters.far_km` and where they can meet only online.
    free_time
        Time that both have in a week, up to `PairingParameters.ample_minutes`.
    waiting
        How long the person has waited, up to `PairingParameters.long_wait_days`. It is the same
        for all supporters, so it changes nothing in what a person prefers.
    """

    shared_group: Weight = field(default=0.0, converter=to_float)
    lived_experience: Weight = field(default=0.0, converter=to_float)
    language: Weight = field(default=0.0, converter=to_float)
    nearness: Weight = field(default=0.0, converter=to_float)
    free_time: Weight = field(default=0.0, converter=to_float)
    waiting: Weight = field(default=0.0, converter=to_float)

    __attrs_post_init__ = post_init


PARTS = ("shared_group", "lived_experience", "language", "nearness", "free_time", "waiting")


@frozen(kw_only=True)
class PairingParameters:
    """What is weighed, and what counts as enough (all judgment).

    Parameters
    ----------
    person_weights, supporter_weights
        How people compare supporters, and supporters people. Experience and group come first for
        people (recognition by somebody who has been there helped people start; Pettersen 2019);
        for supporters, waiting counts as much as experience.
    least_minutes
        Time in a week that both must have: a meeting takes about an hour.
    ample_minutes
        Time in a week beyond which more makes no difference.
    far_km
        Distance from which a supporter counts as not near at all.
    long_wait_days
        Days of waiting beyond which more makes no difference.
    """

    person_weights: Weights = Weights(
        shared_group=0.3, lived_experience=0.3, language=0.1, nearness=0.15, free_time=0.15
    )
    supporter_weights: Weights = Weights(
        shared_group=0.2,
        lived_experience=0.25,
        language=0.1,
        nearness=0.1,
        free_time=0.1,
        waiting=0.25,
    )
    least_minutes: Annotated[int, whole_within(1, MOST_MINUTES)] = 60
    ample_minutes: Annotated[int, whole_within(1, MOST_MINUTES)] = 300
    far_km: Annotated[float, within(0.1, 20_040)] = field(default=30.0, converter=to_float)
    long_wait_days: Annotated[int, whole_within(1, 36_500)] = 28

    __attrs_post_init__ = post_init


DEFAULT_PARAMETERS = PairingParameters()
