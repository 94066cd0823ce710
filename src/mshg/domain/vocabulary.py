"""The closed lists of words that models are made of."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from mshg._checks import Broken, broken
from mshg._fields import Rule


class Dimension(StrEnum):
    """One spectrum of belief or practice, from 0 to 1, in the order of every array.

    ==================== =============================== =======================
    dimension            0                               1
    ==================== =============================== =======================
    spirituality         secular                         higher power
    christian_practice   no Christian practice           Christ-centered
    contemplation        no meditation                   meditation central
    abstinence           any positive change             complete abstinence
    agency               surrender                       self-direction
    structure            pick what helps                 a set program in order
    identity_label       no label                        naming oneself
    method               shared story                    taught skills
    leadership           peers rotate                    trained facilitator
    mentorship           none                            one-to-one sponsor
    commitment           time-limited                    lifelong
    medication           drug-free stance                medication welcomed
    ==================== =============================== =======================
    """

    SPIRITUALITY = "spirituality"
    CHRISTIAN_PRACTICE = "christian_practice"
    CONTEMPLATION = "contemplation"
    ABSTINENCE = "abstinence"
    AGENCY = "agency"
    STRUCTURE = "structure"
    IDENTITY_LABEL = "identity_label"
    METHOD = "method"
    LEADERSHIP = "leadership"
    MENTORSHIP = "mentorship"
    COMMITMENT = "commitment"
    MEDICATION = "medication"


class Substance(StrEnum):
    """A substance whose use is in question."""

    ALCOHOL = "alcohol"
    OPIOIDS = "opioids"
    COCAINE = "cocaine"
    METHAMPHETAMINE = "methamphetamine"
    OTHER_STIMULANTS = "other_stimulants"
    CANNABIS = "cannabis"
    BENZODIAZEPINES = "benzodiazepines"
    OTHER_SEDATIVES = "other_sedatives"
    HALLUCINOGENS = "hallucinogens"
    INHALANTS = "inhalants"
    NICOTINE = "nicotine"
    OTHER = "other"


class Focus(StrEnum):
    """What members of a group may share: each substance, and a few situations."""

    ALCOHOL = "alcohol"
    OPIOIDS = "opioids"
    COCAINE = "cocaine"
    METHAMPHETAMINE = "methamphetamine"
    OTHER_STIMULANTS = "other_stimulants"
    CANNABIS = "cannabis"
    BENZODIAZEPINES = "benzodiazepines"
    OTHER_SEDATIVES = "other_sedatives"
    HALLUCINOGENS = "hallucinogens"
    INHALANTS = "inhalants"
    NICOTINE = "nicotine"
    OTHER = "other"
    MEDICATION_FOR_ADDICTION = "medication_for_addiction"
    DUAL_DIAGNOSIS = "dual_diagnosis"
    SOMEONE_ELSES_USE = "someone_elses_use"
    LGBTQ = "lgbtq"
    CHRISTIAN = "christian"
    MUSLIM = "muslim"
    JEWISH = "jewish"
    BUDDHIST = "buddhist"
    NATIVE_AMERICAN = "native_american"


class Tradition(StrEnum):
    """The lineage of a group's program, or whom it is built for; a list shows several."""

    TWELVE_STEP = "twelve_step"
    COGNITIVE_BEHAVIORAL = "cognitive_behavioral"
    SECULAR = "secular"
    BUDDHIST = "buddhist"
    FAITH_BASED = "faith_based"
    HARM_REDUCTION = "harm_reduction"
    MEDICATION = "medication"
    RELATIVES = "relatives"


class Reach(StrEnum):
    """How widely a group meets, by the order of the number of its meetings in the United States."""

    FEW = "few"
    """Fewer than about a hundred, or mostly online."""
    SOME = "some"
    """About a hundred to a thousand."""
    WIDE = "wide"
    """About a thousand to ten thousand."""
    EVERYWHERE = "everywhere"
    """More than about ten thousand."""


class Goal(StrEnum):
    """What the person wants of their own use."""

    ABSTINENCE = "abstinence"
    MODERATION = "moderation"
    REDUCTION = "reduction"
    UNDECIDED = "undecided"


