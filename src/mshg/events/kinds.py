"""Records as rows of numbers: which rows each kind of event becomes, and their codes.

A code once given never changes; new kinds and words get the next.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, IntEnum
from math import nan
from typing import Any, TypeAlias

from mshg.domain import Channel, Goal, MeetingMode, Substance, SupporterRole
from mshg.events.folding.changes import Event
from mshg.events.folding.danger_changes import plain
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
from mshg.events.vocabulary import (
    Answer,
    ConsentChange,
    DischargeSetting,
    EnvironmentChange,
    FollowUpStatus,
    GroupRole,
    Party,
    Question,
    ReferralOutcome,
    ReferralStep,
    Relation,
    RoleChange,
    SafetyKind,
    ScreenResult,
    TreatmentChange,
)


class EventKind(IntEnum):
    """What a row of an `EventTable` says. The first twenty are those of `mshg.engagement.Kind`."""

    ATTENDED = 0
    RATING = 1
    DISCOMFORT = 2
    MISSED = 3
    REFERRED = 4
    CHECK_IN_ANSWERED = 5
    CHECK_IN_UNANSWERED = 6
    QUESTION_DECLINED = 7
    QUESTION_UNANSWERED = 8
    GOAL_MET = 9
    SPONSOR_TAKEN = 10
    SPONSOR_LEFT = 11
    HOME_GROUP_TAKEN = 12
    HOME_GROUP_LEFT = 13
    SERVICE_TAKEN = 14
    SERVICE_LEFT = 15
    STEP = 16
    READING = 17
    CONTACT = 18
    OTHER_NEWS = 19
    GROUP_OFFERED = 20
    ABSTINENT = 21
    STRESS = 22
    CRAVING = 23
    CONFIDENCE = 24
    MOOD = 25
    WILLINGNESS = 26
    USE = 27
    TEST_POSITIVE = 28
    TEST_NEGATIVE = 29
    TEST_MIXED = 30
    TEST_MISSING = 31
    FOLLOW_UP_PLANNED = 32
    FOLLOW_UP_REACHED = 33
    FOLLOW_UP_NOT_REACHED = 34
    SUPPORTER_OFFERED = 35
    ANSWERED_SUPPORTER = 36
    SUPPORTER_ANSWERED = 37
    CONTACT_TRIED = 38
    ATTENDANCE_PLANNED = 39
    GROUP_CHOSEN = 40
    GROUP_CHANGED = 41
    CONSENT_CHANGED = 42
    GOAL_SET = 43
    GOAL_CLOSED = 44
    SUICIDAL_THOUGHTS = 45
    OVERDOSE = 46
    WITHDRAWAL = 47
    HOUSING = 48
    WORK = 49
    ACTIVITY = 50
    RECOGNITION = 51
    SUPPORT = 52
    BOUNDARY_SET = 53
    CONTACT_LOST = 54
    SCORE = 55
    RECOVERY_GOAL = 56
    REFERRAL_ANSWERED = 57
    REFERRAL_STEP = 58
    REFERRAL_CLOSED = 59
    FORMAL_TREATMENT = 60
    MEDICATION = 61
    DISCHARGED = 62
    DANGER_ADDRESSED = 63
    CHECK_IN_BLANK = 64


class Score(Enum):
    """Instruments that have a code, a score of any other has none; names, which have no label."""

    AWARE = "aware"
    BAM_RISK = "bam.risk"
    BAM_PROTECTIVE = "bam.protective"
    PHQ9 = "phq9"
    PHQ9_ITEM_9 = "phq9.item_9"
    BARC10 = "barc10"


K = EventKind

CODE_WORDS: Mapping[EventKind, type[Enum]] = {
    K.ATTENDED: MeetingMode,
    K.QUESTION_DECLINED: Question,
    K.QUESTION_UNANSWERED: Question,
    K.SERVICE_TAKEN: GroupRole,
    K.SERVICE_LEFT: GroupRole,
    K.CONTACT: Channel,
    K.USE: Substance,
    K.TEST_POSITIVE: Substance,
    K.TEST_NEGATIVE: Substance,
    K.TEST_MIXED: Substance,
    K.TEST_MISSING: Substance,
    K.FOLLOW_UP_PLANNED: Channel,
    K.FOLLOW_UP_REACHED: Channel,
    K.FOLLOW_UP_NOT_REACHED: Channel,
    K.SUPPORTER_OFFERED: SupporterRole,
    K.ANSWERED_SUPPORTER: Answer,
    K.SUPPORTER_ANSWERED: Answer,
    K.CONTACT_TRIED: Channel,
    K.ATTENDANCE_PLANNED: MeetingMode,
    K.CONSENT_CHANGED: ConsentChange,
    K.SUICIDAL_THOUGHTS: Substance,
    K.OVERDOSE: Substance,
    K.WITHDRAWAL: Substance,
    K.HOUSING: EnvironmentChange,
    K.WORK: EnvironmentChange,
    K.ACTIVITY: EnvironmentChange,
    K.RECOGNITION: Relation,
    K.SUPPORT: Relation,
    K.BOUNDARY_SET: Relation,
    K.CONTACT_LOST: Relation,
    K.SCORE: Score,
    K.RECOVERY_GOAL: Goal,
    K.REFERRAL_ANSWERED: Answer,
    K.REFERRAL_STEP: ReferralStep,
    K.REFERRAL_CLOSED: ReferralOutcome,
    K.FORMAL_TREATMENT: TreatmentChange,
    K.MEDICATION: TreatmentChange,
    K.DISCHARGED: DischargeSetting,
    K.DANGER_ADDRESSED: SafetyKind,
}
"""Whose words the codes of a kind stand for, each by its place in the list; -1 for none."""

QUESTIONS = {Question(k.name.lower()): k for k in (K.ABSTINENT, K.STRESS, K.CRAVING)} | {
    Question(k.name.lower()): k for k in (K.CONFIDENCE, K.MOOD, K.WILLINGNESS)
}
"""The kind of each question's answer."""

