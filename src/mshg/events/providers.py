"""Those who follow up and provide; and corrections of the record."""

from collections.abc import Iterable
from datetime import date, datetime

from attrs import field, frozen

from mshg._conversions import to_word, to_words
from mshg.domain import Barrier, Channel
from mshg.events._fields import (
    post_init,
    private_repr,
    same_moment,
    to_moment,
    to_optional_channel,
    to_optional_moment,
)
from mshg.events.vocabulary import (
    Activity,
    FollowUpStatus,
)


def _activity(value: str) -> Activity:
    return to_word(Activity, value)


def _barriers(value: Iterable[str] | None) -> frozenset[Barrier] | None:
    return None if value is None else to_words(Barrier, value)


def _follow_up_status(value: str) -> FollowUpStatus:
    return to_word(FollowUpStatus, value)


@frozen(kw_only=True, repr=False)
class FollowUp:
    """Somebody planned to be in touch with the person, and later reached them or not.

    Parameters
    ----------
    planned_for
        With ``planned``: the day.
    by
        The host's id of whoever follows up.
    plan_id
        Id of the `FollowUp` event that planned it; else the earliest plan due by that day is taken.
    barriers
        What the person said stands in their way: empty for nothing, None where not asked.
    encouraged
        Whether positive feedback was given.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    status: FollowUpStatus = field(converter=_follow_up_status)
    planned_for: date | None = None
    by: str | None = None
    channel: Channel | None = field(default=None, converter=to_optional_channel)
    plan_id: str | None = None
    barriers: frozenset[Barrier] | None = field(default=None, converter=_barriers)
    encouraged: bool | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class ProviderActivity:
    """A provider got to know a group. It is about no person.

    Parameters
    ----------
    provider_id
        The host's id of the provider.
    group
        Id of the group.
    meeting
        The meeting's id in its list.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    provider_id: str
    activity: Activity = field(converter=_activity)
    group: str | None = None
    meeting: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class Retracted:
    """An earlier record should never have been made.

    It can itself be retracted. Records that retract each other in a ring cancel out.

    Parameters
    ----------
    event_id
        Id of the record.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    event_id: str
    reason: str | None = None
    person_id: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init
