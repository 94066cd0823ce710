"""What each event changes in a person's state, told as the fields that are new."""

from typing import TypeAlias, assert_never

from mshg.events.folding.building import Changes, built, evolved, moved, put, updated
from mshg.events.folding.participation_changes import (
    attended,
    goal_closed,
    goal_set,
    missed,
    planned,
    role,
)
from mshg.events.folding.parts import (
    LastEnvironmentChange,
    LastScore,
    ReportedDanger,
)
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
    DangerReported,
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
    | RecoveryGoalChanged
    | DangerReported
    | RelationshipChanged
    | EnvironmentChanged
    | InstrumentScored
    | FollowUp
    | ProviderActivity
    | Retracted
)
"""Anything that happened. Signatures name it in quotes, so that help() prints no thirty names."""


def changes(  # noqa: C901, PLR0911, PLR0912 (a case a line)
    state: PersonState, event: Event
) -> Changes:
    """The parts of the state that an event makes new; kinds that come often stand first."""
    day = event.at.date()
    match event:
        case CheckIn():
            return check_in(state, event, day)
        case Attended():
            return attended(state, event, day)
        case SubstanceUse():
            use = used(state.use, event.substance, event.within_goal, day)
            return {"use": moved(state.use, use)}
        case Tested():
            return tested(state, event, day)
        case FollowUp():
            return follow_up(state, event, day)
        case AttendancePlanned():
            return planned(state, event, day)
        case Missed():
            return missed(state, event, day)
        case StepWorked():
            before = state.participation
            steps = before.steps_worked + 1
            return {"participation": evolved(before, steps_worked=steps, last_step_on=day)}
        case ReadingDone():
            before = state.participation
            readings = before.readings + 1
            return {"participation": evolved(before, readings=readings, last_reading_on=day)}
        case SupporterContact():
            return contact(state, event, day)
        case GoalSet():
            return goal_set(state, event, day)
        case GoalClosed():
            return goal_closed(state, event)
        case RoleChanged():
            return role(state, event, day)
        case Referred():
            return referred(state, event, day)
        case ReferralAnswered():
            return referral_answered(state, event, day)
        case ReferralStepDone():
            steps_done = state.referral.steps_done | {event.step}
            return {"referral": evolved(state.referral, steps_done=steps_done)}
        case ReferralClosed():
            return referral_closed(state, event)
        case SupporterOffered():
            return supporter_offered(state, event)
        case SupporterAnswered():
            return supporter_answered(state, event)
        case GroupChosen():
            return {"referral": evolved(state.referral, chosen_group=event.group, chosen_on=day)}
        case GroupChanged():
            chosen_on = None if event.group is None else day
            chosen = evolved(state.referral, chosen_group=event.group, chosen_on=chosen_on)
            return {"referral": chosen}
        case ConsentChanged():
            return consent(state, event, day)
        case TreatmentChanged():
            return treatment(state, event, day)
        case RecoveryGoalChanged():
            return {"use": evolved(state.use, goal=event.goal)}
        case DangerReported():
            danger = built(ReportedDanger, on=day, substance=event.substance)
            dangers = updated(state.reports.dangers, {event.danger: danger})
            return {"reports": evolved(state.reports, dangers=dangers)}
        case RelationshipChanged():
            return relationship(state, event, day)
        case EnvironmentChanged():
            change = built(LastEnvironmentChange, change=event.change, on=day)
            environment = updated(state.circumstances.environment, {event.area: change})
            return {"circumstances": evolved(state.circumstances, environment=environment)}
        case InstrumentScored():
            score = built(
                LastScore,
                instrument=event.instrument,
                subscale=event.subscale,
                score=event.score,
                on=day,
            )
            scores = put(state.reports.scores, score, _scale)
            return {"reports": evolved(state.reports, scores=scores)}
        case ProviderActivity() | Retracted():
            return {}
        case _:
            assert_never(event)


def _scale(score: LastScore) -> tuple[str | None, ...]:
    return (score.instrument, score.subscale)