LIMITS: Mapping[EventKind, tuple[float, float]] = {
    **dict.fromkeys((K.RATING, K.DISCOMFORT), (0, 10)),
    **{kind: (0, 1 if kind is K.ABSTINENT else 10) for kind in QUESTIONS.values()},
}
"""Lowest and highest value of the kinds that must have one."""

Row: TypeAlias = tuple[int, str | None, float, int]
"""Kind, group, value and code of a row; None, NaN and -1 for what it has not."""

_WORDS: set[type[Enum]] = {*CODE_WORDS.values(), GroupRole}
_CODES: dict[type, dict[Any, int]] = {
    words: {None: -1, **{word: i for i, word in enumerate(words)}} for words in _WORDS
}
_SUBSTANCES, _CHANNELS, _MODES = _CODES[Substance], _CODES[Channel], _CODES[MeetingMode]
_QUESTION_CODES, _RELATIONS = _CODES[Question], _CODES[Relation]
_SCORES = {tuple(map(plain, f"{word.value}.".split(".")[:2])): i for i, word in enumerate(Score)}
_TESTS = {result: EventKind[f"TEST_{result.name}"] for result in ScreenResult}
_FOLLOW_UPS = {status: EventKind[f"FOLLOW_UP_{status.name}"] for status in FollowUpStatus}
_ROLES = {
    GroupRole.SPONSOR: (K.SPONSOR_TAKEN, K.SPONSOR_LEFT),
    GroupRole.HOME_GROUP: (K.HOME_GROUP_TAKEN, K.HOME_GROUP_LEFT),
    GroupRole.SERVICE: (K.SERVICE_TAKEN, K.SERVICE_LEFT),
    GroupRole.SPONSEE: (K.SERVICE_TAKEN, K.SERVICE_LEFT),
}
_ANSWERS = tuple((question.value, kind) for question, kind in QUESTIONS.items())


