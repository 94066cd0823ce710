"""The referral: what was offered, answered, chosen and planned, and by whose consent."""

from datetime import date, datetime

from attrs import field, frozen

from mshg._checks import Broken, broken
from mshg._conversions import optional_word, word, words
from mshg._fields import check
from mshg.domain import Channel, Concern, SupporterRole
from mshg.domain.vocabulary import WayToAttend
from mshg.events._records import PersonEvent, declared, some_once
from mshg.events.vocabulary import (
    Answer,
    ConsentChange,
    Party,
    ReferralOutcome,
    ReferralStep,
)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class Referred(PersonEvent):
    """The person was offered groups to try, one at least.

    Parameters
    ----------
    groups
        Ids of the groups offered, best first.
    need_since
        Since when they have looked for help, as far as they know.
    """

    groups: tuple[str, ...] = field(converter=words)
    need_since: date | None = None

    def __attrs_post_init__(self) -> None:
        check(self, groups=lambda: some_once(self.groups))


@frozen(kw_only=True, repr=False, field_transformer=declared)
class ReferralAnswered(PersonEvent):
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

    answer: Answer = field(converter=word)
    referral_id: str | None = None
    group: str | None = None
    reason: str | None = None
    concerns: frozenset[Concern] = field(default=frozenset(), converter=words)
    ask_again: bool | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class ReferralStepDone(PersonEvent):
    """One step of good referral practice was done for the person.

    Parameters
    ----------
    referral_id
        Id of the `Referred` event; the latest one where not given.
    """

    step: ReferralStep = field(converter=word)
    referral_id: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class ReferralClosed(PersonEvent):
    """A referral came to an end; follow-up may go on.

    Parameters
    ----------
    referral_id
        Id of the `Referred` event; the latest one where not given.
    reason
        Why, in plain words.
    """

    outcome: ReferralOutcome = field(converter=word)
    referral_id: str | None = None
    reason: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class SupporterOffered(PersonEvent):
    """Somebody was offered to the person as a first friend, coach or other supporter.

    Parameters
    ----------
    supporter_id
        The host's id of the supporter.
    group
        The group they know.
    """

    supporter_id: str
    role: SupporterRole = field(converter=word)
    group: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class SupporterAnswered(PersonEvent):
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

    supporter_id: str
    answer: Answer = field(converter=word)
    answered_by: Party = field(default=Party.PERSON, converter=word)
    reason: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class SupporterContact(PersonEvent):
    """The person and a supporter were in touch, or one tried.

    Parameters
    ----------
    supporter_id
        The host's id of the supporter.
    reached
        Whether they spoke.
    """

    supporter_id: str
    channel: Channel | None = field(default=None, converter=optional_word)
    reached: bool = True


@frozen(kw_only=True, repr=False, field_transformer=declared)
class AttendancePlanned(PersonEvent):
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

    meeting: str
    group: str | None = None
    starts_at: datetime | None = None
    mode: WayToAttend | None = field(default=None, converter=optional_word)
    supporter_id: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class GroupChosen(PersonEvent):
    """The person chose a group.

    Parameters
    ----------
    group
        Its id.
    """

    group: str


@frozen(kw_only=True, repr=False, field_transformer=declared)
class GroupChanged(PersonEvent):
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

    group: str | None
    from_group: str | None = None
    reason: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class ConsentChanged(PersonEvent):
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

    change: ConsentChange = field(converter=word)
    discloser: str | None = None
    recipient: str | None = None
    purpose: str | None = None
    scope: str | None = None
    expires_on: date | None = None

    def __attrs_post_init__(self) -> None:
        # A consent says who may tell whom, and what for; taking one back may leave out any.
        check(
            self,
            discloser=lambda: self._given(self.discloser),
            recipient=lambda: self._given(self.recipient),
            purpose=lambda: self._given(self.purpose),
        )

    def _given(self, value: str | None) -> Broken:
        is_missing = value is None and self.change is ConsentChange.GIVEN
        return broken("must be given with a consent", code="missing") if is_missing else ()
