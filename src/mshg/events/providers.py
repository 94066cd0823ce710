"""Those who follow up and provide; and corrections of the record."""

from datetime import date

from attrs import field, frozen

from mshg._conversions import optional_word, optional_words, word
from mshg.domain import Barrier, Channel
from mshg.events._records import AnyEvent, PersonEvent, declared
from mshg.events.vocabulary import (
    Activity,
    FollowUpStatus,
)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class FollowUp(PersonEvent):
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

    status: FollowUpStatus = field(converter=word)
    planned_for: date | None = None
    by: str | None = None
    channel: Channel | None = field(default=None, converter=optional_word)
    plan_id: str | None = None
    barriers: frozenset[Barrier] | None = field(default=None, converter=optional_words)
    encouraged: bool | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class ProviderActivity(AnyEvent):
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

    provider_id: str
    activity: Activity = field(converter=word)
    group: str | None = None
    meeting: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class Retracted(AnyEvent):
    """An earlier record should never have been made.

    It can itself be retracted. Records that retract each other in a ring cancel out.

    Parameters
    ----------
    event_id
        Id of the record.
    """

    event_id: str
    reason: str | None = None
    person_id: str | None = None
