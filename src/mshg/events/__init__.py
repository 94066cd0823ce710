"""What happened: one frozen record for each kind of event, and the state they leave.

Every record has an ``id``, unique among a host's events, and ``at``, when it happened: a date and
time with its offset, kept as given. A day is the calendar day in that offset. ``recorded_at`` and
``source`` may say when and where it was written down. Records about a person have ``person_id``.
"""

from typing import TYPE_CHECKING

from mshg.events.folding.changes import Event
from mshg.events.folding.parts import (
    DAY_CODES,
    MOST_KEPT,
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
from mshg.events.folding.states import (
    CareState,
    CircumstancesState,
    ContactState,
    ParticipationState,
    PersonState,
    ReferralState,
    ReportsState,
    UseState,
)
from mshg.events.kinds import CODE_WORDS, EventKind
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
from mshg.events.replays import apply, effective_events, replay
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
from mshg.events.vocabulary import (
    Activity,
    Answer,
    ConsentChange,
    ContactForm,
    Danger,
    DischargeSetting,
    EnvironmentArea,
    EnvironmentChange,
    FollowUpStatus,
    GroupRole,
    Party,
    Question,
    ReferralOutcome,
    ReferralStep,
    Relation,
    RelationshipChange,
    RoleChange,
    SafetyKind,
    ScreenResult,
    TreatmentChange,
    TreatmentKind,
)

if TYPE_CHECKING:
    from mshg.events.tables import EventTable

METHOD_VERSION = "state-3"
"""Changes whenever the same events give another state."""

__all__ = [
    "CODE_WORDS",
    "DAY_CODES",
    "METHOD_VERSION",
    "MOST_KEPT",
    "Activity",
    "Answer",
    "AttendancePlanned",
    "Attended",
    "CareState",
    "CheckIn",
    "CircumstancesState",
    "Consent",
    "ConsentChange",
    "ConsentChanged",
    "ContactForm",
    "ContactState",
    "Danger",
    "DangerAddressed",
    "DangerReported",
    "DischargeSetting",
    "Discharged",
    "EndedMedication",
    "EnvironmentArea",
    "EnvironmentChange",
    "EnvironmentChanged",
    "Event",
    "EventKind",
    "EventTable",
    "FollowUp",
    "FollowUpStatus",
    "GoalClosed",
    "GoalSet",
    "GroupChanged",
    "GroupChosen",
    "GroupRole",
    "InstrumentScored",
    "LastAnswer",
    "LastContact",
    "LastDischarge",
    "LastEnvironmentChange",
    "LastMoment",
    "LastScore",
    "LastTest",
    "LastUse",
    "Missed",
    "OpenGoal",
    "ParticipationState",
    "Party",
    "PersonState",
    "Plan",
    "PlannedFollowUp",
    "ProviderActivity",
    "Question",
    "ReadingDone",
    "RecentDays",
    "RecoveryGoalChanged",
    "Referral",
    "ReferralAnswered",
    "ReferralClosed",
    "ReferralOutcome",
    "ReferralState",
    "ReferralStep",
    "ReferralStepDone",
    "Referred",
    "Relation",
    "Relationship",
    "RelationshipChange",
    "RelationshipChanged",
    "ReportedDanger",
    "ReportsState",
    "Retracted",
    "Role",
    "RoleChange",
    "RoleChanged",
    "SafetyKind",
    "ScreenResult",
    "StepWorked",
    "SubstanceUse",
    "Supporter",
    "SupporterAnswered",
    "SupporterContact",
    "SupporterOffered",
    "Tested",
    "Treatment",
    "TreatmentChange",
    "TreatmentChanged",
    "TreatmentKind",
    "UseState",
    "apply",
    "effective_events",
    "replay",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name != "EventTable":  # it alone needs NumPy, which records can do without
        message = f"module 'mshg.events' has no attribute {name!r}"
        raise AttributeError(message)
    found: object = import_module("mshg.events.tables").EventTable
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
