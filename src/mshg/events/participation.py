"""Taking part: meetings, parts taken in a group, the program, short-term goals."""

from datetime import date

from attrs import field, frozen

from mshg._conversions import optional_word, word, words
from mshg.domain import Barrier
from mshg.domain.vocabulary import WayToAttend
from mshg.events._records import Count, PersonEvent, Rating, declared
from mshg.events.vocabulary import (
    GroupRole,
    RoleChange,
)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class Attended(PersonEvent):
    """The person went to a meeting.

    Parameters
    ----------
    group
        Id of the group.
    meeting
        The meeting's id in its list.
    mode
        How they attended.
    rating
        How well it suited them, from 0 to 10.
    discomfort
        How uncomfortable it was, from 0 to 10.
    shared_experience
        How much of their experience others there shared, from 0 to 10.
    plan_id
        Id of the `AttendancePlanned` event; else a plan for the same meeting is looked for.
    supporter_id
        Who went along.
    """

    group: str
    meeting: str | None = None
    mode: WayToAttend | None = field(default=None, converter=optional_word)
    rating: Rating | None = None
    discomfort: Rating | None = None
    shared_experience: Rating | None = None
    plan_id: str | None = None
    supporter_id: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class Missed(PersonEvent):
    """The person had a plan to go and did not. It is no lapse.

    Parameters
    ----------
    meeting
        The meeting's id in its list.
    group
        Id of its group.
    reason
        Why, in their own words.
    barriers
        What stood in the way.
    plan_id
        Id of the `AttendancePlanned` event; else a plan for the same meeting is looked for.
    """

    meeting: str | None = None
    group: str | None = None
    reason: str | None = None
    barriers: frozenset[Barrier] = field(default=frozenset(), converter=words)
    plan_id: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class RoleChanged(PersonEvent):
    """The person took or left a part in a group: a sponsor, a sponsee, a home group, service.

    Parameters
    ----------
    group
        Id of the group. Leaving without one leaves the part in every group.
    """

    role: GroupRole = field(converter=word)
    change: RoleChange = field(converter=word)
    group: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class StepWorked(PersonEvent):
    """The person worked on a step, or whatever the group's program is made of.

    Parameters
    ----------
    step
        Its number in the program.
    group
        Id of the group.
    """

    step: Count
    group: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class ReadingDone(PersonEvent):
    """The person read, watched or listened to a group's material.

    Parameters
    ----------
    group
        Id of the group.
    """

    title: str | None = None
    group: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class GoalSet(PersonEvent):
    """The person set a short-term goal, such as a plan for seven days.

    The goal's id is the event's.

    Parameters
    ----------
    description
        The goal, in their own words.
    due_on
        The day by which it is to be met.
    """

    description: str | None = None
    due_on: date | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class GoalClosed(PersonEvent):
    """A short-term goal was met, or not.

    Parameters
    ----------
    goal_id
        Id of the `GoalSet` event.
    """

    goal_id: str
    met: bool
