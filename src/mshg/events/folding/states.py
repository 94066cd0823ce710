"""What a person's events come to: all that later packages need without the log."""

from collections.abc import Mapping
from datetime import date, datetime

from attrs import field, frozen

from mshg._checks import Broken, broken
from mshg._conversions import optional_word, words
from mshg._fields import check
from mshg._mappings import FrozenMapping
from mshg.domain import Barrier, Concern, Goal, TreatmentStatus
from mshg.events._records import Count, Rating, Record, declared
from mshg.events.folding.parts import (
    Consent,
    EndedMedication,
    LastAnswer,
    LastContact,
    LastDischarge,
    LastEnvironmentChange,
    LastMoment,
    LastScore,
    LastTest,
    LastUse,
    OpenGoal,
    Plan,
    PlannedFollowUp,
    RecentDays,
    Referral,
    Relationship,
    ReportedDanger,
    Role,
    Supporter,
    Treatment,
)
from mshg.events.vocabulary import (
    Danger,
    EnvironmentArea,
    Question,
    ReferralOutcome,
    ReferralStep,
    SafetyKind,
)


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class ReferralState(Record):
    """The referral, and who stands by the person.

    Parameters
    ----------
    referrals, first_referred_on, need_since, last_outcome
        Open referrals, oldest first; the day of the first ever; since when the person has looked
        for help; how the referral that was closed last ended.
    ask_again, concerns
        Whether the person may be asked another time, as last reported; all concerns they named.
    steps_done
        Steps of good referral practice that were done for the person.
    chosen_group, chosen_on
        The group they chose, and when.
    supporters, consents
        First friends, coaches and others; consents that were not taken back.
    """

    referrals: tuple[Referral, ...] = ()
    first_referred_on: date | None = None
    need_since: date | None = None
    last_outcome: ReferralOutcome | None = field(default=None, converter=optional_word)
    ask_again: bool | None = None
    concerns: frozenset[Concern] = field(default=frozenset(), converter=words)
    steps_done: frozenset[ReferralStep] = field(default=frozenset(), converter=words)
    chosen_group: str | None = None
    chosen_on: date | None = None
    supporters: tuple[Supporter, ...] = ()
    consents: tuple[Consent, ...] = ()


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class ParticipationState(Record):
    """Meetings, and what the person does in groups and for their goals.

    Parameters
    ----------
    plans, plans_kept, plans_missed, last_missed_on
        Meetings planned and neither attended nor missed yet; how many plans were kept; how many
        meetings were missed, and the day of the last.
    attended, first_attended_on, last_attended_on, last_attended_group
        Meetings attended, and when and where.
    last_rating, last_discomfort
        How well a meeting suited them and how uncomfortable it was, as last reported, from 0 to 10.
    tried
        Every group attended, with how well it suited them as last rated; None where it never was.
    roles
        Parts taken in groups.
    steps_worked, last_step_on, readings, last_reading_on
        The group's program.
    goals, goals_met, goals_not_met
        Short-term goals that are open, and how the others ended.
    """

    plans: tuple[Plan, ...] = ()
    plans_kept: Count = 0
    plans_missed: Count = 0
    last_missed_on: date | None = None
    attended: Count = 0
    first_attended_on: date | None = None
    last_attended_on: date | None = None
    last_attended_group: str | None = None
    last_rating: Rating | None = None
    last_discomfort: Rating | None = None
    tried: Mapping[str, float | None] = field(factory=FrozenMapping)
    roles: tuple[Role, ...] = ()
    steps_worked: Count = 0
    last_step_on: date | None = None
    readings: Count = 0
    last_reading_on: date | None = None
    goals: tuple[OpenGoal, ...] = ()
    goals_met: Count = 0
    goals_not_met: Count = 0


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class ReportsState(Record):
    """What the person said when asked, dangers that were reported, scores.

    Parameters
    ----------
    check_ins, check_ins_answered
        How many there were, and how many of them had any answer.
    answers, declined_questions
        The last answer to each question; what the person does not want to be asked again.
    dangers
        The last report of each danger. An answer above 0 to item 9 of the PHQ-9 is one of thoughts
        of suicide.
    addressed
        When each danger was last addressed.
    suicidal_thoughts_settled
        When such an answer was last 0.
    scores
        The last score of each instrument.
    """

    check_ins: Count = 0
    check_ins_answered: Count = 0
    answers: Mapping[Question, LastAnswer] = field(factory=FrozenMapping)
    declined_questions: frozenset[Question] = field(default=frozenset(), converter=words)
    dangers: Mapping[Danger, ReportedDanger] = field(factory=FrozenMapping)
    addressed: Mapping[SafetyKind, LastMoment] = field(factory=FrozenMapping)
    suicidal_thoughts_settled: LastMoment | None = None
    scores: tuple[LastScore, ...] = ()


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class UseState(Record):
    """Use and abstinence, as far as anybody has said, and tests.

    Parameters
    ----------
    goal
        What the person wants of their own use, as last reported by an event.
    last_use_on, uses, used_since_asked, last_lapse_on, lapses
        The day of the last known use; the last use of each substance; whether a use was reported
        after the person last said whether they were abstinent; the day and the number of
        uses outside the person's own goal. Use of which that is not known counts as such only
        where the goal is abstinence.
    recent_use
        The last days: ``+`` with use that was not reported to be within the goal, ``-`` abstinent,
        as the person said, or with use within the goal alone.
    recent_signs, recent_findings
        The last days with ``+``: with any sign of use outside the goal, be it a report, "not
        abstinent" or a positive test that no medication of theirs explains; and with such a test.
    run_from
        The first day on which a run may begin: the day after the last use and the last run.
    run_start, run_end
        First and last day of the present abstinent run, as far as the person has said; both None
        where there is none.
    journey_start, journey_end, journey_days_before_run
        First and last day ever counted as abstinent, and how many were counted before the
        present run. No lapse takes them back.
    tests, tests_missing
        The last test for each substance, and how many were not taken.
    """

    goal: Goal | None = field(default=None, converter=optional_word)
    last_use_on: date | None = None
    uses: tuple[LastUse, ...] = ()
    used_since_asked: bool = False
    last_lapse_on: date | None = None
    lapses: Count = 0
    recent_use: RecentDays | None = None
    recent_signs: RecentDays | None = None
    recent_findings: RecentDays | None = None
    run_from: date | None = None
    run_start: date | None = None
    run_end: date | None = None
    journey_start: date | None = None
    journey_end: date | None = None
    journey_days_before_run: Count = 0
    tests: tuple[LastTest, ...] = ()
    tests_missing: Count = 0

    def __attrs_post_init__(self) -> None:
        check(self, run_end=self._torn)

    def _torn(self) -> Broken:
        is_torn = (self.run_start is None) != (self.run_end is None)
        return broken("must be given together with run_start", code="missing") if is_torn else ()

    @property
    def run_days(self) -> int:
        """Days in the present abstinent run, its first and last day among them; 0 without one."""
        if self.run_start is None or self.run_end is None:
            return 0
        return (self.run_end - self.run_start).days + 1

    @property
    def journey_days(self) -> int:
        """All days ever counted as abstinent, whatever came between. It never falls."""
        return self.journey_days_before_run + self.run_days

    def days_since_use(self, as_of: date) -> int | None:
        """Days from the last known use to a day; None, which is no abstinence, where none is known.

        Examples
        --------
        >>> from datetime import date
        >>> from mshg.events import UseState
        >>> UseState(last_use_on=date(2026, 11, 1)).days_since_use(date(2026, 11, 24))
        23
        """
        return None if self.last_use_on is None else (as_of - self.last_use_on).days


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class CareState(Record):
    """Where the person stands with treatment.

    Parameters
    ----------
    treatment, medication, treatments
        Where the person stands with formal treatment and with medication; all that were started.
    had_opioid_medication
        Whether any medication for opioid use was ever taken.
    medication_ended
        Medication that is or may be for opioid use, was taken and is not any more; None where it
        is taken again, or another instead.
    medication_changed
        The same where another is taken instead.
    discharged
        The last discharge.
    """

    treatment: TreatmentStatus | None = field(default=None, converter=optional_word)
    medication: TreatmentStatus | None = field(default=None, converter=optional_word)
    treatments: tuple[Treatment, ...] = ()
    had_opioid_medication: bool = False
    medication_ended: EndedMedication | None = None
    medication_changed: EndedMedication | None = None
    discharged: LastDischarge | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class CircumstancesState(Record):
    """The people around the person, and daily life.

    Parameters
    ----------
    relationships, recognized_on
        People in the person's life; the last time that somebody recognized them.
    environment
        The last change in each part of daily life.
    """

    relationships: tuple[Relationship, ...] = ()
    recognized_on: date | None = None
    environment: Mapping[EnvironmentArea, LastEnvironmentChange] = field(factory=FrozenMapping)


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class ContactState(Record):
    """Follow-up, and whether the person was in touch.

    Parameters
    ----------
    follow_ups, last_reached_on, not_reached_in_a_row, barriers
        Follow-ups that are planned; the last that reached the person; how many since did not;
        what stood in the person's way when they were last asked.
    recent_contacts
        The last days: ``-`` a meeting attended, a test taken or the person reached, ``o`` only
        one that was missed.
    last_contact
        The last meeting, answered check-in, talk with a supporter or follow-up that reached them.
    last_heard_on
        The last day on which anything was heard: such a contact, a test that was taken, a
        questionnaire, a report of use or danger.
    """

    follow_ups: tuple[PlannedFollowUp, ...] = ()
    last_reached_on: date | None = None
    not_reached_in_a_row: Count = 0
    barriers: frozenset[Barrier] = field(default=frozenset(), converter=words)
    recent_contacts: RecentDays | None = None
    last_contact: LastContact | None = None
    last_heard_on: date | None = None


@frozen(kw_only=True, repr=False, slots=False, field_transformer=declared)
class PersonState(Record):
    """Where one person stands after some events. Without any argument, before the first.

    A state keeps what is open and what was last, not what went before, so its size does not grow
    with the log. What can't be known from the events is None, and never taken for a no.

    Parameters
    ----------
    person_id
        The host's own id; None before the first event.
    last_at, last_id
        Moment and id of the last event.
    referral
        The referral: what is open, the group chosen, supporters and consents.
    participation
        Meetings, parts taken in groups, the program, short-term goals.
    reports
        Answers at check-ins, dangers, scores.
    use
        The person's goal, use, abstinence and tests.
    care
        Treatment and medication.
    circumstances
        Relationships and daily life.
    contact
        Follow-up, and the days on which the person was in touch.
    """

    person_id: str | None = None
    last_at: datetime | None = None
    last_id: str | None = None
    referral: ReferralState = field(factory=ReferralState)
    participation: ParticipationState = field(factory=ParticipationState)
    reports: ReportsState = field(factory=ReportsState)
    use: UseState = field(factory=UseState)
    care: CareState = field(factory=CareState)
    circumstances: CircumstancesState = field(factory=CircumstancesState)
    contact: ContactState = field(factory=ContactState)