class TreatmentStatus(StrEnum):
    """Where the person stands with formal treatment."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    REFUSED = "refused"
    CANNOT_AFFORD = "cannot_afford"
    NOT_OFFERED = "not_offered"


class SeeksHelpFor(StrEnum):
    """Whose use the person seeks help for."""

    OWN_USE = "own_use"
    SOMEONE_ELSES_USE = "someone_elses_use"


class Barrier(StrEnum):
    """What makes it hard to get to a meeting or to take part."""

    SOCIAL_ANXIETY = "social_anxiety"
    DISTANCE = "distance"
    TRANSPORT = "transport"
    CHILDCARE = "childcare"
    WORK_HOURS = "work_hours"
    LANGUAGE = "language"
    ACCESSIBILITY = "accessibility"
    COST = "cost"
    PRIVACY = "privacy"
    SAFETY = "safety"
    INTERNET_ACCESS = "internet_access"


class Concern(StrEnum):
    """What makes people wary of a group, whether it is so or not."""

    RELIGION = "religion"
    POWERLESSNESS = "powerlessness"
    LABELS = "labels"
    STOPPED_ALREADY = "stopped_already"
    ABSTINENCE = "abstinence"
    MEDICATION = "medication"
    LIFELONG = "lifelong"
    SPONSOR = "sponsor"
    SUBSTANCES = "substances"
    BELONGING = "belonging"
    SPEAKING = "speaking"
    PRIVACY = "privacy"
    PRESSURE = "pressure"
    TREATMENT = "treatment"
    EFFECT = "effect"


class ConcernDirection(StrEnum):
    """Which way a concern runs: of religion, for instance, there may be too much or too little."""

    TOO_MUCH = "too_much"
    TOO_LITTLE = "too_little"


class Occasion(StrEnum):
    """When a group's own caution is said to a person."""

    ALWAYS = "always"
    """To everyone."""
    MEDICATION = "medication"
    """To someone who takes medication for addiction."""
    CUTTING_DOWN = "cutting_down"
    """To anyone, of a group that supports drinking or using less."""
    CHRISTIAN_PRACTICE = "christian_practice"
    """To someone who wants no Christian practice, or is of another faith."""


class HowItWas(StrEnum):
    """How a group was for a person who tried it."""

    LIKED = "liked"
    MIXED = "mixed"
    DISLIKED = "disliked"


class MeetingMode(StrEnum):
    """How a meeting can be attended; inactive: not at present."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"
    INACTIVE = "inactive"


WAYS_TO_ATTEND = tuple(mode for mode in MeetingMode if mode is not MeetingMode.INACTIVE)
"""Modes that one can ask for, plan or have attended: a meeting that is inactive is not held."""

_WAYS = tuple(map(str, WAYS_TO_ATTEND))


def way_to_attend(value: object) -> Broken:
    """A mode that one can ask for, plan or have attended."""
    if value in WAYS_TO_ATTEND and isinstance(value, MeetingMode):
        return ()
    return broken(f"must be one of: {', '.join(_WAYS)}", code="not_one_of", allowed=_WAYS)


WayToAttend: TypeAlias = Annotated[
    MeetingMode, Rule(way_to_attend, "a way to attend", {"enum": list(_WAYS)})
]


class MeetingFlag(StrEnum):
    """What is not certain about a meeting, since its list does not say or contradicts itself."""

    TIMEZONE_ASSUMED = "timezone_assumed"
    """The list names no zone: that of the whole list was taken."""
    MODE_ASSUMED = "mode_assumed"
    """The list does not say how it can be attended: taken from its links and its place."""
    MAY_NOT_BE_WEEKLY = "may_not_be_weekly"
    """Its words speak of other weeks than all, in a way that can't be put on a calendar."""
    MAY_BE_SUSPENDED = "may_be_suspended"
    """Its words say that it does not take place, or not for now."""
    START_ASSUMED = "start_assumed"
    """The time is one such as 7:30: its half of the day is taken from the end, or other rows."""
    END_ASSUMED = "end_assumed"
    """The end is half a day off, so the other half of the day was taken."""
    END_LEFT_OUT = "end_left_out"
    """The end makes no sense or can't be read, so how long it lasts is not known."""
    CLOSED_RATHER_THAN_OPEN = "closed_rather_than_open"
    """Listed as open and as closed."""
    COORDINATES_UNUSABLE = "coordinates_unusable"
    """The coordinates are none, or 0, 0."""
    JOIN_UNCLEAR = "join_unclear"
    """Its link leads to no known provider of online meetings."""


class SupporterRole(StrEnum):
    """In what role someone stands by the person."""

    FIRST_FRIEND = "first_friend"
    RECOVERY_COACH = "recovery_coach"
    FAMILY_OR_FRIEND = "family_or_friend"


class Channel(StrEnum):
    """How people were in touch."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    MESSAGE = "message"
    MAIL = "mail"


class GroupStatus(StrEnum):
    """Whether a fellowship is known to hold meetings today."""

    ACTIVE = "active"
    HISTORICAL = "historical"


class Confidence(StrEnum):
    """What a position in the catalog rests on: a document read, or our judgment."""

    DOCUMENTED = "documented"
    JUDGMENT = "judgment"
