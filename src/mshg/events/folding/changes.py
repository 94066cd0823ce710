"""What each event changes in a person's state, given as the fields that are new."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from mshg.events.folding.building import Changes, built, evolved, moved, updated
from mshg.events.folding.contact_changes import heard_by
from mshg.events.folding.danger_changes import danger_addressed, danger_reported, scored
from mshg.events.folding.moments import moment_of
from mshg.events.folding.participation_changes import (
    attended,
    goal_closed,
    goal_set,
    missed,
    planned,
    role,
)
from mshg.events.folding.parts import LastDischarge, LastEnvironmentChange
from mshg.events.folding.referral_changes import (
    consent,
    contact,
    follow_up,
    referral_answered,
    referral_closed,
    referred,
    supporter_answered,
    supporter_offered,
)
from mshg.events.folding.report_changes import check_in, relationship, tested, treatment, used
from mshg.events.folding.states import PersonState
from mshg.events.participation import (
    Attended,
    GoalClosed,
    GoalSet,
    Missed,
    ReadingDone,
    RoleChanged,
    StepWorked,
)
from mshg.events.providers import FollowUp, ProviderActivity, Retracted
from mshg.events.referrals import (
    AttendancePlanned,
    ConsentChanged,
    GroupChanged,
    GroupChosen,
    ReferralAnswered,
    ReferralClosed,
    ReferralStepDone,
    Referred,
    SupporterAnswered,
    SupporterContact,
    SupporterOffered,
)
from mshg.events.reports import (
    CheckIn,
    DangerAddressed,
    DangerReported,
    Discharged,
    EnvironmentChanged,
    InstrumentScored,
    RecoveryGoalChanged,
    RelationshipChanged,
    SubstanceUse,
    Tested,
    TreatmentChanged,
)

Event: TypeAlias = (
    Referred
    | ReferralAnswered
    | ReferralStepDone
    | ReferralClosed
    | SupporterOffered
    | SupporterAnswered
    | SupporterContact
    | AttendancePlanned
    | GroupChosen
    | GroupChanged
    | ConsentChanged
    | Attended
    | Missed
    | RoleChanged
    | StepWorked
    | ReadingDone
    | GoalSet
    | GoalClosed
    | CheckIn
    | SubstanceUse
    | Tested
    | TreatmentChanged
    | Discharged
    | RecoveryGoalChanged
    | DangerReported
    | DangerAddressed
    | RelationshipChanged
    | EnvironmentChanged
    | InstrumentScored
    | FollowUp
    | ProviderActivity
    | Retracted
)
"""Anything that happened. Signatures name it in quotes, so that help() prints no thirty names."""


def changes(state: PersonState, event: Event) -> Changes:
    """The parts of the state that an event makes new."""
    found = _CHANGES[type(event)](state, event, event.at.date())
    heard = heard_by(state, event)
    if heard:
        found["contact"] = moved(found.get("contact", state.contact), heard)
    return found


def _substance_used(state: PersonState, event: SubstanceUse, day: date) -> Changes:
    use = used(state.use, event.substance, event.within_goal, day, moment_of(event))
    return {"use": moved(state.use, use)}


def _step_worked(state: PersonState, _event: StepWorked, day: date) -> Changes:
    before = state.participation
    steps = before.steps_worked + 1
    return {"participation": evolved(before, steps_worked=steps, last_step_on=day)}


def _reading_done(state: PersonState, _event: ReadingDone, day: date) -> Changes:
    before = state.participation
    readings = before.readings + 1
    return {"participation": evolved(before, readings=readings, last_reading_on=day)}


def _referral_step(state: PersonState, event: ReferralStepDone, _day: date) -> Changes:
    steps_done = state.referral.steps_done | {event.step}
    return {"referral": evolved(state.referral, steps_done=steps_done)}


def _group(state: PersonState, event: GroupChosen | GroupChanged, day: date) -> Changes:
    chosen_on = None if event.group is None else day
    return {"referral": evolved(state.referral, chosen_group=event.group, chosen_on=chosen_on)}


def _goal(state: PersonState, event: RecoveryGoalChanged, _day: date) -> Changes:
    return {"use": evolved(state.use, goal=event.goal)}


def _danger(state: PersonState, event: DangerReported, _day: date) -> Changes:
    return {"reports": moved(state.reports, danger_reported(state, event))}


def _addressed(state: PersonState, event: DangerAddressed, _day: date) -> Changes:
    return {"reports": moved(state.reports, danger_addressed(state, event))}


def _discharged(state: PersonState, event: Discharged, day: date) -> Changes:
    left = built(LastDischarge, on=day, setting=event.setting, substances=event.substances)
    return {"care": evolved(state.care, discharged=left)}


def _environment(state: PersonState, event: EnvironmentChanged, day: date) -> Changes:
    change = built(LastEnvironmentChange, change=event.change, on=day)
    environment = updated(state.circumstances.environment, {event.area: change})
    return {"circumstances": evolved(state.circumstances, environment=environment)}


def _scored(state: PersonState, event: InstrumentScored, day: date) -> Changes:
    return {"reports": moved(state.reports, scored(state, event, day))}


def _nothing(_state: PersonState, _event: Event, _day: date) -> Changes:
    return {}


# Found by type at once: a `match` over thirty kinds takes longer than many a step. A test sees
# that no kind is missing.
_CHANGES: Mapping[type, Callable[[PersonState, Any, date], Changes]] = {
    Referred: referred,
    ReferralAnswered: referral_answered,
    ReferralStepDone: _referral_step,
    ReferralClosed: referral_closed,
    SupporterOffered: supporter_offered,
    SupporterAnswered: supporter_answered,
    SupporterContact: contact,
    AttendancePlanned: planned,
    GroupChosen: _group,
    GroupChanged: _group,
    ConsentChanged: consent,
    Attended: attended,
    Missed: missed,
    RoleChanged: role,
    StepWorked: _step_worked,
    ReadingDone: _reading_done,
    GoalSet: goal_set,
    GoalClosed: goal_closed,
    CheckIn: check_in,
    SubstanceUse: _substance_used,
    Tested: tested,
    TreatmentChanged: treatment,
    Discharged: _discharged,
    RecoveryGoalChanged: _goal,
    DangerReported: _danger,
    DangerAddressed: _addressed,
    RelationshipChanged: relationship,
    EnvironmentChanged: _environment,
    InstrumentScored: _scored,
    FollowUp: follow_up,
    ProviderActivity: _nothing,
    Retracted: _nothing,
}
