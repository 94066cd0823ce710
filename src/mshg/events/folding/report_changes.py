"""What check-ins, use, tests, treatment and daily life change in a state."""

from datetime import date, timedelta
from operator import attrgetter
from typing import assert_never

from mshg.domain import Goal, Substance, TreatmentStatus
from mshg.events.folding.building import (
    Changes,
    added,
    built,
    contacted,
    evolved,
    marked,
    moved,
    put,
    updated,
)
from mshg.events.folding.parts import LastAnswer, LastTest, LastUse, Relationship, Treatment
from mshg.events.folding.states import PersonState, UseState
from mshg.events.reports import CheckIn, RelationshipChanged, Tested, TreatmentChanged
from mshg.events.vocabulary import (
    Question,
    RelationshipChange,
    ScreenResult,
    TreatmentChange,
    TreatmentKind,
)

_DAY = timedelta(days=1)
_BREAK_DAYS = 7  # after which tolerance may be lost (judgment)
_QUESTIONS = tuple(Question)
_ANSWERS = attrgetter(*_QUESTIONS)
_SHOWS_USE = (ScreenResult.POSITIVE, ScreenResult.MIXED)


def check_in(state: PersonState, event: CheckIn, day: date) -> Changes:
    """Answers replace older ones; what was said of abstinence moves the run and the journey."""
    reports = state.reports
    before = reports.answers
    stated: dict[Question, LastAnswer] = {}
    for question, value in zip(_QUESTIONS, _ANSWERS(event), strict=True):
        if value is not None:
            last = before.get(question)
            stated[question] = built(
                LastAnswer, value=float(value), on=day, before=last and last.value
            )
    found: Changes = {"check_ins": reports.check_ins + 1}
    if stated:
        found["check_ins_answered"] = reports.check_ins_answered + 1
        found["answers"] = updated(before, stated)
    if event.declined or reports.declined_questions:
        found["declined_questions"] = reports.declined_questions.difference(stated) | event.declined
    if event.abstinent is None:
        return {"reports": moved(reports, found)}
    asked = before.get(Question.ABSTINENT)
    use = _asked(state.use, asked.on if asked else None, event.abstinent, day)
    use["used_since_asked"] = False
    return {"reports": moved(reports, found), "use": moved(state.use, use)}


def _asked(use: UseState, asked_on: date | None, is_abstinent: bool, day: date) -> Changes:
    """What they say of the time since they were last asked or reported a use."""
    if is_abstinent:
        said_on = max((d for d in (asked_on, use.last_use_on) if d), default=day - _DAY)
        return _abstinent(use, said_on, day)
    # They used since they were last asked. Where a use was reported since, it is that one.
    return {} if use.used_since_asked else used(use, None, None, day)


def _abstinent(use: UseState, said_on: date, day: date) -> Changes:
    """The days after they last said, to this one, were abstinent."""
    if use.run_start is not None and use.run_end is not None:
        end = max(day, use.run_end)
        recent = marked(use.recent_use, "-", min(use.run_end + _DAY, end), end)
        return {"run_end": end, "journey_end": end, "recent_use": recent}
    last_counted = use.journey_end or said_on
    start = max(said_on, last_counted) + _DAY
    if start > day:
        return {}
    journey_start = use.journey_start or start
    return {
        "run_start": start,
        "run_end": day,
        "journey_start": journey_start,
        "journey_end": day,
        "recent_use": marked(use.recent_use, "-", start, day),
    }


def used(
    before: UseState, substance: Substance | None, within_goal: bool | None, day: date
) -> Changes:
    """A use ends the run, and leaves the journey as it is."""
    last = next((use for use in before.uses if use.substance is substance), None)
    use = built(LastUse, on=day, substance=substance, within_goal=within_goal)
    since = before.journey_start if last is None else last.on + _DAY
    days_without = 0 if since is None else (day - since).days
    if days_without >= _BREAK_DAYS:
        use = evolved(use, returned_on=day, days_without_before=days_without)
    elif last is not None:
        use = evolved(
            use, returned_on=last.returned_on, days_without_before=last.days_without_before
        )
    found: Changes = {
        "last_use_on": day if before.last_use_on is None else max(day, before.last_use_on),
        "uses": put(before.uses, use, lambda u: u.substance),
        "used_since_asked": True,
        "recent_use": marked(before.recent_use, "-" if within_goal else "+", day, day),
        "run_start": None,
        "run_end": None,
        "journey_days_before_run": before.journey_days,
    }
    if within_goal is False or (within_goal is None and before.goal is Goal.ABSTINENCE):
        found |= {"last_lapse_on": day, "lapses": before.lapses + 1}
    return found


