"""What a person's state is made of: what is open, and what was last."""

from datetime import date, datetime

from attrs import field, frozen

from mshg._checks import Broken, broken
from mshg._conversions import optional_word, word, words
from mshg._fields import check
from mshg.domain import Substance, SupporterRole
from mshg.events._records import Count, Rating, Record, Score, declared
from mshg.events.vocabulary import (
    Answer,
    ContactForm,
    DischargeSetting,
    EnvironmentChange,
    GroupRole,
    Relation,
    ScreenResult,
    TreatmentKind,
)

MOST_KEPT = 64
"""How many things of one kind a state keeps; the oldest leave first (judgment)."""

DAY_CODES = "_o-+"
"""What may be known of a day; of two on one day, the one that stands later here stays."""


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class Referral(Record):
    """A referral that is open. Its id is that of its `Referred` event."""

    id: str
    groups: tuple[str, ...] = field(converter=words)
    referred_on: date
    answer: Answer | None = field(default=None, converter=optional_word)
    answered_on: date | None = None
    ask_again: bool | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class Supporter(Record):
    """A first friend, coach or other supporter who was offered or was in touch."""

    id: str
    role: SupporterRole | None = field(default=None, converter=optional_word)
    group: str | None = None
    person_answer: Answer | None = field(default=None, converter=optional_word)
    supporter_answer: Answer | None = field(default=None, converter=optional_word)
    contacts: Count = 0
    last_contact_on: date | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class Plan(Record):
    """A plan to go to a meeting, neither kept nor missed yet. Its id is that of its event."""

    id: str
    meeting: str
    planned_on: date
    group: str | None = None
    starts_at: datetime | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class Role(Record):
    """A part that the person has in a group."""

    role: GroupRole = field(converter=word)
    since: date
    group: str | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class OpenGoal(Record):
    """A short-term goal that is neither met nor given up. Its id is that of its event."""

    id: str
    set_on: date
    description: str | None = None
    due_on: date | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class LastAnswer(Record):
    """The last answer to a question, and the one before it; abstinence as 1 or 0."""

    value: Rating
    on: date
    before: Rating | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class Consent(Record):
    """A consent that was given and not taken back. Whether it has expired is for a day to say."""

    discloser: str
    recipient: str
    purpose: str
    given_on: date
    scope: str | None = None
    expires_on: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether it has not expired by that day."""
        return self.expires_on is None or day < self.expires_on


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class Treatment(Record):
    """A treatment or medication that was started, and since when it is stopped, if it is.

    ``covered_until`` is the last day that the last dose covers, where that is known.
    """

    kind: TreatmentKind = field(converter=word)
    since: date
    name: str | None = None
    substances: frozenset[Substance] = field(default=frozenset(), converter=words)
    stopped_on: date | None = None
    covered_until: date | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class ReportedDanger(Record):
    """The last report of a danger.

    Parameters
    ----------
    on, at
        When; where the event's own moment can't be right, when it was recorded.
    substance
        As in `DangerReported`.
    is_clock_wrong
        Whether the event's own moment can't be right: it lies after that of recording, or more
        than a year before.
    """

    on: date
    substance: Substance | None = field(default=None, converter=optional_word)
    at: datetime | None = None
    is_clock_wrong: bool = False


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class LastMoment(Record):
    """When something last was, and its day."""

    on: date
    at: datetime


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class EndedMedication(Record):
    """Medication that is or may be for opioid use, and is not taken any more.

    Parameters
    ----------
    on, at
        When it ended.
    name
        Its name, where it has one.
    """

    on: date
    at: datetime
    name: str | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class LastDischarge(Record):
    """The last discharge, as in `Discharged`."""

    on: date
    setting: DischargeSetting = field(converter=word)
    substances: frozenset[Substance] = field(default=frozenset(), converter=words)


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class LastContact(Record):
    """The last time that the person was in touch, and how."""

    on: date
    form: ContactForm = field(converter=word)


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class LastUse(Record):
    """The last use of a substance.

    Parameters
    ----------
    on, substance, within_goal
        As in `SubstanceUse`.
    returned_on, days_without_before
        The last time that such use came after a week or more without it, and how many days those
        were: since the use before, or where none is known, since the first abstinent day.
    at
        Its moment; where that can't be right, when it was recorded.
    outside_on
        The last day on which such use was not said to be within the goal.
    is_reported
        Whether that use was reported as such; else the person said that they were not abstinent.
    """

    on: date
    substance: Substance | None = field(default=None, converter=optional_word)
    within_goal: bool | None = None
    returned_on: date | None = None
    days_without_before: Count = 0
    at: datetime | None = None
    outside_on: date | None = None
    is_reported: bool = True


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class RecentDays(Record):
    """What is known of each of the last days.

    Parameters
    ----------
    until
        The last of them.
    codes
        A character a day, the day ``until`` last, at most 64 of them: ``_`` nothing is known, else
        as the field of the state says.
    """

    until: date
    codes: str

    def __attrs_post_init__(self) -> None:
        check(self, codes=self._unknown)

    def _unknown(self) -> Broken:
        is_known = len(self.codes) <= MOST_KEPT and not set(self.codes) - set(DAY_CODES)
        return (
            ()
            if is_known
            else broken(f"must be at most {MOST_KEPT} of {DAY_CODES}", code="malformed")
        )


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class LastTest(Record):
    """The last test for a substance, or of a whole panel.

    Parameters
    ----------
    result, on, substance
        As in `Tested`.
    found_on
        The last time that one was positive or mixed, whatever came after.
    unexplained_on, unexplained_at
        The same where no medication of their own, taken that day, explains it.
    """

    result: ScreenResult = field(converter=word)
    on: date
    substance: Substance | None = field(default=None, converter=optional_word)
    found_on: date | None = None
    unexplained_on: date | None = None
    unexplained_at: datetime | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class Relationship(Record):
    """Somebody in the person's life, as last reported."""

    id: str | None = None
    relation: Relation | None = field(default=None, converter=optional_word)
    supports_recovery: bool | None = None
    uses_substances: bool | None = None
    boundary_set_on: date | None = None
    contact_lost_on: date | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class LastEnvironmentChange(Record):
    """The last change in a part of daily life."""

    change: EnvironmentChange = field(converter=word)
    on: date


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class LastScore(Record):
    """The last score of an instrument, or of a part of it."""

    instrument: str
    score: Score
    on: date
    subscale: str | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class PlannedFollowUp(Record):
    """A follow-up that is planned. Its id is that of its event."""

    id: str
    planned_for: date | None = None
    by: str | None = None