def _code(word: Enum) -> int:
    return _CODES[type(word)][word]


def _attended(event: Attended) -> list[Row]:
    rows: list[Row] = [(K.ATTENDED, event.group, nan, _MODES[event.mode])]
    if event.rating is not None:
        rows.append((K.RATING, event.group, event.rating, -1))
    if event.discomfort is not None:
        rows.append((K.DISCOMFORT, event.group, event.discomfort, -1))
    return rows


def _check_in(event: CheckIn) -> list[Row]:
    rows: list[Row] = [
        (kind, None, value, -1)
        for name, kind in _ANSWERS
        if (value := getattr(event, name)) is not None
    ]
    if rows:
        rows.append((K.CHECK_IN_ANSWERED, None, nan, -1))
    elif event.unanswered:
        rows.append((K.CHECK_IN_UNANSWERED, None, nan, -1))
    if event.declined or event.unanswered:
        sets = ((K.QUESTION_DECLINED, event.declined), (K.QUESTION_UNANSWERED, event.unanswered))
        rows += [
            (kind, None, nan, code)
            for kind, questions in sets
            for code in sorted(_QUESTION_CODES[question] for question in questions)
        ]
    return rows or [(K.CHECK_IN_BLANK, None, nan, -1)]


def _referred(event: Referred) -> list[Row]:
    offered = enumerate(event.groups, start=1)
    return [
        (K.REFERRED, None, nan, -1),
        *((K.GROUP_OFFERED, group, float(place), -1) for place, group in offered),
    ]


def _supporter_answered(event: SupporterAnswered) -> list[Row]:
    is_own = event.answered_by is Party.PERSON
    kind = K.ANSWERED_SUPPORTER if is_own else K.SUPPORTER_ANSWERED
    return [(kind, None, nan, _code(event.answer))]


def _used(event: SubstanceUse) -> list[Row]:
    within = nan if event.within_goal is None else float(event.within_goal)
    return [(K.USE, None, within, _SUBSTANCES[event.substance])]


def _scored(event: InstrumentScored) -> list[Row]:
    code = _SCORES.get((plain(event.instrument), plain(event.subscale or "")), -1)
    return [(K.SCORE, None, event.score, code)]


def _related(event: RelationshipChanged) -> list[Row]:
    return [(EventKind[event.change.name], None, nan, _RELATIONS[event.relation])]


def _treated(event: TreatmentChanged) -> list[Row]:
    return [(EventKind[event.kind.name], None, nan, _code(event.change))]


def _contacted(event: SupporterContact) -> list[Row]:
    kind = K.CONTACT if event.reached else K.CONTACT_TRIED
    return [(kind, None, nan, _CHANNELS[event.channel])]


def _answered(event: ReferralAnswered) -> list[Row]:
    return [(K.REFERRAL_ANSWERED, event.group, nan, _code(event.answer))]


def _environment(event: EnvironmentChanged) -> list[Row]:
    return [(EventKind[event.area.name], None, nan, _code(event.change))]


def _none(_: Any) -> list[Row]:
    return []


