"""The referral: what was offered, answered, chosen and planned, and by whose consent."""

from datetime import date, datetime

from attrs import field, frozen

from mshg._checks import Broken, broken
from mshg._conversions import to_word
from mshg.domain import Channel, Concern, MeetingMode, SupporterRole
from mshg.events._fields import (
    check,
    post_init,
    private_repr,
    same_moment,
    some_once,
    to_concerns,
    to_moment,
    to_optional_channel,
    to_optional_mode,
    to_optional_moment,
    to_ordered,
)
from mshg.events.vocabulary import (
    Answer,
    ConsentChange,
    Party,
    ReferralOutcome,
    ReferralStep,
)


def _answer(value: str) -> Answer:
    return to_word(Answer, value)


def _consent_change(value: str) -> ConsentChange:
    return to_word(ConsentChange, value)


def _party(value: str) -> Party:
    return to_word(Party, value)


def _referral_outcome(value: str) -> ReferralOutcome:
    return to_word(ReferralOutcome, value)


def _referral_step(value: str) -> ReferralStep:
    return to_word(ReferralStep, value)


def _supporter_role(value: str) -> SupporterRole:
    return to_word(SupporterRole, value)


@frozen(kw_only=True, repr=False)
class Referred:
    """The person was offered groups to try, one at least.

    Parameters
    ----------
    groups
        Ids of the groups offered, best first.
    need_since
        Since when they have looked for help, as far as they know.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    groups: tuple[str, ...] = field(converter=to_ordered)
    need_since: date | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr

    def __attrs_post_init__(self) -> None:
        check(self, groups=lambda: some_once(self.groups))


@frozen(kw_only=True, repr=False)
class ReferralAnswered:
    """The person said yes or no to a referral. No reason is asked of them, and no is no lapse.

    Parameters
    ----------
    referral_id
        Id of the `Referred` event; the latest one where not given.
    group
        Which of the groups they spoke of.
    reason
        Why, in their own words.
    concerns
        Concerns they named.
    ask_again
        Whether they may be asked another time; None where they did not say.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    answer: Answer = field(converter=_answer)
    referral_id: str | None = None
    group: str | None = None
    reason: str | None = None
    concerns: frozenset[Concern] = field(default=frozenset(), converter=to_concerns)
    ask_again: bool | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class ReferralStepDone:
    """One step of good referral practice was done for the person.

    Parameters
    ----------
    referral_id
        Id of the `Referred` event; the latest one where not given.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    step: ReferralStep = field(converter=_referral_step)
    referral_id: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class ReferralClosed:
    """A referral came to an end; follow-up may go on.

    Parameters
    ----------
    referral_id
        Id of the `Referred` event; the latest one where not given.
    reason
        Why, in plain words.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    outcome: ReferralOutcome = field(converter=_referral_outcome)
    referral_id: str | None = None
    reason: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class SupporterOffered:
    """Somebody was offered to the person as a first friend, coach or other supporter.

    Parameters
    ----------
    supporter_id
        The host's id of the supporter.
    group
        The group they know.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    supporter_id: str
    role: SupporterRole = field(converter=_supporter_role)
    group: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class SupporterAnswered:
    """The person or the supporter said yes or no to being put in touch.

    Parameters
    ----------
    supporter_id
        The host's id of the supporter.
    answered_by
        Who of the two.
    reason
        Why, in their own words.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    supporter_id: str
    answer: Answer = field(converter=_answer)
    answered_by: Party = field(default=Party.PERSON, converter=_party)
    reason: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class SupporterContact:
    """The person and a supporter were in touch, or one tried.

    Parameters
    ----------
    supporter_id
        The host's id of the supporter.
    reached
        Whether they spoke.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    supporter_id: str
    channel: Channel | None = field(default=None, converter=to_optional_channel)
    reached: bool = True
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class AttendancePlanned:
    """The person means to go to a meeting. The plan's id is the event's.

    Parameters
    ----------
    meeting
        The meeting's id in its list.
    group
        Id of its group.
    starts_at
        When it starts.
    supporter_id
        Who goes along.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    meeting: str
    group: str | None = None
    starts_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    mode: MeetingMode | None = field(default=None, converter=to_optional_mode)
    supporter_id: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class GroupChosen:
    """The person chose a group.

    Parameters
    ----------
    group
        Its id.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    group: str
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class GroupChanged:
    """The person turned to another group, or to none.

    Parameters
    ----------
    group
        Id of the new group; None for none.
    from_group
        Id of the group they leave.
    reason
        Why, in their own words.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    group: str | None
    from_group: str | None = None
    reason: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class ConsentChanged:
    """The person gave a consent or took it back.

    Taking back ends every consent that agrees with all that is named here. What is None, here or
    in the consent, fits any: taking back one scope ends a consent that has no limit of scope.

    Parameters
    ----------
    discloser
        Who may tell.
    recipient
        Who may be told.
    purpose
        What for.
    scope
        What of; None for all.
    expires_on
        The first day on which it no longer holds.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    change: ConsentChange = field(converter=_consent_change)
    discloser: str | None = None
    recipient: str | None = None
    purpose: str | None = None
    scope: str | None = None
    expires_on: date | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr

    def __attrs_post_init__(self) -> None:
        # A consent says who may tell whom, and what for; taking one back may leave out any.
        check(
            self,
            discloser=lambda: self._told(self.discloser),
            recipient=lambda: self._told(self.recipient),
            purpose=lambda: self._told(self.purpose),
        )

    def _told(self, value: str | None) -> Broken:
        is_missing = value is None and self.change is ConsentChange.GIVEN
        return broken("must be given with a consent") if is_missing else ()
