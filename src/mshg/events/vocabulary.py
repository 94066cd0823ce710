"""The closed lists of words that events are made of."""

from enum import StrEnum


class Answer(StrEnum):
    """What was said to an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class ReferralStep(StrEnum):
    """A step of good referral practice.

    Put together by us from the SAMHSA brief of 2008, Sisson and Mallams 1981, Timko and
    DeBenedetti 2007 and others; it is no published list.
    """

    KNOW_THE_GROUPS = "know_the_groups"
    FIND_MEETINGS = "find_meetings"
    BUILD_CONTACTS = "build_contacts"
    VISIT_OPEN_MEETING = "visit_open_meeting"
    ASK_EXPERIENCES_AND_CONCERNS = "ask_experiences_and_concerns"
    OFFER_CHOICE = "offer_choice"
    MATCH_PHILOSOPHY = "match_philosophy"
    CONNECT_WITH_MEMBER = "connect_with_member"
    GIVE_SCHEDULE = "give_schedule"
    ENCOURAGE_INVOLVEMENT = "encourage_involvement"
    FOLLOW_UP = "follow_up"
    WATCH_FOR_WARNING_SIGNS = "watch_for_warning_signs"


class ReferralOutcome(StrEnum):
    """How a referral ended."""

    ENGAGED = "engaged"
    ATTENDED = "attended"
    DID_NOT_ATTEND = "did_not_attend"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LOST_CONTACT = "lost_contact"


class Party(StrEnum):
    """Who gave an answer: the person, or the supporter."""

    PERSON = "person"
    SUPPORTER = "supporter"


class ConsentChange(StrEnum):
    """Whether consent was given or taken back."""

    GIVEN = "given"
    REVOKED = "revoked"


class GroupRole(StrEnum):
    """A part that a person takes in a group; ``sponsor``: they have one."""

    SPONSOR = "sponsor"
    SPONSEE = "sponsee"
    HOME_GROUP = "home_group"
    SERVICE = "service"


class RoleChange(StrEnum):
    """Whether a part was taken or left."""

    TAKEN = "taken"
    LEFT = "left"


class Question(StrEnum):
    """What a check-in asks."""

    ABSTINENT = "abstinent"
    STRESS = "stress"
    CRAVING = "craving"
    CONFIDENCE = "confidence"
    MOOD = "mood"
    WILLINGNESS = "willingness"


class ScreenResult(StrEnum):
    """What came of a scheduled drug or alcohol test."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    MIXED = "mixed"
    MISSING = "missing"


class TreatmentKind(StrEnum):
    """What kind of treatment."""

    FORMAL_TREATMENT = "formal_treatment"
    MEDICATION = "medication"


class TreatmentChange(StrEnum):
    """What became of a treatment."""

    STARTED = "started"
    CHANGED = "changed"
    STOPPED = "stopped"
    REFUSED = "refused"
    CANNOT_AFFORD = "cannot_afford"
    NOT_OFFERED = "not_offered"


class Danger(StrEnum):
    """A danger that calls for help now."""

    SUICIDAL_THOUGHTS = "suicidal_thoughts"
    OVERDOSE = "overdose"
    WITHDRAWAL = "withdrawal"


class SafetyKind(StrEnum):
    """What a safety notice is about, the most urgent first. The reported dangers are among them.

    ``opioids_with_sedatives``: opioids or a medication that is one, together with alcohol or a
    sedative. See ``docs/explanation/risk-model-and-limits.md``.
    """

    SUICIDAL_THOUGHTS = "suicidal_thoughts"
    OVERDOSE = "overdose"
    OPIOIDS_WITH_SEDATIVES = "opioids_with_sedatives"
    OPIOID_LAPSE = "opioid_lapse"
    WITHDRAWAL = "withdrawal"
    MEDICATION_STOPPED = "medication_stopped"
    MEDICATION_CHANGED = "medication_changed"


class ContactForm(StrEnum):
    """How the person was in touch: at a meeting, by a check-in, with whom, or by a follow-up."""

    MEETING = "meeting"
    CHECK_IN = "check_in"
    FIRST_FRIEND = "first_friend"
    RECOVERY_COACH = "recovery_coach"
    FAMILY_OR_FRIEND = "family_or_friend"
    SUPPORTER = "supporter"
    REACHED = "reached"


class DischargeSetting(StrEnum):
    """Where somebody was discharged from; ``prison`` is any place of detention."""

    DETOXIFICATION = "detoxification"
    RESIDENTIAL_TREATMENT = "residential_treatment"
    HOSPITAL = "hospital"
    PRISON = "prison"


class RelationshipChange(StrEnum):
    """What happened between the person and someone else.

    ``recognition``: a peer or somebody who cares saw the person; it helped people to start
    (Pettersen 2019). ``boundary_set``: the person protects themself from a harmful relationship.
    """

    RECOGNITION = "recognition"
    SUPPORT = "support"
    BOUNDARY_SET = "boundary_set"
    CONTACT_LOST = "contact_lost"


class Relation(StrEnum):
    """Who the other is to the person."""

    PEER = "peer"
    SPONSOR = "sponsor"
    PROVIDER = "provider"
    PARTNER = "partner"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    OTHER_FAMILY = "other_family"
    FRIEND = "friend"
    COWORKER = "coworker"
    OTHER = "other"


class EnvironmentArea(StrEnum):
    """A part of daily life."""

    HOUSING = "housing"
    WORK = "work"
    ACTIVITY = "activity"


class EnvironmentChange(StrEnum):
    """What became of it."""

    GAINED = "gained"
    CHANGED = "changed"
    LOST = "lost"


class FollowUpStatus(StrEnum):
    """Where a follow-up stands."""

    PLANNED = "planned"
    REACHED = "reached"
    NOT_REACHED = "not_reached"


class Activity(StrEnum):
    """What a provider did to know the groups."""

    OPEN_MEETING_VISITED = "open_meeting_visited"
    CONTACT_MADE = "contact_made"
    INFORMATION_CHECKED = "information_checked"