ROWS: Mapping[type, Callable[[Any], list[Row]]] = {
    Attended: _attended,
    CheckIn: _check_in,
    Referred: _referred,
    SupporterAnswered: _supporter_answered,
    SubstanceUse: _used,
    InstrumentScored: _scored,
    RelationshipChanged: _related,
    TreatmentChanged: _treated,
    SupporterContact: _contacted,
    ReferralAnswered: _answered,
    EnvironmentChanged: _environment,
    Tested: lambda e: [(_TESTS[e.result], None, nan, _SUBSTANCES[e.substance])],
    FollowUp: lambda e: [(_FOLLOW_UPS[e.status], None, nan, _CHANNELS[e.channel])],
    Missed: lambda e: [(K.MISSED, e.group, nan, -1)],
    StepWorked: lambda e: [(K.STEP, e.group, float(e.step), -1)],
    ReadingDone: lambda e: [(K.READING, e.group, nan, -1)],
    SupporterOffered: lambda e: [(K.SUPPORTER_OFFERED, e.group, nan, _code(e.role))],
    AttendancePlanned: lambda e: [(K.ATTENDANCE_PLANNED, e.group, nan, _MODES[e.mode])],
    GroupChosen: lambda e: [(K.GROUP_CHOSEN, e.group, nan, -1)],
    GroupChanged: lambda e: [(K.GROUP_CHANGED, e.group, nan, -1)],
    ConsentChanged: lambda e: [(K.CONSENT_CHANGED, None, nan, _code(e.change))],
    GoalSet: lambda _: [(K.GOAL_SET, None, nan, -1)],
    GoalClosed: lambda e: [(K.GOAL_CLOSED, None, float(e.met), -1)],
    RoleChanged: lambda _: [(K.OTHER_NEWS, None, nan, -1)],
    DangerReported: lambda e: [(EventKind[e.danger.name], None, nan, _SUBSTANCES[e.substance])],
    DangerAddressed: lambda e: [(K.DANGER_ADDRESSED, None, nan, _code(e.danger))],
    Discharged: lambda e: [(K.DISCHARGED, None, nan, _code(e.setting))],
    RecoveryGoalChanged: lambda e: [(K.RECOVERY_GOAL, None, nan, _code(e.goal))],
    ReferralStepDone: lambda e: [(K.REFERRAL_STEP, None, nan, _code(e.step))],
    ReferralClosed: lambda e: [(K.REFERRAL_CLOSED, None, nan, _code(e.outcome))],
    ProviderActivity: _none,
    Retracted: _none,
}
"""The rows of each kind of event, by itself."""


def rows_in_context(events: Iterable[Event]) -> dict[str, list[Row]]:
    """The rows, by id, of events that mean what they mean by what came before: parts and goals.

    By day first, so that what came before a day does not depend on what came on it, in whatever
    offset.
    """
    of_person: dict[str, list[Event]] = {}
    for event in events:
        if isinstance(event, (RoleChanged, GoalSet, GoalClosed)):
            of_person.setdefault(event.person_id, []).append(event)
    found: dict[str, list[Row]] = {}
    for theirs in of_person.values():
        found.update(_in_context(sorted(theirs, key=lambda event: event.at.date())))
    return found


def _in_context(events: Iterable[Event]) -> Iterator[tuple[str, list[Row]]]:
    """Parts that are taken and left as in a replay, and goals met that were set and are open."""
    goals: set[str] = set()
    held: dict[tuple[GroupRole, str | None], None] = {}
    for event in events:
        match event:
            case GoalSet():
                goals.add(event.id)
            case GoalClosed() if event.goal_id in goals:
                goals.remove(event.goal_id)
                if event.met:
                    yield event.id, [(K.GOAL_MET, None, nan, -1)]
            case RoleChanged():
                changed = _changed(event, held)
                if changed:
                    kind = _ROLES[event.role][event.change is RoleChange.LEFT]
                    code = _code(event.role) if kind in CODE_WORDS else -1
                    yield event.id, [(kind, group, nan, code) for group in changed]
            case _:
                pass


def _changed(
    event: RoleChanged, held: dict[tuple[GroupRole, str | None], None]
) -> list[str | None]:
    """The groups in which the part is now taken, or left."""
    key = (event.role, event.group)
    if event.change is RoleChange.TAKEN:
        if key in held:
            return []
        held[key] = None
        return [event.group]
    left = [k for k in held if k[0] is event.role and event.group in (None, k[1])]
    for one in left:
        del held[one]
    return [group for _, group in left]
