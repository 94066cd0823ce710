"""Taking part: meetings, parts taken in a group, the program, short-term goals."""

from datetime import date, datetime

from attrs import field, frozen

from mshg._conversions import to_word
from mshg.domain import Barrier, MeetingMode
from mshg.events._fields import (
    post_init,
    private_repr,
    same_moment,
    to_barriers,
    to_group_role,
    to_moment,
    to_optional_float,
    to_optional_mode,
    to_optional_moment,
)
from mshg.events.vocabulary import (
    GroupRole,
    RoleChange,
)


def _role_change(value: str) -> RoleChange:
    return to_word(RoleChange, value)


@frozen(kw_only=True, repr=False)
class Attended:
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

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    group: str
    meeting: str | None = None
    mode: MeetingMode | None = field(default=None, converter=to_optional_mode)
    rating: float | None = field(default=None, converter=to_optional_float)
    discomfort: float | None = field(default=None, converter=to_optional_float)
    shared_experience: float | None = field(default=None, converter=to_optional_float)
    plan_id: str | None = None
    supporter_id: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class Missed:
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

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    meeting: str | None = None
    group: str | None = None
    reason: str | None = None
    barriers: frozenset[Barrier] = field(default=frozenset(), converter=to_barriers)
    plan_id: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class RoleChanged:
    """The person took or left a part in a group: a sponsor, a sponsee, a home group, service.

    Parameters
    ----------
    group
        Id of the group. Leaving without one leaves the part in every group.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    role: GroupRole = field(converter=to_group_role)
    change: RoleChange = field(converter=_role_change)
    group: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class StepWorked:
    """The person worked on a step, or whatever the group's program is made of.

    Parameters
    ----------
    step
        Its number in the program.
    group
        Id of the group.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    step: int
    group: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class ReadingDone:
    """The person read, watched or listened to a group's material.

    Parameters
    ----------
    group
        Id of the group.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    title: str | None = None
    group: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class GoalSet:
    """The person set a short-term goal, such as a plan for seven days.

    The goal's id is the event's.

    Parameters
    ----------
    description
        The goal, in their own words.
    due_on
        The day by which it is to be met.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    description: str | None = None
    due_on: date | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class GoalClosed:
    """A short-term goal was met, or not.

    Parameters
    ----------
    goal_id
        Id of the `GoalSet` event.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    goal_id: str
    met: bool
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init