def tested(state: PersonState, event: Tested, day: date) -> Changes:
    """The last test of each substance is kept; it says nothing of use by itself."""
    before = state.use
    last = next((test for test in before.tests if test.substance is event.substance), None)
    found_on = day if event.result in _SHOWS_USE else last and last.found_on
    test = built(
        LastTest, result=event.result, on=day, substance=event.substance, found_on=found_on
    )
    is_missing = event.result is ScreenResult.MISSING
    use = evolved(
        before,
        tests=put(before.tests, test, lambda t: t.substance),
        tests_missing=before.tests_missing + is_missing,
    )
    return {"use": use, "contact": contacted(state.contact, "o" if is_missing else "-", day)}


def treatment(state: PersonState, event: TreatmentChanged, day: date) -> Changes:
    """A treatment begins, changes or ends."""
    treatments = _treatments(state.care.treatments, event, day)
    status = "treatment" if event.kind is TreatmentKind.FORMAL_TREATMENT else "medication"
    is_open = any(t.kind is event.kind and t.stopped_on is None for t in treatments)
    where = TreatmentStatus.IN_PROGRESS if is_open else _STATUS[event.change]
    return {"care": evolved(state.care, treatments=treatments, **{status: where})}


_STATUS = {
    TreatmentChange.STARTED: TreatmentStatus.IN_PROGRESS,
    TreatmentChange.CHANGED: TreatmentStatus.IN_PROGRESS,
    TreatmentChange.STOPPED: TreatmentStatus.RECEIVED,
    TreatmentChange.REFUSED: TreatmentStatus.REFUSED,
    TreatmentChange.CANNOT_AFFORD: TreatmentStatus.CANNOT_AFFORD,
    TreatmentChange.NOT_OFFERED: TreatmentStatus.NOT_OFFERED,
}


def _treatments(
    known: tuple[Treatment, ...], event: TreatmentChanged, day: date
) -> tuple[Treatment, ...]:
    this = next((t for t in known if t.kind is event.kind and t.name == event.name), None)
    begun = built(
        Treatment, kind=event.kind, since=day, name=event.name, substances=event.substances
    )
    match event.change:
        case TreatmentChange.STARTED:
            return put(known, begun, _treatment_key)
        case TreatmentChange.CHANGED:
            if this is None:
                return put(known, begun, _treatment_key)
            changed = evolved(this, substances=event.substances or this.substances, stopped_on=None)
            return put(known, changed, _treatment_key)
        case TreatmentChange.STOPPED:
            meant = [t for t in known if t.kind is event.kind and event.name in (None, t.name)]
            if not meant:  # its start was never reported; that it ended is known all the same
                return put(known, evolved(begun, stopped_on=day), _treatment_key)
            return tuple(
                evolved(t, stopped_on=day) if t in meant and t.stopped_on is None else t
                for t in known
            )
        case TreatmentChange.REFUSED | TreatmentChange.CANNOT_AFFORD | TreatmentChange.NOT_OFFERED:
            return known
        case _:
            assert_never(event.change)


def _treatment_key(treatment: Treatment) -> tuple[object, ...]:
    return (treatment.kind, treatment.name)


def relationship(state: PersonState, event: RelationshipChanged, day: date) -> Changes:
    """Somebody in the person's life is known in more detail."""
    key = event.other_id or event.relation
    before = state.circumstances.relationships
    known = next((r for r in before if _who(r) == key), None)
    stated: Changes = {
        name: value
        for name, value in (
            ("relation", event.relation),
            ("supports_recovery", event.supports_recovery),
            ("uses_substances", event.uses_substances),
        )
        if value is not None
    }
    found: Changes = {}
    match event.change:
        case RelationshipChange.RECOGNITION:
            found["recognized_on"] = day
            stated["contact_lost_on"] = None
        case RelationshipChange.SUPPORT:
            stated = {"supports_recovery": True, **stated, "contact_lost_on": None}
        case RelationshipChange.BOUNDARY_SET:
            stated["boundary_set_on"] = day
        case RelationshipChange.CONTACT_LOST:
            stated["contact_lost_on"] = day
        case _:
            assert_never(event.change)
    now = evolved(built(Relationship, id=event.other_id) if known is None else known, **stated)
    found["relationships"] = added(tuple(r for r in before if r is not known), now)
    return {"circumstances": moved(state.circumstances, found)}


def _who(relationship: Relationship) -> str | None:
    return relationship.id or relationship.relation
