"""Records as rows: the day, the kind and the number that the measures are made of."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from enum import IntEnum
from math import nan
from typing import TypeAlias, assert_never

from attrs import frozen

from mshg._results import Result
from mshg.events import (
    AttendancePlanned,
    Attended,
    CheckIn,
    ConsentChanged,
    DangerAddressed,
    DangerReported,
    Discharged,
    EnvironmentChanged,
    Event,
    FollowUp,
    FollowUpStatus,
    GoalClosed,
    GoalSet,
    GroupChanged,
    GroupChosen,
    GroupRole,
    InstrumentScored,
    Missed,
    Party,
    ProviderActivity,
    ReadingDone,
    RecoveryGoalChanged,
    ReferralAnswered,
    ReferralClosed,
    ReferralStepDone,
    Referred,
    RelationshipChanged,
    Retracted,
    RoleChange,
    RoleChanged,
    ScreenResult,
    StepWorked,
    SubstanceUse,
    SupporterAnswered,
    SupporterContact,
    SupporterOffered,
    Tested,
    TreatmentChanged,
)


class Kind(IntEnum):
    """What happened, as a number. A person has a part that was taken more often than left.

    ======================== ==== =========================================================
    kind                     code a row for each
    ======================== ==== =========================================================
    ATTENDED                 0    meeting attended
    RATING                   1    rating of a meeting attended, ``value`` 0 to 10
    DISCOMFORT               2    discomfort at a meeting attended, ``value`` 0 to 10
    MISSED                   3    meeting planned but missed
    REFERRED                 4    referral
    CHECK_IN_ANSWERED        5    check-in of which any question was answered
    CHECK_IN_UNANSWERED      6    check-in of which none was, and at least one was left open
    QUESTION_DECLINED        7    question that the person did not want to answer
    QUESTION_UNANSWERED      8    question to which no answer came
    GOAL_MET                 9    short-term goal met
    SPONSOR_TAKEN            10   sponsor found
    SPONSOR_LEFT             11   sponsor no longer had
    HOME_GROUP_TAKEN         12   group made one's home group
    HOME_GROUP_LEFT          13   home group given up
    SERVICE_TAKEN            14   service role or sponsee taken on
    SERVICE_LEFT             15   service role or sponsee given up
    STEP                     16   step worked
    READING                  17   reading done
    CONTACT                  18   conversation with a supporter
    OTHER_NEWS               19   other sign of life: reached by follow-up, a report of one's own
    NONE                     20   nothing that is measured here
    ======================== ==== =========================================================
    """

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
    NONE = 20


Row: TypeAlias = tuple[date, Kind, float]
"""Day, kind and value; NaN for kinds that have none."""


@frozen(kw_only=True, repr=False)
class RoleSpan(Result):
    """A part that a person had in a group; ``until`` is None while they have it."""

    role: GroupRole
    since: date
    until: date | None

    def __repr__(self) -> str:
        return "RoleSpan(…)"


def by_person(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Each person's events by day, then in the order given; those about no person are left out.

    By day first, so that what came before a day does not depend on what came on it, in whatever
    offset.
    """
    found: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.at.date()):
        if not isinstance(event, ProviderActivity) and event.person_id is not None:
            found.setdefault(event.person_id, []).append(event)
    return found


def role_spans(events: Iterable[Event]) -> list[RoleSpan]:
    """The parts that one person had, from their events in order, taken and left as in `replay`."""
    held: dict[tuple[GroupRole, str | None], date] = {}
    spans: list[RoleSpan] = []
    for event in events:
        if not isinstance(event, RoleChanged):
            continue
        if event.change is RoleChange.TAKEN:
            held.setdefault((event.role, event.group), event.at.date())
            continue
        spans += [
            RoleSpan(role=event.role, since=held.pop(key), until=event.at.date())
            for key in list(held)
            if key[0] is event.role and event.group in (None, key[1])
        ]
    spans += [RoleSpan(role=role, since=day, until=None) for (role, _), day in held.items()]
    return spans


_ROLE_KINDS = {
    GroupRole.SPONSOR: (Kind.SPONSOR_TAKEN, Kind.SPONSOR_LEFT),
    GroupRole.HOME_GROUP: (Kind.HOME_GROUP_TAKEN, Kind.HOME_GROUP_LEFT),
    GroupRole.SERVICE: (Kind.SERVICE_TAKEN, Kind.SERVICE_LEFT),
    GroupRole.SPONSEE: (Kind.SERVICE_TAKEN, Kind.SERVICE_LEFT),
}


def rows(events: Collection[Event]) -> Iterator[Row]:
    """Day, kind and value of all that one person's events in order come to."""
    goals: set[str] = set()
    for event in events:
        day = event.at.date()
        yield from ((day, kind, value) for kind, value in _values_of(event))
        if isinstance(event, GoalSet):
            goals.add(event.id)
        elif isinstance(event, GoalClosed) and event.goal_id in goals:
            goals.remove(event.goal_id)
            if event.met:
                yield day, Kind.GOAL_MET, nan
    for span in role_spans(events):
        taken, left = _ROLE_KINDS[span.role]
        yield span.since, taken, nan
        if span.until is not None:
            yield span.until, left, nan


def _values_of(  # noqa: C901, PLR0911, PLR0912 (a case a line)
    event: Event,
) -> list[tuple[Kind, float]]:
    """Kinds and values of one event, whatever came before it."""
    match event:
        case Attended():
            rated = ((Kind.RATING, event.rating), (Kind.DISCOMFORT, event.discomfort))
            ratings = [(kind, value) for kind, value in rated if value is not None]
            return [(Kind.ATTENDED, nan), *ratings]
        case CheckIn():
            return _check_in(event)
        case Missed():
            return _one(Kind.MISSED)
        case Referred():
            return _one(Kind.REFERRED)
        case StepWorked():
            return _one(Kind.STEP)
        case ReadingDone():
            return _one(Kind.READING)
        case SupporterContact():
            return _one(Kind.CONTACT, event.reached)
        case FollowUp():
            return _one(Kind.OTHER_NEWS, event.status is FollowUpStatus.REACHED)
        case Tested():
            return _one(Kind.OTHER_NEWS, event.result is not ScreenResult.MISSING)
        case SupporterAnswered():
            return _one(Kind.OTHER_NEWS, event.answered_by is Party.PERSON)
        case (
            AttendancePlanned()
            | ConsentChanged()
            | DangerReported()
            | Discharged()
            | EnvironmentChanged()
            | GoalClosed()
            | GoalSet()
            | GroupChanged()
            | GroupChosen()
            | InstrumentScored()
            | RecoveryGoalChanged()
            | ReferralAnswered()
            | RelationshipChanged()
            | RoleChanged()
            | SubstanceUse()
            | TreatmentChanged()
        ):
            return _one(Kind.OTHER_NEWS)
        case (
            DangerAddressed()
            | ProviderActivity()
            | ReferralClosed()
            | ReferralStepDone()
            | Retracted()
            | SupporterOffered()
        ):
            return []
        case _:
            assert_never(event)


def _one(kind: Kind, counts: bool = True) -> list[tuple[Kind, float]]:
    return [(kind, nan)] if counts else []


def _check_in(event: CheckIn) -> list[tuple[Kind, float]]:
    kinds = [Kind.QUESTION_DECLINED] * len(event.declined)
    kinds += [Kind.QUESTION_UNANSWERED] * len(event.unanswered)
    if event.was_answered:
        kinds.append(Kind.CHECK_IN_ANSWERED)
    elif event.unanswered:
        kinds.append(Kind.CHECK_IN_UNANSWERED)
    return [(kind, nan) for kind in kinds]
