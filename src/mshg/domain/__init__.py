"""Who and what: the frozen nouns and closed lists of words that everything else speaks in."""

from mshg._mappings import FrozenMapping
from mshg.domain.groups import Group, Membership, MembershipRule, Position, Ruling, as_groups
from mshg.domain.meetings import WEEKLY, Meeting, Recurrence, Slot
from mshg.domain.people import Dealbreaker, MeetingPreferences, Person, StanceProfile
from mshg.domain.vocabulary import (
    Barrier,
    Confidence,
    Dimension,
    Goal,
    GroupStatus,
    MeetingMode,
    SeeksHelpFor,
    Substance,
    TreatmentStatus,
)

__all__ = [
    "WEEKLY",
    "Barrier",
    "Confidence",
    "Dealbreaker",
    "Dimension",
    "FrozenMapping",
    "Goal",
    "Group",
    "GroupStatus",
    "Meeting",
    "MeetingMode",
    "MeetingPreferences",
    "Membership",
    "MembershipRule",
    "Person",
    "Position",
    "Recurrence",
    "Ruling",
    "SeeksHelpFor",
    "Slot",
    "StanceProfile",
    "Substance",
    "TreatmentStatus",
    "as_groups",
]
