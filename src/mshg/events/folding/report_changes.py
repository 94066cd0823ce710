"""What check-ins, use, tests, treatment and daily life change in a state."""

from datetime import date, datetime, timedelta
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
from mshg.events.folding.medications import any_taken
from mshg.events.folding.moments import moment_of
from mshg.events.folding.parts import LastAnswer, LastTest, LastUse, Relationship
from mshg.events.folding.states import PersonState, UseState
from mshg.events.folding.treatment_changes import medication_after, treatments_after
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
    reported: dict[Question, LastAnswer] = {}
    for question, value in zip(_QUESTIONS, _ANSWERS(event), strict=True):
        if value is not None:
            last = before.get(question)
            reported[question] = built(
                LastAnswer, value=float(value), on=day, before=last and last.value
            )
    found: Changes = {"check_ins": reports.check_ins + 1}
    if reported:
        found["check_ins_answered"] = reports.check_ins_answered + 1
        found["answers"] = updated(before, reported)
    if event.declined or reports.declined_questions:
        found["declined_questions"] = (
            reports.declined_questions.difference(reported) | event.declined
        )
    if event.abstinent is None:
        return {"reports": moved(reports, found)}
    asked = before.get(Question.ABSTINENT)
    use = _asked(state.use, asked.on if asked else None, event, day)
    use["used_since_asked"] = False
    return {"reports": moved(reports, found), "use": moved(state.use, use)}


def _asked(use: UseState, asked_on: date | None, event: CheckIn, day: date) -> Changes:
    """What they say of the time since they were last asked or reported a use."""
    if event.abstinent:
        said_on = max((d for d in (asked_on, use.last_use_on) if d), default=day - _DAY)
        return _abstinent(use, said_on, day, event.abstinent_since)
    signs = marked(use.recent_signs, "+", day, day)
    if use.used_since_asked:  # they used since they were last asked: it is the use reported since
        return {"recent_signs": signs}
    said = used(use, None, None, day, moment_of(event), is_reported=False)
    return said | {"recent_signs": signs}


def _abstinent(use: UseState, said_on: date, day: date, since: date | None) -> Changes:
    """The days after they last said, to this one, were abstinent; or all since a day they name.

    No day of an earlier run counts twice, and none before the last use counts at all.
    """
    if use.run_start is not None and use.run_end is not None:
        end = max(day, use.run_end)
        named = [max(since, use.run_from or since)] if since is not None else []
        start = min([use.run_start, *named])
        recent = marked(use.recent_use, "-", min(use.run_end + _DAY, end), end)
        found: Changes = {"run_end": end, "journey_end": end, "recent_use": recent}
        if start < use.run_start:
            first = start if use.journey_start is None else min(start, use.journey_start)
            found["recent_use"] = marked(recent, "-", start, use.run_start)
            found |= {"run_start": start, "journey_start": first}
        return found
    last_counted = use.journey_end or said_on
    start = max(said_on, last_counted) + _DAY
    if since is not None:
        start = min(start, max(since, use.run_from or since))
    if start > day:
        return {}
    journey_start = start if use.journey_start is None else min(start, use.journey_start)
    return {
        "run_start": start,
        "run_end": day,
        "journey_start": journey_start,
        "journey_end": day,
        "recent_use": marked(use.recent_use, "-", start, day),
    }


def used(
    before: UseState,
    substance: Substance | None,
    within_goal: bool | None,
    day: date,
    at: datetime,
    *,
    is_reported: bool = True,
) -> Changes:
    """A use ends the run, and leaves the journey as it is."""
    last = next((use for use in before.uses if use.substance is substance), None)
    use = built(
        LastUse,
        on=day,
        substance=substance,
        within_goal=within_goal,
        at=at if last is None or last.at is None else max(at, last.at),
        outside_on=last and last.outside_on,
        is_reported=last is None or last.is_reported,
    )
    if not within_goal and (use.outside_on is None or use.outside_on <= day):
        is_same_day = use.outside_on == day and use.is_reported
        use = evolved(use, outside_on=day, is_reported=is_reported or is_same_day)
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
        "run_from": max(d for d in (day, before.last_use_on, before.journey_end) if d) + _DAY,
        "run_start": None,
        "run_end": None,
        "journey_days_before_run": before.journey_days,
    }
    if not within_goal:
        found["recent_signs"] = marked(before.recent_signs, "+", day, day)
    if within_goal is False or (within_goal is None and before.goal is Goal.ABSTINENCE):
        found |= {"last_lapse_on": day, "lapses": before.lapses + 1}
    return found


def tested(state: PersonState, event: Tested, day: date) -> Changes:
    """The last test of each substance is kept; a finding is a sign of use unless medication is."""
    before = state.use
    last = next((test for test in before.tests if test.substance is event.substance), None)
    is_found = event.result in _SHOWS_USE
    is_sign = is_found and not (
        event.substance is not None and any_taken(state.care.treatments, day, event.substance)
    )
    at = moment_of(event)
    if last is not None and last.unexplained_at is not None:
        at = max(at, last.unexplained_at)
    test = built(
        LastTest,
        result=event.result,
        on=day,
        substance=event.substance,
        found_on=day if is_found else last and last.found_on,
        unexplained_on=day if is_sign else last and last.unexplained_on,
        unexplained_at=at if is_sign else last and last.unexplained_at,
    )
    is_missing = event.result is ScreenResult.MISSING
    found: Changes = {
        "tests": put(before.tests, test, lambda t: t.substance),
        "tests_missing": before.tests_missing + is_missing,
    }
    if is_sign:
        found["recent_signs"] = marked(before.recent_signs, "+", day, day)
        found["recent_findings"] = marked(before.recent_findings, "+", day, day)
    contact = contacted(state.contact, "o" if is_missing else "-", day)
    return {"use": moved(before, found), "contact": contact}


def treatment(state: PersonState, event: TreatmentChanged, day: date) -> Changes:
    """A treatment begins, changes or ends."""
    care = state.care
    treatments = treatments_after(care.treatments, event, day)
    status = "treatment" if event.kind is TreatmentKind.FORMAL_TREATMENT else "medication"
    is_open = any(t.kind is event.kind and t.stopped_on is None for t in treatments)
    where = TreatmentStatus.IN_PROGRESS if is_open else _STATUS[event.change]
    found: Changes = {"treatments": treatments, status: where}
    if event.kind is TreatmentKind.MEDICATION:
        found |= medication_after(care, treatments, event, day)
    return {"care": moved(care, found)}


_STATUS = {
    TreatmentChange.STARTED: TreatmentStatus.IN_PROGRESS,
    TreatmentChange.CHANGED: TreatmentStatus.IN_PROGRESS,
    TreatmentChange.STOPPED: TreatmentStatus.RECEIVED,
    TreatmentChange.REFUSED: TreatmentStatus.REFUSED,
    TreatmentChange.CANNOT_AFFORD: TreatmentStatus.CANNOT_AFFORD,
    TreatmentChange.NOT_OFFERED: TreatmentStatus.NOT_OFFERED,
}


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
