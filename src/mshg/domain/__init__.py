"""Who and what: the frozen nouns and closed lists of words that everything else speaks in."""

from mshg._mappings import FrozenMapping
from mshg.domain.groups import (
    ConcernAnswer,
    Group,
    Membership,
    MembershipDecision,
    MembershipRule,
    Position,
    as_groups,
)
from mshg.domain.meetings import WEEKLY, JoinInfo, Meeting, Recurrence, Slot
from mshg.domain.people import (
    Dealbreaker,
    Experience,
    MeetingPreferences,
    Person,
    StanceProfile,
)
from mshg.domain.supporters import SupporterProfile
from mshg.domain.vocabulary import (
    Barrier,
    Channel,
    Concern,
    Confidence,
    Dimension,
    Goal,
    GroupStatus,
    HowItWas,
    MeetingFlag,
    MeetingMode,
    SeeksHelpFor,
    Substance,
    SupporterRole,
    TreatmentStatus,
)
from mshg.domain.windows import Window, WindowLike

__all__ = [
    "WEEKLY",
    "Barrier",
    "Channel",
    "Concern",
    "ConcernAnswer",
    "Confidence",
    "Dealbreaker",
    "Dimension",
    "Experience",
    "FrozenMapping",
    "Goal",
    "Group",
    "GroupStatus",
    "HowItWas",
    "JoinInfo",
    "Meeting",
    "MeetingFlag",
    "MeetingMode",
    "MeetingPreferences",
    "Membership",
    "MembershipDecision",
    "MembershipRule",
    "Person",
    "Position",
    "Recurrence",
    "SeeksHelpFor",
    "Slot",
    "StanceProfile",
    "Substance",
    "SupporterProfile",
    "SupporterRole",
    "TreatmentStatus",
    "Window",
    "WindowLike",
    "as_groups",
]
